"""Texts made with `%`, and questions about dtypes."""
# ruff: noqa: UP031, F507 (formats with % are what is tested)

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(X)
def kind_of_format(x):
    print("%c" % x[0])
    return x


@given(X)
def too_few_values(x):
    print("%g and %g" % (x[0],))
    return x


@given(X)
def float_as_an_integer(x):
    print("%d" % x[0])
    return x


@given(X)
def as_python_writes_it(x):
    print(f"{x[0]!r}")
    return x


@given(X)
def dtype_of_a_tuple(x):
    return np.result_type((x, x))


@given(X)
def dtype_of_no_name(x):
    return np.can_cast("none", x.dtype)


@given(X)
def copied_or_not(x):
    return x.astype(np.float32, copy=x[0] > 0.0)


@given(2.0)
def dtype_of_a_number(x):
    return np.zeros(2, dtype=x.dtype)


@given(np.ones(3))
def a_field_that_is_not_there(x):
    print("{} of {}".format(x[0]))  # noqa: F524


@given(1.0)
def a_brace_left_open(x):
    print("{ of {}".format(x))  # noqa: F521


@given(np.ones(3))
def a_number_of_numpy_in_a_tuple(x):
    print(f"{(x[0], x[1])}")
