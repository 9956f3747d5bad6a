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


@given(X, wrt=0, by=transpile.jacobian)
def differentiated(x):
    least = None
    for v in x:
        if least is None or v < least:
            least = v
    return least
