"""Forward substitution, L x = b."""

import numpy as np

wrt = ("L", "b")


def triangular_solve(L, b):
    n = len(b)
    x = np.empty(n)
    for i in range(n):
        s = b[i]
        for j in range(i):
            s -= L[i, j] * x[j]
        x[i] = s / L[i, i]
    return np.dot(x, x)


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(7, 7)) + 4.0 * np.eye(7), rng.normal(size=7)
