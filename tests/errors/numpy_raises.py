"""What NumPy raises an error for itself, so that there is nothing to write instead."""

import numpy as np
import scipy.fft

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


@given(3)
def step_without_stop(n):
    return np.arange(start=n, step=2)


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
