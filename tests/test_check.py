"""The checker of gradients finds what is wrong, names it, and finds nothing where all is right."""

from __future__ import annotations

import math

import numpy as np
import pytest

import transpile
from tests.test_custom import LOWER, B, Y, chain, clipped, root, solved, tripled
from tests.test_structures import SYSTEM, energy, split

check = transpile.check_grad


@pytest.fixture(autouse=True)
def generated_python():
    """Which text the gradient runs as is of no concern here."""
    with transpile.config.change(mode="FAST_COMPILE"):
        yield


def heat(u, k, steps):
    for _ in range(steps):
        new = np.zeros(len(u))
        for i in range(1, len(u) - 1):
            new[i] = u[i] + k * (u[i - 1] - 2.0 * u[i] + u[i + 1])
        u = new
    return u[1:]


def signs(x):
    return np.sum(np.abs(x)) + abs(x[0]) + max(x[1], x[2]) * math.sqrt(2.0 + float(x[2]))


def angles(x):
    """Complex numbers have no arc tangent of two arguments."""
    return np.arctan2(x[0], x[1]) * np.floor(x[2])


def modulus(x):
    """NumPy's own absolute value of a complex number is not what is meant here."""
    return np.sum(magnitude(x) * x)


magnitude = np.abs


def scaled(x):
    return np.log(x[0]) + np.exp(x[1]) * 1e6


def relaxed(x, k):
    held = transpile.stop_gradient(x * x)
    return np.sum(held * x) * transpile.stop_gradient(k) * k


def through(x, k):
    y = np.sin(x)
    for i in range(len(x)):
        y[i] = tripled(y[i]) * k
    return y


RIGHT = [
    (heat, (np.sin(np.arange(6.0)), 0.2, 3), "complex step"),
    (energy, (SYSTEM, 0.7), "complex step"),
    (split, (np.array([1.0, 2.0, 3.0]),), "complex step"),
    (chain, (Y, 30), "complex step"),
    (root, (2.0, 30), "complex step"),
    (solved, (LOWER, B), "complex step"),
    (signs, (np.array([1.0, -2.0, 3.0]),), "complex step"),
    (relaxed, (np.array([1.0, -2.0, 3.0]), 0.5), "complex step"),
    (scaled, (np.array([1e-5, 2.0]),), "complex step"),
    (angles, (np.array([1.0, -2.0, 3.5]),), "differences"),
    (modulus, (np.array([1.0, -2.0, 3.5]),), "differences"),
    (transpile.grad(chain), (Y, 30), "differences"),
    (scaled, (np.array([0.5, 2.0], np.float32),), "complex step"),
]


@pytest.mark.parametrize(("fn", "args", "method"), RIGHT, ids=lambda v: getattr(v, "__name__", ""))
def test_a_right_gradient_agrees(fn, args, method):
    found = check(fn, *args)
    assert found
    assert found.worst.method == method
    assert "agrees in" in repr(found)


def test_every_entry_is_looked_at():
    assert check(heat, np.ones(6), 0.2, 3).entries == 7
    assert check(heat, np.ones(6), 0.2, 3, wrt="k").entries == 1
    assert check(heat, np.ones(6), 0.2, 3, wrt=(0,), entries=4).entries == 4
    assert check(energy, SYSTEM, 0.7, wrt=0).entries == 7


def test_a_wrong_rule_is_found_and_named():
    found = check(through, np.array([0.5, 1.0, -0.25]), 2.0)
    assert not found
    assert found.worst.name in ("x[0]", "x[1]", "k")
    line = through.__code__.co_firstlineno
    assert found.through == (f"the rule of tripled at test_check.py:{line + 3}",)
    assert math.isclose(found.worst.got, 1.5 * found.worst.want)
    text = repr(found)
    assert f"the gradient of through is wrong for {found.worst.name}" in text
    assert f"test_check.py:{line}:" in text
    assert not check(tripled, 2.0)


def test_one_wrong_entry_of_many_is_found():
    @transpile.custom_vjp
    def rolled(x):
        return np.sum(x * x) + x[3] * x[0]

    @rolled.rule
    def rule(x, out, g):
        d_x = 2.0 * x * g
        d_x[0] += g * x[3]
        d_x[3] += 1.001 * g * x[0]
        return d_x

    found = check(rolled, np.arange(1.0, 8.0))
    assert (bool(found), found.worst.name) == (False, "x[3]")
    assert check(rolled, np.arange(1.0, 8.0), tolerance=1e-2)


def test_the_place_in_a_structure_is_named():
    def wrong(system):
        return tripled(system.spring.lengths[2]) + tripled(system.loads[1]["left"]) * 1e-3

    found = check(wrong, SYSTEM)
    assert found.worst.name == "system.spring.lengths[2]"


def test_a_kink_or_a_jump_is_not_called_right():
    def jump(x):
        return np.floor(x)

    assert not check(jump, 1.0)
    assert check(jump, 1.5)


def test_arguments_stay_as_they_are():
    y = Y.copy()
    check(chain, y, 30)
    np.testing.assert_array_equal(y, Y)


def test_a_clipped_gradient_is_right_only_where_it_is_not_clipped():
    assert check(clipped, 2.0)
    assert not check(lambda x: clipped(5.0 * x) * 3.0, 2.0)


def test_what_has_no_gradient_is_refused():
    def whole(n):
        return 2 * n

    def nothing(x):
        x[0] = 1.0

    with pytest.raises(TypeError, match="whole returns no floating-point numbers"):
        check(whole, 3)
    with pytest.raises(TypeError, match="nothing returns no floating-point numbers"):
        check(nothing, np.ones(2))
    with pytest.raises(TypeError, match="heat has no floating-point arguments"):
        check(heat, np.ones(6), 0.2, 3, wrt=())
