"""An array whose dtype changes from round to round."""

import numpy as np


def f(n):
    x = np.zeros(3, dtype=np.int64)
    for _ in range(n):
        x = x + 0.5
    return x


args = (100,)
