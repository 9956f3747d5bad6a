"""Sets, and dicts whose keys are not known, where their order or types are not ours."""

from collections import Counter

import numpy as np

from tests.refusals import given

KEYS = np.array([3, 1, 3])


@given(KEYS)
def the_order_of_a_set(x):
    return [v for v in set(x)]


@given(KEYS)
def a_counter_returned(x):
    return Counter(x)


@given(KEYS)
def a_text_beside_numbers(x):
    d = {"total": 0}
    for v in x:
        d[v] = 1
    return d


@given(KEYS)
def an_object_as_a_key(x):
    return x[0] in {np.sin, np.cos} or len({np.sin, np.cos})


@given(KEYS.astype(float), wrt=0)
def the_derivative_of_a_dict(x):
    d = {}
    for v in x:
        d[v] = v * v
    return d
