"""Lists of tuples, dicts and dataclasses whose length only the run tells, as Python has them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

X = np.array([1.5, -2.0, 0.5, 3.0, -0.25])
POINTS = np.arange(12.0).reshape(4, 3) ** 2 / 10

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth


@dataclass
class Body:
    place: Any
    mass: float
    number: int


@program((X,), (X[:0],))
def returned(x):
    found = []
    for k, v in enumerate(x):
        found.append((k, v, {"twice": 2.0 * v, "same": None}))
    return found, len(found), found[1:3], found[:1]


@smooth((X, 0.5))
def history(x, rate):
    kept, mean = [], np.zeros(2)
    for k in range(len(x)):
        mean = mean + rate * (x[k] - mean) * np.array([1.0, 0.5])
        if x[k] > -1.0:
            kept.append((k, mean.copy(), x[k]))
    total = 0.0
    for k, at, v in kept:
        total += k * at[0] * v + at[1]
    return total + kept[-1][2] * len(kept)


@smooth((POINTS, np.array([1.0, 2.0, 0.5, 1.5])))
def bodies(points, masses):
    found = []
    for k in range(len(masses)):
        found.append(Body(points[k], masses[k], k))
    energy = 0.0
    for a in found:
        for b in found:
            if a.number < b.number:
                apart = a.place - b.place
                energy -= a.mass * b.mass / np.sqrt(np.sum(apart * apart))
    return energy


@smooth((X, 16))
def stack(x, n):
    left, total = [(0, n, 1.0)], 0.0
    while left:
        start, stop, weight = left.pop()
        if stop - start <= 1:
            total += weight * x[start % 5]
            continue
        middle = (start + stop) // 2
        left.append((start, middle, 0.5 * weight))
        left.append((middle, stop, 0.75 * weight))
    return total


@program((X,))
def changed(x):
    pairs = []
    for k in range(len(x)):
        pairs.append((k, x[k]))
    for i in range(len(pairs)):
        for j in range(len(pairs) - 1 - i):
            if pairs[j][1] > pairs[j + 1][1]:
                pairs[j], pairs[j + 1] = pairs[j + 1], pairs[j]
    pairs.insert(1, (7, x[0]))
    del pairs[0]
    pairs.reverse()
    pairs += [(9, x[1])]
    pairs.sort(key=lambda pair: -pair[1])
    other = pairs.copy()
    other.pop(1)
    other.extend(pairs)
    k, v = other[2]
    other[-1] = (k + 1, 2.0 * v)
    pairs.clear()
    return other, list(other), pairs


@program((X,))
def comprehended(x):
    peaks = [(k, x[k]) for k in range(1, len(x) - 1) if x[k - 1] < x[k] > x[k + 1]]
    return peaks, np.array([(k, v) for k, v in enumerate(x)]), list(enumerate(x))


@smooth((1.0, 1e-12))
def until(x, tolerance):
    steps = []
    for k in range(50):
        off = x * x - 2.0
        steps.append((k, x, off))
        if abs(off) < tolerance:
            break
        x = x - off / (2.0 * x)
    return x + sum(at for _, at, _ in steps) + np.array(steps)[1, 1]


@smooth((np.array([0.9, 1.3]), 2))
def events(x, n):
    """A queue of what is to come, with a list of times beside it."""
    queue, times, total = [(0.0, 1)], [0.0], 0.0
    while queue:
        at, many = heapq.heappop(queue)
        total += at * heapq.heappop(times) / many
        if at > 3.0:
            continue
        for k in range(n):
            heapq.heappush(queue, (at + x[k], many + k))
            heapq.heappush(times, at + x[k])
    return total


@program((X,), (X[:0],))
def none_at_first(x):
    if len(x) == 0:
        return []
    found = []
    for k, v in enumerate(x):
        found.append((k, v))
    return found


@program((X, 2), (X, -1), (X, 3))
def by_number(x, k):
    edges = [(0, 1, 2.5), (1, 2, 0.5), (0, 2, 4.0)]
    i, j, w = edges[k]
    return i, j, w * x[i]


def test_a_cotangent_has_an_array_for_each_part(mode):
    def f(x):
        found = []
        for k in range(len(x)):
            found.append((k, x[k] ** 2))
        return found

    assert (transpile.vjp(f)(X, (None, np.ones(5))) == 2.0 * X).all()
    with pytest.raises(TypeError, match="an array for each part of the items"):
        transpile.vjp(f)(X, [(None, 1.0)] * 5)


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
