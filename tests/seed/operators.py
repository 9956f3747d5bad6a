"""The rows "Operators" of the seed."""

import numpy as np
import scipy.linalg
import scipy.special

from tests.seed._case import as_numpy, floats, gives, slope

X = floats(0.5, -1.25, 2.0, 0.75, -0.5, 1.5)
P = floats(0.25, 0.5, 0.75)
M = np.arange(12.0).reshape(3, 4) / 4 - 1
I4 = np.array([3, -5, 7, 2])
TEN = np.arange(10)
A = floats(4, 1, 0.5, 1, 3, 0.25, 0.5, 0.25, 5).reshape(3, 3)
B = floats(1, 2, 3, 4, 5, 6).reshape(3, 2)
STACK = np.stack((A, 2 * A + np.eye(3)))


# -- make


@as_numpy((3, 4))
def made(n, m):
    return np.zeros((n, m)), np.ones(n), np.eye(n, m), np.identity(n), np.full((n,), 2.5)


@as_numpy((X,), (I4,), (M,))
def made_like(x):
    return np.zeros_like(x), np.ones_like(x), np.full_like(x, 3), np.empty(x.shape).shape


@as_numpy((5, 1))
def ranges(n, k):
    return np.arange(n), np.arange(k, n, 2), np.arange(0.0, 1.0, 0.25), np.linspace(k, n, 4)


@as_numpy((3, 4))
def grids(n, m):
    i, j = np.mgrid[0:n, 0:m]
    k, q = np.ogrid[0:n, 0:m]
    return i, j, k, q


# -- dims


@gives(np.array([[8, 6, 4, 2, 0], [9, 7, 5, 3, 1]]), TEN)
def turned(x):
    return x.reshape((5, 2))[::-1].T


@gives(np.arange(10))  # the dtype too
def int64_by_default():
    return np.arange(10)


@gives((2, 2), floats(1, 2, 3, 4).reshape(2, 2))
def shape_of(x):
    return x.shape


@as_numpy((M,))
def reshaped(x):
    return x.reshape(4, 3), x.flatten(), x.ravel(), x.transpose(), x.T, np.reshape(x, (2, -1))


@as_numpy((M[None, :, :],))
def axes(x):
    return (
        np.swapaxes(x, 0, 2), np.moveaxis(x, 0, -1), np.squeeze(x), np.expand_dims(x, 1),
        x[:, None], np.broadcast_to(x, (2, 3, 4)),
    )  # fmt: skip


@as_numpy((X,), (I4,))
def ordered(x):
    return np.sort(x), np.argsort(x), np.flip(x), np.tile(x, 2), np.repeat(x, 2)


# -- elementwise


@as_numpy((X, X + 3), (X, I4[0]), (I4, I4 + 6), (2.0, I4), (I4, 3), (np.float32(1.5), I4))
def arithmetic(x, y):
    return x + y, x - y, x * y, x / y, x // y, x % y


@as_numpy((X, 2), (I4, 2), (P, 1.5), (P, P), (2.0, I4))
def powers(x, y):
    return x**y


@as_numpy((P,), (np.array([1, 2, 3]),))
def elementary(x):
    return (
        np.sqrt(x), np.exp(x), np.log(x), np.cos(x), np.sin(x), np.tan(x), np.cosh(x), np.sinh(x),
        np.tanh(x),
    )  # fmt: skip


@as_numpy((X,), (I4,))
def stepped(x):
    return np.floor(x), np.ceil(x), np.round(x), np.sign(x), np.abs(x), abs(x)


@as_numpy((np.array([6, 3]), np.array([5, 9])), (np.array([True, False]), np.array([True, True])))
def bits(x, y):
    return x & y, x ^ y, x | y, ~x


@as_numpy((X, P[0]), (I4, 2), (X, X[::-1]))
def compared(x, y):
    return x < y, x <= y, x > y, x >= y, x == y, x != y


@as_numpy((floats(0, np.nan, np.inf, -np.inf, 1), floats(1e-9, np.nan, np.inf, 1, 1)))
def classified(x, y):
    return np.isclose(x, y), np.isnan(x), np.isinf(x)


@as_numpy((X, P[1]), (I4, 2))
def extremes(x, y):
    return np.minimum(x, y), np.maximum(x, y), np.clip(x, 0, 1), np.where(x > y, x, y)


@as_numpy((X,), (I4,))
def cast(x):
    return x.astype(np.float32), x.astype(int), x.astype(bool)


@as_numpy((P,))
def rest_of_ufuncs(x):
    return (
        np.expm1(x), np.log1p(x), np.log2(x), np.log10(x), np.exp2(x), np.arcsin(x), np.arccos(x),
        np.arctan(x), np.arctan2(x, 2.0), np.arcsinh(x), np.arccosh(1 + x), np.arctanh(x),
        np.hypot(x, 2.0), np.square(x), np.cbrt(x), np.reciprocal(x), np.logaddexp(x, 1.0),
    )  # fmt: skip


@as_numpy((P,))
def special(x):
    return (
        scipy.special.erf(x), scipy.special.erfc(x), scipy.special.gammaln(x),
        scipy.special.expit(x),
    )  # fmt: skip


# -- broadcasting, switch, reductions


@gives(np.diag([9, 9]), np.diag([3, 3]))
def times_three(x):
    return x * 3


@as_numpy((M, M[0]), (M, M[:, :1]), (M[:1], M[:, :1]), (M[None], M[:, None]), (M, 2))
def spread(x, y):
    return x + y


@gives(floats(10, 2).astype(np.float32), np.array([1, 0]),
       floats(10, 10).astype(np.float32), floats(3, 2).astype(np.float32))  # fmt: skip
