"""The items of a list that a loop fills are alike."""

import numpy as np


def f(x):
    return np.array([x[:i] for i in range(len(x))])


args = (np.ones(3),)
