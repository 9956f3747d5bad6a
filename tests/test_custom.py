"""A user's own rule for a derivative, and `stop_gradient`."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import transpile
from tests.numerics import central_difference, complex_step


@transpile.custom_vjp
def root(a, n):
    """Newton's method, whose derivative is that of the root and not that of its steps."""
    x = a
    for _ in range(n):
        x = 0.5 * (x + a / x)
    return x


@root.rule
def root_rule(a, n, out, g):
    return 0.5 * g / out, None


@transpile.custom_vjp
def solved(lower, b):
    """Forward substitution; the rule is a loop backwards."""
    x = b.copy()
    for i in range(len(b)):
        for j in range(i):
            x[i] -= lower[i, j] * x[j]
        x[i] /= lower[i, i]
    return x


@solved.rule
def solved_rule(lower, b, out, g):
    d_b = g.copy()
    for i in range(len(b) - 1, -1, -1):
        d_b[i] /= lower[i, i]
        for j in range(i):
            d_b[j] -= lower[i, j] * d_b[i]
    d_lower = np.zeros_like(lower)
    for i in range(len(b)):
        for j in range(i + 1):
            d_lower[i, j] = -d_b[i] * out[j]
    return d_lower, d_b


@transpile.custom_vjp
def tripled(x):
    """A wrong rule, on purpose: what is seen of it was not made in another way."""
    return x * x


@tripled.rule
def tripled_rule(x, out, g):
    return 3.0 * g * x


@transpile.custom_vjp
def parts(point, label, power=2):
    x, y = point["x"], point["y"]
    return x**power * y, {"sum": x + y, "count": 1, "label": label}


@parts.rule
def parts_rule(point, label, power, out, g):
    x, y = point["x"], point["y"]
    product, rest = g
    d_x = power * x ** (power - 1) * y * product + rest["sum"]
    return {"x": d_x, "y": x**power * product + rest["sum"]}, None, None


@transpile.custom_vjp
def clipped(x):
    """The gradient is clipped: no linear map, so there is no forward mode."""
    return x + 0.0


@clipped.rule
def clipped_rule(x, out, g):
    return np.minimum(np.maximum(g, -1.0), 1.0)


@transpile.custom_vjp
def mixed(a, b, k):
    """Two results, of which the rule reads the second backwards."""
    out, s = np.zeros(len(a)), 0.0
    for i in range(len(a)):
        out[i] = np.sin(a[i]) * b[i] + k * s
        s += a[i]
    return out, s


@mixed.rule
def mixed_rule(a, b, k, out, g):
    d_out, d_s = g
    d_a, d_b, d_k, s = np.zeros(len(a)), np.zeros(len(a)), 0.0, out[1]
    for i in range(len(a) - 1, -1, -1):
        s -= a[i]
        d_a[i] = d_s + np.cos(a[i]) * b[i] * d_out[i]
        d_b[i] = np.sin(a[i]) * d_out[i]
        d_k += s * d_out[i]
        d_s += k * d_out[i]
    return d_a, d_b, d_k


def chain(y, n):
    """Calls in a loop, under a branch, on elements that are overwritten."""
    s = 0.0
    for i in range(len(y)):
        if y[i] > 0.0:
            y[i] = root(y[i] * 2.0, n)
            s += y[i] * y[i] + root(s + 1.0, n)
    return s


def plain_chain(y, n):
    s = 0.0
    for i in range(len(y)):
        if y[i] > 0.0:
            y[i] = np.sqrt(y[i] * 2.0)
            s += y[i] * y[i] + np.sqrt(s + 1.0)
    return s


def energy(lower, b):
    x = solved(lower, b)
    return np.sum(x * x) + x[1:][0]


def rows(grid, k, n):
    """Rows that are overwritten between calls, results that are written, a call under a branch."""
    total = 0.0
    for _ in range(n):
        for r in range(1, len(grid)):
            row, s = mixed(grid[r], grid[r - 1], k)
            grid[r] = row * 0.5
            row[0] = 3.0
            total += s * s + row[1]
            if s > 0.0:
                grid[r - 1, 0] += s
                total += mixed(grid[r - 1], row, s)[0][2]
        grid = grid[::-1].copy()
    return total + np.sum(grid * grid)


def growing(x):
    """Slices as long as the loop's index."""
    total = 0.0
    for i in range(1, len(x)):
        out, s = mixed(x[:i], x[1 : i + 1], 0.5)
        total += out[i - 1] * s
        x[i - 1] = s
    return total


def until_small(x, limit):
    """A loop of unknown length, left in two ways."""
    n = 0
    while True:
        row, s = mixed(x, x, 0.1)
        x = row + 0.1 * x
        n += 1
        if n > 4:
            break
        if np.sum(x * x) < limit:
            return np.sum(x) + s
    return np.sum(x * x)


