"""Calls of the user's own functions and classes, and of what is none."""

import dataclasses
import random
from collections import namedtuple

import numpy as np

from tests.refusals import given

Pair = namedtuple("Pair", "a b")


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0


def double(x):
    return 2.0 * x


def keep(x, *, scale=1.0):
    return x * scale


def gather(values):
    return sum(values)


@given(1.0)
def a_number(x):
    return x(2.0)


@given(1.0)
def a_random_number(x):
    return x + random.random()


@given(1.0)
def too_many_arguments(x):
    return double(x, x)


@given(1.0)
def an_argument_left_out(x):
    return double()


@given(1.0)
def an_unknown_argument(x):
    return keep(x, size=2.0)


@given(np.ones(3))
def a_generator(x):
    return gather(v for v in x)


@given(1.0)
def keywords_of_a_number(x):
    return keep(x, **x)


@given(1.0)
def a_dataclass_without_its_fields(x):
    return Point(x, 1.0, 2.0)


@given(1.0)
def a_named_tuple_without_its_fields(x):
    return Pair(x)


@given(np.ones(3))
def an_attribute_that_is_not_there(x):
    return x.length


@given(1.0)
def an_attribute_of_a_class(x):
    return x + np.ndarray.ndim


@given(1.0)
def a_module_without_it(x):
    return np.sinus(x)


@given(1.0)
def a_text_without_it(x):
    return "abc".length


@given(np.ones(3))
def an_assigned_attribute(x):
    x.label = 1.0
    return x


@given(1.0)
def an_assigned_call(x):
    double(x)[0] = 2.0
    return x


@given(1.0)
def without_a_value(x):
    return x + double


@given(np.ones(3))
def an_attribute_of_memory(x):
    return x.strides
