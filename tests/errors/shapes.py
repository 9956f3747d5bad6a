"""Shapes that can never fit."""

import numpy as np


def f(x):
    return x.reshape(2, 3) + np.zeros((2, 4))


args = (np.ones(6),)
