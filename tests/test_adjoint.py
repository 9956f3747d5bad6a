"""Gradients of small programs, run by the reference interpreter, against complex step."""

import importlib.util
import inspect
from math import inf
from pathlib import Path

import adjoint_programs as programs
import numerics
import numpy as np
import pytest
from msgspec.structs import replace

import transpile
from transpile import adjoint
from transpile.adjoint.cut import Choice, cheapest
from transpile.errors import NotDifferentiableError, UnsupportedError
from transpile.sym import walk
from transpile.sym.evaluate import evaluate
from transpile.sym.fold import fold
from transpile.sym.ir import Apply, Scan
from transpile.sym.ops import TABLE, shape
from transpile.sym.verify import verify

CASES = [
    *((f, args, wrt) for f, (args, wrt) in programs.CASES.items()),
    *((f, args, programs.CASES[f][1]) for f, args in programs.AGAIN),
]


def lowered(f, args):
    return transpile.function(f).graph("fold", *numerics.copied(args))


def kept(function):
    return adjoint.kept(function, lambda var: var.name)


def positions(f, wrt):
    return [list(inspect.signature(f).parameters).index(w) for w in wrt]


def gradient(f, args, wrt, keep_value=False):
    made = verify(adjoint.grad(lowered(f, args), positions(f, wrt), keep_value))
    return verify(fold(made))


@pytest.mark.parametrize(("f", "args", "wrt"), CASES, ids=lambda v: getattr(v, "__name__", ""))
def test_gradient_is_that_of_complex_step(f, args, wrt):
    if f is programs.break_on_value and not len(args[0]):
        want = (np.zeros(0),)
    else:
        want = numerics.complex_step(f, numerics.copied(args), wrt)
    value, *got = evaluate(gradient(f, args, wrt, keep_value=True), args)
    assert value == f(*numerics.copied(args))
    numerics.assert_gradients_close(got, want)
    numerics.assert_gradients_close(evaluate(gradient(f, args, wrt), args), want)


@pytest.mark.parametrize("f", programs.CASES, ids=lambda f: f.__name__)
def test_second_derivative_is_the_slope_of_the_first(f):
    args, wrt = programs.CASES[f]
    first = gradient(f, args, wrt[:1])
    second = verify(fold(adjoint.vjp(first, positions(f, wrt[:1]), False)))
    x, k, h = np.asarray(args[positions(f, wrt)[0]]), positions(f, wrt)[0], 1e-6
    rows = []
    for place in np.ndindex(*x.shape):
        unit = np.zeros(x.shape)
        unit[place] = 1.0
        pulled = evaluate(second, (*args, unit if x.shape else 1.0))[0]
        up, down = (evaluate(first, changed(args, k, x + s * h * unit))[0] for s in (1, -1))
        rows.append((pulled, (np.asarray(up) - np.asarray(down)) / (2 * h)))
    largest = max(np.abs(slope).max() for _, slope in rows)
    for pulled, slope in rows:
        np.testing.assert_allclose(pulled, slope, rtol=0, atol=1e-6 * max(1.0, largest))


def changed(args, k, value):
    return (*args[:k], value if value.shape else float(value), *args[k + 1 :])


@pytest.mark.parametrize("f", programs.KEPT, ids=lambda f: f.__name__)
def test_what_is_kept(f):
    args, wrt = programs.CASES[f]
    assert len(kept(gradient(f, args, wrt))) == programs.KEPT[f]


def test_a_sum_of_what_is_left_of_a_sweep_keeps_one_number_a_write():
    (log,) = kept(gradient(programs.sweep, *programs.CASES[programs.sweep]))
    assert (log.name, log.size) == ("u_at", "8*n*(n_u - 1)")
    assert log.line.endswith("u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])")


def test_a_triangular_log_is_as_long_as_the_loops_run():
    made = gradient(programs.sorted_weights, *programs.CASES[programs.sorted_weights])
    (log,) = [e.outs[0] for e in empties(made) if e.outs[0].type.dtype == "bool"]
    length = log.type.dims[0]
    body = replace(made.body, results=length.symbols())
    found = evaluate(replace(made, body=body), programs.CASES[programs.sorted_weights][0])
    values = dict(zip(length.symbols(), found, strict=True))
    total = length.const + sum(factor * values[symbol] for symbol, factor in length.terms)
    assert total == 6 * 5 // 2


def empties(function):
    return [e for e in function.body.eqns if isinstance(e.rhs, Apply) and e.rhs.op is shape.EMPTY]


def program(name):
    path = Path(__file__).parent / "programs" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"adjoint_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name), module.arguments(0), module.wrt


@pytest.mark.parametrize("name", ["lu", "cholesky", "triangular_solve", "gauss_seidel"])
def test_in_place_linear_algebra_keeps_nothing(name):
    assert kept(gradient(*program(name))) == []


def test_a_version_that_is_overwritten_is_kept_once():
    (copy,) = kept(gradient(*program("thomas")))
    assert (copy.name, copy.size) == ("b_at", "8*n")


def test_a_linear_program_has_no_primal_sweep():
    made = gradient(programs.linear, programs.CASES[programs.linear][0], ("u",))
    loops = [e.rhs for e in made.body.eqns if isinstance(e.rhs, Scan)]
    assert [loop.reverse for loop in loops] == [True]


@pytest.mark.parametrize("name", ["lu", "gauss_seidel", "nonlinear_sweep", "thomas"])
def test_no_array_is_made_in_a_loop(name):
    made = gradient(*program(name))
    loops = [e.rhs.body for e in made.body.eqns if isinstance(e.rhs, Scan)]
    ops = {
        e.rhs.op
        for body in loops
        for e in walk.equations(body)
        if isinstance(e.rhs, Apply) and e.outs[0].type.dims
    }
    assert ops <= {shape.UPDATE, shape.INCREMENT, shape.INDEX}


