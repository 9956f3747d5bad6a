"""Carried integers of one name that are always equal are one."""

from __future__ import annotations

import numpy as np
import pytest

import transpile

X = np.array([1.5, -2.0, 0.5, 3.0])


def both(x):
    found = []
    for k in range(len(x)):
        if x[k] > 0.0:
            found.append((k, x[k]))
    return np.array([v for _, v in found])


def nested(x):
    found = []
    for k in range(len(x)):
        for j in range(k):
            found.append((j, x[j]))
        found.append((k, x[k]))
    return sum(v for _, v in found)


def apart(x):
    """Two counters of the user's, each with its name; and lists that do not grow together."""
    up, down, even, odd = 0, 0, [], []
    for k in range(len(x)):
        up += 1
        down += 1
        if k % 2 == 0:
            even.append(x[k])
        else:
            odd.append(x[k])
    return up, down, even, odd


@pytest.mark.parametrize(("f", "other"), [(both, "n_found_1"), (nested, "n_found_2")])
def test_columns_have_one_length(f, other, mode):
    function = transpile.function(f)
    np.testing.assert_array_equal(function(X), f(X))
    text = function.source("python")
    assert "n_found" in text and other not in text


def test_names_of_the_user_stay(mode):
    function = transpile.function(apart)
    assert function(X) == apart(X)
    text = function.source("python")
    assert all(f"{name} += 1" in text for name in ("up", "down", "n_even", "n_odd"))
