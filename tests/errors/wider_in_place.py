"""What is added has a wider dtype."""

import numpy as np


def f(x, y):
    x += y
    return x


args = (np.ones(3, np.uint8), np.ones(3, np.int64))
