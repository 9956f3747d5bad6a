import numpy as np


def f(x, A, B, c):
    n = len(x)
    count1 = 0
    while True:
        count1 += 1
        if x[1] - c > 0.1 * count1 or count1 >= 3:
            break
        B = A[::-1, 1:] * B[:, ::-1]
    return c * n + np.sum(B * B)
