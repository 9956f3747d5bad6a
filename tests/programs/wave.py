"""Wave equation on a string: two time levels that change places."""

import numpy as np

wrt = ("u", "v", "c")


def wave(u, v, c, steps):
    for step in range(steps):
        v[1:-1] = 2.0 * u[1:-1] - v[1:-1] + c * c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u, v = v, u
    return np.sum(u**3) + np.sum(u * v)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=9), rng.normal(size=9), 0.4, 5
