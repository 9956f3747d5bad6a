import numpy as np


def f(x, y, k):
    s = 0.0
    count = 0
    while s < 1.0 and count < 3:
        count += 1
        y[:count] = np.where(y[:count] > x[:count], y[:count], np.sin(y[:count]))
        for i in range(k[0]):
            y[:i] *= np.cos(y[:i])
        s += 0.1 * np.sum(y)
    return s * s
