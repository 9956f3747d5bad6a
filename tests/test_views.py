"""Views, a phrase a program: each runs as NumPy does, as C and as generated Python."""

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


def helper(v, s):
    v[1:] += s * v[:-1]
    v[0] = s


@program((np.array([1.0, 2.0, 3.0]), np.array([1, 2, 3])))
def the_same_array(x, k):
    """A dtype called with an array of it gives that array."""
    y, z = np.float64(x), np.int64(k)
    y[0], z[1] = 7.0, 9
    w = np.float64(k)
    w[2] = 5.0
    return x, k, w


@program((M.copy(),))
def number_indexed(m):
    x = m[0, 1]
    return x[()], x[...], x[..., None], x[None, ...].shape, np.sum(m)[np.newaxis, None]


@smooth((M.copy(), 0.3))
def axes_for_a_number(m, c):
    row = np.sin(m[0, 1])[None] * m[1] + np.exp(c)[np.newaxis, None][0]
    return np.sum(row * row)


@smooth((M.copy(),))
def dotT(A):
    B = A.T
    B[1] = 2 * B[0] ** 2
    B[2:][0] += 1
    A.T[0, :2] *= 3.0
    return (A**2).sum()


@smooth((M.copy(),))
def resh(A):
    v = A.reshape(-1)
    v[3:7] = v[:4] * 2
    w = A.ravel()
    w[::2] += 1
    B = A.reshape(5, 4)
    B[1] *= 3
    C = A.reshape((2, 2, -1))
    C[1, 0] = 0.5
    return (A**2).sum() + v[3] + (B[0] ** 2).sum()


@smooth((M.copy(),))
def flatten(A):
    v = A.flatten()
    v[0] = 5.0
    return (A**2).sum() + (v**2).sum()


@smooth((M.copy(),))
def flips(A):
    B = np.flip(A, 0)
    B[0] *= 2.0
    C = np.fliplr(A)
    C[:, 0] += 1
    D = np.flipud(A)
    D[1] -= 3
    E = np.flip(A)
    E[0, 0] = 9
    A[::-1][0] *= 2
    return (A**2).sum() + (np.flip(A, axis=(0, 1))[0] ** 3).sum() + (np.rot90(A)[0] ** 2).sum()


@smooth((S.copy(),))
def diag(A):
    d = np.diagonal(A)
    e = A.diagonal(1)
    f = np.diagonal(A, 2)
    return (d**2).sum() + (e**3).sum() + (f**3).sum() + (np.diagonal(A, -1) ** 2).sum()


@program((S.copy(),))
def diag_write(A):
    d = np.diagonal(A)
    d[0] = 1


@smooth((S.copy(),))
def diag_later(A):
    d = np.diagonal(A)
    A[0, 0] = 3.0
    return (d**2).sum()


@smooth((M.copy(),), (S.copy(),), (M.T.copy(),))
def fill_diag(A):
    np.fill_diagonal(A, 0.0)
    return (A**2).sum()


@smooth((S.copy(), X[:4].copy()))
def fill_diag_v(A, v):
    np.fill_diagonal(A, v)
    return (A**2).sum()


@smooth((M.copy(),))
def flat(A):
    A.flat[3] = 2.0
    s = A.flat[0] * A.flat[7] + A.flat[-1]
    A.flat[::2] = 1.0
    A.flat[[1, 3]] = 5.0
    A.T.flat[1] = A[0, 1] * 2
    for v in A.flat:
        s += v**2
    A.flat[::6] += 2.0
    return s + (A**2).sum() + A.flat[1:4].sum()


@program((M.copy(),))
def flat_all(A):
    A.flat[:] = np.arange(20)
    B = A.copy()
    B.flat = 3.0
    return B, A.flat[:]


@smooth((T.copy(),))
def axes(A):
    B = np.swapaxes(A, 0, 2)
    B[0] *= 2
    C = np.moveaxis(A, 0, -1)
    C[1] += 1
    D = A.swapaxes(1, 2)
    D[0, 1] = 4.0
    E = np.rollaxis(A, 2)
    E[0, 0] = 2.0
    F = A.transpose(2, 0, 1)
    F[1, 1] = 7.0
    G = np.transpose(A, (1, 0, 2))
    G[2, 0] *= 3
    H = np.moveaxis(A, (0, 1), (2, 0))
    H[0] *= 1.5
    return (A**2 * np.arange(5)).sum() + (B[1] ** 3).sum()


