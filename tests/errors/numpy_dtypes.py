"""Dtypes that are not taken, and those that a function has no loop for."""

import numpy as np

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)
Z = X + 1j


@given(X)
def dtype_that_is_an_array(x):
    return np.zeros(3, dtype=x)


@given(X)
def dtype_that_is_none(x):
    return np.zeros(3, dtype="number")


@given(X)
def dtype_of_objects(x):
    return np.zeros(3, dtype=object)


@given(X)
def scalar_of_half_precision(x):
    return np.float16(x[0, 0])


@given(X)
def loop_of_another_dtype(x):
    return np.add(x, x, dtype=np.int64, casting="unsafe")


@given(X)
def input_of_another_kind(x):
    return np.add(x, x, dtype=np.int64)


@given(np.arange(3))
def loop_that_is_not_there(k):
    return np.exp(k, dtype=np.int64)


@given(np.arange(3))
def loop_of_another_result(k):
    return np.bitwise_and(k, k, dtype=np.float64)


@given(Z)
def floor_of_complex(z):
    return np.floor(z)


@given(Z)
def rounded_complex(z):
    return np.rint(z)


@given(Z)
def sinc_of_complex(z):
    return np.sinc(z)


@given(X > 1.0)
def sign_of_booleans(b):
    return np.sign(b)


@given(Z)
def vectorized_over_complex(z):
    return np.vectorize(lambda v: v)(z)


UPPER = np.vectorize(lambda v: v, otypes=[float])


@given(X)
def vectorized_with_a_dtype(x):
    return UPPER(x)


@given(Z)
def rfft_of_complex(z):
    return np.fft.rfft(z)


@given(Z)
def spaced_between_complex(z):
    return np.linspace(z[0, 0], z[0, 1], 5)


@given(Z)
def median_of_complex(z):
    return np.median(z)


@given(Z)
def least_complex(z):
    return np.min(z, initial=0.0)
