"""Sets, counts, histograms, padding, and what is put in and taken out: as NumPy's own."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

K = np.random.default_rng(0).integers(0, 5, 20)
F = np.array([1.0, np.nan, 2.0, 1.0, np.nan, 0.5])
X = np.array([0.5, -1.25, 2.0, 0.75, 2.0, 1.5])
M = np.arange(12.0).reshape(3, 4) / 4


def first_of(found, room):
    """What was found, in an array whose length does not depend on it."""
    out = np.zeros(room, dtype=found.dtype)
    out[: len(found)] = found
    return out, len(found)


@program((K,), (F,), (K[:0],), (K < 2,))
def uniques(x):
    n = len(x)
    a, i, j, c = np.unique(x, True, True, return_counts=True)
    return first_of(a, n), first_of(i, n), j, first_of(c, n), first_of(np.unique(x[::2]), n)


@program((M.astype(np.int32) % 3,))
def uniques_of_matrices(m):
    a, j = np.unique(m, return_inverse=True)
    return first_of(a, 12), j, a[j] == m


@program((K, np.arange(3, 9)), (X, M), (K[:1], K[:0]))
def sets(x, y):
    a, b = np.union1d(x, y), np.intersect1d(x, y)
    c, d = np.setdiff1d(x, y), np.setxor1d(x, y)
    n = x.size + y.size
    return first_of(a, n), first_of(b, n), first_of(c, n), first_of(d, n)


WIDE = np.array([0, 2**63, 2**64 - 1, 5], dtype=np.uint64)


@program((K, np.arange(3, 9)), (F, F[:2]), (M, X[:0]), (K, K[:0]), (K, K * 2**60 + 5),
         (K.astype(np.uint8), K - 3), (WIDE, WIDE[2:]), (WIDE, WIDE[::3]), (WIDE, WIDE[3:]),
         (K.reshape(2, -1), K[1:3]), (K - 2**62, K[:3] - 2**62))  # fmt: skip
def members(x, y):
    return np.isin(x, y), np.isin(x, y, invert=True), np.isin(x, [1.0, 2.0]), np.isin(2, y)


@program((K, 9), (K.astype(np.int32), 2), (K[:3], 0))
def counts(x, n):
    a, b, c = np.bincount(x), np.bincount(x, minlength=n), np.bincount(x, x * 0.5)
    return a, b, c, np.bincount(x[1:]), np.bincount(x, weights=x, minlength=8)


@program((K,), (X,), (M,), (X[:1],))
def histograms(x):
    a, b = np.histogram(x)
    c, d = np.histogram(x, 4, (0.5, 3.5))
    e, f = np.histogram(x, [0.0, 1.0, 2.5, 5.0])
    g, h = np.histogram(x, bins=3, weights=x * 0.5)
    i, j = np.histogram(x, np.array([-2, 1, 4]), weights=x * 1.5, density=True)
    return a, b, c, d, e, f, g, h, i, j, np.histogram(x, 5, density=True)[0]


@program((X[:0],))
def histogram_of_nothing(x):
    return np.histogram(x, 3), np.histogram_bin_edges(x, 2)


@program((X,), (M,))
def bins_of(x):
    a = np.digitize(x, np.array([0.5, 1.5, 3.0]))
    return (
        a,
        np.digitize(x, np.array([3, 1, 0]), right=True),
        np.digitize(1.7, np.array([1.0, 2.0])),
    )


@program((X,))
def bins_out_of_order(x):
    return np.digitize(x, x)


@program((X, 2), (K, -1))
def inserts(x, i):
    a, b, c = np.insert(x, i, 7), np.insert(x, -1, [7, 8]), np.insert(x, [0, 2, 2], [5, 6, 7])
    return a, b, c, np.insert(x, len(x), 1.5), np.insert(x, [i], [3, 4]), np.delete(x, i)


@program((M,))
def inserts_rows(m):
    a, b = np.insert(m, 1, 7, axis=0), np.insert(m, 1, [7, 8, 9], axis=1)
    c, d = np.insert(m, [0, 2], 5.0, axis=1), np.insert(m, 1, 3.5)
    return a, b, c, d, np.delete(m, -1, axis=0), np.delete(m, 2, axis=1)


@program((X,), (K,))
def deletes(x):
    a, b = np.delete(x, [0, -1, 0]), np.delete(x, np.array([1, 2]))
    return first_of(a, 20), first_of(b, 20), first_of(np.delete(x, [1]), 20)


@program((X, 9))
def inserts_outside(x, i):
    return np.insert(x, i, 1)


@program((X, 7), (M, 3), (K, 0))
def resizes(x, n):
    return np.resize(x, (2, 3)), np.resize(x, n), np.resize(x, (n, 5))


@program((X,), (M,), (X[:0],))
def finds(x):
    a, b, c = np.argwhere(x > 1), np.extract(x > 1, x), np.compress(np.ravel(x > 1), x)
    found = np.zeros((12, 2))
    found[: len(a), : x.ndim] = a
    return found, first_of(b, 12), first_of(c, 12)


@program((X,), (M,), (M.astype(np.int32),))
def puts(x):
    np.put(x, [0, 3], [9, 8])
    np.place(x, x > 3, [1, 2])
    np.putmask(x, x < 1, x * 10 - 1)


@program((X, 2), (M, 1), (K, 0), (M[:, :1], 1))
def pads(x, n):
    a, b, c = np.pad(x, n), np.pad(x, (1, n)), np.pad(x, n, mode="edge")
    d, e = np.pad(x, (n, 2), "reflect"), np.pad(x, n, "symmetric")
    return a, b, c, d, e, np.pad(x, 3, "wrap"), np.pad(x, n, constant_values=7)


@program((M, 5), (M[:1], 1))
def pads_axes(m, n):
    a, b = (
        np.pad(m, ((1, 0), (2, n))),
        np.pad(m, ((1, 1), (2, n)), constant_values=((1, 2), (3, 4))),
    )
    c, d = np.pad(m, [(1, 1), (0, 2)], mode="edge"), np.pad(m, ((0, 1), (n, n)), "reflect")
    return a, b, c, d, np.pad(m, n, "wrap"), np.pad(m, ((n, 0), (0, 7)), mode="symmetric")


@program((X[:0], 0), (X[:0], 1))
def pads_nothing(x, n):
    return np.pad(x, n), np.pad(x, n, "edge")


@program((M, np.array([2, 0]), [1, 3]))
def crosses(m, i, j):
    p, q = np.ix_(i, j)
    w = m.copy()
    w[np.ix_([0, 2], [0, 1])] = 9.0
    return m[np.ix_(i, j)], p, q, w, m[np.ix_(i, np.array([1, 2, 3]))]


@program((K % 3, X[:4]), (np.array([[0], [1]]), X[:4]), (np.array([0, 5, 1, 1]), X[:4]))
def chooses(k, x):
    a = np.select([k == 0, k == 1], [k * 1.5, -k], default=9)
    return (
        a,
        np.choose(k, [7.5, 2, 3]),
        np.choose(k % 2, (k, k * 2)),
        np.choose(k, [1, 2], mode="clip"),
    )


@program((M, 7), (np.arange(24).reshape(4, 6), 23), (M, 12))
def numbers_of_places(m, k):
    i, j = np.unravel_index(k, m.shape)
    p, q = np.unravel_index(np.array([0, 5, 11]), m.shape)
    r = np.ravel_multi_index((p, q), m.shape)
    s, t = np.unravel_index(np.argmax(m), (m.shape[0], m.shape[1]))
    return i, j, p, q, r, s, t, np.ravel_multi_index((1, 2), (3, 4))


@program((X, M[:, :1]))
def spreads(x, y):
    a, b = np.broadcast_arrays(x, y)
    return a, b, np.broadcast_shapes(x.shape, y.shape), np.broadcast_shapes((3, 1), 5, (1, 5))


@program((3, 4, 7))
def lengths_of_one_name(a, b, c):
    """Each array has the length that the integer had when it was made."""
    n = max(a, 1)
    x = np.zeros(n)
    n = min(b, 9)
    y = np.ones(n)
    n = abs(c)
    return x, y, np.zeros(n)


@smooth((X, M))
def pads_and_puts(x, m):
    p = np.pad(m, ((1, 2), (0, 1)), "reflect") ** 2 + np.pad(m, ((3, 0), (1, 0)), "wrap")
    q = np.insert(x * x, 2, x[0] * 3.0) * np.pad(x, (1, 0), constant_values=2.0)
    r = np.resize(x, (3, 4)) * m + np.select([m > 1.1, m > 0.1], [m * m, m * 3.0], m)
    return np.sum(p * p) + np.sum(np.delete(q, 1) ** 3) + np.sum(r * r)


@smooth((X,), by_differences=True)
def sums_by_kind(x):
    k = np.array([0, 2, 1, 1, 0, 2])
    u = np.unique(x[:4] * 2.0)
    return np.sum(np.bincount(k, x * x) ** 2) + u[0] * u[-1] + np.sum(np.sort(x)[np.ix_([0, 3])])


@refused((X,))
def unique_rows(x):
    return np.unique(x, axis=0)


@refused((M,))
def pads_oddly(m):
    return np.pad(m, 1, mode="linear_ramp")


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
