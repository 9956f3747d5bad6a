"""Where results go: `out=`, `where=`, `initial=`, `keepdims=`."""

import numpy as np

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)


@given(X)
def out_is_a_number(x):
    return np.exp(x, out=1.0)


@given(X)
def out_of_a_sum_is_a_number(x):
    return np.cumsum(x, axis=0, out=1.0)


@given(X)
def out_of_a_product_is_a_number(x):
    return np.dot(x, x.T, out=1.0)


@given(X)
def out_of_joined_arrays_is_a_number(x):
    return np.concatenate((x, x), out=1.0)


@given(X)
def out_of_fewer_dimensions(x):
    return np.exp(x, out=x[0])


@given(X)
def out_of_a_product_of_fewer_dimensions(x):
    return np.dot(x, x.T, out=x[0])


@given(X)
def where_of_floats(x):
    return np.exp(x, where=x, out=x)


@given(X)
def where_of_more_dimensions(x):
    y = np.zeros(3)
    return np.exp(x[0], where=x > 1.0, out=y)


@given(X)
def where_of_a_sum_has_more_dimensions(x):
    return np.sum(x[0], where=x > 1.0)


@given(X)
def maximum_of_nothing(x):
    return np.max(x, where=x > 1.0)


@given(X)
def initial_is_an_array(x):
    return np.max(x, axis=0, initial=x[0])


@given(X)
def keepdims_of_the_running_program(x):
    return np.sum(x, keepdims=x[0, 1] > 0.0)


@given(X)
def casting(x):
    return np.exp(x, casting="unsafe")


@given(X)
def median_that_writes(x):
    return np.median(x, overwrite_input=True)


@given(X)
def out_of_choose(x):
    return np.choose(np.array([0, 1, 0]), (x[0], x[1]), out=x[0])


@given(X)
def shape_of_the_sum(x):
    x += np.zeros((2, 2, 3))
    return x


@given(X)
def kind_of_error_that_numpy_has_not(x):
    with np.errstate(zero="ignore"):
        return 1.0 / x
