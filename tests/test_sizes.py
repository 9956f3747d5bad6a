"""Shapes, a phrase a program: computed, growing, shrinking, of data; each runs as NumPy does."""

from __future__ import annotations

import numpy as np

import transpile
from tests.phrases import Phrases

R = np.random.default_rng(0)
X, M, T = R.normal(size=6), R.normal(size=(4, 5)), R.normal(size=(3, 4, 5))
Y, Z = R.normal(size=16), R.normal(size=17)

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


THREE, FIVE = np.arange(3.0), np.arange(5.0)
SQUARE, WIDE = np.cos(np.arange(9.0)).reshape(3, 3), np.sin(np.arange(12.0)).reshape(3, 4)


@smooth((THREE, THREE, 1.0), (THREE, FIVE, 1.0), (THREE, FIVE, -1.0))
def one_of_two_arguments(x, y, c):
    z = x.copy() if c > 0 else 2 * y
    return np.sum(z * z) * c + len(z)


@smooth((THREE, 3, 1.0), (THREE, 5, 1.0), (THREE, 5, -1.0))
def argument_or_of_a_given_length(x, n, c):
    z = x.copy() if c > 0 else np.ones(n)
    return np.sum(z * z) * c


@program((3, 3, 0.5), (3, 4, 0.5))
def square_where_it_is_square(n, m, c):
    z = np.ones((n, n)) if n == m else np.zeros((n, m))
    z[0] += c
    return z


@smooth((SQUARE, SQUARE + 2.0, 3), (SQUARE, WIDE, 4))
def inverted_or_solved(t, y, m):
    total = np.zeros((len(t), m))
    for z in (0.5, 2.0):
        a = z * t + 4.0 * np.eye(len(t))
        x = np.linalg.inv(a) if len(t) == m else np.linalg.solve(a, y)
        if z < 1.0:
            x = -x
        total += x
    return np.sum(total * total)


@smooth((M, X[:5]), (M, X[:1]), (M[:, :1], X[:5]), (M[:1], X[:1]), (M[:0], X[:5]))
def bc(A, x):
    return ((A + x) * (x[None] - A)).sum()


@program((M, X), (M, X[:4]))
def bc_bad(A, x):
    return A + x


@smooth((M,), (M[:2],))
def slices_of_one(A):
    x, out = A[:, 2:3], np.zeros((5, A.shape[0]))
    out[:, :] = A[0:1, :1]
    out[1:] += x.T * 2.0
    return np.sum((x.T - x) ** 2 * A[:, 0:1]) + np.sum(out * out)


@program((M[:, :2],), (M,))
def slice_of_none(A):
    return A[:, 2:3].T - A[:, 2:3]


