"""A gradient that would have to leave a generator where the function does."""

import numpy as np


def f(x, rng):
    return x * rng.normal()


args = (1.0, np.random.Generator(np.random.Philox(1)))
wrt = "x"