def switched(c, x, y):
    return np.where(c, x, y)


@gives(5, 1, 5, 4)
def chosen(c, x, y):
    return x if c else y


@slope([0.0, 4.0], at=(floats(0, 2), False), wrt=("x",))
@gives(4.0, floats(0, 2), False)
def lazy(x, inverse):
    if inverse:
        return 1.0 / x[0]
    return x[1] * x[1]


@gives((4.0, floats(3, 4), floats(2, 4)), floats(1, 2, 3, 4).reshape(2, 2))
def greatest(x):
    return np.max(x), np.max(x, axis=0), np.max(x, axis=1)


@as_numpy((M,), (I4.reshape(2, 2),))
def reduced(x):
    axis = 0
    return (
        np.max(x, axis=axis), np.argmax(x, axis=axis), np.min(x, axis=axis),
        np.argmin(x, axis=axis), np.sum(x, axis=axis, keepdims=True), np.prod(x, axis=axis),
        np.mean(x, axis=axis), np.var(x, axis=axis), np.std(x, axis=axis, keepdims=True),
        np.all(x, axis=axis), np.any(x, axis=axis), np.ptp(x, axis=axis),
        np.cumsum(x, axis=axis), np.cumprod(x, axis=axis), np.median(x, axis=axis),
    )  # fmt: skip


@as_numpy((M,), (I4.reshape(2, 2),))
def reduced_last(x):
    axis = -1
    return (
        np.max(x, axis), np.argmax(x, axis), np.min(x, axis), np.argmin(x, axis), np.sum(x, axis),
        np.prod(x, axis, keepdims=True), np.mean(x, axis), np.var(x, axis), np.std(x, axis),
        np.all(x, axis), np.any(x, axis), np.ptp(x, axis), np.cumsum(x, axis),
        np.cumprod(x, axis), np.median(x, axis), np.max(x, axis=1, keepdims=True),
    )  # fmt: skip


@as_numpy((M,), (I4.reshape(2, 2),))
def reduced_wholly(x):
    return (
        x.max(), x.argmax(), x.min(), x.argmin(), x.sum(), x.prod(), x.mean(), x.var(), x.std(),
        x.all(), x.any(), np.ptp(x), x.cumsum(), x.cumprod(), np.median(x),
    )  # fmt: skip


@as_numpy((M,))
def norms(x):
    return (
        scipy.special.logsumexp(x), scipy.special.logsumexp(x, axis=1), np.linalg.norm(x),
        np.linalg.norm(x, axis=0), np.linalg.norm(x[0]),
    )  # fmt: skip


# -- linear algebra


@as_numpy((A, B))
def products(a, b):
    v = b[:, 0]
    return (
        np.dot(a, b), a @ b, np.inner(a, a), np.outer(v, v), np.tensordot(a, b, axes=1),
        np.einsum("ij,jk->ik", a, b), np.kron(a, b), np.trace(a), np.diag(a), np.tril(a),
        np.triu(a),
    )  # fmt: skip


@as_numpy((STACK, B))
def batched(a, b):
    return a @ b, np.einsum("nij,jk->nik", a, b), np.matmul(a, a)


@as_numpy((A, B), (STACK, B))
def systems(a, b):
    return (
        np.linalg.inv(a), np.linalg.solve(a, b), np.linalg.cholesky(a), np.linalg.det(a),
        np.linalg.slogdet(a),
    )  # fmt: skip


@as_numpy((A,), (STACK,))
def spectra(a):
    values, vectors = np.linalg.eigh(a)
    q, r = np.linalg.qr(a)
    return values, np.abs(vectors), np.abs(q), np.abs(r), np.linalg.svd(a, compute_uv=False)


@as_numpy((A[:, :2].copy(), B[:, 0].copy()))
def least_squares(a, b):
    return np.linalg.lstsq(a, b, rcond=None)[0]


@as_numpy((A, B))
def triangles(a, b):
    solved = scipy.linalg.cho_solve(scipy.linalg.cho_factor(a), b)
    return scipy.linalg.solve_triangular(a, b, lower=True), solved


# -- joining, indexing


@as_numpy((TEN.reshape(5, 2),))
def joined(x):
    y = np.concatenate((x, x[::-1]), axis=1)
    first, second = np.split(y, 2, axis=1)
    return y, np.stack((x, x)), np.vstack((x, x)), np.hstack((x, x)), first, second


@gives(np.array([0, 1, 8, 9]), TEN.reshape(5, 2))
def first_row(x):
    return np.concatenate((x, np.flip(x, 0)), axis=1)[0]


@as_numpy((M,))
def sliced(x):
    return x[::2], x[::-1, 1:-1], x[..., -1], x[None, 1], x[-2:], x[2:0:-1, ::-2]


@as_numpy((M, np.array([2, 0, -1])))
def read_and_written(x, k):
    y = x.copy()
    y[k] = x[k] * 2
    y[x > 1] += 1.0
    y[k, k] = 0.5
    return x[k], x[:, k], x[k, k], x[x > 0], y


@gives(np.array([[0, 1], [2, 3], [4, 5], [-1, -1], [-1, -1]]), TEN.reshape(5, 2))
def rows_set(a):
    a[3:] = [-1, -1]
    return a


@gives(np.array([[0, 1], [2, 3], [4, 5], [5, 6], [7, 8]]), TEN.reshape(5, 2))
def rows_added(a):
    a[3:] += [-1, -1]
    return a


@gives(np.array([2, 1, 0]), np.zeros(3, dtype=int))
def repeated(v):
    np.add.at(v, [0, 0, 1], 1)
    return v


@gives(np.array([1, 1, 0]), np.zeros(3, dtype=int))
def once(v):
    v[[0, 0, 1]] += 1
    return v
