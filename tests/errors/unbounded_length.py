"""An array that grows for as long as its own elements say."""

import numpy as np


def f(x):
    y = x[:1]
    while y[-1] < 100.0:
        y = np.concatenate((y, 2.0 * y))
    return y


args = (np.ones(3),)
