import numpy as np


def f(x, c, k):
    s, q = c, 1
    for i in range(len(x)):
        s = np.sum(x - 0.3 * s)
        s = s * np.dot(x - 0.1 * s, x)
        q = np.sum(k[:q]) % 2 + 1
        s = 0.3 * np.sin(s) + 0.1 * q
    return s
