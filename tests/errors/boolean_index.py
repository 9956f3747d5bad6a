"""What an array of booleans selects, by itself."""

import numpy as np


def f(x):
    positive = x > 0.0
    return np.sum(x[positive])


args = (np.ones(4),)