Y = np.array([1.0, -2.0, 3.0, 0.5])
LOWER = np.array([[2.0, 0.0, 0.0], [0.5, 1.5, 0.0], [-1.0, 0.3, 1.2]])
B = np.array([1.0, -2.0, 0.5])


def test_the_value_is_the_functions_own(mode):
    assert transpile.function(root)(2.0, 20) == root.__wrapped__(2.0, 20) == root(2.0, 20)
    np.testing.assert_array_equal(solved(LOWER, B), solved.__wrapped__(LOWER, B))
    assert parts({"x": 2.0, "y": 3.0}, "a") == (12.0, {"sum": 5.0, "count": 1, "label": "a"})


def test_the_rule_is_what_is_used_and_nothing_else(mode):
    assert transpile.grad(tripled)(2.0) == 6.0
    assert transpile.grad(lambda x: 5.0 * tripled(x) + x)(2.0) == 31.0
    assert transpile.jvp(tripled)(2.0, 1.0) == 6.0
    assert transpile.grad(transpile.grad(tripled))(2.0) == 3.0


def test_rules_in_loops_and_branches(mode):
    (want,) = complex_step(plain_chain, (Y, 30), (0,))
    np.testing.assert_allclose(transpile.grad(chain)(Y, 30), want, rtol=1e-10)


def test_a_rule_that_is_a_loop(mode):
    want = complex_step(energy, (LOWER, B), (0, 1))
    got = transpile.grad(energy, wrt=("lower", "b"))(LOWER, B)
    for g, w in zip(got, want, strict=True):
        np.testing.assert_allclose(g, np.tril(w) if w.ndim == 2 else w, rtol=1e-10, atol=1e-12)


def test_a_rule_that_is_a_loop_inside_a_loop(mode):
    def steps(lower, b, n):
        for _ in range(n):
            b = np.sin(solved(lower, b)[::-1]) + b
        return np.sum(b)

    lower, b = complex_step(steps, (LOWER, B, 3), (0, 1))
    got = transpile.grad(steps, wrt=(0, 1))(LOWER, B, 3)
    np.testing.assert_allclose(got[0], np.tril(lower), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(got[1], b, rtol=1e-10)


@pytest.mark.parametrize(
    ("ours", "plain", "args"), [(chain, plain_chain, (Y, 30)), (energy, energy, (LOWER, B))]
)
def test_second_derivatives_are_those_of_the_rule(ours, plain, args, mode):
    d = np.tril(np.random.default_rng(1).normal(size=(3, 3))) if ours is energy else Y + 0.25

    def slope(x, *rest):
        return np.sum(complex_step(plain, (x, *rest), (0,))[0] * d)

    (want,) = central_difference(slope, args, (0,))
    want = np.tril(want) if ours is energy else want
    got = transpile.vjp(transpile.grad(ours))(*args, d)
    np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-8)


GRID = np.random.default_rng(0).normal(size=(4, 3))
MIXED = [
    (rows, (GRID, 0.3, 3)),
    (growing, (np.linspace(-1.0, 1.0, 6),)),
    (until_small, (GRID[0], 0.0)),
    (until_small, (GRID[0], 1.0)),
]


@pytest.mark.parametrize(("f", "args"), MIXED)
def test_rules_are_right_wherever_they_are_called(f, args, mode):
    (want,) = complex_step(f, args, (0,))
    got = transpile.grad(f)(*args)
    np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-10 * np.max(np.abs(want)))


@pytest.mark.parametrize("checkpoint", ["recompute", 2])
@pytest.mark.parametrize(("f", "args"), MIXED[::2])
def test_rules_are_right_where_loops_are_run_again(f, args, checkpoint):
    (want,) = complex_step(f, args, (0,))
    with transpile.config.change(mode="FAST_COMPILE"):
        got = transpile.grad(f, checkpoint=checkpoint)(*args)
    np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-10 * np.max(np.abs(want)))


@pytest.mark.parametrize(("f", "args"), MIXED)
def test_rules_are_right_in_second_derivatives(f, args):
    d = np.cos(args[0])

    def slope(x, *rest):
        return np.sum(complex_step(f, (x, *rest), (0,))[0] * d)

    (want,) = central_difference(slope, args, (0,))
    with transpile.config.change(mode="FAST_COMPILE"):
        found = transpile.hvp(f)(*args, d), transpile.vjp(transpile.grad(f))(*args, d)
    for got in found:
        np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-8 * np.max(np.abs(want)))


