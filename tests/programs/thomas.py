"""Thomas' algorithm for a tridiagonal system, in place."""

import numpy as np

wrt = ("lower", "diagonal", "upper", "b")


def thomas(lower, diagonal, upper, b):
    n = len(b)
    for i in range(1, n):
        w = lower[i - 1] / diagonal[i - 1]
        diagonal[i] -= w * upper[i - 1]
        b[i] -= w * b[i - 1]
    b[n - 1] /= diagonal[n - 1]
    for i in range(n - 2, -1, -1):
        b[i] = (b[i] - upper[i] * b[i + 1]) / diagonal[i]
    return np.sum(b * b)


def arguments(seed):
    rng = np.random.default_rng(seed)
    n = 8
    return (
        rng.normal(size=n - 1),
        rng.uniform(3.0, 4.0, n),
        rng.normal(size=n - 1),
        rng.normal(size=n),
    )
