"""Cumulative product, in the array itself."""

import numpy as np

wrt = ("x", "c")


def cumulative_product(x, c):
    for i in range(1, len(x)):
        x[i] *= x[i - 1]
    return np.dot(c, x)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 1.5, 10), rng.normal(size=10)
