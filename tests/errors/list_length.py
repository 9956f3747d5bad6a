"""A list has other items on each way through a branch; in a loop as well."""

import numpy as np

from tests.refusals import given


@given(8.0)
def longer_on_one_way(x):
    a = [x]
    if x > 0:
        a.append((x, 1.0))
    return a[0]


@given(np.arange(100.0))
def in_a_loop(x):
    found = []
    for v in x:
        if v > 0.0:
            found.append(("above", v))
        else:
            found.append(("below", v))
    return len(found)
