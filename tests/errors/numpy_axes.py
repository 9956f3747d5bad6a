"""Axes that an array does not have."""

import numpy as np

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)


@given(X, 100)
def axis_of_the_running_program(x, k):
    return np.sum(x, axis=k)


@given(X)
def sorted_axis(x):
    return np.sort(x, axis=2)


@given(X)
def summed_axis(x):
    return np.sum(x, axis=2)


@given(X)
def flipped_axis(x):
    return np.flip(x, axis=2)


@given(X)
def flipped_twice(x):
    return np.flip(x, axis=(0, -2))


@given(X[0])
def flipped_left_to_right(x):
    return np.fliplr(x)


@given(X)
def moved_to_fewer_places(x):
    return np.moveaxis(x, (0, 1), 1)


@given(X)
def rolled_too_far(x):
    return np.rollaxis(x, 1, 3)


@given(X)
def diagonal_of_one_axis(x):
    return np.diagonal(x, axis1=1, axis2=1)


@given(X)
def transformed_axis(x):
    return np.fft.fft(x, axis=2)


@given(X)
def multiplied_axis(x):
    return np.vecdot(x, x, axis=2)


@given(X)
def split_axis(x):
    return np.hsplit(x[0, 0], 1)


@given(X)
def summed_on_the_way(x):
    return np.cumulative_sum(x)


@given(X, 100)
def joined_rows(x, n):
    rows = []
    for row in x:
        rows.append(row)
    return np.hstack([rows[0], rows[1]]) + np.concatenate(rows, axis=n)


@given(X)
def squeezed(x):
    return np.squeeze(x[x > 1.0])


@given(X[0])
def listed_rows_side_by_side(x):
    rows = []
    for v in x:
        rows.append(v)
    return np.concatenate(rows, axis=0)


@given(X)
def listed_rows_along_an_axis_that_is_not_there(x):
    rows = []
    for row in x:
        rows.append(row)
    return np.dstack(rows)
