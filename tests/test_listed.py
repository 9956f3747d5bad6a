"""Lists whose length only the run tells: what is done to them, and with them, as Python does it."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

X = np.array([1.5, -2.0, 0.5, 3.0])

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth


@program((5,), (1,), (2,))
def filled(n):
    table = [0] * n
    table[1] = 1
    for i in range(2, n):
        table[i] = table[i - 1] + table[i - 2]
        table[-1] += 2
    return table, table[:2], n * [1.0]


@program((6,), (5,), (4,), (1,), (0,))
def changed(n):
    items = []
    for i in range(n):
        items.append(i)
    a, b, c = items.pop(), items.pop(0), items.pop(2)
    items.insert(1, 77)
    items.insert(-1, 88)
    items.insert(100, 99)
    items.extend([9, 8])
    items += items
    del items[0]
    return a, b, c, items, items.pop(-2)


@program((3,), (0,))
def summed(n):
    halves = [0.5] * n + [1.0]
    twice = [2.0] + halves * 2 + halves * n
    twice[1] += 3.0
    held = np.array(twice)
    twice[0] = 7.0
    return halves, twice, held, len(twice), sum(twice)


@program((9,), (0,))
def pairs(n):
    path = []
    while n > 0:
        path.append((n, n * n))
        n //= 2
    total = 0
    for a, b in path:
        total += a * b
    return path, total, [[i, i + 1] for i in range(n)], [(i, 0.5 * i) for i in range(3)]


@program((X, 3), (X, 0), (X[:0], 2))
def history(x, steps):
    states, norms = [], []
    for k in range(steps):
        x = x * 0.5 + k
        states.append(x)
        norms.append(np.sum(x))
    return states, {"norms": norms, "steps": len(states)}, list(x), list(range(steps))


@smooth((X, 5), (X, 3))
def multistep(x, steps):
    """The last three rates are kept, the first of them leaves."""
    rates = []
    for k in range(3):
        rates.append(np.sin(x + k))
    for _ in range(steps):
        x = x + 0.1 * (23 * rates[-1] - 16 * rates[-2] + 5 * rates[0]) / 12
        rates.append(np.sin(x))
        rates.pop(0)
    return np.sum(x * x)


@smooth((X,))
def emptied(x):
    todo, total = list(x), 0.0
    while len(todo) > 1:
        last = todo.pop()
        todo[0] = todo[0] * last
        total += todo[0]
    todo.clear()
    return total * (1 + len(todo))


@program((X, 7), (X, 0))
def cyclic(x, n):
    """Lists and tuples of known length, indexed by what only the run tells."""
    weights, sums = (0.5, 0.25, 0.125), [0.0] * 4
    other = sums
    for i in range(n):
        sums[i % 4] += weights[i % 3]
    sums[0] = 5.0
    return other, weights[n % 3], [1, 2][n % 2]


@program((X, 20), (X, -2), (X, 5000))
def other_ways(x, n):
    """Lists whose lengths only one way through a branch can tell."""
    found, k = [], 0
    if n > 0:
        while abs(x[k % 4]) * k < n:
            k += 1
            found.append(k)
    else:
        found = [7]
    if x[0] < 0:
        return found, []
    return found, [v for v in x if v > 1.0]


@program(
    (12, X),
)
def searched(n, x):
    left, total = [n], 0.0
    while left:
        k = left.pop()
        if k <= 0:
            continue
        total += x[k % 3]
        left.append(k - 2)
        left.append(k - 3)
    return total


@program((np.array([[0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]], bool),))
def breadth_first(links):
    far, queue, head = np.full(len(links), -1), [0], 0
    far[0] = 0
    while head < len(queue):
        u = queue[head]
        head += 1
        for v in np.nonzero(links[u])[0]:
            if far[v] < 0:
                far[v] = far[u] + 1
                queue.append(int(v))
    return far, queue


@smooth((np.array([3.0, 1.0, 2.0, 5.0, 4.0, 0.5]),))
def pooled(y):
    """Isotonic regression: neighbours in the wrong order are pooled."""
    level, weight = [], []
    for v in y:
        level.append(v)
        weight.append(1)
        while len(level) > 1 and level[-2] > level[-1]:
            both = weight[-2] + weight[-1]
            level[-2] = (level[-2] * weight[-2] + level[-1] * weight[-1]) / both
            weight[-2] = both
            level.pop()
            weight.pop()
    return np.sum(np.array(level) ** 2 * np.array(weight))


@smooth((X, 3), (X[:1], 2))
def sum_of_arrays(x, n):
    """What is a number before the first round is an array after it."""
    total = 0
    for k in range(n):
        total = total + x * k
    rows = [x * i for i in range(3) for j in range(2) if x[0] > i + j]
    return np.sum((total + sum(x**k for k in range(1, n)) + len(rows)) ** 2)


@program((3,))
def never_entered(n):
    found = []
    while len(found) > 0 and found[-1] > n:
        found.pop()
    else:
        n += 1
    while False:
        n = None
    return n


def test_a_sum_of_no_arrays_is_refused_when_it_is_met(mode):
    with pytest.raises(ValueError, match="a number after a loop of no rounds"):
        transpile.function(sum_of_arrays)(X, 0)


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()


def losses(w, x, steps):
    found, path = [], []
    for _ in range(steps):
        r = x * w - 1.0
        found.append(np.sum(r * r))
        path.append(w)
        w = w - 0.1 * x * r
    return np.sum(w), (found, path)


def test_a_list_has_an_array_for_its_cotangent(mode):
    def weighed(w, x, rows):
        last, (found, path) = losses(w, x, 3)
        return last + 2.0 * found[1] + np.sum(rows * np.array(path))

    w, x, rows = X * 0.1, X + 0.25, np.cos(np.arange(12.0)).reshape(3, 4)
    want = transpile.grad(transpile.function(weighed))(w, x, rows)
    slope = transpile.vjp(transpile.function(losses))
    got = slope(w, x, 3, (1.0, (np.array([0.0, 2.0, 0.0]), rows)))
    np.testing.assert_allclose(got, want, rtol=1e-13)
    with pytest.raises(TypeError, match="has to be an array, with a row for each item"):
        slope(w, x, 3, (1.0, ([0.0, 2.0, 0.0], rows)))


def test_a_list_stands_beside_a_gradient(mode):
    value_and_grad = transpile.value_and_grad(transpile.function(losses), has_aux=True)
    (last, (found, path)), slope = value_and_grad(X * 0.1, X, 3)
    want, (theirs, ways) = losses(X * 0.1, X, 3)
    assert isinstance(found, list) and len(found) == len(theirs) == 3
    np.testing.assert_allclose([last, *found], [want, *theirs], rtol=1e-14)
    np.testing.assert_allclose(path, ways, rtol=1e-14)
    np.testing.assert_allclose(slope, (1 - 0.1 * X * X) ** 3, rtol=1e-13)
