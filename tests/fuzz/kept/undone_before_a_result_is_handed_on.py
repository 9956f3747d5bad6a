import numpy as np


def f(x, y, A, c):
    for i, e in enumerate(x):
        s = e
        y[:] = 1.0
        if 0.5 > A[i, 1]:
            A += np.maximum(0.5, A[:])
            return np.sin(A[2, 1])
        while 0.5 < 0.5:
            x, y = y, x
    return s
