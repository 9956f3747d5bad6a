"""What NumPy raises an error for itself, so that there is nothing to write instead."""

import numpy as np
import scipy.fft
import scipy.spatial

from tests.refusals import given

ROW, TABLE = np.arange(4.0), np.ones((3, 4))


@given(TABLE)
def transpose_by_name(x):
    return x.transpose(axes=(1, 0))


@given(TABLE)
def same_axis_twice(x):
    return scipy.fft.fftn(x, axes=(0, 0))


@given(TABLE)
def block_of_nothing(x):
    return np.block([])


@given(TABLE, ROW)
def counts_that_are_floats(x, counts):
    return np.repeat(x, counts)


@given(TABLE, np.ones((4, 3)), np.ones((3, 6)))
def out_with_gaps(x, y, out):
    return np.dot(x, y, out[:, ::2])


@given(ROW, TABLE)
def distances_of_two_axes(x, distances):
    return np.gradient(x, distances)


@given(ROW)
def partition_at_no_place(x):
    return np.partition(x, ())


@given(ROW, np.zeros((2, 2), "int64"))
def sorter_of_two_axes(x, sorter):
    return np.searchsorted(x, x, sorter=sorter)


@given(ROW)
def no_ufunc(x):
    return np.sinc(x, out=x)


@given(ROW)
def reduction_of_none(x):
    return np.add.reduce(None)


@given(ROW)
def step_of_zero(x):
    return x[::0]


@given(TABLE)
def method_without_correction(x):
    return x.var(correction=1)


@given(ROW > 1)
def narrow_mantissas(x):
    return np.frexp(x)


@given(ROW)
def rows_of_a_row(x):
    return np.vsplit(x, 2)


@given(ROW)
def of_another_mode(x):
    return np.pad(x, 1, reflect_type="even")


@given(ROW > 1)
def slope_of_booleans(x):
    return np.gradient(x)


@given(ROW, ROW > 1)
def several_truths(x, stable):
    return np.sort(x, stable=stable)


@given(np.array(1.0), np.array([0]))
def index_of_no_axis(x, k):
    np.maximum.at(x, k, 1.0)


@given(TABLE, np.array([0]), np.ones((2, 1, 4)))
def too_many_values(x, k, values):
    np.maximum.at(x, k, values)


@given(ROW)
def kind_and_stable(x):
    return np.argsort(x, kind="heapsort", stable=True)


@given()
def round_of_an_array():
    return round(np.array(1.5))


@given(ROW, TABLE)
def too_many_axes_to_add(x, values):
    np.add.at(x, 0, values)


@given(3.0, ROW)
def cross_of_a_number(x, y):
    return np.cross(x, y)


@given(TABLE)
def p_of_another_metric(x):
    return scipy.spatial.distance.pdist(x, p=3)


@given(np.int16(3), ROW)
def method_of_arrays(x, y):
    return x.dot(y)
