"""The call path, through the extension and through ctypes: the same tests over both."""

import gc
import multiprocessing
import os
import sys
import sysconfig
import threading
import traceback

import numpy as np
import pytest

from transpile.errors import BuildError, CheckSite, ShapeError
from transpile.runtime import build, cache, call, memory
from transpile.runtime.call import MISS, ArgSpec, OutSpec, Signature

TEXT = r"""
#include <math.h>
#include <stdint.h>
#include <string.h>

int64_t mul_plan(void *const *a, int64_t *plan)
{
    plan[0] = 0;
    plan[1] = *(int64_t *)a[0];
    return 0;
}
int64_t mul_entry(void *const *a)
{
    int64_t n = *(int64_t *)a[0];
    const double *x = a[1], *y = a[2];
    double *z = a[3];
    for (int64_t i = 0; i < n; i++) z[i] = x[i] * y[i];
    return 0;
}

/* (x written[n], y[m, 1, n], k python int, b python bool, s numpy float32) -> array[m, n - 2],
   array[], float64 numpy, int python, bool python, float python, int32 numpy, bool numpy */
int64_t many_plan(void *const *a, int64_t *plan)
{
    int64_t n = *(int64_t *)a[0], m = *(int64_t *)a[1];
    plan[0] = 8 * n;
    plan[1] = m;
    plan[2] = n - 2;
    return n == 7 ? 2 : 0;
}
int64_t many_entry(void *const *a)
{
    int64_t n = *(int64_t *)a[0], m = *(int64_t *)a[1], k = *(int64_t *)a[4];
    double *x = a[2], *y = a[3], *z = a[7], *scratch = a[15];
    uint8_t b = *(uint8_t *)a[5];
    float s = *(float *)a[6];
    if ((uintptr_t)scratch % 64 != 0) return 3;
    if (k == 99) return 1;
    if (k == 98) return 77;
    for (int64_t i = 0; i < n; i++) scratch[i] = x[i] + (double)k;
    memcpy(x, scratch, 8 * (uint64_t)n);
    for (int64_t j = 0; j < m; j++)
        for (int64_t i = 0; i < n - 2; i++) z[j * (n - 2) + i] = y[j * n + i];
    *(double *)a[8] = 8.5;
    *(double *)a[9] = (double)s / 2;
    *(int64_t *)a[10] = -k;
    *(uint8_t *)a[11] = !b;
    *(double *)a[12] = 1.0 / 3.0;
    *(int32_t *)a[13] = -5;
    *(uint8_t *)a[14] = b;
    return 0;
}

/* writes all of n bytes of scratch memory */
int64_t take_plan(void *const *a, int64_t *plan)
{
    plan[0] = *(int64_t *)a[0];
    return 0;
}
int64_t take_entry(void *const *a)
{
    memset(a[1], 1, (uint64_t)*(int64_t *)a[0]);
    return 0;
}

int64_t slow_plan(void *const *a, int64_t *plan)
{
    plan[0] = 8000;
    return 0;
}
int64_t slow_entry(void *const *a)
{
    double x = *(double *)a[0], *scratch = a[2];
    for (int64_t i = 0; i < 1000; i++) scratch[i] = x + (double)i;
    double sum = 0;
    for (int64_t k = 0; k < 1000; k++)
        for (int64_t i = 0; i < 1000; i++) sum += sqrt(scratch[i]);
    *(double *)a[1] = sum;
    return 0;
}

int64_t team_plan(void *const *a, int64_t *plan) { return plan[0] = 0; }
int64_t team_entry(void *const *a)
{
    double sum = 0;
    int64_t n = *(int64_t *)a[0];
#pragma omp parallel for reduction(+ : sum)
    for (int64_t i = 0; i < n; i++) sum += 1.0;
    *(double *)a[1] = sum;
    return 0;
}
"""

CHECKS = (
    CheckSite("IndexError", "index 9 is out of range, demo.py:3"),
    CheckSite("ShapeError", "shapes (7,) and (8,) do not fit"),
    CheckSite("AssertionError", "scratch memory is not aligned"),
)
N = ("n",)


def array(name, dims=N, dtype="float64", written=False):
    return ArgSpec(name, "array", dtype, dims, written)


