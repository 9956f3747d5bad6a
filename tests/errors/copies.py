"""Copies that are not taken."""

import copy

import numpy as np

from tests.refusals import given


@given(np.random.Generator(np.random.Philox(1)))
def of_a_generator(rng):
    return copy.deepcopy(rng).normal()


@given(np.ones(3))
def with_a_memo(x):
    return copy.deepcopy(x, {})


@given(np.ones(3), 4)
def of_lists_in_a_list(x, n):
    rows = []
    for i in range(n):
        rows.append([float(x[0]), i * 1.0])
    return copy.deepcopy(rows)[0][0]
