"""Python's modules around arrays: what of them is not taken."""

import itertools
import math
import operator
import statistics
from collections import deque

import numpy as np

from tests.refusals import given


@given(np.arange(3.0), 70)
def how_many_are_chosen(x, r):
    total = 0.0
    for pair in itertools.combinations(x, r):
        total += pair[0]
    return total


@given(np.arange(3.0), 70)
def a_key_that_runs(x, k):
    return operator.itemgetter(k)(x)


@given(np.arange(3.0))
def a_deque_returned(x):
    return deque(x)


@given(np.arange(3.0))
def a_slice_of_a_deque(x):
    return deque(x)[:2]


@given(np.arange(3.0), 70)
def an_order_that_runs(x, n):
    return sorted(x, reverse=n > 3)


@given("b", 1.0, [])
def an_order_of_unlike(text, x, more):
    return sorted([text, 1.0])


@given(np.arange(3.0))
def a_greatest_with_more(x):
    return max(x, best=True)


@given(np.arange(3.0), 3)
def keywords_of_a_method(x, n):
    found = []
    for k in range(n):
        found.append(x[k])
    found.append(object=1.0)
    return found


@given(2.0)
def by_a_name(x):
    return math.sin(x=x)


@given(np.arange(3.0))
def without_python_text(x):
    return itertools.groupby(x)


@given(np.arange(3.0))
def a_generator_with_more(x):
    return max((v for v in x), best=True)


@given(1.0)
def a_method_of_dicts(x):
    found = {"a": x}
    return found.popitem()


@given(1.0)
def an_order_of_none(x):
    return x if None < None else -x


@given(3)
def mean_of_integers(n):
    return statistics.mean([n, 2, 3])
