"""Lists and arrays that grow for as long as their own elements say, a phrase a program."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

R = np.random.default_rng(0)
X, M = R.normal(size=7), R.normal(size=(4, 5))

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@program((2,), (30,), (10000,))
def primes(n):
    out = []
    for k in range(2, n + 1):
        prime = True
        for p in out:
            if p * p > k:
                break
            if k % p == 0:
                prime = False
                break
        if prime:
            out.append(k)
    return np.array(out)


@smooth((X, 0.1), (X, 0.9))
def decaying(x, k):
    y = [x[0] ** 2 + 3.0]
    while y[-1] > 0.5:
        y.append(y[-1] * (1.0 - k) - 0.01 * x[len(y) % 7] ** 2)
    return (np.array(y) ** 2).sum()


@program((1.0, 1.001), (1.0, 3.0))
def beyond_the_first_room(x, r):
    out = [x]
    while out[-1] < 1e3:
        out.append(out[-1] * r)
    return np.array(out), len(out)


@program((X.copy(),))
def written_before_there_is_room(x):
    x[0] += 1.0
    out = [1.0]
    while out[-1] < 1e9:
        out.append(out[-1] * 1.01 + x[0] ** 2)
    x[1:] *= 2.0
    return np.array(out)


@smooth((X,), (-np.abs(X),))
def twice_where_positive(x):
    y = np.zeros(0)
    for v in x:
        if v > 0:
            y = np.concatenate((y, np.array([v, v * v])))
    return (y**2).sum() + len(y)


@program((X,), (-np.abs(X),))
def rows_where_positive(x):
    A = np.zeros((0, 2))
    for v in x:
        if v > 0:
            A = np.vstack((A, np.array([[v, v * v]])))
    return A


@smooth((X,), (X[:1],))
def merged(x):
    b, width = x.copy(), 1
    while width < len(b):
        out, i = [], 0
        while i < len(b):
            left, right = b[i : i + width], b[i + width : i + 2 * width]
            p = q = 0
            while p < len(left) and q < len(right):
                if left[p] <= right[q]:
                    out.append(left[p])
                    p += 1
                else:
                    out.append(right[q])
                    q += 1
            while p < len(left):
                out.append(left[p])
                p += 1
            while q < len(right):
                out.append(right[q])
                q += 1
            i += 2 * width
        b = np.array(out)
        width *= 2
    return (b * np.arange(1.0, len(b) + 1)).sum()


@program((X,), (X + 200.0,))
def ended_by_an_error(x):
    out, i = [], 0
    while True:
        out.append(x[i % 3] * 2)
        i += 1
        if i > 100:
            raise ValueError("too many")
        if x[0] > 100:
            break
    return np.array(out)


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
