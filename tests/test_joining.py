"""Joining, splitting and repeating: as NumPy's own, with their gradients."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
Y = np.array([1.0, 0.25])
M = np.arange(12.0).reshape(3, 4) / 4
K = np.arange(6, dtype=np.int32)
EMPTY = np.zeros(0)


@program((X, Y), (X, EMPTY), (K, X), (K, EMPTY.astype(bool)), (X.astype(np.float32), K))
def joins_vectors(x, y):
    a, b = np.concatenate((x, y)), np.concatenate([y, x[::2], y[::-1]], axis=0)
    c, d = np.hstack((x, y, 1.5)), np.append(x, y)
    return a, b, c, d, np.append(x, 3), np.append(x, [1.0, 2.0]), np.concat((x[1:], x[:-1]))


@program((M, M[:2]), (M[::-1, ::-1], M[:0]), (np.arange(8).reshape(2, 4), M))
def joins_matrices(a, b):
    c = np.concatenate((a, b, a[:1]))
    d = np.concatenate((a.T, b.T), axis=1)
    e = np.concatenate((a, b), axis=None)
    out = np.zeros_like(c)
    np.concatenate((b, a, b[:1]), out=out)
    return c, d, e, out, np.vstack((a, b)), np.append(a, b, axis=0), np.hstack([a.T, b.T])


@program((X, K), (EMPTY, EMPTY))
def stacks(x, k):
    a, b = np.stack((x, k)), np.stack([x, x * 2, k], axis=-1)
    c, d, e = np.vstack((x, k)), np.dstack((x, k)), np.column_stack((x, k, x))
    return a, b, c, d, e, np.stack((1.5, 2)), np.stack((x, k), axis=1, dtype=np.float32)


@program((M,))
def stacks_matrices(m):
    a, b = np.dstack((m, m)), np.column_stack((m, m[:, 0]))
    return a, b, np.stack((m, m + 1), axis=1), np.vstack((m, m[0])), np.hstack((m, m[:, :1]))


@program((M, M[:, :2]))
def blocks(a, b):
    c = np.block([[a, b], [np.ones((2, 4)), np.zeros((2, 2))]])
    return c, np.block([a, b]), np.block([1.0, 2.0]), np.block([[X[:4]], [a]])


@program((X,), (np.arange(6),), (M[::-1],))
def splits(x):
    a, b, c = np.split(x, 3)
    d, e = np.split(x, [2])
    f, g = np.array_split(x, 2)
    g[0] = 7
    parts = np.array_split(x, 4)
    n = len(x) - 1
    h, i, j = np.split(x, [1, n])
    return a, b, c, d, e, f, parts[0], parts[3], len(parts), h, i, j


@program((M,))
def splits_axes(m):
    a, b = np.hsplit(m, 2)
    c, d = np.vsplit(m, [1])
    e, f, g = np.array_split(m, 3, axis=1)
    (h,) = np.split(m, 1, axis=-1)
    a[0, 0] = 9.0
    return a, b, c, d, e, f, g, h, np.dsplit(m[:, :, None], 1)[0]


@program((X, 2), (EMPTY, 3), (K, -11), (X, 6))
def rolls(x, k):
    return np.roll(x, k), np.roll(x, 1), np.roll(x, -1), np.roll(x, -k, axis=0)


@program((M, 2), (M.T, -1))
def rolls_axes(m, k):
    a, b = np.roll(m, k), np.roll(m, 1, axis=1)
    return a, b, np.roll(m, (1, k), axis=(0, 1)), np.roll(m, 1, axis=(0, 1)), np.roll(m, (k, 1), 0)


@program((M, np.array([1, -1])), (M, np.array([5, 2])), (M, np.array([1, 2, 3])))
def rolls_by_an_array(m, k):
    steps = np.array([[1, 0], [0, -1]])
    return np.roll(m, k, axis=(0, 1)), np.roll(m, steps[1], axis=(0, 1)), np.roll(m, steps[0])


@program((X, 3), (K, 1), (M, 2), (EMPTY, 0))
def repeats(x, n):
    a, b, c = np.tile(x, 2), np.tile(x, n), np.tile(x, (2, n))
    return a, b, c, np.repeat(x, 2), np.repeat(x, n), x.repeat(2, axis=0), np.repeat(3, 4)


@program((M, np.array([2, 0, 3])), (M, np.array([0, 0, 0])))
def repeats_by_counts(m, counts):
    a, b = np.repeat(m, counts, axis=0), np.repeat(m[:, 0], counts)
    return a, b, np.repeat(m, [1, 2, 0, 1], axis=1), np.tile(m, (1, 2)), np.tile(m, (2, 1, 1))


@program((X, 3), (M, 2), (M[0, 0], 2))
def joins_lists(x, n):
    rows = [x * k for k in range(n)]
    a, b, c = np.stack(rows), np.vstack(rows), np.hstack(rows)
    return a, b, c, np.column_stack(rows), np.stack(rows, axis=-1), np.concatenate([a, a])


@program(
    (M, 2),
)
def joins_lists_of_matrices(m, n):
    rows = [m + k for k in range(n)]
    return np.concatenate(rows), np.concatenate(rows, axis=1), np.concatenate(rows, axis=None)


@program((X, Y), (M, M[:, :3]))
def does_not_fit(x, y):
    return np.stack((x, y))


@program((X,))
def does_not_split(x):
    return np.split(x, 4)


@smooth((X, Y))
def joins_and_splits(x, y):
    z = np.concatenate((x * y[0], np.sin(y), x[::2]))
    a, b, c = np.split(z, [2, 5])
    d = np.stack((x, x * x), axis=1)
    return np.sum(a) ** 2 + np.sum(b * b) + np.sum(c**3) + np.sum(d[:, 0] * d[:, 1]) * a[0]


@smooth((M, Y))
def moves_and_repeats(m, y):
    z = np.roll(m, 1, axis=1) * m + np.roll(m, (1, -1), axis=(0, 1)) ** 2
    w = np.tile(y, (3, 2)) * z + np.repeat(y, 2) ** 3
    v = np.vstack((w, np.repeat(m, [0, 2, 1], axis=0)))
    return np.sum(v * v) + np.append(m, y)[-1] * np.block([[m], [w]])[3, 0]


@smooth((X,))
def rolls_in_a_loop(u):
    for _ in range(3):
        u = u + 0.1 * (np.roll(u, 1) - 2.0 * u + np.roll(u, -1)) * u
    return np.sum(u * u)


@smooth((M, 3))
def flat_in_a_loop(m, n):
    """How many elements there are is known before the loop."""
    total = 0.0
    for i in range(n):
        y = np.ravel(m) * np.tile(m[i % 2], len(m))
        total += np.sum(y * y) * i
        m = m * 0.9
    return total


@refused((X,))
def joins_nothing(x):
    return np.concatenate(x)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
