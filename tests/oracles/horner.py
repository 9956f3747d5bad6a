"""A polynomial: the derivative with respect to the coefficient of power k is t to the power k."""

import numpy as np


def polynomial(a, t):
    p = a[len(a) - 1]
    for k in range(len(a) - 2, -1, -1):
        p = p * t + a[k]
    return p


def identities(gradient):
    a, t = np.random.default_rng(0).normal(size=8), 0.9
    slope = sum(k * a[k] * t ** (k - 1) for k in range(1, 8))
    yield gradient(polynomial, (a, t), ("a", "t")), (t ** np.arange(8), slope)
