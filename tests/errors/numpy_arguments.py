"""Arguments that a function of NumPy does not have, or does not take here."""

import numpy as np

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)


@given(X)
def too_many(x):
    return np.expand_dims(x, 0, 1)


@given(X)
def not_taken_here(x):
    return np.unique(x, axis=0)


@given(X)
def left_out(x):
    return np.expand_dims(x)


@given(X)
def another_text(x):
    return np.pad(x, 1, mode="linear_ramp")


@given(X)
def a_method_that_is_not_taken(x):
    return x.tobytes()


@given(X)
def a_number_to_fill_with(x):
    x.fill()
    return x


@given(X)
def an_item_of_several_dimensions(x):
    return x.item(4)


@given(X)
def shape_of_floats(x):
    return np.zeros((2.0, 3))


@given(X, 2.0)
def size_of_bool(x, n):
    return np.zeros(n > 1.0)


@given(X)
def memory_by_columns(x):
    return np.ones((2, 3), order="F")


@given(X)
def memory_of_another_order(x):
    return np.ravel(x, order="Z")


@given(X)
def permutation(x):
    return np.transpose(x, (0, 0))


@given(X)
def bound_of_arange(x):
    return x, np.arange()


@given(X, 300)
def number_of_dimensions(x, n):
    return np.array(x, ndmin=n)


@given(3, 200)
def axes_of_a_diagonal(n, m):
    return np.diag_indices(n, m)


@given(X)
def flag_of_the_running_program(x):
    return np.vander(x[0], increasing=x[0, 0] > 0.0)


@given(X)
def unknown_lengths_in_reshape(x):
    return x.reshape(-1, -1)


@given(X)
def shape_of_none(x):
    return np.zeros(None)


@given(X)
def one_choice_of_two(x):
    return np.where(x > 1.0, x)


@given(X)
def limits_of_no_dtype(x):
    return np.finfo()


@given(X)
def axis_named_twice(x):
    return np.sum(x, axis=(0, -2))


@given(X)
def functions_of_several_results(x):
    return np.vectorize(lambda v: (v, v))(x)


@given(np.array([2.0, 10.0]))
def base_with_more_axes(base):
    return np.logspace(0.0, 1.0, 5, base=base[:, None])


@given(X)
def single_quantile(x):
    return np.percentile(x, np.float32(1.5))


@given(np.arange(3))
def nan_of_integers(x):
    return np.full_like(x, np.nan)


@given(np.arange(3.0))
def nothing_into_out(out):
    return np.maximum.accumulate([], out=out)
