import numpy as np


def f(x, y, A, c, m):
    n = len(x)
    s = 0.3
    for _ in range(m):
        for i in range(1, n):
            c = s
        for _ in range(2):
            if 1.0 < A[2, 1]:
                for j in range(0, n, 2):
                    c = 0.5
            elif c < 0.5:
                v = y
                v[2] += 0.9
        else:
            c /= y @ y
        for i in range(1, n):
            y[i] = c
    return np.sum(y)
