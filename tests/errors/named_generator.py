"""A generator is read where it is consumed."""

import numpy as np


def f(x):
    items = (v * v for v in x)
    return sum(items)


args = (np.ones(3),)
