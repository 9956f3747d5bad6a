"""Four ways out: three early returns, two of them from inside a loop."""

import numpy as np

wrt = ("x", "limit")


def early_returns(x, limit):
    if len(x) < 2:
        return limit * x[0]
    s = 0.0
    for i in range(len(x)):
        if x[i] < 0.0:
            return s * x[i]
        s += x[i] ** 2
        if s > limit:
            return s * limit + np.sin(x[i])
    return s / limit


def arguments(seed):
    rng = np.random.default_rng(seed)
    x = [
        rng.uniform(0.5, 1.0, 1),
        np.array([0.4, 0.9, -0.3, 0.8]),
        rng.uniform(0.5, 1.0, 30),
        rng.uniform(0.5, 1.0, 3),
    ]
    return x[seed % 4], 5.0


seeds = (0, 1, 2, 3)
