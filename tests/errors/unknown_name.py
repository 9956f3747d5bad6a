"""A name that nothing defines."""

import numpy as np


def f(x):
    return x + missing  # noqa: F821


args = (np.ones(3),)
