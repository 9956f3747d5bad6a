"""Syntax that is not taken: each is refused before anything is run."""

import numpy as np

from tests.refusals import given


@given(1.0)
async def an_async_function(x):
    return x


@given(1.0)
def a_class(x):
    class Point:
        pass

    return x


@given(1.0)
def tidying_up(x):
    try:
        return 1.0 / x
    finally:
        print(x)


@given(1.0)
def a_nonlocal_name(x):
    def more():
        nonlocal x
        x = x + 1.0

    more()
    return x


@given(1.0)
def yielding(x):
    yield x


@given(1.0)
def yielding_from(x):
    yield from (x, x)


@given(1.0)
def two_at_once(x):
    class Point:
        pass

    yield x


@given(1.0)
def a_decorator_inside(x):
    @np.vectorize
    def double(v):
        return 2.0 * v

    return double(x)


@given(np.ones(3))
def assigning_in_a_comprehension(x):
    return [y for v in x if (y := v) > 0]


@given(3)
def assigning_in_a_test_with_else(n):
    while (m := n - 1) > 0:
        n = m
    else:
        n = 7
    return n
