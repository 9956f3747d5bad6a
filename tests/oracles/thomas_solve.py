"""A linear functional of the solution of a tridiagonal system, by Thomas' algorithm."""

import numpy as np


def functional(lower, diagonal, upper, b, c):
    n = len(b)
    for i in range(1, n):
        w = lower[i - 1] / diagonal[i - 1]
        diagonal[i] -= w * upper[i - 1]
        b[i] -= w * b[i - 1]
    b[-1] /= diagonal[-1]
    for i in range(n - 2, -1, -1):
        b[i] = (b[i] - upper[i] * b[i + 1]) / diagonal[i]
    return np.dot(c, b)


def identities(gradient):
    rng = np.random.default_rng(0)
    lower, upper, b, c = (
        rng.normal(size=8),
        rng.normal(size=8),
        rng.normal(size=9),
        rng.normal(size=9),
    )
    diagonal = rng.uniform(3.0, 4.0, 9)
    A = np.diag(diagonal) + np.diag(upper, 1) + np.diag(lower, -1)
    x, adjoint = np.linalg.solve(A, b), np.linalg.solve(A.T, c)
    yield (
        gradient(functional, (lower, diagonal, upper, b, c), (0, 1, 2, 3)),
        (-adjoint[1:] * x[:-1], -adjoint * x, -adjoint[:-1] * x[1:], adjoint),
    )
