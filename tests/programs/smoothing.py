"""Single precision stays single precision, through scalars, slices and a reduction."""

import numpy as np

wrt = ()


def smoothing(x, weight):
    y = x.copy()
    for i in range(1, len(x)):
        y[i] = weight * x[i] + (1 - weight) * y[i - 1]
    y[1:-1] = (y[:-2] + 2 * y[1:-1] + y[2:]) / 4
    return y, y.max() - y.min()


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=16).astype(np.float32), 0.25
