"""Calls that NumPy refuses too."""

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(X)
def a_number_of_two(x):
    return np.float64(x[0], x[1])


@given(X)
def a_conversion_without_a_copy(x):
    return np.asarray(x, dtype=np.float32, copy=False)
