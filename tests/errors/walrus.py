"""`:=` where its names would be another's."""

import numpy as np


def f(x):
    return [y for v in x if (y := v) > 0]


args = (np.ones(3),)
