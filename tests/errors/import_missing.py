"""An import, outside a `try`, of a name that the module does not have."""

import numpy as np


def f(x):
    from numpy import nothing_of_the_kind

    return nothing_of_the_kind(x)


args = (np.ones(3),)
