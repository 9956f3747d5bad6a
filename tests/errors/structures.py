"""Lists, tuples, dicts and texts, where what they hold has to be known."""

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(X, 100)
def index_of_the_running_program(x, n):
    return (x, 2.0)[n]


@given(X)
def index_out_of_range(x):
    return (x, 2.0)[2]


@given(X)
def key_that_is_not_there(x):
    return {"a": x}["b"]


@given(X, 100)
def key_of_the_running_program(x, n):
    return {"a": x, n: x}["a"]


@given(X)
def indexed_number(x):
    return x[0][1]


@given(X)
def place_in_a_list(x):
    return [x[0], x[1]].index(1.0)


@given(X)
def method_of_a_tuple(x):
    return (x[0], x[1]).sort()


@given(X)
def popped_without_a_key(x):
    return {"a": x}.pop()


@given(X)
def item_of_a_tuple(x):
    pair = (x[0], x[1])
    pair[0] = 1.0
    return pair


@given(X)
def deleted_element(x):
    del x[0]
    return x


@given(X)
def deleted_attribute(x):
    del x.shape
    return x


@given(X)
def more_names_than_values(x):
    a, b, c = (x[0], x[1])
    return a + b + c


@given(X)
def items_of_a_number(x):
    a, b = np.sin
    return a + b


@given(X)
def items_of_an_array(x):
    return [*x]


@given(X)
def dict_of_a_number(x):
    return {"a": 1.0, **x}


@given(X)
def same_tuples(x):
    a = (x[0], x[1])
    return a is (x[0], x[1])


@given(X)
def same_numbers(x):
    return x[0] is x[1]


@given(X, X)
def same_arguments(x, y):
    return x is y


@given(X)
def found_in_a_zip(x):
    return 1.0 in zip(x, x)


@given(X, 200)
def found_in_a_range(x, n):
    return 4 in range(0, 10, n)


@given(X)
def generator_with_a_name(x):
    items = (v * v for v in x)
    return sum(items)


@given(X)
def format_of_the_running_program(x):
    print(f"{x[0]:{x[1]}}")
    return x


@given(X)
def array_in_a_text(x):
    print(f"{x}")
    return x


@given(X)
def grouped_digits(x):
    print(f"{x[0]:,}")
    return x


@given(X)
def text_joined_of_numbers(x):
    return x, ",".join((1, 2))


@given(X)
def text_of_the_running_program(x):
    return "a".count(x[0])


@given(X)
def list_that_is_a_number_after_a_round(x):
    y = [0.0]
    for v in x:
        y = v
    return y


@given(X)
def list_of_other_items(x):
    found = []
    for v in x:
        if v > 0.0:
            found.append(v)
    found.append("end")
    return np.array(found)


@given(X)
def list_of_lists(x):
    found = [[x[0], x[1]]]
    for v in x:
        found.append([v, v])
    found.append((x[0], x[1]))
    return [a for a in found]


@given(X)
def list_of_texts(x):
    found = []
    for v in x:
        found.append("a")
    return found


@given(X)
def two_ways_to_a_list(x):
    if x[0] > 0.0:
        y = [x[0]]
    else:
        y = [x[0], x[1]]
    return y[0]


@given(X)
def removed_from_a_list_that_grows(x):
    found = [0.0]
    for v in x:
        found.append(v)
    found.remove(0.0)
    return np.array(found)


@given(X, 3)
def part_of_a_list_that_is_assigned(x, n):
    found = [x[0]] * n
    found[:2] = [x[1], x[2]]
    return found


@given(X, 3)
def sum_of_other_lists(x, n):
    return [x[0]] * n + [x]


@given(X, 3)
def multiple_of_a_mixed_list(x, n):
    return [x[0], x] * n


@given(X)
def text_in_bytes(x):
    return x, "abc".encode("latin-1")


@given(X, 100)
def item_of_a_list_of_other_items(x, n):
    found = [[(k, 0.5 * k)] for k in range(n)]
    return found[0]


@given(X)
def list_of_other_shapes(x):
    found = []
    for v in x:
        if v > 0.0:
            found.append(np.zeros(2))
    found.append(np.zeros(3))
    return found[0]


@given(X)
def order_of_other_kinds(x):
    return x, (1, 2) < (1, "a")


@given(X)
def format_that_python_has_not(x):
    return f"{1.0:q}"


@given(X)
def appended_twice(x):
    found = [x[0]]
    found.append(x[1], x[2])
    return found


@given(X)
def compared_with_none(x):
    return x == None  # noqa: E711


@given(X)
def missing_number(x):
    x[0] = None
    return x


@given(X)
def assigned_shape(x):
    x.shape = (1, 3)
    return x


@given(X)
def formatted_in_the_old_way(x):
    return "%f" % x[0]
