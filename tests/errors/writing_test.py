"""The test of a `while` only looks, where its `else` leaves."""

import numpy as np


def sweep(x):
    x[0] *= 0.5
    return x[0]


def f(x):
    while sweep(x) > 0.1:
        x[1] += 1.0
    else:
        return 2.0 * x
    return x


args = (np.ones(3),)
