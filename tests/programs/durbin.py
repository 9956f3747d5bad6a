"""Durbin's recursion for the Yule-Walker equations; every step rewrites a growing prefix."""

import numpy as np

wrt = ("r",)


def durbin(r):
    n = len(r)
    y = np.zeros(n)
    z = np.zeros(n)
    y[0] = -r[0]
    alpha, beta = -r[0], 1.0
    for k in range(1, n):
        beta = (1.0 - alpha * alpha) * beta
        s = 0.0
        for i in range(k):
            s += r[k - i - 1] * y[i]
        alpha = -(r[k] + s) / beta
        for i in range(k):
            z[i] = y[i] + alpha * y[k - i - 1]
        for i in range(k):
            y[i] = z[i]
        y[k] = alpha
    return np.sum(y * y)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return (0.5 ** np.arange(1, 9) + 0.01 * rng.normal(size=8),)
