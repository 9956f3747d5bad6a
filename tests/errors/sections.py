"""How many parts there are has to be known."""

import numpy as np

wrt = 0


def f(x, n):
    return np.sum(np.split(x, n)[0])


args = (np.ones(6), 200)
