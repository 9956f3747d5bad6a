"""Ranges, grids, windows, triangles, arrays from lists: as NumPy's own, with their gradients."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

X = np.array([0.5, -1.25, 2.0, 0.75])
M = np.arange(12.0).reshape(3, 4) / 4
F4 = np.float32(0.3)


@program((5.3, 0.7), (0.3, 0.1), (-1.0, 0.25), (7, 0.5), (np.float64(2.5), np.float32(0.3)))
def counts_floats(a, h):
    p, q, r = np.arange(a), np.arange(0.0, a, h), np.arange(a, -1.0, -h)
    s, t = np.arange(a, dtype=int), np.arange(1, 2, h, dtype=np.float32)
    return p, q, r, s, t, np.arange(0, 1, 0.1), np.arange(1.0, 5.0), np.arange(0.5, a + h, h)


@program((5, 2.5), (5, 5), (2.5, 2), (7, -1))
def counts_with_one_bound(a, h):
    return np.arange(a, step=h), np.arange(stop=a), np.arange(stop=a, step=h)


@program((5,), (2.5,), (2j,), (np.float32(2.5),))
def of_one_number(a):
    return np.transpose(a), np.ascontiguousarray(a), np.iscomplex(a), np.isreal(a)


@program((5, 2), (1, -1))
def counts_integers(n, k):
    a, b = np.arange(n, dtype=np.float32), np.arange(0, n, 2, dtype="float64")
    return a, b, np.arange(stop=n, start=k), np.array(range(n)), np.array(range(k, n, 3))


@program((1.0, 0.0))
def counts_nothing(a, h):
    return np.arange(0.0, a, h)


@program((0.25, 2.0, 6), (3.0, -1.0, 2), (1.0, 1.0, 1), (2, 7, 0), (F4, np.float32(1.5), 5))
def spaces(a, b, n):
    c, step = np.linspace(a, b, 6, retstep=True)
    d, other = np.linspace(a, b, n, endpoint=False), np.linspace(a, b, 0, True, True)[1]
    e, f = (
        np.linspace(a, b, n, dtype=int) + np.linspace(a, b, n),
        np.linspace(start=a, stop=b, num=7),
    )
    g, h = np.linspace(0, 1, 5), np.linspace(0.0, 2.0 * np.pi, 9, endpoint=False)
    return c, step, d, other, e, f, g, h, np.linspace(a, b, 1), np.linspace(0, 10, 5, dtype=int)


@program((X, M[0]), (X, 2.0))
def spaces_arrays(a, b):
    c, step = np.linspace(a, b, 5, retstep=True)
    return c, step, np.linspace(a, b, 3, axis=1), np.linspace(b, a, 4, endpoint=False, axis=-1)


@program((0.5, 2.0, 4), (-1.0, 1.0, 1))
def spaces_logarithms(a, b, n):
    c, d = np.logspace(a, b, n), np.logspace(a, b, 3, base=2.0, endpoint=False)
    return c, d, np.geomspace(1.0, 1000.0, 4), np.geomspace(-2.0, -a * a, n)


@program((0,), (1,), (2,), (7,))
def windows(n):
    return np.hanning(n), np.hamming(n), np.blackman(n), np.bartlett(n)


@program((X, M[0]), (X[:1], X[:0]), (np.arange(3), X))
def grids(x, y):
    a, b = np.meshgrid(x, y)
    c, d = np.meshgrid(x, y, indexing="ij")
    e, f = np.meshgrid(x, y, sparse=True)
    g, h, i = np.meshgrid(x, y[1:], np.arange(2))
    a[:, 0] = 7.0
    return a, b, c, d, e, f, g, h, i, np.meshgrid(x, indexing="xy")


@program((4, 3), (2, 0))
def grids_of_places(n, m):
    a, b = np.mgrid[0:n, 0:m]
    c, d = np.ogrid[0:n, 1:m:2]
    e = np.indices((n, m))
    f, g = np.indices((2, n), sparse=True)
    return a, b, c, d, e, f, g, np.mgrid[0:2], np.mgrid[-1.0:1.0:0.5, 0:n], np.indices((n,))


@program((X, 3))
def rows_and_columns(x, n):
    a = np.r_[x, 0, 1.5, x[::-1], 0:n]
    return a, np.r_[0:3, 7], np.c_[x, x * 2], np.c_[x, np.ones((4, 2)), x], np.r_[0.0:1.0:0.25]


@program((4,), (0,))
def units(n):
    a, b, c = np.eye(n), np.eye(n, 3, k=1), np.eye(3, n, -1, dtype=np.int32)
    return a, b, c, np.identity(n), np.identity(n, dtype=bool), np.eye(2, k=n)


@program((M, 1), (M.T, -1), (np.arange(9).reshape(3, 3), 0), (X, 1))
def triangles(m, k):
    a, b, c = np.tril(m), np.triu(m), np.tril(m, k)
    return a, b, c, np.triu(m, -k), np.tri(3), np.tri(3, 4, k), np.tri(4, k=-1, dtype=int)


@program((M, 4))
def places_of_triangles(m, n):
    a, b = np.tril_indices(n)
    c, d = np.triu_indices(n, 1)
    e, f = np.triu_indices(3, k=-1, m=n)
    i, j = np.tril_indices_from(m, -1)
    w = np.zeros((n, n))
    w[np.diag_indices(n)] = 2.0
    w[c, d] = 3.0
    return a, b, c, d, e, f, i, j, w, np.triu_indices_from(m)[0], np.diag_indices(3, 3)[2]


@program((X, 1), (X[:0], 2), (np.arange(3), -2))
def diagonals(x, k):
    a, b = np.diag(x), np.diag(x, k)
    return a, b, np.diagflat(x, k), np.diagflat(np.ones((2, 2))), np.diag(b), np.diag(b, k)


@program((X,), (np.arange(1, 4),), (np.array([2, 3], np.int32),))
def powers(x):
    return np.vander(x), np.vander(x, 3), np.vander(x, N=2, increasing=True), np.vander(x, 0)


@program((X, 2.5), (np.arange(4), 3))
def lists(x, a):
    b, c = np.array([a, 1, 2.0]), np.array([[a, 1], [x[0], x[1]]])
    d, e = np.array([x, x * 2]), np.array([x, [1, 2, 3, 4]], dtype=np.float32)
    f, g = np.array([]), np.array([[], []], dtype=int)
    h, i = np.array(x, ndmin=2), np.array(a, ndmin=3, copy=True, order="C")
    return b, c, d, e, f, g, h, i, np.array([True, False]), np.array((x[:2], (a, a))), np.array([x])


@program((X,), (np.arange(4, dtype=np.int32),))
def likes(x):
    a, b = np.zeros_like(x, dtype=int), np.full_like(x, 3)
    c, d = np.ones_like(x, shape=(2, 2)), np.full((2, 4), x)
    e, f = np.zeros((2, 3), order="C"), np.full(3, True, dtype=np.float32)
    return a, b, c, d, e, f, np.ones(3, "int32"), np.ascontiguousarray(x[::2]), np.full((), 2)


@program((X, M[0, :3]))
def uneven_lists(x, y):
    return np.array([x, y])


@program((-1,))
def fewer_than_none(n):
    return np.linspace(0.0, 1.0, n)


@smooth((0.5, 2.5, X), by_differences=True)
def ranges(a, b, x):
    c = np.linspace(a, b * b, 4) * x + np.arange(a, 2.9, a * 1.25) * b
    d, step = np.linspace(x, b, 3, retstep=True)
    return np.sum(c * c) + np.sum(d**3) * step[1] + np.sum(np.logspace(a, b, 3, base=2.0))


@smooth((X, M))
def shapes(x, m):
    a, b = np.meshgrid(x, m[:, 1])
    c = np.diag(x * x, 1)[:4, 1:] * np.tril(np.outer(x, x)) + np.vander(x)
    d = np.array([x[0], x[1] * x[2], 2.0, m[0, 1]]) * np.hanning(4)
    return np.sum(a * b * m) + np.sum(c * c) * np.sum(np.triu(m, 1) ** 2) + np.sum(d * d)


@smooth((2.0, 9.0), by_differences=True)
def geometric(a, b):
    return np.sum(np.geomspace(a, b, 5) ** 2)


@refused((X,))
def fortran_order(x):
    return np.zeros((2, 3), order="F")


@refused((X,))
def texts(x):
    return np.r_["r", x]


@refused((X,))
def from_an_iterator(x):
    return np.fromiter(x, float)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
