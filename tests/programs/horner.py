"""A polynomial by Horner's rule, over the coefficients themselves."""

import numpy as np

wrt = ("coefficients", "t")


def horner(coefficients, t):
    p = 0.0
    for a in reversed(coefficients):
        p = p * t + a
    return p


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=9), 0.8
