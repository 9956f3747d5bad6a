"""A function that no entry is for."""

import numpy as np


def f(y):
    return np.real_if_close(y)


args = (np.ones(3),)
