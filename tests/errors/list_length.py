"""A list has other items on each way through a branch; in a loop as well."""

from tests.refusals import given


@given(8.0)
def longer_on_one_way(x):
    a = [x]
    if x > 0:
        a.append((x, 1.0))
    return a[0]
