import numpy as np


def f(x, y, c, m):
    v = y
    for _ in range(m):
        y[1:-1] = 0.3 * y[1:-1] * c
        v, y = y, v
    return np.sum(x * v * y)
