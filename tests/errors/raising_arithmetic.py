"""Errors of arithmetic that raise."""

import numpy as np


def f(x):
    with np.errstate(divide="raise"):
        return 1.0 / x


args = (np.ones(3),)
