"""A recurrent network cell over time."""

import numpy as np

wrt = ("W", "U", "b", "h", "xs")


def recurrent_cell(W, U, b, h, xs, target):
    cost = 0.0
    for t in range(len(xs)):
        h = np.tanh(W @ h + U @ xs[t] + b)
        e = h - target[t]
        cost += 0.5 * e @ e
    return cost


def arguments(seed):
    rng = np.random.default_rng(seed)
    W, U, b = rng.normal(size=(4, 4)), rng.normal(size=(4, 3)), rng.normal(size=4)
    return 0.5 * W, 0.5 * U, b, rng.normal(size=4), rng.normal(size=(6, 3)), rng.normal(size=(6, 4))
