"""Newton's iteration for x exp(x) = a, until it stands still."""

import numpy as np

wrt = ("a",)


def newton(a, x, tolerance=1e-14):
    count = 0
    while True:
        step = (x * np.exp(x) - a) / ((1.0 + x) * np.exp(x))
        x = x - step
        count += 1
        if step * step < tolerance or count >= 50:
            break
    return x * x


def arguments(seed):
    rng = np.random.default_rng(seed)
    return rng.uniform(1.0, 3.0), 0.5
