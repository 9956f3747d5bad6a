"""Forward mode of small programs, against complex step and against the rules' own transposes."""

import inspect

import adjoint_programs as programs
import numerics
import numpy as np
import pytest
from msgspec.structs import replace

import transpile
from transpile import adjoint
from transpile.sym import walk
from transpile.sym.evaluate import evaluate
from transpile.sym.fold import fold
from transpile.sym.ir import Apply, Scan
from transpile.sym.ops import TABLE
from transpile.sym.verify import verify

CASES = [
    *((f, args, wrt) for f, (args, wrt) in programs.CASES.items()),
    *((f, args, programs.CASES[f][1]) for f, args in programs.AGAIN),
]


def lowered(f, args):
    return transpile.function(f).graph("fold", *numerics.copied(args))


def positions(f, wrt):
    return [list(inspect.signature(f).parameters).index(w) for w in wrt]


def tangent_program(f, args, wrt, keep_value=False):
    return verify(fold(verify(adjoint.jvp(lowered(f, args), positions(f, wrt), keep_value))))


def directions(args):
    """A direction for each of these arguments."""
    rng = np.random.default_rng(3)
    return [rng.uniform(-1.0, 1.0, np.shape(a))[()] for a in args]


@pytest.mark.parametrize(("f", "args", "wrt"), CASES, ids=lambda v: getattr(v, "__name__", ""))
def test_the_tangent_is_that_of_complex_step(f, args, wrt):
    dots = directions([args[k] for k in positions(f, wrt)])
    if f is programs.break_on_value and not len(args[0]):
        gradients = (np.zeros(0),)
    else:
        gradients = numerics.complex_step(f, numerics.copied(args), wrt)
    parts = [g * d for g, d in zip(gradients, dots, strict=True)]
    want, size = sum(map(np.sum, parts)), sum(np.sum(np.abs(p)) for p in parts)
    value, got, *_ = evaluate(tangent_program(f, args, wrt, keep_value=True), (*args, *dots))
    assert value == f(*numerics.copied(args))
    assert abs(got - want) <= 1e-12 * size
    assert evaluate(tangent_program(f, args, wrt), (*args, *dots))[0] == got


@pytest.mark.parametrize("name", ["sum", "reshape", "transpose", "broadcast_to", "matmul", "outer"])
def test_a_rule_is_transposed_where_nothing_else_is_known(name):
    """The operator as if its entry said neither that it is linear, nor that it is a reduction."""

    def products(x, y):
        a = np.outer(x, y) @ np.reshape(y, (len(y), 1))
        b = np.broadcast_to(x @ np.outer(x, y), (2, len(y))).T
        return np.sum(b @ np.ones((2, 2)), axis=0) * np.sum(a * a)

    args = (np.array([0.5, -1.0, 2.0]), np.array([1.0, 3.0]))
    dots = directions(args)
    function = lowered(products, args)
    (want,) = evaluate(adjoint.jvp(function, [0, 1], False), (*args, *dots))
    other = replace(TABLE[name], linear=False, c=None)
    changed = tuple(
        replace(e, rhs=replace(e.rhs, op=other)) if e.rhs.op is TABLE[name] else e
        for e in function.body.eqns
    )
    assert changed != function.body.eqns
    function = replace(function, body=replace(function.body, eqns=changed))
    made = fold(verify(adjoint.jvp(function, [0, 1], False)))
    (got,) = evaluate(made, (*args, *dots))
    numerics.assert_gradients_close((got,), (want,), tolerance=1e-13)


def test_of_two_exclusive_masks_one_choice_is_made():
    def larger(x, y):
        return np.maximum(x, y)

    made = tangent_program(larger, (np.ones(3), np.ones(3)), ("x", "y"))
    ops = [eqn.rhs.op.name for eqn in walk.equations(made.body) if isinstance(eqn.rhs, Apply)]
    assert ops == ["greater_equal", "where"]


@pytest.mark.parametrize(
    ("f", "x", "want"),
    [
        (programs.masked_log, [-1.0, 0.0, 1.0, 2.0], 1.5),
        (programs.masked_chain, [-1.0, 0.0, 1.0], 8.0),
    ],
)
def test_a_mask_gives_zero_where_it_is_off(f, x, want):
    args = (np.array(x), np.ones(len(x)))
    assert evaluate(tangent_program(f, args[:1], ("x",)), args) == [want]


def test_what_does_not_vary_has_no_tangent():
    def mixed(x, c, n):
        total = 0.0
        for i in range(n):
            c = c * 0.5
            total += c * x[i]
        return total

    made = tangent_program(mixed, (np.ones(3), 2.0, 3), ("x",))
    (loop,) = [eqn.rhs for eqn in made.body.eqns if isinstance(eqn.rhs, Scan)]
    assert [p.name for p in loop.body.params] == ["i", "c", "total_dot"]


def test_what_is_written_and_returned_has_the_tangent_of_its_last_value():
    def doubled(x):
        x[0] = x[1] * x[0]
        return x, 3, np.float32(2.0) * x

    x, dot = np.array([2.0, 5.0]), np.array([1.0, 10.0])
    made = adjoint.jvp(lowered(doubled, (x,)), [0], False)
    assert made.written == ()
    moved, twice = evaluate(fold(made), (x, dot))
    np.testing.assert_array_equal(moved, [25.0, 10.0])
    np.testing.assert_array_equal(twice, [50.0, 20.0])
    pulled = adjoint.vjp(lowered(doubled, (x,)), [0], False)
    (d_x,) = evaluate(fold(pulled), (x, np.ones(2), np.zeros(2)))
    np.testing.assert_array_equal(d_x, [5.0, 3.0])
