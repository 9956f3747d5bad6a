"""Names of a tuple's items that are not known, or no names."""

from collections import namedtuple

import numpy as np

from tests.refusals import given


@given(np.ones(2))
def from_an_array(x):
    return namedtuple("Pair", x)(1.0, 2.0)


@given(2.0)
def one_name_twice(x):
    return namedtuple("Pair", ["a", "a"])(x, x)
