"""What gradients keep: asserted to the byte for programs of many kinds, and shown to users."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.kept import (  # noqa: F401
    factorisations,
    inner_loops,
    recurrences,
    stencils,
    updates,
)
from tests.kept._case import CASES
from tests.numerics import assert_gradients_close, complex_step, copied


@pytest.mark.parametrize(
    ("program", "sizes", "args", "wrt"), CASES, ids=[case[0].__name__ for case in CASES]
)
def test_what_is_kept(program, sizes, args, wrt):
    f = transpile.grad(transpile.function(program, mode="FAST_COMPILE"), wrt=wrt)
    assert sorted(r.size for r in f.residuals(*args)) == sorted(sizes)
    got = f(*copied(args))
    assert_gradients_close(got, complex_step(program, copied(args), wrt))


def triangle(A, x):
    s = 0.0
    for i in range(len(x)):
        for j in range(2, i):
            s = np.sin(s * A[i, j]) + x[j]
    return s


def halving(x):
    s = 0.3
    for i in range(len(x)):
        a = x[i] + 2.0
        while a > 1.0:
            a = a * a * 0.4
        s = s + s * a
    return s


def squares(x):
    total = np.sum(x * x)
    for i in range(len(x)):
        x[i] = x[i] * x[i]
    return total * x[0]


def test_a_triangular_log_has_its_exact_length():
    g = transpile.grad(triangle)
    (log,) = g.residuals(np.ones((6, 6)), np.ones(6))
    assert (log.name, log.size) == ("s_at", "8*sum(max(0, i - 2) for i in range(n_x))")
    assert log.bytes == 8 * (0 + 1 + 2 + 3)
    assert eval(log.size, {"n_x": 6}) == log.bytes
    (again,) = g.residuals()
    assert again.size == log.size
    assert again.bytes is None


def test_what_is_counted_while_running():
    x = np.array([0.1, 0.2, -1.5])
    found = transpile.grad(halving).residuals(x)
    (log,) = [r for r in found if "counted" in r.size]
    assert log.size == "8*entries, counted while running"
    trips, a = 0, 0.0
    for a in x + 2.0:
        while a > 1.0:
            a, trips = a * a * 0.4, trips + 1
    assert log.bytes == 8 * trips
    assert found.bytes == sum(r.bytes for r in found)


def test_an_old_version_that_is_needed_is_a_residual():
    def overwritten(x):
        y = x * x
        for i in range(1, len(x)):
            y[i] = y[i] * y[i - 1]
        total = np.sum(y * y)
        for i in range(1, len(x)):
            y[i] = y[i] * y[i - 1]
        return total * np.sum(y)

    x = np.linspace(0.5, 1.0, 5)
    g = transpile.grad(overwritten)
    found = [(r.name, r.size) for r in g.residuals(x)]
    assert found == [("y_at", "8*(n_x - 1)"), ("y_at_1", "8*n_x")]
    assert_gradients_close((g(x),), complex_step(overwritten, (x,), ("x",)))


def test_the_table(capsys):
    g = transpile.grad(triangle)
    lines = repr(g.residuals(np.ones((6, 6)), np.ones(6))).splitlines()
    assert lines[0].split() == ["name", "type", "bytes", "value", "of"]
    assert lines[1].startswith("s_at")
    assert "= 48" in lines[1]
    assert lines[1].endswith("for j in range(2, i):")
    assert lines[2].split() == ["in", "all", "48"]
    transpile.debugprint(g)
    assert "kept for the reverse sweep:\nname" in capsys.readouterr().out


def test_nothing_is_kept():
    g = transpile.grad(squares)
    assert g.residuals(np.ones(3)) == []
    assert repr(g.residuals()) == "nothing is kept"
    assert transpile.function(squares).residuals(np.ones(3)) == []
