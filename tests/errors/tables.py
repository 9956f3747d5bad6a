"""Lists of lists, where Python has one list in several places or lists of several lengths."""

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(3, 4)
def one_row_many_times(n, m):
    return [[0] * m] * n


@given(3)
def row_that_was_replaced(n):
    table = [[0] * n for _ in range(n)]
    row = table[0]
    table[0] = [1] * n
    row[0] = 2
    return table


@given(3)
def one_row_put_in_each_round(n):
    row, table = [0] * n, [[0] * n for _ in range(n)]
    for i in range(n):
        table[i] = row
    return table


@given(3)
def row_changed_that_is_put_in_each_round(n):
    row, table = [0] * n, [[0] * n for _ in range(n)]
    for i in range(n):
        table[i] = row
    row[0] = 1
    return table


@given(3)
def row_in_two_places(n):
    table = [[0] * n for _ in range(n)]
    table[0] = table[1]
    table[0][0] = 1
    return table


@given([[1, 2], [3, 4]], 2)
def table_from_outside(table, n):
    for i in range(n):
        table[i][0] = 0
    return table


@given(3)
def row_that_gets_longer(n):
    table = [[0] * n for _ in range(n)]
    table[0].append(1)
    return table


@given(3)
def row_that_is_longer(n):
    table = [[0, 0] for _ in range(n)]
    table[0] = [0, 0, 0]
    return table


@given(X, 3)
def row_that_is_an_array(x, n):
    table = [[0.0] * n for _ in range(n)]
    table[0] = x
    return table


@given(X, 3)
def row_of_arrays(x, n):
    table = [[x for _ in range(n)] for _ in range(n)]
    table[0] = [x[0] for _ in range(n)]
    return table


@given(100)
def row_of_one_of_two_tables(n):
    first, second = [], []
    for i in range(n):
        first.append([i] * n)
        second.append([-i] * n)
    row = first[0] if n > 3 else second[0]
    return row


@given(X, 3)
def array_of_another_dtype(x, n):
    found = []
    for _ in range(n):
        found.append(x)
    found.append(np.arange(3))
    return found


@given(3)
def made_in_a_loop_and_put_in_a_loop(n):
    table = [[0] * n for _ in range(n)]
    for _ in range(n):
        row = [1] * n
        for i in range(n):
            table[i] = row
    return table


@given(3)
def several_types_in_an_array(n):
    table = [[0] * n for _ in range(n)]
    table[0][0] = 0.5
    return np.array(table)


@given(3)
def row_held_and_changed(n):
    table, row = [], [1] * n
    for _ in range(n):
        row = [v + 1 for v in row]
        table.append(row)
    table[0][0] = 5
    return table, row


@given(X, 3)
def compared_with_a_list_of_arrays(x, n):
    return [x] * n == [x] * n


@given(3)
def returned_with_several_types(n):
    table = [[0] * n for _ in range(n)]
    table[0][0] = 0.5
    return table
