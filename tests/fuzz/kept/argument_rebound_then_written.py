import numpy as np


def f(x, y, A, B):
    n = len(x)
    for i in range(0, n, 2):
        B = A[::1, :0:-1] - 0.3
        x = 0.3 * y
    v = B.T
    v[0] += 0.5
    return np.sum(x)
