"""Heat equation in a box, explicit steps by slices."""

import numpy as np

wrt = ("u", "c")


def heat_3d(u, c, steps):
    for step in range(steps):
        un = u.copy()
        u[1:-1, 1:-1, 1:-1] = un[1:-1, 1:-1, 1:-1] + c * (
            un[2:, 1:-1, 1:-1]
            + un[:-2, 1:-1, 1:-1]
            + un[1:-1, 2:, 1:-1]
            + un[1:-1, :-2, 1:-1]
            + un[1:-1, 1:-1, 2:]
            + un[1:-1, 1:-1, :-2]
            - 6.0 * un[1:-1, 1:-1, 1:-1]
        )
    return np.sum(u**3)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(4, 5, 3)), 0.1, 3
