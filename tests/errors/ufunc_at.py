"""A ufunc's method that has no loop here."""

import numpy as np


def f(x, k):
    np.maximum.at(x, k, 0.0)
    return x


args = (np.ones(4), np.array([0, 2]))
