"""What is filled and then gone over is filled on the way, where nothing can tell the difference."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import transpile
from tests.nest_programs import nests
from transpile.loops.nest import Fill
from transpile.loops.walk import statements


def product_so_far(x):
    y = x.copy()
    for i in range(1, len(x)):
        y[i] *= y[i - 1]
    return y


def from_the_end(x):
    y = x.copy()
    for i in range(len(x) - 1, 0, -1):
        y[i - 1] += 0.5 * y[i]
    return y


def ends_left_alone(x):
    y = x.copy()
    for i in range(1, len(x) - 1):
        y[i] = y[i] + y[i - 1]
    return y


def chosen(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] += x[i]
        if x[i] > 0:
            y[i] *= 2.0
    return y


def table(x):
    A = np.zeros((len(x), 3))
    for i in range(len(x)):
        for j in range(3):
            A[i, j] += x[i] * j
    return A


def looks_ahead(x):
    y = x.copy()
    for i in range(len(x) - 1):
        y[i] = y[i] + y[i + 1]
    return y


def looks_anywhere(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] += x[i] + y[len(x) - 1 - i]
    return y


def stops(x):
    y = x.copy()
    for i in range(len(x)):
        y[i] += 1.0
        if x[i] > 1.0:
            break
    return y


def sometimes(x):
    y = x.copy()
    for i in range(len(x)):
        if x[i] > 0:
            y[i] += 1.0
    return y


def source_written(x):
    y = x.copy()
    for i in range(len(x)):
        x[i] = 0.0
        y[i] += 1.0
    return y


def every_second(x):
    y = x.copy()
    for i in range(0, len(x), 2):
        y[i] += 1.0
    return y


JOINED = (product_so_far, from_the_end, ends_left_alone, chosen, table, looks_ahead)
APART = (looks_anywhere, stops, sometimes, source_written, every_second)


def fills(f):
    return [s for s in statements(nests(f, np.ones(4)).body) if isinstance(s, Fill)]


@pytest.mark.parametrize("f", JOINED, ids=lambda f: f.__name__)
def test_filled_on_the_way(f):
    assert not fills(f)


@pytest.mark.parametrize("f", APART, ids=lambda f: f.__name__)
def test_filled_before(f):
    assert fills(f)


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
@pytest.mark.parametrize("f", [*JOINED, *APART], ids=lambda f: f.__name__)
def test_values_are_the_same_at_every_length(f):
    ours = transpile.function(f)
    for n in (0, 1, 2, 3, 7):
        x = np.linspace(-1.0, 2.0, n)
        wanted, mine = x.copy(), x.copy()
        np.testing.assert_array_equal(ours(mine), f(wanted))
        np.testing.assert_array_equal(mine, wanted)
