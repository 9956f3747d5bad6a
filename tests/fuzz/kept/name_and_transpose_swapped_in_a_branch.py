import numpy as np


def f(y, A, c):
    v = A.T
    if c < 0.9:
        for _ in range(3):
            A, v = v, A
    A[:] = 0.5 + A
    return np.sum(A * A) * c + y[0]
