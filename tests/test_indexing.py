"""Indices, a phrase a program: each runs as NumPy does, as C and as generated Python."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

R = np.random.default_rng(0)
X, M, S = R.normal(size=6), R.normal(size=(4, 5)), R.normal(size=(4, 4))
T, Q = R.normal(size=(3, 4, 5)), R.normal(size=(2, 3, 4, 3))
K, K2 = np.array([2, 0, -1, 2]), np.array([[0, 1], [2, -1]])
B = np.array([True, False, True, True])

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@smooth((M, K))
def int_one(A, k):
    return (A[k] ** 2 * (np.arange(4) + 1.0)[:, None]).sum()


@smooth((T, K2, np.array([1, 2])))
def int_two(A, k, m):
    return (A[k, m] ** 2 * np.arange(5)).sum() + (A[k, :, m] ** 3).sum() + (A[:, k, m] ** 2).sum()


@smooth((Q, np.array([0, 1]), np.array([1, 2])))
def int_mixed(A, k, m):
    return (
        (A[k, :, m] ** 2).sum()
        + (A[0, :, m] ** 3).sum()
        + (A[:, m, None, k] ** 3).sum()
        + (A[k, None, m, 1] ** 2).sum()
        + (A[..., k] ** 3)[0, 0, 1, 0]
    )


@program((Q, np.array([0, 1]), np.array([1, 2])))
def int_shapes(A, k, m):
    return (
        A[k, :, m],
        A[0, :, m],
        A[:, m, None, k],
        A[k, None, m, 1],
        A[..., k],
        A[1, ..., m],
        A[:, 1, k],
        A[:, 1, :, m],
        A[None, k],
        A[:, None, k, m],
        A[k, 1:, ..., None, m],
        A[1:, k, m, None],
    )


@smooth((M,))
def lists(A):
    return (A[[0, 2]] ** 2).sum() + (A[:, [1, -1]] ** 3).sum() + (A[[0, 1], [1, 2]]).sum()


@program((M.copy(),))
def lists_written(A):
    A[[0, 2]] = 1.0
    A[:, [1, -1]] += 2.0
    A[[0, 1], [1, 2]] *= 3.0
    A[[[0], [1]], [2, 3]] -= 4
    return A


@smooth((M, B))
def mask_lead(A, b):
    return (A[b] ** 2).sum() + (A[b, 0] ** 3).sum() + (A[b, 1:] ** 3).sum() + (A[1, :4][b]).sum()


@smooth((M.copy(), M > 0))
def mask_all(A, b):
    A[b] *= 2.0
    A[~b] = 0
    return (A[b] ** 2).sum()


@smooth((X.copy(), X[::-1].copy()))
def mask_add(x, y):
    x[x > 0] += y[x > 0]
    x[x < -0.1] -= y[x < -0.1] ** 2
    return (x**2).sum()


@program((M, np.ones(3, bool)))
def mask_short(A, m):
    return A[m]


@program((M, np.array([0, 7])), (M, np.array([0, -5])))
def int_out(A, k):
    return A[k]


@program((M, 7), (M, -5))
def int_out_scalar(A, k):
    return A[1:][k]


@program((M.copy(), 7), (M.copy(), -5))
def int_out_write(A, k):
    A[k] = 0


@program((M.copy(), np.ones(3)))
def misfit(A, v):
    A[:, 1:3] = v[:, None]


@program((M.copy(), np.ones(4)))
def broadcasts(A, v):
    A[:, 1:3] = v[:, None]
    A[0] = 5
    A[...] += 1
    A[1:3, ...] = np.ones((1, 1, 5))
    return A


@program(
    (X, 1, 5, 2), (X, -1, 0, -1), (X, 10, -10, -3), (X, 2, 2, 1), (X, -2, 100, 1), (X, 0, 6, 0)
)
def slices(x, a, b, c):
    return x[a:b:c], x[a:b], x[::c], x[a::c], x[:b:c]


@smooth((X.copy(), 1, 5, 2), (X.copy(), -1, 0, -1), (X.copy(), 10, -10, -3))
def slices_written(x, a, b, c):
    x[a:b:c] *= 2.0
    x[a:b:c] += x[a:b:c] ** 2
    return (x**3).sum()


@program((X, 1, 4))
def slice_objects(x, a, b):
    s = slice(a, b)
    t = slice(None, None, 2)
    return x[s], x[t], x[slice(a)], s.start


@program((M, 1, 4))
def slice_pairs(x, a, b):
    s = (slice(a, b), slice(None))
    return x[s], x[(0, slice(1, 3))]


@smooth((M.copy(),))
def chained(A):
    A[1][2] = 3.0 * A[0][1]
    A[0][1:] += A[1][:-1]
    A[2, :][1:4][::2] = 7 * A[3][1:3]
    A[[0, 1]][0] = 100.0
    return (A**2).sum() + A[[0, 1]][1][0] ** 2 + (A[1:][[0, 1]][:, 1] ** 3).sum()


@program((M,))
def too_many(A):
    return A[0, 0, 0]


@program(
    (M, 2.0),
)
def float_index(A, k):
    return A[k]


@smooth((M, K))
def take(A, k):
    return (
        (np.take(A, k) ** 2).sum()
        + (np.take(A, k, axis=1) ** 3).sum()
        + (A.take(k, axis=0) ** 2).sum()
        + np.take(A, 3) ** 2
    )


@program((M, np.array([1, 30])))
def take_out(A, k):
    return np.take(A, k)


@program((M, np.array([1, 30, -2, -100])))
def take_modes(A, k):
    return np.take(A, k, mode="clip"), np.take(A, k, mode="wrap")


@smooth((X.copy(), K, M[0, :4].copy()))
def add_at(x, k, v):
    np.add.at(x, k, v**2)
    np.subtract.at(x, (k,), 2.0)
    return (x**2).sum()


@smooth((X.copy(), K))
def repeats(x, k):
    x[k] += 1.0
    x[k] = x[[0, 1, 2, 3]] * 2
    return (x**2).sum()


@smooth((X,))
def empty_index(x):
    k = np.zeros(0, dtype=np.int64)
    return (x[k] ** 2).sum() + (x**2).sum()


@program((X,))
def empty_list(x):
    return x[[]], x[1:][[]]


@program((X.copy(),))
def lists_bool(x):
    x[[True, False, True, False, False, True]] = 0.0
    return x


@program((M.copy(), X))
def row_in_loop(A, x):
    for i in range(len(A)):
        row = A[i]
        row[:] = row + i
        row[0] += 5
        row *= 2
    return A


@smooth((M.copy(), np.array([True, False, True, False, True]), 1))
def mask_row(A, m, i):
    A[i, m] += 2.0 * A[i, m] ** 2
    A[i + 1, m] = A[i, m] * 3
    s = (A[i, m] ** 2).sum()
    A[:, m] = 0.5 * A[:, ~m][:, :1]
    return s + (A**2).sum()


@program(
    (M, M > 0.5, np.array([1, 0, 2])),
    (M, M[:, 0] > 9, np.array([0, 1])),
    (M, M[:, 0] == M[2, 0], np.array([1, 0])),
)
def mask_and_integers(A, m, k):
    return A[m[:, 0], k[0]], A[m.any(axis=-1) if m.ndim > 1 else m, k]


@program((M.copy(),))
def an_element_by_dots(A):
    v, w = A[1, ..., 0], A[0][..., 1]
    v += 2.0
    w[...] = v * A[0, 0]
    return v, w, A[..., 0, 0] + 1, np.flip(A[..., 0, 0]), A


@refused((T, np.array([1, 0])))
def dots_of_no_axis(A, k):
    return A[1:, k, ..., 2]


test_refuses = PHRASES.refuses()
test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
