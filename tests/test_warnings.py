"""Warnings that a program gives, each for the line, the class and the text that Python has."""

# ruff: noqa: B028, UP031

from __future__ import annotations

import warnings

import numpy as np
import pytest

import transpile
from transpile.runtime import call

X = np.array([3.0, 1.0, 4.0])


class Divergence(UserWarning):
    pass


def squared(x):
    if x > 2.0:
        warnings.warn(f"{x:.1f} of {np.float32(x)} is large", RuntimeWarning, stacklevel=2)
    return x * x


def converging(x, n):
    s = 0.0
    for i in range(n):
        s += squared(x[i])
    if s > 3.0:
        warnings.warn("no end after %d steps: %s, %s" % (n, s, n > 2), category=Divergence)
    warnings.warn("always")
    warnings.warn(Divergence("made"), stacklevel=2)
    return s


def silenced(x, n):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        s = squared(x[0])
        y = 1.0 / x
        warnings.warn("seen", Divergence)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="no end", category=UserWarning)
        warnings.warn("No end here")
        if n > 2:
            warnings.warn("an end")
            return s + y[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return squared(x[1]) + s


def told(f, *args):
    """What it gives, and what it warns of."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        value = f(*args)
    return value, [(str(w.message), w.category, w.filename, w.lineno) for w in found]


PROGRAMS = pytest.mark.parametrize(
    ("f", "n", "count"),
    [(converging, 3, 5), (converging, 0, 2), (silenced, 3, 2), (silenced, 2, 1)],
)


@PROGRAMS
def test_it_warns_as_python_does(f, n, count, mode):
    want = told(f, X, n)
    assert len(want[1]) == count
    assert told(transpile.function(f), X, n) == want


@PROGRAMS
def test_its_gradient_warns_as_it_does_itself(f, n, count, mode):
    assert told(transpile.grad(f), X, n)[1] == told(f, X, n)[1]


def test_a_warning_that_is_an_error(mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for f in (transpile.function(converging), transpile.grad(converging)):
            with pytest.raises(RuntimeWarning, match=r"3\.0 of 3\.0 is large"):
                f(X, 3)


def test_a_line_warns_once_by_default(mode):
    registry = globals().setdefault("__warningregistry__", {})
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("default")
        registry.clear()
        ours = transpile.function(converging)
        for _ in range(3):
            ours(X, 0)
    assert [str(w.message) for w in found] == ["always", "made"]


def test_where_there_is_no_extension(monkeypatch):
    monkeypatch.setattr(call, "_extension", lambda: None)
    assert told(transpile.function(converging, mode="FAST_RUN"), X, 3) == told(converging, X, 3)


def test_the_text_that_is_generated():
    """It needs nothing of ours to warn."""
    f = transpile.function(converging, mode="FAST_COMPILE")
    namespace, line = {}, converging.__code__.co_firstlineno + 6
    exec(f.source("python", X, 0), namespace)
    found = told(namespace["converging"], X, 0)[1]
    assert found[0] == ("always", UserWarning, "test_warnings.py", line)
    assert found[1][2] == __file__
