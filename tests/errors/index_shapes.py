"""Arrays of indices that cannot be broadcast against each other."""

import numpy as np


def f(a):
    return a[[0, 1], [0, 1, 2]]


args = (np.ones((4, 4)),)
