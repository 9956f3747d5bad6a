"""Arguments that a program cannot be called with."""

import numpy as np

from tests.refusals import given


@given({1.0, 2.0})
def a_set(x):
    return x


@given(np.ones(3, np.float16))
def half_precision(x):
    return x


@given(np.array([None]))
def objects(x):
    return x


@given(np.zeros(3, [("a", float)]))
def fields(x):
    return x


@given(np.array(["a", "b"]))
def texts(x):
    return x


@given(np.ones(3, ">f8"))
def bytes_in_the_other_order(x):
    return x


@given(np.ma.masked_array([1.0, 2.0], [True, False]))
def masked(x):
    return x


@given(np.zeros((1,) * 9))
def nine_dimensions(x):
    return x


@given({1: 2.0})
def dict_of_numbers(x):
    return x
