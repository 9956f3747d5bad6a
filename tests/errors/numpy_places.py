"""Places: where something is, what is taken from there and put there."""

import numpy as np

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)


@given(X)
def places_of_a_number(x):
    return np.nonzero(x[0, 0])


@given(X)
def taken_from_a_number(x):
    return np.take(x[0, 0], 0)


@given(X)
def taken_by_a_mask(x):
    return np.take(x[0], x[0] > 1.0)


@given(X)
def taken_in_another_mode(x):
    return np.take(x, 1, mode="nearest")


@given(X)
def places_of_floats(x):
    return np.take_along_axis(x, x, axis=0)


@given(X)
def places_of_fewer_dimensions(x):
    return np.take_along_axis(x, np.array([0]), axis=0)


@given(X)
def put_without_an_axis(x):
    np.put_along_axis(x, np.array([0]), 1.0, None)
    return x


@given(X)
def cross_of_matrices(x):
    return np.zeros((3, 3))[np.ix_(np.zeros((2, 2), dtype=int), [0])]


@given(X)
def more_conditions_than_choices(x):
    return np.select([x > 1.0, x > 2.0], [x])


@given(X)
def conditions_of_floats(x):
    return np.select([x], [x])


@given(X)
def functions_of_pieces(x):
    return np.piecewise(x, [x > 1.0], [])


@given(X)
def more_indices_than_dimensions(x):
    return np.ravel_multi_index((0, 1, 2), (2, 3))


@given(X)
def copied_into_a_number(x):
    np.copyto(x[0, 0], 1.0)
    return x


@given(X)
def sorted_number(x):
    x[0, 0].sort()
    return x


@given(X)
def order_of_fields(x):
    return np.sort(x, order="a")


@given(X)
def keys_in_an_array(x):
    return np.lexsort(x)


@given(X)
def no_keys(x):
    return np.lexsort(())


@given(X)
def searched_matrix(x):
    return np.searchsorted(x, 1.0)


@given(X)
def triangle_of_a_number(x):
    return np.tril(x[0, 0])


@given(X)
def triangle_of_a_row(x):
    return np.tril_indices_from(x[0])


@given(X)
def diagonal_of_a_row(x):
    return np.diag_indices_from(x[0])


@given(np.zeros((2, 2, 2)))
def diagonal_of_a_block(x):
    return np.diag(x)


@given(X)
def powers_of_a_matrix(x):
    return np.vander(x)


@given(X)
def filled_diagonal_of_a_list(x):
    np.fill_diagonal([[1.0, 2.0], [3.0, 4.0]], 0.0)
    return x


@given(X)
def filled_diagonal_of_a_row(x):
    np.fill_diagonal(x[0], 1.0)
    return x
