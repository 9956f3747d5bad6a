"""Tests of `while` that do more than look, a phrase each."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

X = np.array([3.0, -1.0, 2.0, 3.0, -1.5, 5.0, 0.5])

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@program((3,), (4,))
def drawn(seed):
    rng, n = np.random.Generator(np.random.Philox(seed)), 0
    while rng.integers(3) != 0:
        n += 1
    return n, rng.random()


def relaxed(x):
    change = 0.0
    for i in range(1, len(x) - 1):
        new = 0.5 * (x[i - 1] + x[i + 1])
        change = max(change, abs(new - x[i]))
        x[i] = new
    return change


@program((X.copy(), 1000), (X.copy(), 2))
def sweeps(x, most):
    k = 0
    while relaxed(x) > 1e-3 and k < most:
        k += 1
        if k % 7 == 3:
            continue
    else:
        k += most
    return k


def halved(y):
    y[0] *= 0.5
    return y[0]


@smooth((X,))
def until_small(x):
    y, s = x * x, 0.0
    while halved(y) > 0.3:
        s += y[0] * y[1]
        if s > 1e6:
            break
    return s + y[0] ** 2


@program((X,))
def popped(x):
    stack, n = list(x), 0
    while stack and stack.pop() > -1.2:
        n += 1
    return n, len(stack)


@program((10,), (0,))
def named(n):
    s = 0
    while (m := n // 2) > 0:
        s, n = s + m, m
    return s, n


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
