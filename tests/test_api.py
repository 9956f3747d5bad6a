"""The public functions as a user meets them: calling, specialising, looking, the cache."""

from __future__ import annotations

import functools
import os
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, central_difference, complex_step


def weighted(x, w, offset=1.0):
    """The weighted sum."""
    total = offset
    for i in range(len(x)):
        total += x[i] * w[i]
    return total


def raised(x):
    x[0] = 2.0
    return x


def pair(parts, scale):
    return {"sum": parts[0] + parts[1] * scale, "first": parts[0]}


TABLE = np.arange(3.0)


def looked_up(x):
    return np.sum(x * TABLE)


X, W = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])


def test_it_has_the_manners_of_the_function_it_wraps(mode):
    f = transpile.function(weighted)
    assert f.__name__ == "weighted"
    assert f.__doc__ == "The weighted sum."
    assert f.__wrapped__ is weighted
    assert f(X, W) == f(X, w=W) == f(X, W, 1.0) == weighted(X, W)
    with pytest.raises(TypeError, match="missing a required argument"):
        f(X)


def test_it_specialises_on_dtype_and_kind(mode):
    f = transpile.function(weighted)
    for x in (X, X.astype(np.float32), X.astype(np.int64), np.ones(1)):
        got, want = f(x, W[: len(x)]), weighted(x, W[: len(x)])
        assert got == want
        assert type(got) is type(want)
    assert len(f.specialisations) == 4


def test_strided_reversed_and_fortran_arguments(mode):
    f = transpile.function(weighted)
    grid = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    for x in (grid[:, 1], grid[::-1, 2], np.broadcast_to(2.0, 3)):
        assert f(x, W) == weighted(x, W)


def test_what_is_written_is_seen_by_the_caller(mode):
    f = transpile.function(raised)
    x = np.ones(3)
    assert f(x) is x
    assert x[0] == 2.0
    grid = np.ones((2, 3))
    f(grid[:, 1])
    assert grid[0, 1] == 2.0
    fixed = np.ones(3)
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        f(fixed)


def test_structures_go_in_and_out(mode):
    got = transpile.function(pair)((X, W), 2.0)
    assert list(got) == ["sum", "first"]
    np.testing.assert_array_equal(got["sum"], X + 2.0 * W)


def test_a_global_array_is_read_at_each_call(mode, monkeypatch):
    f = transpile.function(looked_up)
    assert f(X) == 8.0
    monkeypatch.setitem(globals(), "TABLE", np.ones(3))
    assert f(X) == 6.0
    monkeypatch.setitem(globals(), "TABLE", np.ones(3, np.float32))
    assert f(X) == 6.0


WEIGHTS = np.array([1.0, 2.0, 4.0])


def with_defaults(x, weights=WEIGHTS, *, shift=WEIGHTS):
    return np.sum(x * weights + shift)


def of_defaults(x):
    return with_defaults(x) * with_defaults(x, x) + with_defaults(x, shift=x)


def test_an_array_as_default_is_read_at_each_call(mode):
    """A helper's default is the array itself, with what it holds at the call."""
    f, g = transpile.function(of_defaults), transpile.grad(of_defaults)
    x = np.array([0.5, -1.0, 3.0])
    for factor in (1.0, 0.5):
        WEIGHTS[:] *= factor
        assert f(x) == of_defaults(x)
        assert_gradients_close((g(x),), complex_step(of_defaults, (x,), ("x",)))
    WEIGHTS[:] *= 2.0


def test_arguments_that_overlap_what_is_written():
    def shifted(x, y):
        for i in range(len(y)):
            x[i] = x[i] + y[i]

    ours, plain = np.ones(4), np.ones(4)
    transpile.function(shifted)(ours[1:], ours[:-1])
    shifted(plain[1:], plain[:-1])
    np.testing.assert_array_equal(ours, plain)


def test_shapes_that_do_not_fit_name_both(mode):
    def added(x, y):
        return x + y

    with pytest.raises(ValueError) as caught:
        transpile.function(added)(np.ones(3), np.ones(2))
    if mode == "FAST_RUN":
        assert isinstance(caught.value, transpile.ShapeError)
        assert "(3,)" in str(caught.value)
        assert "(2,)" in str(caught.value)


def test_lengths_that_only_one_way_needs_equal(mode):
    f = transpile.function(weighted)
    assert f(X, np.ones(5)) == weighted(X, np.ones(5))
    with pytest.raises(IndexError):
        f(X, np.ones(2))


def test_gradients_have_the_structure_of_wrt(mode):
    def energy(parts, k):
        return k * np.sum(parts["a"] * parts["a"]) + np.sum(parts["b"])

    parts = {"a": X, "b": W}
    got = transpile.grad(energy)(parts, 2.0)
    np.testing.assert_array_equal(got["a"], 4.0 * X)
    np.testing.assert_array_equal(got["b"], np.ones(3))
    value, (slope,) = transpile.value_and_grad(energy, wrt=("k",))(parts, 2.0)
    assert value == energy(parts, 2.0)
    assert slope == np.sum(X * X)


def test_gradients_of_gradients(mode):
    third = transpile.grad(transpile.grad(transpile.grad(lambda x: x**4)))
    assert third(3.0) == pytest.approx(72.0, rel=1e-14)


def test_vjp_takes_the_cotangent_of_the_result(mode):
    def squares(x):
        return x * x

    np.testing.assert_array_equal(transpile.vjp(squares)(X, W), 2.0 * X * W)
    np.testing.assert_array_equal(transpile.vjp(squares)(X, np.arange(3)), 2.0 * X * np.arange(3))
    np.testing.assert_array_equal(transpile.vjp(weighted)(X, W, 1.0, 2), 2.0 * W)


