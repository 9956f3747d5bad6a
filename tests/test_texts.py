"""Texts: printed, and the messages of errors; and what is asked of dtypes, which is known."""
# ruff: noqa: UP031 (formats with % are what is tested)

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program = PHRASES.program

X = np.array([0.5, 2.25, -3.0])
K = np.array([3, 1, 2])


@program((X,), (K,), (X.astype(np.float32),))
def in_floats(x):
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(np.float64, copy=False)
    y = x.astype(x.dtype, copy=False)
    y[0] = 7.0
    return y, x.astype(np.float64, copy=True), issubclass(y.dtype.type, np.inexact)


@program((X, K), (X.astype(np.float32), K.astype(np.int16)), (2, K.astype(np.uint8)), (X[0], True))
def common(x, y):
    return np.zeros(2, dtype=np.result_type(x, y))


@program((X, K), (X.astype(np.float32), K), (K.astype(np.int8), K.astype(np.uint8)))
def questions(x, y):
    joint = np.promote_types(x.dtype, y.dtype)
    return joint == np.dtype("float64"), np.can_cast(x.dtype, y.dtype), np.ones(1, dtype=joint)


@program((X, 1), (X, 9))
def refused_with_numbers(x, n):
    if n > 5:
        raise ValueError("%d is too much, %s" % (n, "5 is not") + " for " + str(x[0]))
    return x * n


test_runs_as_python_does = PHRASES.runs()


def report(x, n):
    print("%d of %s: %.3f %5.1e %%" % (n, "all", x[1], x[0]))
    print("%s|%4d|%+i" % (n, n, n))
    print("first " + f"{x[0]:.2f}" + ", then " + str(n))
    print("%g" % n, "plain %s" % "text")
    return x


def test_texts_are_printed_as_python_prints_them(mode, capfd):
    report(X, 12)
    want = capfd.readouterr().out
    transpile.function(report)(X, 12)
    assert capfd.readouterr().out == want


def test_message_names_what_is_not_known(mode):
    with pytest.raises(ValueError, match=r"\{n:d\} is too much, 5 is not for \{...\}"):
        transpile.function(refused_with_numbers)(X, 9)