SIGNATURES = {
    "mul": Signature("mul", N, (array("x"), array("y")), (OutSpec("z", "array", "float64", 1),)),
    "many": Signature(
        "many",
        ("n", "m"),
        (
            array("x", written=True),
            array("y", ("m", 1, "n")),
            ArgSpec("k", "python", "int64"),
            ArgSpec("b", "python", "bool"),
            ArgSpec("s", "numpy", "float32"),
        ),
        (
            OutSpec("z", "array", "float64", 2),
            OutSpec("o", "array", "float64", 0),
            OutSpec("x", "argument"),
            OutSpec("p", "numpy", "float64"),
            OutSpec("q", "python", "int64"),
            OutSpec("r", "python", "bool"),
            OutSpec("t", "python", "float64"),
            OutSpec("u", "numpy", "int32"),
            OutSpec("v", "numpy", "bool"),
        ),
        CHECKS,
    ),
    "take": Signature("take", (), (ArgSpec("n", "python", "int64"),), ()),
    "slow": Signature(
        "slow", (), (ArgSpec("x", "python", "float64"),), (OutSpec("s", "python", "float64"),)
    ),
    "team": Signature(
        "team", (), (ArgSpec("n", "python", "int64"),), (OutSpec("s", "python", "float64"),)
    ),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    directory = tmp_path_factory.mktemp("kernels")
    (directory / "kernels.c").write_text(TEXT)
    build.compile_c(directory / "kernels.c", directory / "kernels.so", threads=True)
    return directory / "kernels.so"


@pytest.fixture(params=["extension", "ctypes"])
def kernel(request, library, monkeypatch):
    """kernel(name, single=False): one of the kernels above, called in one of the two ways."""
    if request.param == "ctypes":
        monkeypatch.setitem(call._loaded, "extension", None)
    elif not call.is_fast():
        pytest.skip("the extension cannot be built here")

    def make(name, single=False):
        return call.kernel(SIGNATURES[name], library, single=single)

    return make


def good(n=5, m=2):
    x, y = np.arange(float(n)), np.arange(float(n * m)).reshape(m, 1, n)
    return [x, y, 3, True, np.float32(1.5)]


def test_results_are_what_the_signature_says(kernel):
    args = good()
    x, y = args[0].copy(), args[1]
    z, o, same_x, p, q, r, t, u, v = kernel("many")(*args)
    np.testing.assert_array_equal(z, y[:, 0, :-2])
    assert o.shape == () and o[()] == 8.5 and type(o) is np.ndarray
    assert same_x is args[0]
    np.testing.assert_array_equal(same_x, x + 3)
    assert (type(p), p) == (np.float64, 0.75)
    assert (type(q), q) == (int, -3)
    assert r is False
    assert (type(t), t) == (float, 1 / 3)
    assert (type(u), u) == (np.int32, -5)
    assert (type(v), v) == (np.bool, True)


def test_single_and_none(kernel):
    x = np.arange(3.0)
    np.testing.assert_array_equal(kernel("mul", single=True)(x, x), x * x)
    assert len(kernel("mul")(x, x)) == 1
    assert kernel("take")(0) == ()
    assert kernel("take", single=True)(10) is None
    with pytest.raises(ValueError, match="not single"):
        kernel("many", single=True)


def test_sizes_of_zero_and_negative_plans(kernel):
    empty = np.empty(0)
    assert kernel("mul", single=True)(empty, empty).shape == (0,)
    args = [empty, np.empty((2, 1, 0)), 3, True, np.float32(1)]
    assert kernel("many")(*args)[0].shape == (2, 0)


def frozen(x):
    x.flags.writeable = False
    return x


class Subclass(np.ndarray):
    pass


class MyInt(int):
    pass


def unaligned(x):
    return np.frombuffer(bytearray(8 * x.size + 1), np.uint8)[1:].view("f8")


# name -> (which argument is replaced, by what)
MISFITS = {
    "list": (0, list),
    "scalar": (0, lambda x: 1.0),
    "float32": (0, lambda x: x.astype("f4")),
    "int64": (0, lambda x: x.astype("i8")),
    "byte-swapped": (0, lambda x: x.astype(">f8")),
    "duration": (0, lambda x: x.astype("m8[s]")),
    "strided": (0, lambda x: np.repeat(x, 2)[::2]),
    "reversed": (0, lambda x: x[::-1]),
    "unaligned": (0, unaligned),
    "read-only": (0, frozen),
    "subclass": (0, lambda x: x.view(Subclass)),
    "masked": (0, np.ma.array),
    "ndim": (0, lambda x: x[None]),
    "another size": (0, lambda x: x[:4].copy()),
    "broadcast": (1, lambda y: np.broadcast_to(y[:1], (2, 1, 5))),
    "Fortran": (1, np.asfortranarray),
    "not 1 where 1 was": (1, lambda y: y.reshape(1, 2, 5)),
    "1 where a size was": (1, lambda y: y[:1]),
    "bool for int": (2, bool),
    "float for int": (2, float),
    "big int": (2, lambda k: 2**63),
    "subclass of int": (2, MyInt),
    "NumPy int": (2, np.int64),
    "int for bool": (3, int),
    "NumPy bool": (3, np.bool),
    "Python float": (4, float),
    "float64 scalar": (4, np.float64),
    "0-d array": (4, np.array),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_a_miss_and_calls_nothing(kernel, name):
    args = good()
    place, change = MISFITS[name]
    args[place] = change(args[place])
    before = np.array(args[0], copy=True)
    assert kernel("many")(*args) is MISS
    np.testing.assert_array_equal(args[0], before)


def test_counts_and_keywords_are_a_miss(kernel):
    x = np.arange(3.0)
    assert kernel("mul")(x) is MISS
    assert kernel("mul")(x, x, x) is MISS
    assert kernel("mul")(x, y=x) is MISS
    assert repr(MISS) == "MISS"


def test_overlap_matters_only_where_something_is_written(kernel):
    x = np.arange(6.0)
    assert kernel("mul")(x, x) is not MISS
    assert kernel("mul")(x[:4], x[2:]) is not MISS
    args = good()
    whole = np.arange(15.0)
    args[0], args[1] = whole[:5], whole[5:].reshape(2, 1, 5)
    assert kernel("many")(*args) is not MISS
    args[0], args[1] = whole[4:9], whole[:10].reshape(2, 1, 5)
    assert kernel("many")(*args) is MISS


def test_long_and_long_long_are_one_int64(kernel, tmp_path):
    text = TEXT.replace("double", "int64_t")
    (tmp_path / "k.c").write_text(text[: text.index("/* (x written")])
    build.compile_c(tmp_path / "k.c", tmp_path / "k.so")
    args = (array("x", dtype="int64"), array("y", dtype="int64"))
    signature = Signature("mul", N, args, (OutSpec("z", "array", "int64", 1),))
    multiply = call.kernel(signature, tmp_path / "k.so", single=True)
    for code in "lq":
        x = np.arange(3).astype(code)
        assert multiply(x, x).tolist() == [0, 1, 4]
    assert multiply(np.arange(3.0), np.arange(3.0)) is MISS
    assert multiply(np.arange(3, dtype="u8"), np.arange(3, dtype="u8")) is MISS


def test_failed_checks_raise_pythons_errors(kernel):
    args = good()
    args[2] = 99
    with pytest.raises(IndexError, match=r"^index 9 is out of range, demo.py:3$"):
        kernel("many")(*args)
    with pytest.raises(ShapeError, match="do not fit"):
        kernel("many")(*good(n=7))
    args[2] = 98
    with pytest.raises(SystemError, match="many returned 77"):
        kernel("many")(*args)


def test_signatures_that_make_no_sense_are_refused():
    x = array("x")
    for sizes, args, outs, checks in [
        ((), (x,), (), ()),
        (("n", "m"), (x,), (), ()),
        (N, (ArgSpec("x", "array", "float64", ("n", 2)),), (), ()),
        ((), (ArgSpec("x", "arry", "float64"),), (), ()),
        ((), (ArgSpec("x", "array", "float16"),), (), ()),
        ((), (ArgSpec("x", "python", "float32"),), (), ()),
        ((), (ArgSpec("x", "python", "float64", (), True),), (), ()),
        ((), (), (OutSpec("x", "argument"),), ()),
        ((), (), (OutSpec("x", "numpy", "float64", 1),), ()),
        ((), (), (), (CheckSite("NoSuchError", ""),)),
        ((), (), (), (CheckSite("print", ""),)),
    ]:
        with pytest.raises(ValueError, match=r"."):
            Signature("f", sizes, args, outs, checks)


def test_too_much_memory_is_refused_with_the_bytes(kernel, monkeypatch):
    with pytest.raises(MemoryError, match=str(2**55)):
        kernel("take")(2**55)
    monkeypatch.setattr(memory, "available", lambda: 10**6)
    with pytest.raises(MemoryError, match=r"50000000 bytes .* 1000000 bytes are available"):
        kernel("take")(50_000_000)
    assert kernel("take")(100) == ()


def test_idle_memory_is_given_back_before_a_call_is_refused(monkeypatch):
    answers = [10, 10**9]
    monkeypatch.setattr(memory, "available", lambda: answers.pop(0))
    assert memory.admit(50_000_000, release=lambda: 1) > 0
    assert answers == []


def test_scratch_memory_is_kept_and_released(kernel, monkeypatch):
    asked = []
    if call.is_fast():
        call._extension().setup(MISS, lambda n: asked.append(n) or 10**6, memory.check_budget)
    else:
        monkeypatch.setattr(memory, "admit", lambda size: asked.append(size) or 10**6)
    try:
        call.release_arena()
        take = kernel("take")
        for size in (1000, 1000, 500, 2000):
            take(size)
        assert asked == [1000, 2000]
        assert call.release_arena() >= 2000
        take(10)
        take(2 * 10**6)
        assert call.release_arena() in (0, 74)
        assert asked == [1000, 2000, 10, 2 * 10**6]
    finally:
        if call.is_fast():
            call._extension().setup(MISS, memory.admit, memory.check_budget)


def test_threads(kernel):
    slow = kernel("slow", single=True)
    alone = [slow(float(n)) for n in range(4)]
    found = {}

    def work(n):
        found[n] = {slow(float(n)) for _ in range(20)}
        call.release_arena()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: {alone[n]} for n in range(4)}


def in_fork(action):
    """Whether an action succeeds in a forked child within ten seconds."""
    child = multiprocessing.get_context("fork").Process(target=action)
    child.start()
    child.join(10)
    if child.exitcode is None:
        child.kill()
    return child.exitcode == 0


def test_fork(kernel):
    slow, team, multiply = kernel("slow", True), kernel("team", True), kernel("mul", True)
    x = np.arange(1000.0)
    expected = slow(1.0), team(10000), multiply(x, x).sum()
    dispatched = call.dispatcher(os.abort)
    dispatched.add(multiply)

    def child():
        assert (slow(1.0), team(10000), dispatched(x, x).sum()) == expected
        assert call.release_arena() >= 0

    assert in_fork(child)
    running = threading.Thread(target=lambda: [slow(1.0) for _ in range(100)])
    running.start()
    assert in_fork(child)
    running.join()


def test_a_library_that_cannot_be_loaded(kernel, library, tmp_path):
    (tmp_path / "cut.so").write_bytes(library.read_bytes()[:0])
    with pytest.raises(BuildError, match=r"cut\.so cannot be loaded"):
        call.kernel(SIGNATURES["mul"], tmp_path / "cut.so")
    other = Signature("absent", (), (), ())
    with pytest.raises(BuildError, match="absent"):
        call.kernel(other, library)


def test_a_place_that_forbids_execution(kernel, library, monkeypatch):
    real = call.ctypes.CDLL

    def noexec(path, **options):
        if path == str(library):
            raise OSError("failed to map segment from shared object")
        return real(path, **options)

    monkeypatch.setattr(call.ctypes, "CDLL", noexec)
    assert kernel("mul", True)(np.ones(2), np.ones(2)).tolist() == [1, 1]


def test_nothing_leaks(kernel, library):
    def miss(*args):
        return None

    many, args = kernel("many"), good()
    dispatch = call.dispatcher(miss)
    dispatch.add(many, (({"c": 1.5}, "c", 1.5),))
    bad = [*args[:2], 99, *args[3:]]

    def work():
        for _ in range(200):
            dispatch(*args)
            dispatch(1, 2)
            with pytest.raises(IndexError):
                dispatch(*bad)
            call.kernel(SIGNATURES["many"], library)
        gc.collect()
        return [sys.getrefcount(thing) for thing in (*args[:2], MISS, miss, many)]

    work()
    assert work() == work()


# Generated Python --------------------------------------------------------------------------------


def test_load_python(tmp_path):
    path = tmp_path / "demo.py"
    path.write_text("import numpy as np\n\n\ndef f(x):\n    return x // 0  # here\n")
    function = call.load_python(path, "f")
    assert function.__code__.co_filename == str(path)
    path.unlink()
    with pytest.raises(ZeroDivisionError) as caught:
        function(4)
    assert "# here" in "".join(traceback.format_tb(caught.value.__traceback__))


# The extension -----------------------------------------------------------------------------------


def test_without_headers_ctypes_is_used(library, monkeypatch, tmp_path):
    monkeypatch.setattr(call, "_loaded", {})
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    assert not call.is_fast()
    multiply = call.kernel(SIGNATURES["mul"], library, single=True)
    assert multiply(np.ones(2), np.ones(2)).tolist() == [1, 1]


def test_without_a_compiler_ctypes_is_used(monkeypatch, tmp_path):
    monkeypatch.setattr(call, "_loaded", {})
    monkeypatch.setattr(cache, "_default", cache.Cache(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    build._identify_stamped.cache_clear()
    assert not call.is_fast()
