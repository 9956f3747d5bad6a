import numpy as np


def f(x, y, c):
    n = len(x)
    for i in range(0, n, 2):
        x[i] = c
    for i in range(n):
        y[i:i] += x[i : i + 1]
    return np.sum(np.cos(y)) + np.sum(x * x)
