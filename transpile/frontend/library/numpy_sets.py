"""NumPy's functions of what occurs in arrays: sets, counts, histograms; and what is put between.

They are written in NumPy, and read where they are called.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.library.numpy_table import written


@written
def unique(
    ar: Any,
    return_index: Any = False,
    return_inverse: Any = False,
    return_counts: Any = False,
    *,
    equal_nan: Any = True,
) -> Any:
    x = np.ravel(ar)
    if return_index or return_inverse:
        order = np.argsort(x, kind="stable") if return_index else np.argsort(x)
        y = x[order]
    else:
        y = np.sort(x)
    first = np.ones(len(y), dtype=np.bool_)
    first[1:] = y[1:] != y[:-1]
    if equal_nan and x.dtype.kind in "fc":
        first[1:] &= ~(np.isnan(y[1:]) & np.isnan(y[:-1]))
    found: tuple[Any, ...] = (y[first],)
    if return_index:
        found = (*found, order[first])
    if return_inverse:
        place = np.empty(len(y), dtype=np.int64)
        place[order] = np.cumsum(first) - 1
        found = (*found, place.reshape(np.shape(ar)))
    if return_counts:
        ends = np.append(np.flatnonzero(first), len(y))
        found = (*found, ends[1:] - ends[:-1])
    return found if return_index or return_inverse or return_counts else found[0]


@written
def union1d(ar1: Any, ar2: Any) -> Any:
    return np.unique(np.concatenate((ar1, ar2), axis=None))


@written
def intersect1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    x = np.ravel(ar1) if assume_unique else np.unique(ar1)
    y = np.ravel(ar2) if assume_unique else np.unique(ar2)
    both = np.sort(np.concatenate((x, y)))
    return both[:-1][both[1:] == both[:-1]]


@written
def setdiff1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    x = np.ravel(ar1) if assume_unique else np.unique(ar1)
    return x[np.isin(x, ar2, invert=True)]


@written
def setxor1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    x = np.ravel(ar1) if assume_unique else np.unique(ar1)
    y = np.ravel(ar2) if assume_unique else np.unique(ar2)
    both = np.sort(np.concatenate((x, y)))
    apart = np.ones(len(both) + 1, dtype=np.bool_)
    apart[1:-1] = both[1:] != both[:-1]
    return both[apart[1:] & apart[:-1]]


@written
def isin(
    element: Any,
    test_elements: Any,
    assume_unique: Any = False,
    invert: Any = False,
    *,
    kind: Any = None,
) -> Any:
    if kind not in (None, "sort", "table"):
        raise ValueError("Invalid kind. Please use None, 'sort' or 'table'.")
    wide = np.result_type(np.asarray(element), np.asarray(test_elements))
    if kind == "table" and wide.kind not in "biu":
        raise ValueError("the 'table' method is only supported for boolean or integer arrays")
    x, y = np.ravel(element), np.ravel(test_elements)
    narrow, low, size = False, 0, 0
    if x.dtype.kind in "iu" and y.dtype.kind in "iu" and len(y) > 0:
        least, most = np.min(y), np.max(y)
        narrow = float(most) - float(least) <= 6.0 * (np.size(x) + len(y)) and most <= 2**62
        low, size = (int(least), int(most) - int(least) + 1) if narrow else (0, 0)
    there = np.zeros(size, dtype=np.bool_)
    if narrow:
        there[y.astype(np.int64) - low] = True
        near = (x >= low) & (x < low + size)
        found = near & there[np.where(near, x.astype(np.int64) - low, 0)]
    else:
        known = np.sort(y)
        place = np.searchsorted(known, x)
        beyond = np.append(known, np.zeros(1, dtype=known.dtype))
        found = (place < len(known)) & (beyond[place] == x)
    return np.reshape(~found if invert else found, np.shape(element))


@written
def bincount(x: Any, weights: Any = None, minlength: Any = 0) -> Any:
    if np.ndim(x) != 1:
        raise ValueError("object too deep for desired array")
    if x.dtype.kind not in "biu" or x.dtype == np.uint64:
        raise TypeError("what is counted has to be integers, as wide as int64 at most")
    x = x.astype(np.int64)
    if np.any(x < 0):
        raise ValueError("'list' argument must have no negative elements")
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    count = int(np.max(x)) + 1 if len(x) > 0 else 0
    count = max(count, minlength)
    if weights is None:
        out = np.zeros(count, dtype=np.int64)
        np.add.at(out, x, 1)
        return out
    if len(x) == 0:
        raise ValueError("the weights of nothing are counted in integers")
    sums = np.zeros(count)
    np.add.at(sums, x, weights)
    return sums


@written
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    if weights is not None and np.shape(weights) != np.shape(a):
        raise ValueError("weights should have the same shape as a.")
    if np.ndim(bins) > 0:
        return np.asarray(bins)
    if bins < 1:
        raise ValueError("`bins` must be positive, when an integer")
    x = np.ravel(a)
    dtype: Any = x.dtype.type if x.dtype.kind == "f" else np.float64
    if range is not None:
        first, last = 1.0 * range[0], 1.0 * range[1]
        if first > last:
            raise ValueError("max must be larger than min in range parameter.")
    elif len(x) == 0:
        first, last = dtype(0), dtype(1)
    else:
        first, last = dtype(np.min(x)), dtype(np.max(x))
    if not (np.isfinite(first) and np.isfinite(last)):
        raise ValueError("the range of a histogram is not finite")
    if first == last:
        first, last = first - 0.5, last + 0.5
    return np.linspace(first, last, bins + 1, dtype=dtype)


@written
def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    x = np.ravel(a)
    edges = np.histogram_bin_edges(a, bins, range)
    if np.ndim(bins) == 0:
        inside = (x >= edges[0]) & (x <= edges[-1])
        y = np.where(inside, x, edges[0])
        k = ((y - edges[0]) / (edges[-1] - edges[0]) * bins).astype(np.int64)
        k = np.where(k == bins, k - 1, k)
        k = np.where(y < edges[k], k - 1, k)
        k = np.where((y >= edges[k + 1]) & (k != bins - 1), k + 1, k)
        if weights is None:
            counts = np.zeros(bins, dtype=np.int64)
            np.add.at(counts, k, inside.astype(np.int64))
        else:
            counts = np.zeros(bins, dtype=weights.dtype)
            np.add.at(counts, k, np.where(inside, np.ravel(weights), 0))
    else:
        if np.any(edges[1:] < edges[:-1]):
            raise ValueError("`bins` must increase monotonically, when an array")
        order = np.argsort(x, kind="stable")
        y = x[order]
        place = np.searchsorted(y, edges)
        place[-1] = np.searchsorted(y, edges[-1], side="right")
        if weights is None:
            counts = place[1:] - place[:-1]
        else:
            sums = np.zeros(len(x) + 1, dtype=weights.dtype)
            sums[1:] = np.cumsum(np.ravel(weights)[order])
            ends = sums[place]
            counts = ends[1:] - ends[:-1]
    if density is not None and density:
        return counts / (edges[1:] - edges[:-1]) / np.sum(counts), edges
    return counts, edges


@written
def digitize(x: Any, bins: Any, right: Any = False) -> Any:
    side: Any = "left" if right else "right"
    if np.all(bins[1:] >= bins[:-1]):
        return np.searchsorted(bins, x, side=side)
    if not np.all(bins[1:] <= bins[:-1]):
        raise ValueError("bins must be monotonically increasing or decreasing")
    return len(bins) - np.searchsorted(bins[::-1], x, side=side)


# -- put between, taken out, put around


@written
def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    if isinstance(axis, tuple):
        raise TypeError("an axis has to be an integer")
    x = np.ravel(arr) if axis is None else np.moveaxis(arr, axis, 0)
    n = len(x)
    if np.ndim(obj) == 0 or np.size(obj) == 1:
        at = obj if np.ndim(obj) == 0 else np.asarray(obj)[0]
        if at < -n or at > n:
            raise IndexError("the index to insert at is out of bounds")
        place = at + n if at < 0 else at
        v = np.asarray(values)
        if np.ndim(v) < np.ndim(x):
            v = np.expand_dims(v, 0)
        elif axis is not None and np.ndim(obj) > 0:
            v = np.moveaxis(v, axis, 0)
        more = len(v)
        out = np.empty((n + more, *x.shape[1:]), dtype=x.dtype)
        out[:place] = x[:place]
        out[place : place + more] = v
        out[place + more :] = x[place:]
    else:
        where = np.asarray(obj)
        if np.any((where < -n) | (where > n)):
            raise IndexError("an index to insert at is out of bounds")
        where = np.where(where < 0, where + n, where)
        order = np.argsort(where, kind="stable")
        where[order] += np.arange(len(where))
        out = np.empty((n + len(where), *x.shape[1:]), dtype=x.dtype)
        old = np.ones(len(out), dtype=np.bool_)
        old[where] = False
        out[where] = values
        out[np.flatnonzero(old)] = x
    return out if axis is None else np.moveaxis(out, 0, axis)


@written
def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    x = np.ravel(arr) if axis is None else np.moveaxis(arr, axis, 0)
    if np.ndim(obj) == 0:
        n = len(x)
        if obj < -n or obj >= n:
            raise IndexError("the index to delete is out of bounds")
        place = obj + n if obj < 0 else obj
        left = np.concatenate((x[:place], x[place + 1 :]))
    else:
        if np.asarray(obj).dtype == np.bool_ and np.shape(obj) != (len(x),):
            raise ValueError("boolean array argument obj to delete must match the axis")
        keep = np.ones(len(x), dtype=np.bool_)
        keep[obj] = False
        left = x[keep]
    return left if axis is None else np.moveaxis(left, 0, axis)


@written
def resize(a: Any, new_shape: Any) -> Any:
    x, count = np.ravel(a), 1
    for n in new_shape if np.ndim(new_shape) > 0 else (new_shape,):
        if n < 0:
            raise ValueError("all elements of `new_shape` must be non-negative")
        count = count * n
    if len(x) == 0:
        return np.zeros(new_shape, x.dtype)
    return x[np.arange(count) % max(len(x), 1)].reshape(new_shape)


# -- places


@written
def argwhere(a: Any) -> Any:
    return np.stack(np.nonzero(a), axis=1)


@written
def extract(condition: Any, arr: Any) -> Any:
    return np.ravel(arr)[np.flatnonzero(condition)]


@written
def compress(condition: Any, a: Any, axis: Any = None) -> Any:
    if axis is not None and np.ndim(axis) != 0:
        raise TypeError("an axis has to be an integer")
    if np.ndim(condition) != 1:
        raise ValueError("condition must be a 1-d array")
    x = np.ravel(a) if axis is None else np.rollaxis(np.asarray(a), axis)
    found = x[np.flatnonzero(condition)]
    return found if axis is None else np.moveaxis(found, 0, axis)


@written
def put(a: np.ndarray, ind: Any, v: Any) -> None:
    where, values = np.ravel(ind), np.ravel(v)
    if where.dtype.kind == "c" or (isinstance(ind, np.ndarray) and where.dtype.kind == "f"):
        raise TypeError("Cannot cast the places to int64 according to the rule 'safe'")
    where = where if where.dtype.kind in "iu" else where.astype(np.int64)
    if len(values) > 0:
        np.reshape(a, -1)[where] = values[np.arange(len(where)) % len(values)]


@written
def place(arr: np.ndarray, mask: Any, vals: Any) -> None:
    if np.size(mask) != np.size(arr):
        raise ValueError("place: mask and data must be the same size")
    where, values = np.flatnonzero(mask), np.ravel(vals)
    if len(values) == 0:
        raise ValueError("Cannot insert from an empty array!")
    np.reshape(arr, -1)[where] = values[np.arange(len(where)) % len(values)]


@written
def putmask(a: np.ndarray, mask: Any, values: Any) -> None:
    if np.size(mask) != np.size(a):
        raise ValueError("putmask: mask and data must be the same size")
    x = np.reshape(a, -1)
    v = np.full(1, values, x.dtype) if np.ndim(values) == 0 else np.ravel(values)
    if np.ndim(values) > 0 and not np.can_cast(v.dtype, x.dtype):
        raise TypeError("Cannot cast the values according to the rule 'safe'")
    if len(v) > 0:
        x[...] = np.where(np.reshape(mask, -1), v[np.arange(len(x)) % len(v)], x)
