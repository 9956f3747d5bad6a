"""Newton's iteration for a square root: 1 / (2 sqrt(a))."""

import numpy as np


def square_root(a):
    x = 0.5 * (1.0 + a)
    while abs(x * x - a) > 1e-9 * a:
        x = 0.5 * (x + a / x)
    return 0.5 * (x + a / x)


def identities(gradient):
    for a in (0.3, 2.0, 11.0):
        yield gradient(square_root, (a,), (0,)), (0.5 / np.sqrt(a),)
