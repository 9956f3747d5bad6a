"""A cost has to be real."""

import numpy as np


def f(z):
    return np.sum(z * z)


args = (np.ones(3) + 1j,)
wrt = "z"
