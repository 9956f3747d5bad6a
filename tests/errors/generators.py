"""Generators that are kept, passed on, or advanced side by side."""

import numpy as np

from tests.refusals import given


def halves(x):
    while x > 0.1:
        yield x
        x = x / 2


def asked(x):
    y = yield x
    return y


def caught(x):
    try:
        yield 1.0 / x
    except ZeroDivisionError:
        yield 0.0


def total(items):
    return sum(items)


@given(1.0)
def kept(x):
    rest = halves(x)
    return next(rest)


@given(1.0)
def passed_on(x):
    return total(halves(x))


@given(1.0)
def side_by_side(x):
    return [a * b for a, b in zip(halves(x), halves(x), strict=False)]


@given(1.0)
def sent_to(x):
    return list(asked(x))


@given(1.0)
def with_a_try(x):
    return list(caught(x))


@given(1.0)
def with_an_else(x):
    for v in halves(x):
        x += v
    else:
        x = 0.0
    return x


@given(1.0)
def without_its_argument(x):
    return list(halves()) + [x]


@given(np.ones(3))
def returned(x):
    return halves(x[0])
