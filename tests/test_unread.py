"""What is indexed and not used raises NumPy's IndexError all the same, and costs nothing else."""

# ruff: noqa: F841

import numpy as np

import transpile
from tests.phrases import Phrases

phrases = Phrases()
program, smooth = phrases.program, phrases.smooth
X, KS = np.arange(12.0).reshape(3, 4), np.array([0, 2, -3])


@program((X, 3), (X, -3), (X, -4))
def row_by_name(x, k):
    row = x[k]
    return len(x)


@program((X, 3, 0), (X, 2, 4), (X, -3, -4))
def element_by_name(x, i, j):
    v = x[i, j]
    return x[0, 0]


@program((X, KS), (X, KS + 1), (X, KS - 1))
def gathered(x, ks):
    x[ks]
    np.take(x, ks, axis=1)
    return 1


@program((X, KS), (X, KS + 1))
def in_a_loop(x, ks):
    total = 0.0
    for i in range(len(x)):
        unused = x[i, 3]
        for k in ks:
            row = x[k]
        total += x[i, 0]
    return total


@program((X, 2), (X, 3))
def of_what_is_written_and_dropped(x, k):
    y = x * 2.0
    y[k] = 1.0
    y[k, 0] += 3.0
    return x[0, 0]


@program((X[0], 3), (X[0], 4), (X[0, :0], 0))
def in_one_branch(x, k):
    if k > 3:
        v = x[k]
    items = list(x)
    items[k]
    return k


@smooth((X, 1), (X, -3))
def used_after(x, k):
    row = x[k]
    total = 0.0
    for j in range(x.shape[1]):
        total += row[j] * row[j]
    return total


test_runs_as_python_does = phrases.runs()
test_gradient = phrases.gradients()


def pair(x, k):
    row = x[k]
    return row[0] + row[1] * row[0]


def test_what_is_read_after_it_is_checked_once():
    f = transpile.function(pair)
    f(X, 1)
    assert "IndexError" not in f.source("python")
