"""How many items a list of known length has is known."""

import numpy as np


def f(x):
    return [v for v in (x[0], x[1]) if v > 0]


args = (np.ones(3),)
