"""Sorting and searching: as NumPy's own, with the gradients of what they move."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

RNG = np.random.default_rng(5)
X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
M = RNG.permutation(60).reshape(3, 4, 5) / 7.0
LONG = RNG.permutation(np.arange(101.0))
NANS = np.array([np.nan, 2.0, -np.inf, np.inf, np.nan, -2.0, 0.5])
TIES = RNG.integers(0, 5, 80)
EMPTY = np.zeros(0)
MANY = np.concatenate([RNG.normal(size=150) * 1e-310, RNG.normal(size=150), 20 * [-0.0], NANS])
Z = np.zeros(90, complex)
Z.real, Z.imag = RNG.choice([0.0, 1.0, -np.inf, np.nan], (2, 90))


@program((M,), (M[::-1, :, ::2],), (np.zeros((3, 0, 2)),), ((M * 7).astype(np.int32),))
def sorts(x):
    y = np.sort(x, axis=0)
    y[...] = np.sort(x, 1, kind="stable")
    return (
        np.sort(x),
        np.sort(x, axis=None),
        y,
        np.argsort(x),
        np.argsort(x, axis=-2, kind="stable"),
    )


@program((LONG,), (NANS,), (TIES,), (EMPTY,), (TIES > 2,), (LONG.astype(np.float32),),
         (MANY[:300],), (TIES.astype(np.int8) * 40,), (Z,), (Z.astype(np.complex64),),
         (TIES.astype(np.uint64) * 2**61,))  # fmt: skip
def sorts_vectors(x):
    y = x.copy()
    y.sort()
    z = x[::-1].copy()
    z.sort(kind="mergesort")
    stable = np.argsort(x, stable=True), x.argsort(kind="stable")
    return y, z, np.sort(a=x[1:]), np.argsort(x), *stable


@program((M,))
def sorts_in_place(x):
    x.sort(0)
    x[1].sort()
    x[:, 1:3].sort(axis=-1)


@program((TIES, LONG[:80]))
def orders(a, b):
    k = np.lexsort((b, a))
    return k, a[k], np.lexsort((a % 2, a // 2)), np.lexsort([np.floor(b / 9.0), b])


@program((LONG, np.array([[3.0, 50.5], [-1.0, 1e9]])), (NANS, NANS), (EMPTY, EMPTY),
         (Z, Z[:5]))  # fmt: skip
def searches(x, v):
    y = np.sort(x)
    left, right = np.searchsorted(y, v), np.searchsorted(y, v, side="right")
    return left, right, y.searchsorted(v), np.searchsorted(y, 0.5), np.searchsorted(y, [2, 7])


@program((TIES,))
def searches_integers(x):
    k = np.argsort(x, kind="stable")
    return np.searchsorted(x, 2.5, sorter=k), np.searchsorted(x, [1, 4], "right", k)


@program((M,))
def places_along_an_axis(x):
    k = np.argsort(x, axis=1)
    y = np.zeros_like(x)
    np.put_along_axis(y, k, x, axis=1)
    np.put_along_axis(y, np.argmax(y, axis=2)[:, :, None], 0.0, axis=2)
    top = np.argmax(x, axis=2)[:, :, None]
    return np.take_along_axis(x, k, axis=1), np.take_along_axis(x, top, axis=2), y


@program((LONG,))
def partitions(x):
    y = np.partition(x, 10)
    k = np.argpartition(x, -3)
    return y[10], x[k[-3]], np.sort(y), np.sort(x[k[:-3]]), np.sort(np.partition(x, (3, 5))[:3])


@smooth((X,), (LONG[:9],))
def weighs_by_rank(x):
    return np.sum(np.sort(x * x * x) * np.arange(len(x))) + np.sort(x)[1] ** 2


@smooth((M,))
def weighs_rows_by_rank(x):
    return np.sum(np.sort(x, axis=1)[:, 1] ** 3) + np.sum(np.sort(x)[..., ::2] ** 2)


@smooth((M,))
def takes_along_an_axis(x):
    k = np.argsort(x, axis=0)
    y = np.zeros_like(x)
    np.put_along_axis(y, k[1:], x[1:] ** 2, axis=0)
    return np.sum(np.take_along_axis(x, k[:2], axis=0) ** 3) + np.sum(y * x)


@smooth((X,))
def sorts_as_it_goes(x):
    """A sort in a loop, in place."""
    y = x.copy()
    total = 0.0
    for i in range(len(x)):
        y.sort()
        y[i] = y[i] * 0.5 - 1.0
        total = total + y[0] * y[-1]
    return total


@smooth((RNG.normal(size=(70, 2)),), (RNG.normal(size=(2, 3, 80)),))
def moved_by_sorting(x):
    return np.sum(np.sort(x, axis=0)[::-1] ** 3) + np.sum(np.sort(x)[..., 0] ** 2)


@smooth((Z[:0], X), (np.exp(1j * np.arange(7.0)), X), by_differences=True)
def complex_numbers_in_order(z, x):
    return np.sum(np.abs(np.sort(z) - np.arange(len(z))) ** 2) + np.sort(x)[0]


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
