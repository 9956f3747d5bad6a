"""What a gradient keeps of a loop has a length that is known before the loop."""

import numpy as np


def f(x, k):
    s = 0.1
    for t in range(len(k)):
        w = np.full(k[t], s)
        for j in range(3):
            w = np.sin(w) * w + x[j]
        s = np.sum(w)
    return s


args = (np.ones(3), np.array([1, 2]))
wrt = "x"
