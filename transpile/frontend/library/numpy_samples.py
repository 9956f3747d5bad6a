"""What a generator of NumPy's random numbers draws: a number, or an array of this shape.

Each is a method of `np.random.Generator`, written over the state of one (see numpy_random.py), with
NumPy's own ways to draw, so that the numbers are the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.library.numpy_random import (
    bounded,
    masked,
    one_exponential,
    one_normal,
    one_poisson,
    one_unit,
)

LARGEST_MEAN = 9.223372006484771e18  # of a Poisson distribution: few deviations below 2**63
ROUNDING = 1.4901161193847656e-08  # how far the sum of probabilities may be from one


def filled(state: Any, one: Any, size: Any) -> Any:
    """One number of these, or an array of them."""
    if size is None:
        return float(one(state))
    out = np.empty(size)
    flat = out.reshape(-1)
    for at in range(len(flat)):
        flat[at] = one(state)
    return out


def random(state: Any, size: Any = None) -> Any:
    return filled(state, one_unit, size)


def standard_normal(state: Any, size: Any = None) -> Any:
    return filled(state, one_normal, size)


def standard_exponential(state: Any, size: Any = None) -> Any:
    return filled(state, one_exponential, size)


def normal(state: Any, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
    if np.any(np.signbit(scale)):
        raise ValueError("scale < 0")
    if size is None and np.ndim(loc) + np.ndim(scale) == 0:
        return float(loc + scale * one_normal(state))
    shape = np.shape(loc + scale * 0.0) if size is None else size
    return loc + scale * standard_normal(state, shape)


def exponential(state: Any, scale: Any = 1.0, size: Any = None) -> Any:
    if np.any(np.signbit(scale)):
        raise ValueError("scale < 0")
    if size is None and np.ndim(scale) == 0:
        return float(scale * one_exponential(state))
    shape = np.shape(scale) if size is None else size
    return scale * standard_exponential(state, shape)


def uniform(state: Any, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
    span = high - low
    if not np.all(np.isfinite(span)):
        raise OverflowError("high - low range exceeds valid bounds")
    if np.any(np.signbit(span)):
        raise ValueError("high - low < 0")
    if size is None and np.ndim(span) == 0:
        return float(low + span * one_unit(state))
    shape = np.shape(span) if size is None else size
    return low + span * random(state, shape)


def integers(
    state: Any, low: Any, high: Any = None, size: Any = None, endpoint: Any = False
) -> Any:
    first = 0 if high is None else int(low)
    last = int(low) if high is None else int(high)
    if not endpoint:
        last = last - 1
    if first > last:
        raise ValueError("high <= 0" if high is None else "low >= high")
    span = np.uint64(last - first)
    if size is None:
        return np.int64(bounded(state, span)) + np.int64(first)
    out = np.empty(size, dtype=np.int64)
    flat = out.reshape(-1)
    for at in range(len(flat)):
        flat[at] = np.int64(bounded(state, span)) + np.int64(first)
    return out


def poisson(state: Any, lam: Any = 1.0, size: Any = None) -> Any:
    if not np.all(lam >= 0):
        raise ValueError("lam < 0 or lam is NaN")
    if np.any(lam > LARGEST_MEAN):
        raise ValueError("lam value too large")
    if size is None and np.ndim(lam) == 0:
        return int(one_poisson(state, float(lam)))
    shape = np.shape(lam) if size is None else size
    out = np.empty(shape, dtype=np.int64)
    means = np.broadcast_to(lam, np.shape(out)).reshape(-1)
    flat = out.reshape(-1)
    for at in range(len(flat)):
        flat[at] = one_poisson(state, float(means[at]))
    return out


def shuffle(state: Any, x: Any) -> None:
    for i in range(len(x) - 1, 0, -1):
        j = np.int64(masked(state, np.uint64(i)))
        row = np.copy(x[i])
        x[i] = x[j]
        x[j] = row


def permutation(state: Any, x: Any) -> Any:
    if np.ndim(x) == 0:
        out = np.arange(x)
        shuffle(state, out)
        return out
    if np.ndim(x) == 1:
        out = np.copy(x)
        shuffle(state, out)
        return out
    order = np.arange(len(x))
    shuffle(state, order)
    return x[order]


def choice(state: Any, a: Any, size: Any = None, replace: Any = True, p: Any = None) -> Any:
    count = len(a) if np.ndim(a) > 0 else int(a)
    total = 1 if size is None else int(np.prod(size))
    if count < 1 and total > 0:
        if np.ndim(a) > 0:
            raise ValueError("a cannot be empty unless no samples are taken")
        raise ValueError("a must be a positive integer unless no samples are taken")
    if p is None:
        found = integers(state, 0, count, total) if replace else apart(state, count, total)
    else:
        found = weighed(state, count, total, replace, np.asarray(p, dtype=np.float64))
    if size is None:
        return a[found[0]] if np.ndim(a) > 0 else int(found[0])
    found = found.reshape(size)
    return a[found] if np.ndim(a) > 0 else found


def apart(state: Any, count: Any, total: Any) -> Any:
    """So many of the numbers below `count`, each once: the end of a shuffle of all, or few of many
    by Floyd's way, shuffled."""
    if total > count:
        raise ValueError("Cannot take a larger sample than population when replace is False")
    found = np.empty(total, dtype=np.int64)
    if count > 10000 and total > count // 50:
        order = np.arange(count)
        for i in range(count - 1, max(count - total, 1) - 1, -1):
            j = np.int64(bounded(state, np.uint64(i)))
            order[i], order[j] = order[j], order[i]
        found[:] = order[count - total :]
    else:
        taken = np.zeros(count, dtype=np.bool_)
        for i in range(count - total, count):
            j = np.int64(bounded(state, np.uint64(i)))
            if taken[j]:
                j = np.int64(i)
            taken[j] = True
            found[i - count + total] = j
        for i in range(total - 1, 0, -1):
            j = np.int64(bounded(state, np.uint64(i)))
            found[i], found[j] = found[j], found[i]
    return found


def weighed(state: Any, count: Any, total: Any, replace: Any, p: Any) -> Any:
    """So many of the numbers below `count`, as likely as `p` says."""
    if len(p) != count:
        raise ValueError("a and p must have same size")
    if np.any(np.isnan(p)):
        raise ValueError("Probabilities contain NaN")
    if np.any(p < 0):
        raise ValueError("Probabilities are not non-negative")
    if np.abs(np.sum(p) - 1.0) > ROUNDING:
        raise ValueError(
            "Probabilities do not sum to 1. See Notes section of docstring for more information."
        )
    left, taken = np.copy(p), 0
    found = np.empty(total, dtype=np.int64)
    if not replace:
        if total > count:
            raise ValueError("Cannot take a larger sample than population when replace is False")
        if np.count_nonzero(p) < total:
            raise ValueError("Fewer non-zero entries in p than size")
    while taken < total:
        upto = np.cumsum(left)
        upto /= upto[-1]
        for _ in range(total - taken):
            at = np.searchsorted(upto, one_unit(state), side="right")
            if replace or left[at] > 0.0:
                found[taken] = at
                taken += 1
            if not replace:
                left[at] = 0.0
    return found
