"""The rows of the seed on operators, gradients and loops, each with the value that it must give.

The modules of tests/seed hold them: functions with their arguments, and with their value or their
derivatives. Where a row says no value, it is NumPy's. All run as C and as generated Python.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import transpile
from tests.numerics import assert_close, assert_values_equal, copied
from tests.seed import loops, operators
from tests.seed._case import PHRASES, ROWS, SLOPES, floats
from tests.seed.gradients import squared

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

test_as_numpy = PHRASES.runs()


@pytest.mark.parametrize(("f", "args", "want"), ROWS, ids=[f.__name__ for f, *_ in ROWS])
def test_value(f, args, want, mode):
    got = transpile.function(f)(*copied(args))
    assert_values_equal(got, f(*copied(args)))
    for g, w in zip(parts(got), parts(want), strict=True):
        np.testing.assert_array_equal(g, w)


def parts(value: Any) -> tuple:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize(("f", "at", "wrt", "want"), SLOPES, ids=[f.__name__ for f, *_ in SLOPES])
def test_slope(f, at, wrt, want, mode):
    if np.ndim(f(*copied(at))):
        weights = np.ones(np.shape(f(*copied(at))))
        got = transpile.vjp(transpile.function(f), wrt=wrt)(*copied(at), weights)
    else:
        got = transpile.grad(f, wrt=wrt)(*copied(at))
    for g, w in zip(got, want, strict=True):
        assert_close(np.asarray(g), np.asarray(w, dtype=float), 1e-12)


def test_the_gradient_of_a_square_reads_as_one():
    assert "2 * a" in transpile.grad(squared).source("python", 3.0)


def test_a_cost_is_a_scalar(mode):
    with pytest.raises(transpile.UnsupportedError, match=r"cost must be a scalar, not float64\[n"):
        transpile.grad(operators.times_three)(floats(1, 2))


def test_jacobian_and_hessian(mode):
    def cubes(a):
        return np.sum(a**3)

    def squares(a):
        return a**2

    assert_close(transpile.jacobian(squares)(floats(4, 4)), np.diag([8.0, 8.0]), 0.0)
    assert_close(transpile.hessian(cubes)(floats(1, 2)), np.diag([6.0, 12.0]), 0.0)


def test_a_loop_shows_what_it_reads_and_carries(capsys):
    f = transpile.function(loops.summed)
    f.compile(0.0, floats(0, 3, 5))
    transpile.debugprint(f)
    assert "scan" in capsys.readouterr().out
