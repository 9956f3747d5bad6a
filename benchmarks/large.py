"""Arguments at which the programs of tests/programs run for about a millisecond.

A program without a function of its name here has nothing to differentiate, or is short at any size.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

LARGE: dict[str, Callable[[Generator], tuple[Any, ...]]] = {}


def large(make: Callable[[Generator], tuple[Any, ...]]) -> Callable[[Generator], tuple[Any, ...]]:
    LARGE[make.__name__] = make
    return make


@large
def cholesky(rng):
    B = rng.normal(size=(300, 300))
    return (B @ B.T + 300.0 * np.eye(300),)


@large
def cumulative_product(rng):
    return np.exp(rng.normal(size=1_000_000) * 1e-3), rng.normal(size=1_000_000)


@large
def durbin(rng):
    return (0.5 ** np.arange(1, 1001) + 1e-4 * rng.normal(size=1000),)


@large
def early_returns(rng):
    return rng.uniform(0.5, 1.0, 1_000_000), 1e9


@large
def electromagnetic(rng):
    ex, ey, hz = rng.normal(size=(3, 200, 220))
    return ex.copy(), ey.copy(), hz.copy(), rng.normal(size=50)


@large
def gauss_seidel(rng):
    return rng.normal(size=(200, 210)), rng.normal(size=(200, 210)), 0.3, 20


@large
def gram_schmidt(rng):
    return (rng.normal(size=(100, 150)),)


@large
def heat(rng):
    return rng.normal(size=(200, 220)), 0.15, 50


@large
def heat_3d(rng):
    return rng.normal(size=(40, 44, 48)), 0.1, 20


@large
def hmm_forward(rng):
    start, A, B = rng.uniform(size=12), rng.uniform(size=(12, 12)), rng.uniform(size=(12, 20))
    return start / start.sum(), A, B, rng.integers(0, 20, size=20_000)


@large
def horner(rng):
    return rng.normal(size=1_000_000), 0.8


@large
def log_likelihood(rng):
    return rng.normal(size=200_000).cumsum(), 1.3, 0.7


@large
def logsumexp(rng):
    return (10.0 * rng.normal(size=1_000_000),)


@large
def loop_else(rng):
    return rng.normal(size=100_000), 1.7


@large
def lu(rng):
    return (rng.normal(size=(300, 300)) + 300.0 * np.eye(300),)


@large
def moments(rng):
    return (rng.normal(1.0, 2.0, size=200_000),)


@large
def n_body(rng):
    x, v = rng.normal(size=(2, 60, 3))
    return x.copy(), v.copy(), rng.uniform(0.5, 2.0, 60), 0.002, 20


@large
def nonlinear_gauss_seidel(rng):
    return rng.normal(size=(100, 110)), rng.normal(size=(100, 110)), 0.1, 40


@large
def nonlinear_sweep(rng):
    return rng.uniform(0.5, 1.5, 10_000), 0.2, 100


@large
def pendulum(rng):
    return rng.uniform(0.5, 1.5), rng.normal(), 0.1, 2.0, 100_000, 1e-4


@large
def recurrent_cell(rng):
    n, m, steps = 64, 32, 500
    W, U, b = 0.1 * rng.normal(size=(n, n)), 0.1 * rng.normal(size=(n, m)), rng.normal(size=n)
    return W, U, b, rng.normal(size=n), rng.normal(size=(steps, m)), rng.normal(size=(steps, n))


@large
def runge_kutta(rng):
    return rng.uniform(0.8, 1.2, 2), rng.uniform(0.5, 1.5, 4), 1e-4, 50_000


@large
def running_maximum(rng):
    y, w = rng.normal(size=(2, 1_000_000))
    return y.copy(), w.copy()


@large
def thomas(rng):
    n = 200_000
    lower, upper, b = rng.normal(size=(3, n))
    return lower[1:].copy(), rng.uniform(3.0, 4.0, n), upper[1:].copy(), b.copy()


@large
def triangular_solve(rng):
    n = 1500
    return rng.normal(size=(n, n)) / 40.0 + 4.0 * np.eye(n), rng.normal(size=n)


@large
def wave(rng):
    u, v = rng.normal(size=(2, 1000))
    return u.copy(), v.copy(), 0.4, 1000


@large
def zipped(rng):
    return rng.normal(size=200_000), 0.1 * rng.normal(size=200_000), rng.normal(size=(20_000, 20))
