"""Operators on what they are not for."""

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(2.0)
def shifted_float(x):
    return x << 1


@given(2.0)
def shifted_constant(x):
    return x + (1.5 << 1)


@given(2.0)
def power_beyond_all_bounds(x):
    return x + 2**2000


@given(2)
def sum_beyond_64_bits(n):
    return n + 2**64


@given(2j)
def order_of_complex_numbers(z):
    return z < 2j


@given(X)
def sum_with_a_text(x):
    return x + "a"


@given(X)
def truth_of_an_array(x):
    return 1.0 if x > 1.0 else 0.0


@given(X > 1.0)
def difference_of_booleans(b):
    return b - b


@given(X > 1.0)
def power_of_booleans(b):
    return b**2


@given(X + 1j)
def complex_in_an_array_of_floats(z):
    x = np.zeros(3)
    x[0] = z[0]
    return x


@given(X + 1j)
def complex_made_into_floats(z):
    return z.astype(np.float64)


@given(X)
def in_place_with_another_dtype(x):
    k = np.arange(3)
    k += x
    return k


@given(X)
def value_that_does_not_fit(x):
    y = np.zeros((2, 2))
    y[0] = np.zeros(3)
    return y


@given(X)
def value_of_more_dimensions(x):
    y = np.zeros(3)
    y[:] = np.zeros((2, 3))
    return y


@given(X)
def two_ellipses(x):
    return x[..., ...]


@given(X)
def too_many_indices(x):
    return x[0, 0]


@given(X)
def index_of_floats(x):
    return x[x]


@given(X)
def index_of_a_float(x):
    return x[1.5]


@given(X)
def mask_of_another_length(x):
    return np.zeros(4)[np.zeros(3) > 0.0]


@given(X)
def index_arrays_that_do_not_fit(x):
    return np.zeros((4, 4))[[0, 1], [0, 1, 2]]


@given(np.zeros((2, 2, 2)))
def ellipsis_between_index_arrays(x):
    return x[1:, [0, 1], ..., 1]


@given(X)
def value_that_writes(x):
    def more():
        x[0] = 1.0
        return 2.0

    x[[0, 1]] += more()
    return x


@given(X)
def index_beyond_64_bits(x):
    return x[2**64]


@given(X)
def result_beyond_64_bits(x):
    return x, 2**63


@given(X)
def function_of_what_is_beyond_64_bits(x):
    return x, np.hypot(1, 2**63)


@given(X)
def choice_of_what_is_beyond_64_bits(x):
    return np.where(x[0] > 0.0, 1, 2**63)


@given(X)
def comparison_beyond_64_bits(x):
    return np.arange(3) < 2**64


@given(X)
def reshape_of_what_lies_apart(x):
    y = x.reshape(3, 1)[:, :1].T.reshape(-1)
    y[0] = 1.0
    return y


@given(X)
def bits_of_a_float(x):
    return x, ~1.5


@given(2.5)
def bits_of_a_number(x):
    return x.bit_length()
