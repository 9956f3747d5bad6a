"""Sorting by comparisons and swaps in place: each element gets the weight of its rank."""

import numpy as np


def weighted(x, c):
    n = len(x)
    for last in range(n - 1, 0, -1):
        swapped = False
        for i in range(last):
            if x[i] > x[i + 1]:
                x[i], x[i + 1] = x[i + 1], x[i]
                swapped = True
        if not swapped:
            break
    return np.dot(c, x)


def identities(gradient):
    rng = np.random.default_rng(0)
    x, c = rng.normal(size=10), rng.normal(size=10)
    yield gradient(weighted, (x, c), (0, 1)), (c[np.argsort(np.argsort(x))], np.sort(x))
