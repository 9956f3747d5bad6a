"""Several results: the mean, the variance and the centred values, updated one by one."""

import numpy as np

wrt = ("x",)


def moments(x):
    mean, total = 0.0, 0.0
    for i in range(len(x)):
        d = x[i] - mean
        mean += d / (i + 1)
        total += d * (x[i] - mean)
    return mean, total / len(x), x - mean


def cost(x):
    mean, variance, centred = moments(x)
    return mean / np.sqrt(variance) + np.sum(centred**3)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return (rng.normal(1.0, 2.0, size=9),)
