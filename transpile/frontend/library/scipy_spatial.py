"""Distances of `scipy.spatial.distance`, written in NumPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import text_of
from transpile.frontend.library.numpy_table import reads, written_as
from transpile.frontend.values import Static, Value

METRICS = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "minkowski", "cosine")


def root(total: Any, p: Any = 2.0) -> Any:
    """The p-th root, with the derivative 0 where nothing is under it."""
    some = total > 0
    inside = np.where(some, total, 1.0)
    return np.where(some, np.sqrt(inside) if p == 2 else inside ** (1.0 / p), total)[()]


def along(u: Any, v: Any, metric: Any, p: Any) -> Any:
    """The distances along the last axis."""
    if metric == "cosine":
        norms = np.sqrt(np.sum(u * u, axis=-1)) * np.sqrt(np.sum(v * v, axis=-1))
        return 1.0 - np.sum(u * v, axis=-1) / norms
    d = np.abs(u - v)
    if metric == "chebyshev":
        return np.max(d, axis=-1)
    if metric == "cityblock":
        return np.sum(d, axis=-1)
    if metric == "sqeuclidean":
        return np.sum(d * d, axis=-1)
    if metric == "euclidean":
        return root(np.sum(d * d, axis=-1))
    return root(np.sum(d**p, axis=-1), p)


def between(XA: Any, XB: Any, metric: Any, p: Any = 2.0) -> Any:
    a, b = np.asarray(XA).astype(float), np.asarray(XB).astype(float)
    if np.ndim(a) != 2:
        raise ValueError("XA must be a 2-dimensional array.")
    if np.ndim(b) != 2:
        raise ValueError("XB must be a 2-dimensional array.")
    if a.shape[1] != b.shape[1]:
        raise ValueError("XA and XB must have the same number of columns")
    return along(a[:, None, :], b[None, :, :], metric, p)


def pairs(X: Any, metric: Any, p: Any = 2.0) -> Any:
    x = np.asarray(X).astype(float)
    if np.ndim(x) != 2:
        raise ValueError("A 2-dimensional array must be passed.")
    i, j = np.triu_indices(len(x), 1)
    return along(x[i], x[j], metric, p)


def measured(ctx: Context, function: Any, given: dict[str, Value]) -> Value:
    given = {**given, "metric": Static(text_of(ctx, given, "metric", *METRICS))}
    if "p" in given and given["metric"] != Static("minkowski"):
        ctx.impossible("TypeError", "only the metric 'minkowski' takes p")
    with ctx.quoting():
        return ctx.hooks.inline(ctx, function, (), given)


@reads("scipy.spatial.distance.cdist", "XA*, XB*, metric, p")
def cdist(ctx: Context, given: dict[str, Value]) -> Value:
    return measured(ctx, between, given)


@reads("scipy.spatial.distance.pdist", "X*, metric, p")
def pdist(ctx: Context, given: dict[str, Value]) -> Value:
    return measured(ctx, pairs, given)


@written_as("scipy.spatial.distance.squareform")
def squareform(X: Any) -> Any:
    x = np.atleast_1d(X)
    if np.ndim(x) == 1:
        n = int(np.ceil(np.sqrt(len(x) * 2))) if len(x) > 0 else 1
        if n * (n - 1) != len(x) * 2:
            raise ValueError("Incompatible vector size.")
        whole = np.zeros((n, n), x.dtype)
        i, j = np.triu_indices(n, 1)
        whole[i, j] = x
        whole[j, i] = x
        return whole
    if np.ndim(x) != 2 or x.shape[0] != x.shape[1]:
        raise ValueError("The matrix argument must be square.")
    if not np.all(x == x.T):
        raise ValueError("Distance matrix 'X' must be symmetric.")
    if not np.all(np.diagonal(x) == 0):
        raise ValueError("Distance matrix 'X' diagonal must be zero.")
    return x[np.triu_indices(len(x), 1)]


def row(u: Any) -> Any:
    x = np.asarray(u)
    if np.ndim(x) != 1:
        raise ValueError("Input vector should be 1-D.")
    return x


@written_as("scipy.spatial.distance.euclidean")
def euclidean(u: Any, v: Any) -> Any:
    d = np.abs(row(u) - row(v) + 0.0)
    found = root(np.sum(d * d))
    whole = np.issubdtype(np.result_type(u, v), np.integer)
    return found if whole else float(found)


@written_as("scipy.spatial.distance.sqeuclidean")
def sqeuclidean(u: Any, v: Any) -> Any:
    d = (row(u) + 0.0) - (row(v) + 0.0)
    return np.sum(d * d)


@written_as("scipy.spatial.distance.cosine")
def cosine(u: Any, v: Any) -> Any:
    a, b = row(u), row(v)
    if np.iscomplexobj(a) or np.iscomplexobj(b):
        raise TypeError("`u` and `v` must be real.")
    distance = 1.0 - np.dot(a, b) / math.sqrt(np.dot(a, a) * np.dot(b, b))
    return np.clip(distance, 0.0, 2.0)
