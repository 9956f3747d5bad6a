"""NumPy's statistics, written in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.numpy_table import written


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
    less = ddof if correction is None else correction
    middle = mean
    if mean is None:
        middle = np.mean(x, axis, dtype, keepdims=True, where=where)
    total = np.sum(np.square(x - middle), axis, dtype, keepdims=keepdims, where=where)
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
    less = ddof if correction is None else correction
    found = np.sqrt(np.var(a, axis, dtype, None, less, keepdims, where=where, mean=mean))
    return copied_to(out, found)


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
    np.copyto(out, found)
    return out


@written
def ptp(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    found = np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims)
    return copied_to(out, found)
