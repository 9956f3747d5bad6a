"""Loops over zip, enumerate and reversed, over arrays, rows and a tuple."""

import numpy as np

wrt = ("a", "b", "M")


def zipped(a, b, M):
    s = 0.0
    for x, y in zip(a, b):
        s = 0.5 * s + x * y
    for i, x in enumerate(a):
        s += (i + 1) * np.sin(x) * s
    for row in reversed(M):
        s = np.tanh(s) + row[0] * row[-1]
    for i in reversed(range(0, len(b), 2)):
        s = s * b[i] + a[-1 - i]
    for weight in (0.5, 2.0, -1.0):
        s += weight * a[0] * s
    return s


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=6), rng.normal(size=4), rng.normal(size=(3, 4))
