"""The dtype of a power depends on the exponent."""

import numpy as np


def f(b):
    return b**2


args = (np.array([True, False]),)
