"""Arrays that a loop writes in another shape: in place, without a copy of them for each step."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

X = np.random.default_rng(0).normal(size=(3, 4))

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth


@smooth((X,), (X[:, :0],))
def flat_branch(x):
    y = x * 2.0
    for i in range(y.size):
        if i % 3 == 0:
            y.flat[i] = y.flat[i] ** 2
    return np.sum(y * x)


@smooth((X, 2), (X, 0))
def flat_nested(x, steps):
    y = x.copy()
    row = y.ravel()
    for _ in range(steps):
        for j in range(1, row.size):
            row[j] += row[j - 1] * row[j] * 0.1
    return np.sum(y * y)


@smooth((X, 5))
def flat_while(x, most):
    y = x.copy()
    row, i = y.reshape(-1), 0
    while i < most:
        row[i] = np.sin(row[i] * row[i + 1])
        i += 1
    return np.sum(y * x)


@program((X.copy(),))
def seen_both_ways(x):
    row = x.reshape(-1)
    for i in range(len(x)):
        row[i] = x[i, 0] + 1.0
        x[i] *= 2.0
    return row


@program((X.copy(), 3, 4))
def halves(x, n, m):
    out = np.zeros((n, m))
    flat = out.reshape(-1)
    for i in range(n * m):
        flat[i] = i
        if i == 7:
            break
    top = x.reshape(2, -1)
    for k in range(2):
        top[k] = top[k][::-1] * 2.0
    return out, x


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()


@pytest.mark.parametrize("f", [flat_branch, flat_nested], ids=lambda f: f.__name__)
def test_no_step_copies_the_array(f):
    made = transpile.function(f)
    made.compile(*((X,) if f is flat_branch else (X, 2)))
    copies = [line for line in made.source("c").splitlines() if "memcpy" in line]
    assert all(line.startswith("    memcpy") for line in copies)
