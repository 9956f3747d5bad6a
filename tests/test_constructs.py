"""Every construct of the language, as C and as generated Python: value, writes and gradient."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.constructs import (  # noqa: F401
    augmented,
    branches,
    exits,
    overwrites,
    swaps,
    trips,
    views,
)
from tests.constructs._case import CASES
from tests.numerics import assert_gradients_close, assert_values_equal, complex_step, copied


@pytest.mark.parametrize(
    ("program", "args", "wrt"), CASES, ids=[program.__name__ for program, *_ in CASES]
)
def test_construct(program, args, wrt, mode):
    f = transpile.value_and_grad(program, wrt=wrt)
    ours = copied(args)
    value, gradient = f(*ours)
    np.testing.assert_allclose(value, program(*copied(args)), rtol=1e-12)
    assert_values_equal(ours, args)  # a gradient never writes into its arguments
    assert_gradients_close(gradient, complex_step(program, copied(args), wrt))


def guarded(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            s += np.log(x[i]) * np.sqrt(x[i])
        else:
            s += 1.0
    return s


def guarded_by_expression(x):
    s = 0.0
    for i in range(len(x)):
        s += np.log(x[i]) if x[i] > 0 else x[i] * 2
    return s


def guarded_array(x):
    y = x * 3
    if x[0] > 0:
        y = x / x[0]
    return np.sum(y * y)


def remainders(x):
    s = 0.0
    for i in range(len(x)):
        a = x[i] * 3
        a %= 1.0
        b = x[i] * 5
        b //= 1.0
        s += a * b
        x[i] %= 0.7
        x[i] //= 0.2
    return s + np.sum(x)


X = np.array([-1.0, 0.0, 2.0, 0.55])


@pytest.mark.parametrize(
    ("program", "x", "want"),
    [
        (guarded, X, [0.0, 0.0, (2 + np.log(2)) / 8**0.5, (2 + np.log(0.55)) / 2 / 0.55**0.5]),
        (guarded_by_expression, X, [2.0, 2.0, 1 / 2, 1 / 0.55]),
        (guarded_array, X[1:3], [0.0, 36.0]),
        (remainders, X, 3 * np.floor(5 * X)),
    ],
)
def test_a_side_not_taken_adds_nothing(program, x, want, mode):
    assert_gradients_close((transpile.grad(program)(x.copy()),), (np.array(want),))
