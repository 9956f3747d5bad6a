"""A dtype that is not taken."""

import numpy as np


def f(x):
    return x


args = (np.ones(3, dtype=np.float16),)
