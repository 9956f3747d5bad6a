"""NumPy's statistics, written in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.library.numpy_table import written


@written
def var(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    x = np.asarray(a)
    less = freedom(ddof, correction)
    middle = mean
    if mean is None:
        middle = np.mean(x, axis, dtype, keepdims=True, where=where)
    total = np.sum(squared(x - middle), axis, dtype, keepdims=keepdims, where=where)
    return copied_to(out, like(total, total / divisor(x, axis, keepdims, where, less)))


@written
def std(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    *,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    less = freedom(ddof, correction)
    found = np.sqrt(np.var(a, axis, dtype, None, less, keepdims, where=where, mean=mean))
    return copied_to(out, found)


def freedom(ddof: Any, correction: Any) -> Any:
    """The degrees of freedom that are gone, by either of their names."""
    if correction is None:
        return ddof
    if ddof != 0:
        raise ValueError("ddof and correction can't be provided simultaneously")
    return correction


def squared(x: Any) -> Any:
    return np.real(x * np.conj(x)) if np.iscomplexobj(x) else np.square(x)


def divisor(x: Any, axis: Any, keepdims: Any, where: Any, less: Any) -> Any:
    """How many elements are taken, less the degrees of freedom that are gone."""
    if where is True:
        return max(np.size(x, axis) - less, 0)
    count = np.sum(np.broadcast_to(where, x.shape), axis, keepdims=keepdims)
    return np.maximum(count - less, 0)


def like(x: Any, found: Any) -> Any:
    """The result in the dtype of x."""
    return found if found.dtype == x.dtype else found.astype(x.dtype)


def copied_to(out: Any, found: Any) -> Any:
    """The result, in `out` where that is given."""
    if out is None:
        return found
    if not isinstance(out, np.ndarray):
        raise TypeError("return arrays must be of ArrayType")
    if np.shape(out) != np.shape(found):
        raise ValueError("the output has another shape than the result")
    np.copyto(out, found)
    return out


@written
def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    found = np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims)
    return copied_to(out, found)


@written
def average(
    a: Any, axis: Any = None, weights: Any = None, returned: Any = False, *, keepdims: Any = False
) -> Any:
    x = np.asarray(a)
    if weights is None:
        found = np.mean(x, axis, keepdims=keepdims)
        return (found, like(found, np.zeros_like(found) + np.size(x, axis))) if returned else found
    w = np.asarray(weights)
    if w.ndim != x.ndim:
        w = np.moveaxis(w.reshape(*(1,) * (x.ndim - 1), -1), -1, axis)
    wide = np.broadcast_to(w, x.shape) * np.ones(1, x.dtype)
    total = np.sum(wide, axis, keepdims=keepdims) * 1.0
    if np.any(total == 0.0):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    found = np.sum(x * w, axis, keepdims=keepdims) / total
    return (found, total) if returned else found


def without_nan(x: Any, number: Any) -> Any:
    return np.where(np.isnan(x), like(x, number), x)


@written
def nansum(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = 0,
    where: Any = True,
) -> Any:
    x = np.asarray(a)
    y = without_nan(x, np.zeros(()))
    return np.sum(y, axis, dtype, out, keepdims, initial, where)


@written
def nanprod(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = 1,
    where: Any = True,
) -> Any:
    x = np.asarray(a)
    y = without_nan(x, np.ones(()))
    return np.prod(y, axis, dtype, out, keepdims, initial, where)


@written
def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    x = np.asarray(a)
    return np.cumsum(without_nan(x, np.zeros(())), axis, dtype, out)


@written
def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    x = np.asarray(a)
    return np.cumprod(without_nan(x, np.ones(())), axis, dtype, out)


@written
def nanmean(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False
) -> Any:
    x = np.asarray(a)
    found = np.mean(x, axis, dtype, keepdims=keepdims, where=~np.isnan(x))
    return copied_to(out, found)


@written
def nanvar(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
) -> Any:
    x = np.asarray(a)
    if np.ndim(ddof) > 0:
        raise ValueError("ddof has to be one number")
    broken = np.issubdtype(x.dtype, np.inexact)
    if dtype is not None and broken and not np.issubdtype(dtype, np.inexact):
        raise TypeError("If a is inexact, then dtype must be inexact")
    there = ~np.isnan(x)
    found = np.var(x, axis, dtype, None, ddof, keepdims, where=there)
    count = np.sum(there, axis, keepdims=keepdims)
    return copied_to(out, like(found, np.where(count > ddof, found, np.nan)[()]))


@written
def nanstd(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
) -> Any:
    return copied_to(out, np.sqrt(np.nanvar(a, axis, dtype, None, ddof, keepdims)))


@written
def nanmax(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    x = np.asarray(a)
    if x.dtype.kind != "f" and x.dtype.kind != "c":
        return copied_to(out, np.max(x, axis, keepdims=keepdims))
    nothing = np.all(np.isnan(x), axis, keepdims=keepdims)
    most = np.max(np.where(np.isnan(x), -np.inf, x), axis, keepdims=keepdims)
    return copied_to(out, np.where(nothing, np.nan, most)[()])


@written
def nanmin(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    x = np.asarray(a)
    if x.dtype.kind != "f" and x.dtype.kind != "c":
        return copied_to(out, np.min(x, axis, keepdims=keepdims))
    nothing = np.all(np.isnan(x), axis, keepdims=keepdims)
    least = np.min(np.where(np.isnan(x), np.inf, x), axis, keepdims=keepdims)
    return copied_to(out, np.where(nothing, np.nan, least)[()])


@written
def nanargmax(a: Any, axis: Any = None) -> Any:
    x = np.asarray(a)
    if np.any(np.all(np.isnan(x), axis)):
        raise ValueError("All-NaN slice encountered")
    return np.argmax(np.where(np.isnan(x), -np.inf, x) if x.dtype.kind == "f" else x, axis)


@written
def nanargmin(a: Any, axis: Any = None) -> Any:
    x = np.asarray(a)
    if np.any(np.all(np.isnan(x), axis)):
        raise ValueError("All-NaN slice encountered")
    return np.argmin(np.where(np.isnan(x), np.inf, x) if x.dtype.kind == "f" else x, axis)


@written
def cov(m: Any, y: Any = None, rowvar: Any = True, bias: Any = False, ddof: Any = None) -> Any:
    x = np.atleast_2d(np.asarray(m) * 1.0)
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    if not rowvar and np.ndim(m) > 1:
        x = x.T
    if y is not None:
        other = np.atleast_2d(np.asarray(y) * 1.0)
        x = np.concatenate((x, other if rowvar or np.ndim(y) < 2 else other.T))
    d = x - np.mean(x, axis=1, keepdims=True)
    less = (0 if bias else 1) if ddof is None else ddof
    turned = np.conj(d.T) if d.dtype.kind == "c" else d.T
    found = np.dot(d, turned) / np.float64(max(x.shape[1] - less, 0))
    return found if np.ndim(m) > 1 or y is not None else np.squeeze(found)


@written
def corrcoef(x: Any, y: Any = None, rowvar: Any = True) -> Any:
    c = np.cov(x, y, rowvar)
    if np.ndim(c) == 0:
        return c / c
    d = np.sqrt(np.diagonal(c).real)
    found = c / d[:, None] / d[None, :]
    return found if found.dtype.kind == "c" else np.clip(found, -1, 1)
