import numpy as np


def f(x, y, A):
    y -= 0.5 * (y @ A)
    return np.sum(y)
