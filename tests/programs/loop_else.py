"""`continue`, and `else` on a `for` and on a `while`."""

import numpy as np

wrt = ("x", "a")


def loop_else(x, a):
    s = x[0]
    for i in range(len(x)):
        if x[i] < 0.0:
            continue
        for j in range(i):
            if x[j] > x[i]:
                s += x[i] * x[j]
                break
        else:
            s += a * x[i] ** 2
    k = 0
    while k < len(x):
        if s < 1.0:
            break
        s = s * 0.5
        k += 1
    else:
        s = s + a
    return s * s


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=12), 1.7


seeds = (0, 1, 2)
