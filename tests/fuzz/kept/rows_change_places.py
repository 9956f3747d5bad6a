import numpy as np


def f(x, y, A, c):
    e = A[0]
    for e in A:
        x[1:-1] = 0.5 * c
        e, x, y = x, y, e
    return np.sum(x * y) + np.sum(A * A)
