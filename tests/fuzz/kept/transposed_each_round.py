import numpy as np


def f(x, A, c):
    n = len(x)
    for i in range(n):
        v = A.T
        v[i] -= c
        v, A = A, v
    return np.sum(x * v[0]) + np.sum(A * A)
