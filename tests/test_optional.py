"""Numbers that are None until there is one, a phrase each."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

X = np.array([3.0, -1.0, 2.0, 3.0, -1.5, 5.0, 0.5])
W = np.random.default_rng(2).random((6, 6))

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@program((X,), (X[:0],))
def best(x):
    found, place = None, None
    for i in range(len(x)):
        v = x[i] * x[i] - 3.0 * x[i]
        if found is None or v < found:
            found, place = v, i
    return found, place


@smooth((X,))
def smallest(x):
    least = None
    for v in x:
        if least is None or v < least:
            least = v
    return least**2 + x[0]


@smooth((X,), (X[:1],))
def least(x):
    found = None
    for v in x:
        if found is None or v * v < found:
            found = v * v
    return found


@smooth((X,), (X[:1],))
def steps(x):
    last, s = None, 0.0
    for v in x:
        if last is not None:
            s += (v - last) ** 2
        last = v
    return s + x[0]


@program((X,), (-np.abs(X),), (X[:0],))
def first(x):
    found = None
    for i in range(len(x)):
        if x[i] > 2.5:
            found = i
            break
    return -1 if found is None else found


@program((X,), (-np.abs(X),))
def used_where_it_is_none(x):
    found = None
    for v in x:
        if v > 2.5:
            found = v
    return found + 1.0


@smooth((X,))
def runs_of_positive(x):
    current, s = None, 0.0
    for v in x:
        if v < 0:
            current = None
        elif current is None:
            current = v
        else:
            current = current * v
            s += current
    return s


@smooth((W, 0))
def shortest(w, s):
    n = len(w)
    far, seen = [np.inf] * n, [False] * n
    far[s] = 0.0
    for _ in range(n):
        u = None
        for v in range(n):
            if not seen[v] and (u is None or far[v] < far[u]):
                u = v
        seen[u] = True
        for v in range(n):
            if far[u] + w[u, v] < far[v]:
                far[v] = far[u] + w[u, v]
    return sum(far)


@program((X, True), (X, False))
def given(x, there):
    found = None
    if there:
        found = x[0]
    return found, 1 if found else 2


@program((X,))
def while_there_is_none(x):
    now, i = None, 0
    while now is None or now < 3.0:
        now = x[i] + i
        i += 1
    return now, i


def test_the_gradient_of_none(mode):
    with pytest.raises(TypeError, match=r"test_optional\.py:\d+: the cost is None"):
        transpile.grad(least)(X[:0])


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
