"""Arrays that cannot be joined, taken apart, or repeated like this."""

import numpy as np

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)


@given(X)
def a_number_instead_of_arrays(x):
    return np.concatenate(1.0)


@given(X)
def nothing_to_join(x):
    return np.concatenate(())


@given(X)
def numbers_along_an_axis(x):
    return np.concatenate((x[0, 0], x[0, 1]), axis=0)


@given(X)
def axis_that_is_not_there(x):
    return np.hstack((x[0], x))


@given(X)
def other_dimensions(x):
    return np.concatenate((x, x[0]), axis=0)


@given(X)
def other_lengths(x):
    return np.concatenate((x.reshape(2, 3), np.zeros((2, 4))), axis=0)


@given(X)
def stack_of_other_dimensions(x):
    return np.stack((x, x[0]))


@given(X)
def block_of_tuples(x):
    return np.block(([x, x],))


@given(X)
def block_of_other_depths(x):
    return np.block([[x, x], x])


@given(X)
def depth_of_a_list(x):
    rows = []
    for row in x:
        rows.append(row)
    return np.dstack(rows)


@given(X, 200)
def sections_of_the_running_program(x, n):
    return np.split(x, n)


@given(X)
def rolled_by_more_shifts_than_axes(x):
    return np.roll(x, (1, 2, 3), axis=(0, 1))


@given(X, 200)
def counts_of_the_running_program(x, n):
    return np.repeat(x[0], [1, n, 1])


@given(X)
def directions_in_a_text(x):
    return np.r_["0,2", x[0], x[1]]


@given(X)
def grid_of_numbers(x):
    return np.mgrid[3, 0:2]


@given(X)
def grid_without_an_end(x):
    return np.mgrid[3:]


@given(X)
def ragged(x):
    return np.array([x[0], x[0, 0]])


@given(X)
def rows_of_other_lengths(x):
    return np.array([np.zeros(3), np.zeros(2)])


@given(X)
def padded_by_three(x):
    return np.pad(x, (1, 2, 3))


@given(X)
def padded_along_three_axes(x):
    return np.pad(x, ((1, 1), (1, 1), (1, 1)))


@given(X)
def resized_in_place(x):
    x.resize((3, 2))
    return x


@given(X)
def spread_to_fewer_dimensions(x):
    return np.broadcast_to(x, (3,))


@given(X)
def spread_to_another_length(x):
    return np.broadcast_to(np.zeros(3), (2, 4))


@given(X)
def shapes_that_do_not_fit(x):
    return np.broadcast_shapes((2, 3), (4, 2))
