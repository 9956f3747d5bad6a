import numpy as np


def f(x, y, A, c):
    n = len(x)
    k = 0
    while k < n:
        for _ in range(n - 1, 1, -1):
            x, y = y, x
        x[k] += abs(c)
        k += 1
    return np.sum(x)
