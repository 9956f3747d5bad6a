"""A complex number is no float."""

import numpy as np


def f(z):
    return float(z[0])


args = (np.ones(3) + 1j,)
