"""Writes to what a mask selects, of what is computed there, as choices at every element."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth

Y = np.array([0.5, -2.25, 0.0, 1.5, -0.0, 3.0])
Z = np.array([2.0, 0.5, -1.0, 0.0, 4.0, -3.0])
M = np.cos(np.arange(12.0)).reshape(3, 4)
IMAGE = np.sin(np.arange(24.0)).reshape(3, 4, 2)
K = np.array([[3, 0, -2], [7, 1, 0]])


@program((Y,), (M,), (M[:0],))
def inverted(y):
    x = y.copy()
    x[x != 0] = 1.0 / x[x != 0]
    return x


@smooth((Y, Z), (M, M[::-1] + 0.125))
def added_where_both_are_large(y, z):
    m = (y > 0.25) & (np.abs(z) > 0.5)
    x = y * z
    x[m] += z[m] * 2.0 - x[m]
    x[~m] *= y[~m]
    return np.sum(x * x)


@smooth((IMAGE,))
def some_pixels(a):
    bright = a[:, :, 0] > 0.0
    b = a * 1.5
    b[bright] = b[bright] - 0.5 * a[bright]
    return np.sum(b * b * b)


@program((K,), (K.astype(np.int8),))
def whole_numbers(k):
    m = k % 2 == 1
    k[m] = k[m] // (k[m] - 1) + k[m] ** 2
    return k


@program((Y + 1j * Z, 5))
def orbits(c, steps):
    z = np.zeros(len(c), dtype=complex)
    n = np.zeros(len(c), dtype=int)
    for i in range(steps):
        inside = abs(z) < 2.0
        n[inside] = i
        z[inside] = z[inside] ** 2 + c[inside]
    return z, n


CHOICES = (inverted, added_where_both_are_large, some_pixels, whole_numbers, orbits)


@program((Y, Z))
def old_content(y, z):
    """What is read is no longer there when it is written."""
    m = y > 0.0
    old = z[m]
    z[:] = 0.0
    y[m] = old + y[m]
    y[m] = z[m]
    return y


@program((Y, Z))
def by_another_mask(y, z):
    y[y > 0.0] = z[: np.count_nonzero(y > 0.0)] + 1.0
    y[y < 0.0] = z[z < -0.5][:2].sum() + y[y < 0.0]
    return y


@smooth((Y, Z + 4.0))
def dear(y, z):
    m = y > 0.0
    x = np.zeros(len(y))
    x[m] = np.log(z[m]) * y[m]
    return np.sum(x * y)


@smooth((M[:, :2].copy(), Y[3:, None] + 1.0), by_differences=True)
def each_pair_once(place, mass):
    """The root of zero on the diagonal has no slope, and what is left of it is nothing."""
    dx = place[:, 0:1].T - place[:, 0:1]
    dy = place[:, 1:2].T - place[:, 1:2]
    r = np.sqrt(dx**2 + dy**2)
    r[r > 0.0] = 1.0 / r[r > 0.0]
    return np.sum(np.triu(-(mass * mass.T) * r, 1))


@program((M, Y))
def of_another_shape(a, y):
    a[a > 0.5] = (a[a > 0.5] - np.mean(a[a > 0.5])) * y[0]
    rows = np.sum(a, axis=1) > 0.0
    a[rows] = a[rows][:, ::-1]
    a[:, y[:4] > 0.0] *= 2.0
    return a


@program((np.array([True, False, True]), Y[:3]), (np.array([True, False, True]), Y[:2]))
def of_another_length(m, y):
    x = np.zeros(3)
    x[m] = y[m] + 1.0
    return x


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()


@pytest.mark.parametrize("f", CHOICES, ids=lambda f: f.__name__)
def test_nothing_is_gathered(f):
    args = next(args for g, args in PHRASES.cases if g is f)
    made = transpile.function(f)
    assert "nonzero" not in made.source("c", *args)
    assert "found" not in made.source("c", *args)


def test_what_is_dear_is_computed_where_it_is_wanted():
    assert "found" in transpile.function(dear).source("c", Y, Z + 4.0)
