"""Transposed stencils are one pass, right at every extent; what is set and added to is set once."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, complex_step
from transpile.loops.nest import Fill, Lit, Loop, Store
from transpile.loops.walk import in_loops, statements


def line(u, c, steps):
    for _ in range(steps):
        u[1:-1] = u[1:-1] + c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u**3)


def wide(u, c, steps):
    for _ in range(steps):
        u[2:-1] = u[2:-1] - c * (u[3:] + 3.0 * u[2:-1] - 6.0 * u[1:-2] + u[:-3])
    return np.sum(u**3)


def plane(u, c, steps):
    for _ in range(steps):
        u[1:-1, 1:-1] = u[1:-1, 1:-1] + c * (
            u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1]
        )
    return np.sum(u**3)


def staggered(u, c, steps):
    v = np.ones_like(u)
    for _ in range(steps):
        v[1:, :] -= 0.5 * c * (u[1:, :] - u[:-1, :])
        u[:, 1:] -= 0.5 * c * (v[:, 1:] - v[:, :-1])
    return np.sum(u * v**2)


CASES = [(line, (n,)) for n in (0, 1, 2, 3, 4, 9)] + [(wide, (n,)) for n in (0, 2, 3, 4, 5, 8)]
CASES += [
    (f, shape) for f in (plane, staggered) for shape in ((1, 4), (2, 2), (3, 2), (3, 4), (6, 5))
]


@pytest.mark.parametrize(("f", "shape"), CASES)
def test_the_gradient_is_exact_at_every_extent(f, shape):
    args = np.random.default_rng(0).normal(size=shape), 0.15, 3
    got = transpile.grad(f, wrt=("u", "c"))(*args)
    assert_gradients_close(got, complex_step(f, args, ("u", "c")))


@pytest.mark.parametrize(("f", "ndim", "passes"), [(line, 1, 1), (wide, 1, 1), (plane, 2, 1)])
def test_shifted_increments_are_one_pass(f, ndim, passes):
    g = transpile.grad(f)
    g.compile(np.ones((5,) * ndim), 0.1, 2)
    kernel = g.graph("nest")
    adds = [
        s
        for s in in_loops(kernel.body)
        if isinstance(s, Store) and s.array.name.startswith("d_u") and s.op in ("+=", "-=")
    ]
    assert len(adds) == passes


def test_what_is_not_reached_stays_finite():
    """An infinite cotangent reaches the cells that its own cell was made of, and no others."""

    def f(u, w):
        v = np.zeros_like(u)
        v[1:-1] = 0.25 * (u[2:] - u[1:-1]) - 0.25 * (u[1:-1] - u[:-2])
        return np.sum(v * w)

    w = np.ones(9)
    w[1] = np.inf
    got = transpile.grad(f)(np.linspace(0.0, 1.0, 9), w)
    assert not np.isfinite(got[:3]).any()
    assert np.isfinite(got[3:]).all()


def test_zero_and_add_is_one_assignment():
    def f(x, c):
        for i in range(1, len(x)):
            x[i] *= x[i - 1]
        return np.dot(c, x)

    g = transpile.grad(f, wrt=("x", "c"))
    g.compile(np.ones(4), np.ones(4))
    stores = [s for s in in_loops(g.graph("nest").body) if isinstance(s, Store)]
    assert not any(isinstance(s.value, Lit) for s in stores)


def test_zeros_that_are_wholly_added_to_are_not_written():
    def f(x, y):
        s = 0.0
        for k in range(3):
            s += np.sum(x * y) * k
        return s + np.sum(x * x)

    g = transpile.grad(f)
    g.compile(np.ones(4), np.ones(4))
    args = np.linspace(1.0, 2.0, 4), np.linspace(-1.0, 1.0, 4)
    assert_gradients_close((g(*args),), complex_step(f, args, ("x",)))
    first = next(s for s in statements(g.graph("nest").body) if isinstance(s, Loop | Fill))
    assert isinstance(first, Loop)
