"""A write into one of two arrays that the caller sees."""

import numpy as np


def f(x):
    y = x[1:]
    if x[0] > 0.0:
        y = x[::-1]
    y[0] = 1.0
    return x


args = (np.ones(3),)
