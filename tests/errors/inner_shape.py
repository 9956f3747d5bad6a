"""An array that leaves a branch has a shape known before it."""

import numpy as np


def f(x):
    y = x
    for i in range(len(x)):
        if x[i] > 0.0:
            y = np.zeros(int(x[i]))
    return y


args = (np.ones(100),)
