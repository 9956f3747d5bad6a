"""The truth of an array."""

import numpy as np


def f(x):
    if x > 0.0:
        return 1.0
    return 2.0


args = (np.ones(3),)