@pytest.mark.parametrize(
    ("wrt", "error"), [("nothing", ValueError), (7, ValueError), ("n", TypeError)]
)
def test_wrt_names_a_parameter_that_has_a_gradient(wrt, error):
    def power(x, n):
        return x * n

    with pytest.raises(error):
        transpile.grad(power, wrt=wrt)(2.0, 3)


def test_source_says_what_to_do_before_anything_is_compiled():
    f = transpile.function(weighted)
    with pytest.raises(transpile.TranspileError, match="call it, or pass arguments"):
        f.source("c")
    with pytest.raises(transpile.UnsupportedError, match="CUDA"):
        f.source("cuda", X, W)
    assert f.source("c", X, W).startswith("// Written by transpile from test_api.py:")
    assert f.path("python").read_text(encoding="utf-8") == f.source("python")


def test_functions_travel_to_other_processes():
    for f, args in ((transpile.function(weighted), (X, W)), (force, (X, W)),
                    (transpile.vjp(weighted), (X, W, 1.0, np.float64(2.0)))):  # fmt: skip
        again = pickle.loads(pickle.dumps(f))
        np.testing.assert_array_equal(again(*args), f(*args))


def test_settings_that_change_the_text_compile_anew():
    f = transpile.function(weighted)
    assert f(X, W) == 33.0
    plain = f.source("c")
    for change in ({"reassociate": False}, {"optimizer": None}):
        with transpile.config.change(**change):
            assert f(X, W) == 33.0
            assert f.source("c") != plain
    with transpile.config.change(debug_info=True):
        assert f(X, W) == 33.0
        assert "#line " in f.source("c")
    assert f(X, W) == 33.0


def test_debugprint_shows_a_loop_in_the_words_of_scan(capsys):
    f = transpile.function(weighted)
    f.compile(X, W)
    transpile.debugprint(f)
    shown = capsys.readouterr().out
    assert "scan i in range(0, n_x, 1)" in shown
    assert "sequences: x, w" in shown
    assert "carried: total" in shown


SECOND = """
    import numpy as np
    import transpile
    from transpile.runtime import build, call
    from tests.test_api import X, W, weighted

    assert call.is_fast()

    def refuse(*args, **keywords):
        raise AssertionError("the compiler was called")

    if {cached}:
        build.compile_c = refuse
    print(transpile.function(weighted)(X, W), transpile.grad(weighted)(X, W))
"""


def test_a_second_process_needs_no_compiler():
    printed = []
    for cached in (False, True):
        code = textwrap.dedent(SECOND).format(cached=cached)
        command = [sys.executable, "-c", code]
        ran = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ))
        assert ran.returncode == 0, ran.stderr
        printed.append(ran.stdout)
    assert printed[0] == printed[1] == "33.0 [4. 5. 6.]\n"


def energy(q, k):
    total = 0.0
    for i in range(len(q) - 1):
        total += 0.5 * k[i] * (q[i + 1] - q[i]) ** 2
    return total


force = transpile.grad(energy)


def leapfrog(q, p, k, dt, steps):
    for _ in range(steps):
        p = p - dt * force(q, k)
        q = q + dt * p
    return np.sum(q * q) + np.sum(p)


def test_a_gradient_inside_decorated_code_is_part_of_it(mode):
    args = np.array([0.0, 1.0, 3.0]), np.zeros(3), np.array([1.0, 2.0]), 0.1, 5
    assert transpile.function(leapfrog)(*args) == pytest.approx(leapfrog(*args), rel=1e-14)
    got = transpile.grad(leapfrog)(*args)
    (want,) = central_difference(leapfrog, args, ("q",))
    np.testing.assert_allclose(got, want, rtol=1e-9)


def test_a_gradient_of_an_expressions_length_is_refused(mode):
    def inner(q, k):
        return np.sum(force(q[1:], k))

    with pytest.raises(transpile.UnsupportedError, match="where a derivative is called"):
        transpile.function(inner)(X, W)


def test_an_error_of_a_running_program_names_its_line_once(mode):
    def checked(x):
        assert x[0] > 0.0, "not positive"
        return x[0] ** 0.5 + float(x[1]) ** 0.5 + np.max(x[2:])

    f = transpile.function(checked)
    for x, error, words in [
        ([-1.0, 1.0, 1.0], AssertionError, "not positive"),
        ([1.0, -1.0, 1.0], ValueError, "a negative number has no real power of this kind"),
        ([1.0, 1.0], ValueError, "zero-size array to reduction operation maximum"),
    ]:
        with pytest.raises(error) as caught:
            f(np.array(x))
        assert words in str(caught.value)
        assert str(caught.value).count("test_api.py:") == 1


def of_any_number(*rows):
    return 2.0 * np.sum(rows[0])


def by_name(x, *, scale=1.0):
    return np.sum(x) * scale


def test_arguments_are_bound_as_python_binds_them(mode):
    x = np.arange(3.0)
    f, g = transpile.function(of_any_number), transpile.function(by_name)
    assert f(x) == of_any_number(x) and f(x, 3.0) == 6.0
    np.testing.assert_array_equal(transpile.grad(f, wrt="rows")(x)[0], [2.0, 2.0, 2.0])
    assert transpile.grad(g, wrt="scale")(x, scale=2.0) == 3.0
    for call in (g, transpile.grad(g)):
        with pytest.raises(TypeError, match="positional"):
            call(x, 2.0)


@pytest.mark.parametrize("made", [5, "f", functools.partial(by_name, scale=2.0)])
def test_only_functions_are_decorated(made):
    with pytest.raises((transpile.UnsupportedError, TypeError)):
        transpile.function(made, name="f")(np.ones(3))
    with pytest.raises(ValueError, match="mode is"):
        transpile.function(by_name, mode="FAST")
