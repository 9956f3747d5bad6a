"""Products of arrays that do not fit, and subscripts that mean nothing."""

import numpy as np

from tests.refusals import given

X = np.arange(6.0).reshape(2, 3)


@given(2.0, 3.0)
def of_python_numbers(x, y):
    return x @ y


@given(X)
def matmul_of_a_number(x):
    return np.matmul(x, 2.0)


@given(X)
def at_of_a_number(x):
    return x @ 2.0


@given(X)
def vecdot_of_a_number(x):
    return np.vecdot(x, 2.0)


@given(X)
def of_other_lengths(x):
    return np.inner(x.reshape(2, 3), np.zeros((2, 4)))


@given(np.zeros((2, 3, 4)), np.zeros((2, 5, 6)))
def of_stacks_that_do_not_fit(x, y):
    return x.reshape(2, 3, 4) @ y.reshape(2, 5, 6)


@given(X)
def over_too_many_axes(x):
    return np.tensordot(x, x, axes=3)


@given(X)
def over_three_axes(x):
    return np.tensordot(x, x, axes=(0, 1, 0))


@given(X)
def over_an_axis_that_is_not_there(x):
    return np.tensordot(x, x, axes=(2, 0))


@given(X)
def over_other_axes(x):
    return np.tensordot(x, x, axes=((0, 1), (0,)))


@given(X)
def trace_beside_the_diagonal(x):
    return np.trace(x, offset=1)


@given(X)
def trace_of_a_row(x):
    return np.trace(x[0])


@given(X)
def subscripts_as_lists(x):
    return np.einsum(x, [0, 1], [1, 0])


@given(X)
def subscripts_of_more_arrays(x):
    return np.einsum("ij,jk", x)


@given(X)
def subscripts_of_more_dimensions(x):
    return np.einsum("ijk", x)


@given(X)
def subscripts_that_are_no_letters(x):
    return np.einsum("i1->i", x)


@given(X)
def subscripts_with_a_letter_twice(x):
    return np.einsum("ij->ii", x)


@given(X)
def subscripts_without_a_place(x):
    return np.einsum("i...->i", x)


@given(X)
def chain_of_one(x):
    return np.linalg.multi_dot([x])


@given(X)
def chain_of_rows(x):
    return np.linalg.multi_dot([x, x[0], x])


@given(X, 200)
def power_of_the_running_program(x, n):
    return np.linalg.matrix_power(x @ x.T, n)


@given(X)
def power_of_a_row(x):
    return np.linalg.matrix_power(x[0], 2)


@given(X)
def outer_of_one(x):
    return np.multiply.outer(x)


@given(X)
def outer_of_matrices(x):
    return np.linalg.outer(x, x)


@given(X)
def differences_of_a_number(x):
    return np.diff(x[0, 0])


@given(X, 200)
def differences_of_the_running_program(x, n):
    return np.diff(x, n)


@given(X)
def distances_of_three_axes(x):
    return np.gradient(x, 1.0, 2.0, 3.0)


@given(X)
def matrix_of_quantiles(x):
    return np.quantile(x, x / 10.0)


@given(X)
def reduced_with_its_dimensions(x):
    return np.subtract.reduce(x, keepdims=True)


@given(X)
def scattered_without_values(x):
    np.add.at(x, 0)
    return x


@given(X)
def scattered_by_a_slice(x):
    np.multiply.at(x, slice(0, 1), 2.0)
    return x


@given(X)
def of_one_operand(x):
    return np.add(x)


@given(X)
def minimum_of_other_lengths(x):
    return np.minimum(x.reshape(2, 3), np.zeros((2, 4)))


@given(X)
def scattered_by_a_function_of_one(x):
    np.exp.at(x, [0])
    return x
