"""Calls that NumPy refuses too, and one whose dtype would be another."""

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(X)
def a_number_of_two(x):
    return np.float64(x[0], x[1])


@given(X)
def a_conversion_without_a_copy(x):
    return np.asarray(x, dtype=np.float32, copy=False)


@given(X)
def a_row_along_two_axes(x):
    return np.apply_along_axis(np.sum, (0,), x)


@given(np.arange(4))
def an_integer_quantile(k):
    return np.quantile(k, 1)
