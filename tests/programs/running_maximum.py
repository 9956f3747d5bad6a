"""Running maximum, written into an array, with an `if` inside the loop."""

import numpy as np

wrt = ("y", "w")


def running_maximum(y, w):
    out = np.empty_like(y)
    m = y[0]
    for i in range(len(y)):
        if y[i] > m:
            m = y[i]
        out[i] = m
    return np.sum(out * w)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=15), rng.normal(size=15)