@program((7, 3), (0, 0), (8, 4))
def arith(n, k):
    x = np.zeros((n, k // 2 + 1))
    y = np.ones(2 * n + 1)
    y[1::2] = 3
    z = np.arange(len(y) - k)
    w = np.zeros(n // 2)
    w[:] = y[: n // 2]
    return x, y, z, w, y[: n // 2] + w, y.reshape(-1, 1)


@program((-1,))
def negdim(n):
    return np.zeros(n)


@smooth((X,))
def triangular(x):
    s = 0.0
    for i in range(1, len(x)):
        t = np.zeros(i)
        for j in range(i):
            t[j] = x[j] * x[i]
        s += (t**2).sum()
        u = x[:i] * x[i]
        u[0] = u[-1] ** 2
        s += np.sum(u)
    return s


@smooth((X,))
def datadep(x):
    y = x[x > 0]
    k = np.nonzero(x < 0)[0]
    (i,) = np.where(x < 0.5)
    return (y**2).sum() + (x[k] ** 3).sum() * len(y) + (x[i]).sum()


@smooth((M, 0.3))
def datadep_loop(A, t):
    s = 0.0
    for i in range(len(A)):
        r = A[i]
        big = r[r > t]
        if len(big) > 0:
            s += (big**2).mean()
        k = np.flatnonzero(r < 0)
        for j in k:
            s += r[j] ** 3
    return s


@program((30,), (3,))
def sieve(n):
    x = np.arange(2, n)
    out = np.zeros(n, dtype=np.int64)
    c = 0
    while len(x) > 0:
        p = x[0]
        out[c] = p
        c += 1
        x = x[x % p != 0]
    return out[:c]


@smooth((X, 3))
def filtering(x, n):
    for k in range(n):
        x = x[x > -0.5 * k] * 1.1
    return (x**2).sum()


@smooth((X, 3))
def growing(x, n):
    y = x[:1]
    for k in range(n):
        y = np.concatenate((y, y * x[k]))
    return (y**2).sum()


@smooth((X, 3))
def growing1(x, n):
    y = np.zeros(0)
    for k in range(n):
        y = np.append(y, x[k] ** 2)
    return (y**2).sum()


@smooth((Z, 3))
def multigrid(x, levels):
    for _ in range(levels):
        n = (len(x) + 1) // 2
        y = np.zeros(n)
        for i in range(1, n - 1):
            y[i] = 0.25 * x[2 * i - 1] + 0.5 * x[2 * i] + 0.25 * x[2 * i + 1]
        x = y
    return (x**2).sum()


@smooth((Y,))
def halving(x):
    while len(x) > 1:
        x = x[::2] + x[1::2] ** 2
    return x[0]


@smooth((Y,))
def halving2(x):
    n = len(x)
    while n > 1:
        n = n // 2
        x = x[:n] * x[n : 2 * n]
    return x.sum()


@program((Y[:8],))
def fft_halves(x):
    n = len(x)
    re, im = x.copy(), np.zeros(n)
    m = 1
    while m < n:
        th = -np.pi * np.arange(m) / m
        c, s = np.cos(th), np.sin(th)
        P = re.reshape((n // (2 * m), 2, m))
        N = im.reshape((n // (2 * m), 2, m))
        er, ei, orr, oi = P[:, 0], N[:, 0], P[:, 1], N[:, 1]
        tr = orr * c - oi * s
        ti = orr * s + oi * c
        re = np.stack((er + tr, er - tr), axis=1).reshape(n)
        im = np.stack((ei + ti, ei - ti), axis=1).reshape(n)
        m *= 2
    return re, im


@smooth((X,))
def zero_d(x):
    s = np.array(0.0)
    for v in x:
        s += v**2
    t = np.array(1.5)
    t[...] = s * 2
    t[()] = t[()] + 1
    u = t
    u *= 2
    return s * t


@program((np.array(2.5),), (np.array(3),))
def zero_d_arg(t):
    t += 1
    t[...] *= 2
    return t, t[()], t[...], t * 2, t[None], t.reshape(1), t.shape, t.ndim, t.ravel()


@program((np.zeros((0, 3)),), (np.zeros((2, 0)),))
def zero_size(A):
    return (
        A.T,
        A.sum(),
        A.sum(0),
        A + 1,
        A[:, None],
        A.reshape(-1),
        A[A > 0],
        A[0:0],
        len(A),
        A.ravel()[::-1],
        np.concatenate((A, A)),
    )


@program((np.zeros((1, 2, 1, 2, 1, 2, 1, 2)),))
def eight(A):
    return A[0, :, 0, ..., None].T, A[..., 0], A.sum(axis=(1, 3)), A + A[0], A.reshape(2, 2, 4)


@program((M,))
def shapes(A):
    n, m = A.shape
    B = np.empty((m, n + 1))
    B[:] = 0
    B[:, :n] = A.T
    B[:, -1] = np.arange(m)
    C = np.zeros((*A.shape, 2))
    C[..., 0] = A
    D = np.zeros(A.shape[::-1])
    D[:] = A.T
    E = np.zeros((2, *A.shape))
    E[1] = A
    F = np.zeros_like(A[1:, :-1])
    return B, C, D, E, F


@smooth((X, 2), (X, 1), (X, 4))
def pad(x, k):
    y = np.zeros(len(x) + 2 * k)
    y[k : len(x) + k] = x
    y[:k] = x[0]
    y[-k:] = x[-1] ** 2
    return (y[k:] * y[:-k]).sum() + (y**2).sum()


@smooth((Y[:12], 3), (Y[:12], 4))
def blocks(x, b):
    n = len(x) // b
    A = x.reshape(n, b)
    s = 0.0
    for i in range(n):
        s += (A[i] ** 2).sum() * x[i * b : (i + 1) * b].sum()
    return s


@smooth((Y[:12], 3), (Y[:13], 4))
def reductions_blocks(x, b):
    s = 0.0
    for i in range(0, len(x), b):
        c = x[i : i + b]
        s += c.sum() ** 2 / len(c)
    return s


@smooth((M,))
def colsizes(A):
    s = 0.0
    for i in range(A.shape[0]):
        for j in range(i, A.shape[1]):
            B = A[i:, j:]
            s += (B * B[0]).sum()
    return s


@smooth((X,), (-X,))
def branch_sizes(x):
    y = x[1:] if x[0] > 0 else x[:2]
    return (y**2).sum()


@smooth((X,), (-X,))
def early_sizes(x):
    y = x
    if x[0] > 0:
        y = np.concatenate((x, x))
    y = y * 2
    return (y**2).sum()


@program((X,), (-X,))
def ret_sizes(x):
    if x[0] > 0:
        return x[1:]
    return x * 2


@smooth((Y[:10],))
def trim(x):
    n = len(x)
    while n > 3 and x[n - 1] < 0.5:
        n -= 1
    y = x[:n]
    return (y**2).sum()


@smooth((M,), (M[:0],), (M[:, :0],), (M[:1],))
def keep_col(A):
    return (A / (2 + A[:, :1] ** 2)).sum() + (A * A[:1]).sum() + (A[-1:] * A**2).sum()


@smooth((M, 2), (M, 0))
def keep_row(A, k):
    return (A - A[k : k + 1]).sum() + ((A - A[:, k : k + 1]) ** 2).sum()


@smooth((M.copy(), 2), (M.copy(), 4))
def put_row(A, k):
    A[:, 1:3] = A[:, k : k + 1] ** 2
    A[:2] += A[-1:]
    return (A**2).sum()


@smooth((X,))
def doubling(x):
    m, total = 1, 0.0
    while m < len(x):
        z = np.ones(m)
        z[0] = x[0] ** 2
        total += z[-1] * x[m] + z[0]
        m *= 2
    return total


@smooth((X, np.array([1, 3, 2])), (X, np.array([0, 0])))
def of_each(x, n):
    s = 0.0
    for i in range(len(n)):
        z = np.zeros(n[i])
        for k in range(n[i]):
            z[k] = x[k] * x[i]
        s += (z**2).sum()
    return s


@program((X, np.array([1, 3, 2])), (X, np.array([0, 0])))
def grids_of_each(x, n):
    s = 0.0
    for i in range(len(n)):
        z = np.zeros((n[i], n[i] + 1))
        for k in range(n[i]):
            z[k, k + 1] = x[k] * x[i]
        s += (z[z != 0] ** 2).sum() + len(np.unique(z))
    return s


@program((X,), (-np.abs(X),), (X[:0],))
def chosen(x):
    y = x[x > 0]
    return y, x[x < 0] ** 2, np.flatnonzero(x > 0), np.nonzero(x < 0), np.where(x > 0.5), y[::2]


@program((M > 0,), (M,), (T,), (M[:0],))
def places(A):
    return np.nonzero(A), np.argwhere(A), np.flatnonzero(A), np.unique(A)


@program((M,), (np.ones((3, 3)),))
def rows(A):
    B = A[A[:, 0] > 0]
    return B, A[:, A[0] > 0], B @ B.T, np.compress(A[0] > 0, A, axis=1)


@program((np.array([3, 1, 2, 3, 1]),), (np.zeros(0, int),))
def counts(x):
    values, inverse, count = np.unique(x, return_inverse=True, return_counts=True)
    return values, inverse, count, np.repeat(values, count), np.union1d(x, values + 1)


@program((X.copy(),))
def written_before_the_size_is_known(x):
    y = x[x > 0]
    x[:] = 0.0
    x[: len(y)] = y
    print("kept", len(y))
    return np.unique(np.concatenate((y, x[x > 1])))


def test_what_is_printed_before_the_size_is_known_is_printed_once(capfd, mode):
    f = transpile.function(written_before_the_size_is_known)
    f(X.copy())
    assert capfd.readouterr().out == "kept 4\n"


def halved(u, m):
    out = np.zeros(len(u) // 2 * m)
    for i in range(len(out)):
        out[i] = u[2 * (i // m)] * (i % m + 1.0)
    return np.sort(out)


@smooth((X, 3, 2), (X[:1], 0, 2), (X, 0, 2), (X, 2, -1))
def made_in_a_loop(x, steps, m):
    """Lengths that no step changes, computed in a helper that is called in the loop."""
    total = np.sum(x)
    for k in range(steps):
        if m > 0:
            y = halved(x + k, m)
            total += np.sum(y * np.arange(len(y)))
        z = np.cumsum(np.concatenate((x[:1], x, x[-1:])))
        total += np.sum(z[1:] * z[:-1])
    return total


@program((6, 4, 2), (1, 1, 2), (6, 0, 0), (-1, 2, 2), (2, -1, 2), (0, 3, 2))
def known_by_a_check(n, m, steps):
    """Numbers are lengths once a check has said that they are none below zero."""
    i, j = np.meshgrid(np.arange(n), np.arange(m), indexing="ij")
    inside = (i - n // 2) ** 2 + j**2 < 4
    f = np.ones((3, n, m))
    f[0] += i
    for k in range(steps):
        f[k, inside] = f[2 - k, inside] * 0.5
        top = np.max(f)
        g = np.concatenate((f[:, :1], f, f[:, -1:]), axis=1)
        f += top * np.sort(g[:, 1:-1] - g[:, 2:], axis=1)
    return f


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
