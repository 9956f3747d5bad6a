"""More indices than dimensions."""

import numpy as np


def f(x):
    return x[0, 1]


args = (np.ones(3),)