def test_forward_mode_is_the_transpose_of_the_rule(mode):
    d_lower, d_b = np.tril(np.cos(LOWER)), np.array([0.3, -1.0, 2.0])
    got = transpile.jvp(solved, wrt=(0, 1))(LOWER, B, (d_lower, d_b))
    x = np.linalg.solve(LOWER, B)
    np.testing.assert_allclose(got, np.linalg.solve(LOWER, d_b - d_lower @ x), rtol=1e-10)
    got = transpile.jvp(chain)(Y, 30, np.ones(4))
    np.testing.assert_allclose(got, np.sum(complex_step(plain_chain, (Y, 30), (0,))), rtol=1e-10)
    inverse = transpile.jacobian(solved, wrt="b")(LOWER, B)
    np.testing.assert_allclose(inverse, np.linalg.inv(LOWER), rtol=1e-10, atol=1e-15)


def test_forward_over_reverse_goes_through_rules(mode):
    d = np.tril(np.cos(LOWER))
    want = transpile.vjp(transpile.grad(energy))(LOWER, B, d)
    np.testing.assert_allclose(transpile.hvp(energy)(LOWER, B, d), want, rtol=1e-10)


def test_a_rule_that_is_not_linear_has_no_forward_mode():
    assert transpile.grad(lambda x: 5.0 * clipped(x))(2.0) == 1.0
    with pytest.raises(transpile.NotDifferentiableError, match="clipped is not linear"):
        transpile.jvp(clipped)(2.0, 1.0)


def test_structures_texts_and_defaults(mode):
    def cost(x, y):
        product, rest = parts({"x": x, "y": y}, "a", power=3)
        return product + 2.0 * rest["sum"] + rest["count"]

    got = transpile.grad(cost, wrt=(0, 1))(2.0, 3.0)
    np.testing.assert_allclose(got, [3.0 * 4.0 * 3.0 + 2.0, 8.0 + 2.0], rtol=1e-12)
    given = {"x": 2.0, "y": 3.0}
    got = transpile.vjp(parts)(given, "a", 3, (1.0, {"sum": 2.0, "count": None, "label": None}))
    assert got == {"x": 38.0, "y": 10.0}


def test_a_rule_may_call_functions_with_rules_and_gradients(mode):
    @transpile.custom_vjp
    def outer(x):
        return root(x, 30) ** 3

    slope = transpile.grad(lambda x: x**1.5)

    @outer.rule
    def outer_rule(x, out, g):
        return g * (slope(x) + root(x, 30) - np.sqrt(x))

    assert transpile.grad(outer)(4.0) == 3.0
    np.testing.assert_allclose(transpile.grad(transpile.grad(outer))(4.0), 0.375, rtol=1e-12)


def test_a_rule_that_is_changed_is_seen():
    @transpile.custom_vjp
    def twice(x):
        return 2.0 * x

    @twice.rule
    def first(x, out, g):
        return 2.0 * g

    slope = transpile.grad(lambda x: twice(x))
    assert slope(1.0) == 2.0

    @twice.rule
    def second(x, out, g):
        return 20.0 * g

    assert slope(1.0) == 20.0


def square(x):
    return x * x


def square_rule(x, out, g):
    return 3.0 * g * x


def test_a_function_with_a_rule_is_pickled():
    assert pickle.loads(pickle.dumps(root)) is root
    other = transpile.custom_vjp(square)
    other.rule(square_rule)
    again = pickle.loads(pickle.dumps(other))
    assert transpile.grad(again)(2.0) == 6.0


def test_a_rule_takes_the_arguments_the_result_and_its_cotangent():
    @transpile.custom_vjp
    def twice(x):
        return 2.0 * x

    with pytest.raises(TypeError, match="the rule of twice takes x, the result and its cotangent"):
        twice.rule(lambda x, g: 2.0 * g)
    with pytest.raises(transpile.TranspileError, match=r"write one under @twice\.rule"):
        twice(1.0)


def test_what_is_stopped_is_a_constant(mode):
    def cost(x, k):
        level = transpile.stop_gradient(np.max(x))
        held = transpile.stop_gradient(x)
        held[0] = 0.0
        for i in range(len(x)):
            level += held[i] * x[i] + transpile.stop_gradient(k) * k
        return level

    x = np.array([1.0, 2.0, -3.0])
    d_x, d_k = transpile.grad(cost, wrt=(0, 1))(x, 2.0)
    np.testing.assert_array_equal(d_x, [0.0, 2.0, -3.0])
    assert d_k == 6.0
    assert transpile.function(cost)(x, 2.0) == cost(x, 2.0) == 27.0
    assert transpile.jvp(cost, wrt=1)(x, 2.0, 1.0) == 6.0


def test_stop_gradient_outside_of_programs():
    x = np.ones(2)
    held = transpile.stop_gradient(x)
    assert held is not x
    np.testing.assert_array_equal(held, x)
    assert transpile.stop_gradient(2) == 2
