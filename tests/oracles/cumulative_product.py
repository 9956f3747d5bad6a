"""Cumulative product in place: the reverse cumulative sum of c y, over x."""

import numpy as np


def weighted(x, c):
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1]
    return np.sum(c * x)


def identities(gradient):
    rng = np.random.default_rng(0)
    x, c = rng.uniform(0.5, 1.5, 11), rng.normal(size=11)
    y = np.cumprod(x)
    yield gradient(weighted, (x, c), (0, 1)), (np.cumsum((c * y)[::-1])[::-1] / x, y)
