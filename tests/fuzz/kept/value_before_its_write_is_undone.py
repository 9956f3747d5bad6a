import numpy as np


def f(x, y, A, c):
    n = len(x)
    s = np.sum(y)
    for i in range(n, 1, -2):
        A[::1] = A / A[:]
        u = np.dot(A, x)
        if u[2] > -100.0:
            return A[1, 0]
    return s
