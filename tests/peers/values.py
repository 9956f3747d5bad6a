"""The programs of PEERS.md whose values others get wrong: function and arguments."""

import numpy as np


def difference_with_itself(v):
    return v - v


def times_zero(v):
    return 0 * v


def largest(v):
    return np.max(v)


def neighbours(a):
    a[1:-1] += a[:-2]
    return a


def order(n):
    seen = np.zeros(5)
    count = 0
    for i in reversed(range(0, n, 2)):
        seen[count] = i
        count += 1
    return seen


def exponential(x):
    return np.exp(x)


ODD = np.array([1.0, np.nan, np.inf, -np.inf, -0.0, 2.5])

CASES = {
    "v - v": (difference_with_itself, (ODD,)),
    "0 * v": (times_zero, (ODD,)),
    "neighbours": (neighbours, (np.random.default_rng(0).normal(size=200_000),)),
    "step two": (order, (10,)),
    "exp": (exponential, (ODD,)),
}
