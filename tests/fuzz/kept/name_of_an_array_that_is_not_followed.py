import numpy as np


def f(x, y, A, B, c, k):
    n = len(x)
    count = 0
    while True:
        count += 1
        if count >= 3:
            break
        v = y
        x, v = v, x
    for i in range(1, n):
        y[i] += 0.4
    return np.sum(x)
