"""Leapfrog of three electromagnetic fields in a plane, in place by slices."""

import numpy as np

wrt = ("ex", "ey", "hz")


def electromagnetic(ex, ey, hz, pulse):
    for t in range(len(pulse)):
        ey[0, :] = pulse[t]
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    return np.sum(hz * hz) + np.sum(ex * ey)


def arguments(seed):
    rng = np.random.default_rng(seed)
    ex, ey, hz = rng.normal(size=(3, 5, 6))
    return ex.copy(), ey.copy(), hz.copy(), rng.normal(size=5)
