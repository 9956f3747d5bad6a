"""NumPy's functions written in NumPy with loops, as a user would write them.

Their text is read where they are called, so that they have derivatives without a rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.library.numpy_table import written


@written
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: Any = -1) -> Any:
    rows = np.moveaxis(np.asarray(y), axis, -1)
    d = dx
    if x is not None:
        d = np.diff(x) if np.ndim(x) == 1 else np.diff(np.moveaxis(x, axis, -1))
    return np.sum(d * (rows[..., 1:] + rows[..., :-1]) / 2.0, axis=-1)


@written
def unwrap(p: Any, discont: Any = None, axis: Any = -1, *, period: Any = 6.283185307179586) -> Any:
    x = np.moveaxis(p, axis, -1)
    d = np.diff(x)
    dtype = np.result_type(d, period)
    whole = np.issubdtype(dtype, np.integer)
    half = period // 2 if whole else period / 2
    least = period / 2 if discont is None else np.maximum(discont, period / 2)
    turned = np.mod(d + half, period) - half
    if not whole or period % 2 == 0:
        turned = np.where((turned == -half) & (d > 0), half, turned)
    steps = np.where(np.abs(d) < least, 0, turned - d)
    found = x.astype(dtype)
    found[..., 1:] = found[..., 1:] + np.cumsum(steps, axis=-1)
    return np.moveaxis(found, -1, axis)


@written
def polyval(p: Any, x: Any) -> Any:
    c = np.asarray(p)
    y = np.zeros_like(x) * np.zeros((), c.dtype)
    for i in range(len(c)):
        y = y * x + c[i]
    return y


@written
def polyfit(x: Any, y: Any, deg: Any, rcond: Any = None, *, w: Any = None) -> Any:
    order = int(deg) + 1
    places, values = np.asarray(x) + 0.0, np.asarray(y) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if len(places) == 0:
        raise TypeError("expected non-empty vector")
    if len(places) != len(values):
        raise TypeError("expected x and y to have same length")
    powers = np.vander(places, order)
    if w is not None:
        weights = np.asarray(w) + 0.0
        powers = powers * weights[:, None]
        values = (values.T * weights).T
    scale = np.sqrt(np.sum(powers * powers, axis=0))
    cut = len(places) * np.finfo(places.dtype).eps if rcond is None else rcond
    found = np.linalg.lstsq(powers / scale, values, cut)[0]
    return (found.T / scale).T


@written
def polyder(p: Any, m: Any = 1) -> Any:
    if np.ndim(p) == 0:
        raise TypeError("len() of unsized object")
    if m == 0:
        return np.asarray(p)
    found = np.asarray(p)[:-1] * np.arange(len(p) - 1, 0, -1)
    for _ in range(1, m):
        found = found[:-1] * np.arange(len(found) - 1, 0, -1)
    return found


@written
def polyint(p: Any, m: Any = 1) -> Any:
    if m == 0:
        return np.asarray(p)
    found = np.concatenate((np.asarray(p) / np.arange(len(p), 0, -1), np.zeros(1)))
    for _ in range(1, m):
        found = np.concatenate((found / np.arange(len(found), 0, -1), np.zeros(1)))
    return found