@smooth((M.copy(),))
def squeezes(A):
    B = A[None, :, :, None]
    C = np.squeeze(B)
    C[0] *= 2
    D = B.squeeze(0)
    D[1] += 1
    E = np.squeeze(B, axis=(0, 3))
    E[2] = 3
    F = np.expand_dims(A, 1)
    F[3, 0] *= 2
    G = np.expand_dims(A, (0, -1))
    G[0, 1, 1, 0] = 9.0
    return (A**2).sum() + (F**3).sum() + (D**2).sum()


@smooth((X.copy(),))
def atleasts(x):
    A = np.atleast_2d(x)
    A[0, 1] = 5
    B = np.atleast_1d(x)
    B[2] = 6.0
    C = np.atleast_3d(x)
    C[0, 0, 0] *= 7.0
    return (x**2).sum() + (A**2).sum()


@smooth((X.copy(),))
def bcast(x):
    A = np.broadcast_to(x, (3, 6))
    x[0] = 2.0
    return (A**2 * np.arange(3)[:, None]).sum()


@program((X.copy(),))
def bcast_write(x):
    A = np.broadcast_to(x, (3, 6))
    A[0] = 1


@smooth((M.copy(),))
def rows(A):
    a, b = A[0], A[1]
    a[:] = b * 2
    b += a
    r = A[2][1:4]
    r[0] = 5
    q = r[::-1]
    q[0] += a[1]
    return (A**2).sum()


@smooth((M.copy(), 0.5))
def to_helper(A, s):
    for i in range(len(A)):
        helper(A[i], s)
    helper(A[:, 1], s)
    helper(A.T[2], s)
    helper(A[::2, ::-1], s)
    return (A**2).sum()


@smooth((X.copy(),))
def before_rebound(x):
    v = x[1:]
    x = x * 2.0
    v[0] = 5.0
    x[1] = v[0] + v[1] * x[2]
    return (x**2).sum() + (v**2).sum()


@smooth((X.copy(),))
def double_bound(x):
    a = b = x[1:]
    a[0] = 3
    b[1] *= 2
    a += b
    return (x**2).sum()


@smooth((X.copy(), X[::-1].copy()))
def swapping(x, y):
    a, b = x[1:], y[1:]
    a, b = b, a
    a[0] = 3 * b[0]
    b *= 2
    return (x**2).sum() + (y**3).sum()


@smooth(
    (M.copy(),),
)
def swapping_rows(A):
    A[0], A[1] = A[1], A[0]
    return (A[0] ** 2).sum()


@smooth(
    (M.copy(),),
)
def swapping_rows_copy(A):
    A[[0, 1]] = A[[1, 0]]
    t = A[2].copy()
    A[2] = A[3]
    A[3] = t
    return (A[0] ** 2).sum() + (A[3] ** 3).sum()


@program((M,))
def iter_col(A):
    s = 0.0
    for c in A.T:
        s += c[0] * c[-1]
    for i, (a, b) in enumerate(zip(A[:2], A[:0:-1], strict=False)):
        s += a[i] * b[0]
    return s


@program((M.copy(),))
def readonly_T(A):
    return A.T[1:, ::2].T, A.T.shape, A[::2].T.ravel(), A.T.flatten()


@program((M, T))
def views_misc(A, B):
    return (
        B.reshape(3, -1),
        B.reshape(-1, 5),
        B.reshape(12, 5, order="C"),
        B.T.reshape(5, 12),
        B.ravel()[3],
        A[:, ::-1].reshape(2, 10),
        np.reshape(A, (10, 2)),
    )


@program((M,))
def resize_bad(A):
    return A.reshape(3, 7)


@program((M,))
def resize_bad2(A):
    return A.reshape(3, -1)


@program((M, T))
def ravel_f(A, B):
    return (
        A.ravel(order="F"),
        A.reshape(2, 10, order="F"),
        A.flatten("F"),
        B.reshape((12, 5), order="F"),
    )


@program((X.copy(),))
def resized(x):
    v = x.view()
    v[0] = 1
    y = x.reshape(2, 3)
    y.T[0, 1] = 9
    return x


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
