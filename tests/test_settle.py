"""A size that only one number fits is that number in the loops that run with it."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.nest_programs import text


def slope(y):
    dy = np.empty(2)
    dy[0] = y[1]
    dy[1] = -y[0]
    return dy


def oscillator(y, dt, steps):
    for _ in range(steps):
        y = y + dt * slope(y + 0.5 * dt * slope(y))
    return np.sum(y * y)


def until_small(y, dt):
    while np.sum(y * y) > 0.5:
        z = np.zeros(2)
        z[0] = 0.1 * y[1]
        y = y - dt * (y + z)
    return np.sum(y)


def test_loops_have_the_number():
    words = text(oscillator, np.ones(2), 0.1, 5)
    body = words[words.index("for (int64_t _ = 0") : words.index("double total")]
    assert "i < 2;" in body and "i < n_y" not in body


def test_values_and_gradients(mode):
    y = np.array([1.0, 0.5])
    np.testing.assert_allclose(
        transpile.function(oscillator)(y, 0.1, 7), oscillator(y, 0.1, 7), rtol=1e-14
    )
    np.testing.assert_allclose(
        transpile.function(until_small)(y, 0.1), until_small(y, 0.1), rtol=1e-14
    )
    transpile.check_grad(oscillator, y, 0.1, 7)
    transpile.check_grad(until_small, y, 0.1)


def test_another_size_is_refused_where_it_is_met(mode):
    ours = transpile.function(oscillator)
    assert ours(np.ones(3), 0.1, 0) == 3.0
    with pytest.raises(ValueError, match="equal here"):
        ours(np.ones(3), 0.1, 1)
