"""An array of reals does not take a complex number."""

import numpy as np


def f(x, z):
    x[0] = z
    return x


args = (np.ones(3), 1j)
