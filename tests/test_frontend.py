"""Python functions to symbolic form, run by the reference interpreter, as Python runs them."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.frontend import aliases, features
from transpile import frontend
from transpile.api import constants
from transpile.errors import UnsupportedError
from transpile.sym import ir, walk
from transpile.sym.evaluate import evaluate
from transpile.sym.fold import fold
from transpile.sym.verify import verify

ALIASES = {f: cases for f, cases in aliases.CASES.items() if f not in aliases.REFUSED}
CASES = [(f, k) for table in (features.CASES, ALIASES) for f in table for k in range(len(table[f]))]


def arguments(f: Callable, args: tuple) -> dict[str, Any]:
    bound = inspect.signature(f).bind(*args)
    bound.apply_defaults()
    return dict(bound.arguments)


def lowered(f: Callable, *args: Any, assume: bool = True) -> frontend.Lowered:
    source = frontend.read(f)
    frontend.check(source)
    sizes: list[ir.Var] = []
    values = arguments(f, args)
    given = [frontend.arg_of(v, name, sizes) for name, v in values.items()]
    lower = functools.partial(frontend.lower, source, assume=assume)
    texts = [v if isinstance(v, str) else None for v in values.values()]  # no flags are known
    return constants.lowered(lower, given, texts)[0]


def structured(tree: Any, flat: list, given: list) -> Any:
    match tree:
        case ir.Leaf(index=index):
            return flat[index]
        case ir.Same(param=param):
            return given[param]
        case ir.Fixed(value=value):
            return value
    parts = [structured(item, flat, given) for item in tree.items]
    if tree.kind == "dict":
        return dict(zip(tree.keys, parts, strict=True))
    return tuple(parts) if tree.kind == "tuple" else parts


def run(f: Callable, args: tuple) -> tuple[Any, list]:
    """The result of the folded symbolic form, and the arguments' leaves after it."""
    found = lowered(f, *args)
    function = verify(fold(verify(found.function)))
    flat = [leaf for v in arguments(f, args).values() for leaf in frontend.leaves(v)]
    flat += [read() for read in found.hidden]
    results = evaluate(function, flat)
    final = list(flat)
    values = results[len(results) - len(function.written) :]
    for k, value in zip(function.written, values, strict=True):
        final[k] = value
    return structured(function.tree, results, final), final


def assert_same(got: Any, want: Any) -> None:
    if isinstance(want, tuple | list):
        assert type(got) is type(want) and len(got) == len(want)
        for a, b in zip(got, want, strict=True):
            assert_same(a, b)
    elif isinstance(want, dict):
        assert list(got) == list(want)
        assert_same(list(got.values()), list(want.values()))
    elif want is None:
        assert got is None
    else:
        assert np.shape(got) == np.shape(want)
        if isinstance(want, np.ndarray | np.generic):
            assert np.asarray(got).dtype == want.dtype
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("f", "k"), CASES, ids=lambda value: getattr(value, "__name__", str(value))
)
def test_runs_as_python_does(f, k):
    """Values, what is written in place, and the errors of a running program."""
    args = {**features.CASES, **aliases.CASES}[f][k]
    theirs = copy.deepcopy(args)
    try:
        want = f(*theirs)
    except Exception as error:
        with pytest.raises(type(error), match=r"features\.py:\d+: "):
            run(f, copy.deepcopy(args))
        return
    got, final = run(f, copy.deepcopy(args))
    assert_same(got, want)
    written = [leaf for v in arguments(f, theirs).values() for leaf in frontend.leaves(v)]
    assert_same(final[: len(written)], written)


@pytest.mark.parametrize("f", aliases.REFUSED, ids=lambda f: f.__name__)
def test_aliases_that_are_not_followed_are_refused(f):
    with pytest.raises(UnsupportedError):
        lowered(f, *aliases.CASES[f][0])


# -- sizes


def dot_in_loop(A, x, n):
    for _ in range(n):
        x = np.tanh(A @ x)
    return x


def added(x, y):
    return x + y


def added_by_branch(x, y, flag):
    if flag:
        return np.sum(x + y)
    return np.sum(x)


def test_lengths_that_have_to_be_equal_are_one_size():
    found = lowered(added, np.ones(3), np.ones(3))
    assert len(found.function.sizes) == 1
    (equal,) = found.equal
    assert equal[:4] == (0, 0, 1, 0)
    assert equal[4].startswith("test_frontend.py:")
    assert not found.assumed


def test_lengths_in_a_loop_are_assumed_and_can_be_checked_instead():
    args = np.ones((3, 3)), np.ones(3), 2
    assumed, checked = lowered(dot_in_loop, *args), lowered(dot_in_loop, *args, assume=False)
    assert assumed.assumed and len(assumed.function.sizes) == 1
    assert not checked.equal and len(checked.function.sizes) == 3
    assert_same(evaluate(checked.function, [*args[:2], 0])[0], args[1])


def test_lengths_in_a_branch_are_checked_there():
    found = lowered(added_by_branch, np.ones(3), np.ones(4), False)
    assert not found.equal
    assert evaluate(found.function, [np.ones(3), np.ones(4), False]) == [3.0]


# -- what a specialisation depends on

SCALE = 2.0


def scaled(x):
    return x * SCALE


def offset(k):
    def f(x):
        return x + k

    return f


def test_globals_and_closures_are_guarded():
    assert lowered(scaled, 1.0).guards == ((globals(), "SCALE", 2.0),)
    f = offset(3.0)
    assert lowered(f, 1.0).guards == ((f.__closure__[0], 3.0),)


def test_helpers_are_among_the_sources():
    def outer(x):
        return scaled(x)

    assert [source.name for source in lowered(outer, 1.0).sources] == ["outer", "scaled"]


def test_keys_tell_what_types_tell():
    values = [
        np.ones(3), np.ones(1), np.ones((3, 1)), np.ones(3, np.float32), 1, 1.0, True,
        np.float64(1), (1, 2.0), [1, 2.0], {"a": 1}, None, "text",
    ]  # fmt: skip
    keys = [frontend.key_of(value) for value in values]
    assert len(set(keys)) == len(values)
    assert frontend.key_of(np.zeros(7)) == keys[0]


def test_a_file_that_was_edited_after_import_is_refused(tmp_path):
    path = tmp_path / "edited.py"
    path.write_text("def f(x):\n    return x + 1.0\n", encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    path.write_text("def f(x):\n    return x + 2.0\n", encoding="utf-8")
    with pytest.raises(UnsupportedError, match="edited since"):
        frontend.read(names["f"])


# -- integers without bounds


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def factorial(n):
    p = 1
    for i in range(1, n + 1):
        p = p * i
    return p


@pytest.mark.parametrize(("f", "fits", "too_far"), [(fibonacci, 90, 95), (factorial, 20, 25)])
def test_integers_that_do_not_fit_are_an_error(f, fits, too_far):
    assert run(f, (fits,))[0] == f(fits)
    with pytest.raises(OverflowError, match=r"test_frontend\.py:\d+: "):
        run(f, (too_far,))


def weighted(x):
    n = len(x)
    s = 0.0
    for j in range(n):
        for k in range(n):
            s += x[(j * k) % n] * (2 * j + k * n)
    return s


def test_products_of_loop_indices_need_no_check():
    equations = walk.equations(lowered(weighted, np.ones(3)).function.body)
    assert not any(isinstance(eqn.rhs, ir.Check) for eqn in equations)
