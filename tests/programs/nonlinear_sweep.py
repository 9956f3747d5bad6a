"""Upwind sweep, in place and nonlinear: each cell reads its new neighbour and its own old value."""

import numpy as np

wrt = ("u", "c")


def nonlinear_sweep(u, c, steps):
    for step in range(steps):
        for i in range(1, len(u)):
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])
    return np.sum(u * u)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 1.5, 12), 0.2, 6