@pytest.mark.parametrize(
    ("f", "x", "want"),
    [
        (programs.masked_log, [-1.0, 0.0, 1.0, 2.0], [0.0, 0.0, 1.0, 0.5]),
        (programs.masked_chain, [-1.0, 0.0, 1.0], [0.0, 0.0, 8.0]),
        (programs.clipped, [-1.0, 0.0, 0.5, 1.0, 2.0], [0.0, 0.0, 1.0, 2.0, 1.0]),
    ],
)
def test_a_mask_gives_zero_where_it_is_off(f, x, want):
    (got,) = evaluate(gradient(f, (np.array(x),), ("x",)), (np.array(x),))
    np.testing.assert_allclose(got, want, rtol=1e-14)


def test_pullback_takes_a_cotangent_for_each_result():
    def pair(x, n):
        return x * x, np.sum(x), n

    args = (np.array([1.0, 2.0]), 3)
    pull = verify(fold(adjoint.vjp(lowered(pair, args), [0], True)))
    assert [p.name for p in pull.params[2:]] == ["d_result", "d_result"]
    *values, d_x = evaluate(pull, (*args, np.array([10.0, 100.0]), np.float64(1.0)))
    np.testing.assert_array_equal(values[0], [1.0, 4.0])
    np.testing.assert_array_equal(d_x, [21.0, 401.0])


def test_the_arguments_are_not_written():
    args, wrt = programs.CASES[programs.sweep]
    assert lowered(programs.sweep, args).written == (0,)
    assert gradient(programs.sweep, args, wrt).written == ()


def test_float32_stays_float32():
    x = np.linspace(0.1, 1.0, 5, dtype=np.float32)
    (got,) = evaluate(gradient(programs.single, (x,), ("x",)), (x,))
    assert got.dtype == np.float32
    want = numerics.complex_step(programs.single, (x.astype(float),), ("x",))[0]
    np.testing.assert_allclose(got, want, rtol=1e-5)


def test_integers_have_no_gradient():
    with pytest.raises(TypeError, match="a gradient needs a floating-point array: n is int"):
        gradient(programs.sweep, programs.CASES[programs.sweep][0], ("n",))


def test_cost_must_be_a_scalar():
    def doubled(x):
        return 2.0 * x

    with pytest.raises(UnsupportedError, match=r"cost must be a scalar, not float64\[n_x\]"):
        gradient(doubled, (np.ones(3),), ("x",))


@pytest.mark.parametrize("derivative", [adjoint.grad, adjoint.jvp])
def test_an_operator_without_derivative_is_an_error_at_the_users_line(derivative):
    def rounded(x):
        return np.sum(np.tanh(x))

    function = lowered(rounded, (np.ones(3),))
    odd = replace(TABLE["tanh"], name="odd", vjp=None)
    eqns = tuple(
        replace(e, rhs=replace(e.rhs, op=odd)) if e.rhs.op is TABLE["tanh"] else e
        for e in function.body.eqns
    )
    broken = replace(function, body=replace(function.body, eqns=eqns))
    with pytest.raises(NotDifferentiableError, match="odd has no derivative") as caught:
        derivative(broken, [0], False)
    assert "np.tanh(x)" in str(caught.value)


def test_the_cheapest_cut():
    choices = {
        "P": Choice(12.0, inf),
        "F": Choice(12.0, 1.0, ("P",)),
        "K": Choice(12.0, 8.0, ("P", "F")),
        "e": Choice(12.0, 20.0, ("F",)),
    }
    kept, made = cheapest(["F", "K", "e"], choices)
    assert sorted(kept) == ["P", "e"]
    assert sorted(made) == ["F", "K"]


def test_what_can_neither_be_kept_nor_made():
    with pytest.raises(AssertionError, match="neither"):
        cheapest(["x"], {"x": Choice(inf, inf)})


def test_a_value_times_itself_has_one_contribution():
    def masked(x):
        y = np.where(x > 0.0, np.sqrt(x), x)
        return np.sum(y * y) + np.sum((x + x) * np.hypot(x, x))

    x = np.array([0.5, -1.0, 2.0])
    found = transpile.grad(masked)(x)
    numerics.assert_gradients_close((found,), (np.where(x > 0, 1, 2 * x) + 4 * 2**0.5 * abs(x),))

    def square(x):
        return np.sum(x * x)

    text = transpile.grad(square).source("python", x)
    assert "d_x = 2.0 * x" in text
    np.testing.assert_array_equal(transpile.grad(square)(x), 2.0 * x)


def test_what_a_step_needs_again_stands_before_its_reverse():
    def likelihood(y, eps, eta):
        a, P, ll = y[0], eps + eta, 0.0
        for t in range(1, len(y)):
            F = P + eps
            v = y[t] - a
            ll -= np.log(F) + v * v / F
            K = P / F
            a = a + K * v
            P = P * (1.0 - K) + eta
        return ll

    f = transpile.grad(likelihood, wrt=("eps", "eta"))
    lines = [line.strip() for line in f.source("python", np.ones(4), 1.0, 2.0).splitlines()]
    start = next(k for k, line in enumerate(lines) if line.startswith("for t in reversed"))
    made = [line.split(" = ")[0] for line in lines[start + 1 : start + 5]]
    assert made == ["P", "F", "v", "K"]
    assert lines[start + 5].endswith(":  P = P * (1.0 - K) + eta")
    quoted = [line for line in lines[start:] if line.startswith("#")]
    assert len(quoted) == len(set(quoted))
