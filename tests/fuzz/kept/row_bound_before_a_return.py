import numpy as np


def f(x, A, c, k):
    e = A[0]
    for e in A:
        x[k] = 0.5 * c
        if 0.3 < x[0]:
            return np.sum(A * A)
        e, x = x, e
    return np.sum(x) + np.sum(A * A)
