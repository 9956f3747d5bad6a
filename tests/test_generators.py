"""Generator functions, read where a loop goes over what they yield, as Python has them."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

X = np.array([0.5, 1.5, 2.5, 0.25, 3.0])

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


def halves(x, least=0.2):
    while x > least:
        yield x
        x = x / 2


def pairs(n):
    for i in range(n):
        for j in range(i):
            if (i + j) % 3 == 0:
                continue
            if i > 5:
                return
            yield i, j


def chained(x):
    yield 1.0
    yield from halves(x)
    for k in range(3):
        yield x * k


@program((X,))
def left_early(x):
    total, count = 0.0, 0
    for i, j in pairs(len(x) + 4):
        if i == 3:
            continue
        total += x[i % 5] * j
        count += 1
        if count > 7:
            break
    return total, count, i


@program((X, 1.0), (X, 0.01))
def returned(x, least):
    for k, v in enumerate(halves(x[4]), 2):
        if v < least:
            return v * k
    return x[0]


@smooth((X,))
def consumed(x):
    def scaled(m):
        for k in range(m):
            yield x[k] * m

    total = sum(halves(x[4])) * max(halves(x[1])) + next(halves(x[0]))
    squares = [v * v for v in halves(x[2])]
    for v in chained(x[2]):
        total = total * 0.5 + v
    for v in scaled(3):
        total += v * squares[1]
    return total + sum(v**3 for v in halves(x[4]) if v < 2)


@refused((X,))
def side_by_side(x):
    total = 0.0
    for u, v in zip(halves(x[4]), halves(x[2]), strict=False):
        total += u * v
    return total


test_values = PHRASES.runs()
test_gradients = PHRASES.gradients()
test_refusals = PHRASES.refuses()
