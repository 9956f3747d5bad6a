"""A sum without rounding errors."""

import math


def f(x):
    return math.fsum((x, 1.0))


args = (2.0,)
