import numpy as np


def f(x, y, A, c, k):
    n = len(x)
    s = x[0] * c
    v1 = A.T
    v1[1, 1] += np.tanh(A[2, 0])
    k[0] = (k[2] + 1) % n
    def local2(r):
        return np.arctan(s) * (A[0, 0]) * r + x[2]
    for _ in range(2):
        count3 = 0
        while True:
            count3 += 1
            y, x = x, y
            if count3 == n - 2 or count3 >= 3:
                break
            s = local2(A[1, 2])
            x[k] += np.maximum(y[:], y[::-1])
            if count3 > 1:
                v1, A = A, v1
                continue
        v4 = v1.T
        y, x = x, y
    return s + np.sum(x * np.cos(x)) + np.sum(np.sin(y)) + np.sum(np.sin(v1)) + np.sum(np.sin(A))
