"""`match` with patterns that are not taken."""

import numpy as np

from tests.refusals import given


@given(np.ones(3))
def of_a_rest(x):
    match (x[0], x[1], x[2]):
        case (first, *rest):
            return first
        case _:
            return x[0]


@given(3)
def bound_though_the_guard_fails(k):
    n = 0
    match k:
        case n if n > 5:
            k += 1
    return n + k
