"""Arguments that are given as NumPy does not take them: by another way, or of another kind."""

import numpy as np
import scipy.fft

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)


@given(X)
def by_name_what_has_a_place_only(x):
    return np.reshape(a=x, shape=6)


@given(X)
def none_for_one_axis(x):
    return np.trace(x, axis1=None)


@given(X)
def several_axes_for_one(x):
    return np.swapaxes(x, 0, (1,))


@given(X)
def a_list_of_axes(x):
    return np.sum(x, axis=[0])


@given(X)
def a_truth_for_an_axis(x):
    return np.flip(x, True)


@given(X)
def no_truth_for_a_flag(x):
    return np.linspace(0.0, 1.0, 3, endpoint=x)


@given(X)
def a_list_for_an_array(x):
    return x, np.tril_indices_from([[1, 2], [3, 4]])


@given(X)
def one_diagonal_of_one_axis(x):
    return np.diagonal(x, 0, 1, -1)


@given(X)
def one_trace_of_one_axis(x):
    return np.trace(x, 0, 1, -1)


@given(X)
def trace_of_a_row(x):
    return np.trace(x[0])


@given(X)
def diagonal_of_a_row(x):
    return np.diagonal(x[0])


@given(X)
def several_starts(x):
    return np.rollaxis(x, 1, (0, 1))


@given(X)
def one_bound_of_two(x):
    return np.clip(x, 0.0)


@given(X)
def choice_of_nothing(x):
    return np.choose(1, []), x


@given(X)
def choice_by_floats(x):
    return np.choose(x, [x, x])


@given(X)
def axes_of_a_number(x):
    return np.transpose(x[0, 0], (0,))


@given(X)
def shift_of_a_number(x):
    return np.fft.fftshift(x[0, 0])


@given(X)
def frequencies_of_a_float(x):
    return scipy.fft.fftfreq(2.5), x


@given(X)
def transform_along_no_axis(x):
    return np.fft.fftn(x, axes=())


@given(X)
def transform_along_a_number(x):
    return np.fft.fft2(x, axes=0)


@given(X)
def first_of_several(x):
    return np.sum(x, initial=x[0])


@given(X)
def running_sum_of_a_number(x):
    return np.subtract.accumulate(2.0), x


@given(X)
def running_sum_of_all(x):
    return np.add.accumulate(x, axis=None)


@given(X)
def fold_that_gives_what_it_does_not_take(x):
    return np.less.accumulate(x)


@given(2.5)
def sign_of_a_bit_of_a_float(x):
    return ~x


@given(X)
def out_of_another_shape(x):
    return np.sum(x, out=x)


@given(X)
def more_than_a_method_of_an_operator_takes(x):
    return np.add.reduceat(x, [0], 0, None, None, None)


@given(X)
def not_taken_by_a_method_of_an_operator(x):
    return np.add.reduceat(x, [0], dtype=np.float32)


@given(X)
def places_by_floats(x):
    return np.ravel_multi_index((x, x), (9, 9))


@given(X)
def keys_of_several_shapes(x):
    return np.lexsort((x, x[0]))


@given(X)
def where_by_place(x):
    return np.sin(x, x, x > 0.0)


@given(X)
def fields_to_partition_by(x):
    x.partition(1, order="a")
    return x


@given(X)
def dimensions_that_are_one_number(x):
    return np.indices(3), x


@given(2.5)
def python_number_of_another_dtype(x):
    return np.astype(x, np.float32)


@given(X)
def no_dimensions_to_keep(x):
    return np.add.reduce(x, keepdims=None)


@given(X)
def a_loop_that_gives_booleans(x):
    return np.isinf(x, dtype=np.float64)


@given(X)
def product_in_place_with_a_row(x):
    x @= np.ones(3)
    return x
