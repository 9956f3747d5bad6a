"""What a program reads from its module, or its closure."""

import dataclasses

import numpy as np

from tests.refusals import given

MODEL = {1.0, 2.0}
HALF = np.float16(0.5)
HALVES = np.ones(3, np.float16)
NUMBERED = {1.5: 2.0}
MODULES = {"numpy": np}
RNG = np.random.default_rng(1)
WEIGHTS = (np.ones(3), 2.0)
COUNT = 0


@dataclasses.dataclass
class Slotted:
    __slots__ = ("x",)
    x: float


SLOTTED = Slotted(1.0)


@given(1.0)
def a_set(x):
    return x * MODEL


@given(1.0)
def a_number_in_half_precision(x):
    return x * HALF


@given(1.0)
def an_array_in_half_precision(x):
    return x * HALVES


@given(1.0)
def a_dict_of_numbers(x):
    return x * NUMBERED[1.5]


@given(1.0)
def a_dict_that_cannot_be_copied(x):
    return MODULES["numpy"].sin(x)


@given(1.0)
def a_generator_that_does_not_count(x):
    return x * RNG.random()


@given(1.0)
def a_tuple_with_an_array(x):
    return x * WEIGHTS[1]


@given(1.0)
def a_dataclass_with_slots(x):
    return x * SLOTTED.x


@given(1.0)
def a_name_that_is_not_there(x):
    return x * missing  # noqa: F821


@given(1.0)
def assigned(x):
    global COUNT
    COUNT += 1
    return x
