"""Arrays lie row by row."""

import numpy as np

wrt = 0


def f(x):
    y = np.zeros((3, len(x)), order="F")
    y[0] = x
    return np.sum(y)


args = (np.ones(3),)
