"""Views as storage that a loop carries, and sums into slices."""

import numpy as np

from tests.constructs._case import N, n, runs


@runs(N(4, 5), wrt=("M",))
def row_view(M):
    for k in range(1, len(M)):
        row = M[k]
        above = M[k - 1]
        for j in range(len(row)):
            row[j] = row[j] * above[j] + np.sin(row[j - 1])
    return np.sum(M)


@runs(N(4, 5), wrt=("M",))
def slice_view(M):
    inner = M[1:-1, 1:-1]
    for t in range(3):
        for i in range(inner.shape[0]):
            inner[i] = inner[i] * M[i, 1:-1] + 0.5
    return np.sum(M * M)


@runs(N(n), wrt=("x",))
def view_carried(x):
    y = x[1:]
    z = x[:-1]
    for t in range(3):
        y *= z
        z += np.sin(y)
    return np.sum(x)


@runs(N(3, 4), wrt=("M",))
def rows_iterated(M):
    s = 0.1
    for row in M:
        for v in row:
            s = np.sin(s * v) + v
        row *= s
    return s + np.sum(M)


@runs(N(3, 4), wrt=("M",))
def transposed_view(M):
    A = M.T
    for i in range(1, len(A)):
        A[i] = A[i] * A[i - 1]
    return np.sum(M * M)


@runs(N(n), wrt=("x",))
def reversed_view(x):
    r = x[::-1]
    for i in range(1, len(r)):
        r[i] = r[i] * r[i - 1]
    return np.sum(x * np.cos(x))


@runs(N(2 * n), wrt=("x",))
def strided_view(x):
    e, o = x[::2], x[1::2]
    for t in range(3):
        for i in range(len(e)):
            e[i] = e[i] * o[i]
            o[i] = o[i] + np.sin(e[i - 1])
    return np.sum(x)


@runs(N(n), N(n), wrt=("x", "y"))
def acc_slices(x, y):
    for k in range(len(x)):
        y[k:] += x[k] * y[: len(y) - k]
        x[:k] *= y[k]
    return np.sum(x * y)


@runs(N(n, n), N(n), wrt=("A", "x"))
def acc_rows(A, x):
    for k in range(len(x)):
        A[k] += x * x[k]
        A[:, k] -= A[k] * x
        A[k:, :k] *= 0.5
    return np.sum(A * A)


@runs(N(n), wrt=("x",))
def acc_overlap(x):
    for t in range(3):
        x[1:] += x[:-1] * x[1:]
        x[:-2] -= x[2:] * 0.3
    return np.sum(x * x)


@runs(N(n), wrt=("x",))
def acc_broadcast(x):
    A = np.zeros((3, len(x)))
    for k in range(3):
        A += x * (k + 1.0)
        A[:, 1:] += x[1:] * A[:, :-1]
        A[k] += x[k]
    return np.sum(A * A)


@runs(N(n), 3, wrt=("x",))
def carry_shape_view(x, m):
    A = x.reshape(2, 3)
    for t in range(m):
        A = A * np.sin(A[::-1]) + A[:, ::-1]
    return np.sum(A * A)


@runs(N(n), N(n), wrt=("x", "y"))
def zips(x, y):
    s = 0.2
    for k, (a, b) in enumerate(zip(x, y)):
        s = s * a + b * k
        x[k] = s
        y[-1 - k] *= s
    return s * np.sum(x * y)
