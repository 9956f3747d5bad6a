import numpy as np


def f(x, y, A, c):
    n = len(x)
    for i in range(n):
        y = y[::1]
        A[0] = 0.2 * c
        A = A
    return np.sum(x * y) + np.sum(A * A)
