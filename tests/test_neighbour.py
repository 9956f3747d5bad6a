"""What the next step reads of what this one adds is in a scalar, and still in its array."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, complex_step
from transpile.loops.nest import Assign, Local, Store
from transpile.loops.walk import in_loops


def one_chain(x, y):
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1] + y[i]
    return np.sum(x * y)


def two_chains(x, y):
    for i in range(1, len(x)):
        w = x[i] / y[i - 1]
        y[i] -= w * x[i - 1]
        x[i] -= w * x[i - 1]
    return np.sum(x * x) + np.sum(y)


def upwards(x, y):
    for i in range(len(x) - 2, -1, -1):
        x[i] = (x[i] - y[i] * x[i + 1]) * x[i]
    return np.sum(x)


def other_write_between(x, y):
    """The element that the step adds to is set again before the next step reads it."""
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1]
        x[i - 1] = y[i] * x[i]
    return np.sum(x * y)


@pytest.mark.parametrize("f", [one_chain, two_chains, upwards, other_write_between])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 7])
def test_the_gradient_is_exact_at_every_length(f, n):
    args = np.linspace(0.5, 1.5, n), np.linspace(2.0, 1.0, n)
    got = transpile.grad(f, wrt=("x", "y"))(*args)
    assert_gradients_close(got, complex_step(f, args, ("x", "y")))


@pytest.mark.parametrize(
    ("f", "chains"),
    [(one_chain, True), (two_chains, True), (upwards, True), (other_write_between, False)],
)
def test_what_the_next_step_reads_is_in_a_scalar(f, chains):
    g = transpile.grad(f, wrt=("x", "y"))
    g.compile(np.ones(5), np.ones(5))
    carried = {
        s.value
        for s in in_loops(g.graph("nest").body)
        if isinstance(s, Store) and s.op == "=" and isinstance(s.value, Local)
    }
    changed = {
        s.local
        for s in in_loops(g.graph("nest").body)
        if isinstance(s, Assign) and not s.declare and s.op == "="
    }
    assert bool(carried & changed) == chains
