"""Booleans have no sign."""

import numpy as np


def f(b):
    return -b


args = (np.array([True, False]),)
