"""Numbers that may be None, and what cannot be done with them."""

import numpy as np

import transpile
from tests.refusals import given

X = np.arange(3.0)


@given(X)
def compared_with_a_number(x):
    found = None
    for v in x:
        if v > 1.0:
            found = v
    return found == 2.0


def positive(x):
    if x[0] > 0.0:
        return x
    return None


@given(X)
def compared_with_none(x):
    nothing = None
    return 1 if positive(x) == nothing else 2


@given(X)
def appended_to(x):
    rows = None
    if x[0] > 0.0:
        rows = [x[0]]
    if rows is not None:
        rows.append(x[1])
    return rows


@given(X)
def array_or_nan(x):
    if x[0] > 0.0:
        return x
    return np.nan


@given(X, wrt=0, by=transpile.grad)
def gradient_of_an_array(x):
    return positive(x)


@given(X, wrt=0, by=transpile.jacobian)
def differentiated(x):
    least = None
    for v in x:
        if least is None or v < least:
            least = v
    return least
