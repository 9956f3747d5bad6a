"""A function of `np.emath` of real numbers."""

import numpy as np


def f(x):
    return np.emath.sqrt(x)


args = (np.ones(3),)
