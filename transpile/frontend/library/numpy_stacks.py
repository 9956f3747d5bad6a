"""What `np.linalg` makes of its own factors, written in NumPy with loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.library.numpy_statistics import squared

# -- each of a stack


def matrices(a: Any) -> Any:
    """The matrices one after the other."""
    count = 1
    for extent in a.shape[:-2]:
        count *= extent
    return a.reshape(count, a.shape[-2], a.shape[-1])


def eigh(a: Any, side: Any) -> Any:
    n = a.shape[-1]
    b = matrices(a)
    w, v = np.empty((len(b), n), a.real.dtype), np.empty((len(b), n, n), a.dtype)
    for k in range(len(b)):
        values, vectors = np.linalg.eigh(b[k], side)
        w[k] = values
        v[k] = vectors
    return w.reshape(a.shape[:-1]), v.reshape(a.shape)


def eig(a: Any) -> Any:
    n = a.shape[-1]
    b = matrices(a)
    w, v = np.empty((len(b), n), a.dtype), np.empty((len(b), n, n), a.dtype)
    for k in range(len(b)):
        values, vectors = np.linalg.eig(b[k])
        w[k] = values
        v[k] = vectors
    return w.reshape(a.shape[:-1]), v.reshape(a.shape)


def eigvals(a: Any) -> Any:
    n = a.shape[-1]
    b = matrices(a)
    w = np.empty((len(b), n), a.dtype)
    for k in range(len(b)):
        w[k] = np.linalg.eigvals(b[k])
    return w.reshape(a.shape[:-1])


def eigvalsh(a: Any) -> Any:
    n = a.shape[-1]
    b = matrices(a)
    w = np.empty((len(b), n), a.real.dtype)
    for k in range(len(b)):
        w[k] = np.linalg.eigvalsh(b[k])
    return w.reshape(a.shape[:-1])


def svd(a: Any) -> Any:
    m, n = a.shape[-2], a.shape[-1]
    b, k = matrices(a), min(m, n)
    u, s = np.empty((len(b), m, k), a.dtype), np.empty((len(b), k), a.real.dtype)
    vt = np.empty((len(b), k, n), a.dtype)
    for i in range(len(b)):
        left, values, right = np.linalg.svd(b[i], full_matrices=False)
        u[i] = left
        s[i] = values
        vt[i] = right
    stack = a.shape[:-2]
    return u.reshape((*stack, m, k)), s.reshape((*stack, k)), vt.reshape((*stack, k, n))


def svdvals(a: Any) -> Any:
    m, n = a.shape[-2], a.shape[-1]
    b, k = matrices(a), min(m, n)
    s = np.empty((len(b), k), a.real.dtype)
    for i in range(len(b)):
        s[i] = np.linalg.svd(b[i], compute_uv=False)
    return s.reshape((*a.shape[:-2], k))


def qr(a: Any) -> Any:
    m, n = a.shape[-2], a.shape[-1]
    b, k = matrices(a), min(m, n)
    q, r = np.empty((len(b), m, k), a.dtype), np.empty((len(b), k, n), a.dtype)
    for i in range(len(b)):
        left, right = np.linalg.qr(b[i])
        q[i] = left
        r[i] = right
    stack = a.shape[:-2]
    return q.reshape((*stack, m, k)), r.reshape((*stack, k, n))


# -- systems


def least_squares(a: Any, b: Any, inverse: Any, s: Any, cut: Any) -> Any:
    """`inverse` is the pseudo-inverse, `s` are the singular values."""
    m, n = a.shape
    x = inverse @ b
    rank = 0
    for k in range(len(s)):
        if s[k] > cut * s[0]:
            rank += 1
    residuals = np.sum(squared(b - a @ x), axis=0).reshape(-1)
    kept = len(residuals) if rank == n and m > n else 0
    return x, residuals[:kept], np.int32(rank), s


def exchanged(pivots: Any) -> Any:
    """The rows' numbers after each has been exchanged with the one at its pivot, in order."""
    places = np.arange(len(pivots))
    for i in range(len(pivots)):
        j = pivots[i]
        place = places[i]
        places[i] = places[j]
        places[j] = place
    return places


def unit(a: Any) -> Any:
    """The matrix with ones in its diagonal."""
    i = np.arange(a.shape[0])
    return np.where(i[:, None] == i, 1.0, a)


# -- norms and numbers


def flat(x: Any) -> Any:
    return x.ravel()


def norm_of_all(x: Any, keepdims: Any) -> Any:
    return np.sqrt(np.sum(squared(x), keepdims=keepdims))


def vector_norm(x: Any, ord: Any, axis: Any, keepdims: Any) -> Any:
    if ord is None or ord == 2:
        return np.sqrt(np.sum(squared(x), axis=axis, keepdims=keepdims))
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum((x != 0).astype(np.abs(x).dtype), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    return np.sum(np.abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1.0 / ord)


def matrix_norm(x: Any, ord: Any, row: Any, column: Any, keepdims: Any) -> Any:
    if ord is None or ord == "fro":
        return np.sqrt(np.sum(squared(x), axis=(row, column), keepdims=keepdims))
    if ord == 1 or ord == -1:
        sums = np.sum(np.abs(x), axis=row, keepdims=True)
        ends = (row, column)
        if ord == 1:
            return np.max(sums, axis=ends, keepdims=keepdims)
        return np.min(sums, axis=ends, keepdims=keepdims)
    if ord == np.inf or ord == -np.inf:
        sums = np.sum(np.abs(x), axis=column, keepdims=True)
        ends = (row, column)
        if ord == np.inf:
            return np.max(sums, axis=ends, keepdims=keepdims)
        return np.min(sums, axis=ends, keepdims=keepdims)
    if ord not in (2, -2, "nuc"):
        raise ValueError("Invalid norm order for matrices.")
    s = np.linalg.svdvals(x)
    if ord == 2:
        return np.max(s, axis=-1)
    if ord == -2:
        return np.min(s, axis=-1)
    return np.sum(s, axis=-1)


def cond(x: Any, p: Any) -> Any:
    if p is None or p == 2:
        s = np.linalg.svdvals(x)
        return s[..., 0] / s[..., -1]
    if p == -2:
        s = np.linalg.svdvals(x)
        return s[..., -1] / s[..., 0]
    return np.linalg.norm(x, p, (-2, -1)) * np.linalg.norm(np.linalg.inv(x), p, (-2, -1))


def matrix_rank(a: Any, eps: Any, tol: Any, rtol: Any) -> Any:
    if tol is not None and rtol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    if a.ndim < 2:
        return int(not np.all(a == 0))
    s = np.linalg.svdvals(a)
    if tol is None:
        most = max(a.shape[-2], a.shape[-1]) * eps if rtol is None else rtol
        return np.sum(s > np.max(s, axis=-1, keepdims=True, initial=0) * most, axis=-1)
    return np.sum(s > tol, axis=-1)
