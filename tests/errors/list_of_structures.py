"""What is not taken of lists of structures whose length only the run tells."""

import numpy as np

from tests.refusals import given

X = np.arange(3.0)


@given(X)
def another_form(x):
    found = []
    for k in range(len(x)):
        found.append((k, x[k]))
    found.append((x[0], 1, 2))
    return found


@given(X)
def a_method(x):
    found = []
    for k in range(len(x)):
        found.append((k, x[k]))
    return found.count((0, 0.0))


@given(X)
def an_array_of_dicts(x):
    found = []
    for k in range(len(x)):
        found.append({"number": k, "value": x[k]})
    return np.array(found)


@given(X)
def an_array_of_unlike_parts(x):
    found = []
    for k in range(len(x)):
        found.append((k, x * x[k]))
    return np.array(found)


@given(X)
def an_item_that_is_written(x):
    found = []
    for k in range(len(x)):
        found.append({"number": k, "value": x[k]})
    found[0]["value"] = 2.0
    return found


@given(X)
def a_keyword(x):
    found = []
    for k in range(len(x)):
        found.append((k, x[k]))
    found.pop(index=0)
    return found
