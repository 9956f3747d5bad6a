"""What a loop carries as an index: where it is certain to be in range, and where it is not."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
NONE = np.zeros(0)

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth


@program((X,), (NONE,), (X[:1],))
def place_of_greatest(x):
    k = 0
    for i in range(1, len(x)):
        if x[i] > x[k]:
            k = i
    return k


@smooth((X,), by_differences=True)
def sorted_by_insertion(x):
    a = x.copy()
    for i in range(1, len(a)):
        v, j = a[i], i - 1
        while j >= 0 and a[j] > v:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = v
    return a @ np.arange(len(a))


@program((X, 0), (X, 3), (X, 6), (X, -1), (X, -7))
def from_a_given_place(x, k):
    total = 0.0
    for i in range(len(x)):
        total += x[k]
        if x[i] > 0:
            k = i
    return total, k


@program((X, 2), (X, 7), (X, 20))
def goes_up_too_far(x, n):
    k, total = 0, 0.0
    for i in range(n):
        if x[k] > 0 or i % 2 == 0:
            k += 1
        total += x[k]
    return total


@program((X, 3), (X, 9), (X, 20))
def goes_down_below_zero(x, n):
    k, total = len(x) - 1, 0.0
    for _ in range(n):
        total += x[k]
        k -= 1
    return total, k


@program((X, 3), (X, 6), (X, 8))
def of_an_inner_loop(x, n):
    k, total = 0, 0.0
    for i in range(len(x)):
        total += x[k]
        for j in range(i, n):
            if x[j % len(x)] > total:
                k = j
    return total, k


@program((X, 4), (X, 9))
def behind_the_loop(x, n):
    k = 2
    for i in range(n):
        k = i
    return x[k]


@program((X,), (NONE,))
def backwards(x):
    k = len(x) - 1
    for i in range(len(x) - 1, -1, -1):
        if x[i] > x[k]:
            k = i
    return k


@program((X, 0.0), (X, 3.0), (X, -3.0), (X, np.nan), (X, np.inf))
def counted_in_bins(x, shift):
    h = np.zeros(4, dtype=np.int64)
    for i in range(len(x)):
        k = int(x[i] + shift)
        if 0 <= k < 4 and not (k == 2 or x[i] < 0):
            h[k] += 1
        if k < 0 or k >= 4:
            continue
        h[3 - k] += 2
    return h


@program((27,))
def up_and_down(k):
    count = 0
    while k != 1:
        k = k // 2 if k % 2 == 0 else 3 * k + 1
        count += 1
    return count, -7 // 2, -7 % 2, count // -4, count % -4


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()


def test_an_argument_holds_what_was_written_before_a_failure(mode):
    """A result that nobody gets may hold anything; what the caller has may not."""

    def gathered(y, x, k):
        for i in range(len(y)):
            for j in range(len(k)):
                y[i] += x[k[j]]

    def made(x, k):
        y = np.zeros(3)
        for i in range(len(y)):
            for j in range(len(k)):
                y[i] += x[k[j]]
        return y

    good, bad = np.array([0, -1, 2]), np.array([0, -1, 9, 2])
    y, want = np.ones(2), np.ones(2)
    transpile.function(gathered)(y, X, good)
    gathered(want, X, good)
    np.testing.assert_array_equal(y, want)
    with pytest.raises(IndexError):
        transpile.function(gathered)(y, X, bad)
    with pytest.raises(IndexError):
        gathered(want, X, bad)
    np.testing.assert_array_equal(y, want)
    np.testing.assert_array_equal(transpile.function(made)(X, good), made(X, good))
    with pytest.raises(IndexError):
        transpile.function(made)(X, bad)
