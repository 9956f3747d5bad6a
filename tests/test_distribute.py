"""Counters become indices, and loops that add at several places become several loops."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, assert_values_equal, complex_step, copied
from transpile.loops.nest import Assign, Kernel, Loop
from transpile.loops.walk import in_loops

x = np.linspace(0.5, 1.5, 7)


def packed(x, n):
    """A triangle, packed row by row; the counter is kept up by the user."""
    p, k = np.zeros(n * (n + 1)), 0
    for i in range(n):
        for j in range(i + 1):
            p[k] = x[i] * x[j] * (k + 1)
            k += 1
            p[n * (n + 1) - k] = x[j]
    return np.sum(p * p) + k


def counted_in_branch(x):
    p, k = np.zeros(len(x)), 0
    for i in range(len(x)):
        if x[i] > 0.8:
            p[k] = x[i] ** 2
            k += 1
    return np.sum(p) * k


def mirrored(x, y):
    """Each step reads from both ends, so its reverse adds at both."""
    n, s = len(x), 0.0
    for k in range(3):
        for i in range(n):
            y[i] = y[i] + 0.5 * x[n - i - 1] * x[i]
        s += y[k]
    return s + np.sum(y * y)


def running(x):
    """The reverse of a step adds to what the next one reads: the order stays."""
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1] + x[0]
    return np.sum(x * x)


def triangle(x):
    """What the inner loop overwrites is kept, at an offset that it counts up."""
    for i in range(len(x)):
        for j in range(i):
            x[j] = x[j] * x[j] * 0.5
    return np.sum(x)


CASES = [
    (packed, (x, 5)),
    (counted_in_branch, (x,)),
    (mirrored, (x, x[::-1].copy())),
    (running, (x,)),
    (triangle, (x,)),
]


@pytest.mark.parametrize(("f", "args"), CASES)
def test_value_and_gradient(f, args):
    theirs, ours = copied(args), copied(args)
    want = f(*theirs)
    assert_values_equal(transpile.function(f)(*ours), want)
    assert_values_equal(ours, theirs)
    got = transpile.grad(f, wrt=("x",))(*copied(args))
    assert_gradients_close(got, complex_step(f, args, ("x",)))


def innermost(kernel: Kernel) -> list[Loop]:
    loops = [s for s in in_loops(kernel.body) if isinstance(s, Loop)]
    return [loop for loop in loops if not any(isinstance(s, Loop) for s in loop.body)]


def test_a_counter_is_an_index():
    g = transpile.grad(triangle)
    g.compile(x)
    counts = [
        s
        for loop in innermost(g.graph("nest"))
        for s in loop.body
        if isinstance(s, Assign) and not s.declare
    ]
    assert counts == []
    assert any(
        isinstance(s, Assign) and s.local.name == "kept" for s in in_loops(g.graph("nest").body)
    )


def test_a_counter_in_a_branch_stays():
    f = transpile.function(counted_in_branch)
    f.compile(x)
    counts = [
        s for s in in_loops(f.graph("nest").body) if isinstance(s, Assign) and s.local.name == "k"
    ]
    assert len(counts) == 1


def test_increments_at_both_ends_are_two_loops_whose_steps_may_come_in_any_order():
    g = transpile.grad(mirrored)
    g.compile(x, x)
    loops = [
        loop
        for loop in innermost(g.graph("nest"))
        if any(getattr(getattr(s, "array", None), "name", "") == "d_x" for s in loop.body)
    ]
    assert len(loops) == 2
    assert all(loop.step == 1 for loop in loops)
