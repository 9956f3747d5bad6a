"""An array of numbers that are no integers as an index."""

import numpy as np


def f(x, k):
    return x[k - 0.5]


args = (np.ones(4), np.array([0, 2]))
