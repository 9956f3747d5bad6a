"""A generator whose numbers no other language has."""

import numpy as np


def f(x):
    rng = np.random.default_rng(1)
    return x + rng.normal()


args = (1.0,)
