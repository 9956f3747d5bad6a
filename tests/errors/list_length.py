"""A list has other items on each way through a branch; in a loop as well."""

import numpy as np

from tests.refusals import given


@given(8.0)
def longer_on_one_way(x):
    a = [x]
    if x > 0:
        a.append((x, 1.0))
    return a[0]


@given(np.arange(3.0))
def after_a_break(x):
    found, i = [], 0
    while i < len(x):
        if x[i] > 2.0:
            break
        found.append((x[i], 1))
        i += 1
    return len(found)
