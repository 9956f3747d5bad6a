"""A list of unknown length with Python's numbers among NumPy's cannot be returned."""

import numpy as np


def f(x):
    sums = [0.0]
    for v in x:
        sums.append(sums[-1] + v)
    return sums


args = (np.ones(3),)
