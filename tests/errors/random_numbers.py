"""Random numbers that are not Philox's, which has the same in every language."""

import random

import numpy as np

from tests.refusals import given


@given(1)
def default_generator(seed):
    return np.random.default_rng(seed).normal()


@given(1)
def global_generator(seed):
    return np.random.rand(seed)


@given(1)
def generator_of_python(seed):
    return random.random()


@given(1)
def generator_on_other_bits(seed):
    return np.random.Generator(np.random.PCG64(seed)).normal()


@given(1)
def generator_on_a_number(seed):
    return np.random.Generator(seed).normal()


@given(1)
def generator_without_a_seed(seed):
    return seed + np.random.Generator(np.random.Philox()).normal()


@given(1)
def draw_that_is_not_taken(seed):
    return np.random.Generator(np.random.Philox(seed)).beta(1.0, 2.0)


@given(1)
def generator_that_is_returned(seed):
    return np.random.Generator(np.random.Philox(seed))


@given(np.random.default_rng(1))
def another_generator_that_is_passed(rng):
    return rng.normal()
