"""A mask that is longer than what it selects from."""

import numpy as np


def f():
    x, y = np.zeros(4), np.zeros(3)
    return np.sum(x[y > 0.0])


args = ()
