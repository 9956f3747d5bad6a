"""NumPy's reductions with every argument they have, the ledger of ties, and ufuncs' methods."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

X = np.array([[0.5, -1.25, 2.0], [0.75, -0.5, 1.5]])
V = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
K = np.array([[3, -1, 2], [4, 0, 7]])
B = X > 0
F = X.astype(np.float32)
NOTHING = np.zeros((0, 3))
AXES = np.arange(24.0).reshape(2, 3, 4) / 7 - 1
WRONG = np.array([0.5, np.nan, 2.0, -1.0])
LONG = np.sin(np.arange(3 * 40.0) ** 2).reshape(3, 40)  # rows that run in lanes
HOLES = np.where(LONG > 0.98, np.nan, LONG)
ENDLESS = np.where(LONG > 0.95, np.inf, np.where(LONG < -0.95, -np.inf, LONG))


@smooth((X,), (AXES,))
def sums(x):
    total = np.sum(x, axis=0) * 2.0 + x.sum(0, keepdims=True)[0]
    return np.sum(total**2) + np.prod(x, axis=-1, initial=2.0).sum() + np.sum(x, initial=1.5)


@smooth((X, B))
def sums_where(x, mask):
    total = np.sum(x**2, axis=1, where=mask, initial=0.5) + np.prod(x, axis=1, where=mask)
    return np.sum(total) + np.mean(x, where=mask) * x.mean(axis=0, where=[True, False, True])[0]


@smooth((AXES,))
def axes(x):
    a = np.sum(x, axis=(0, 2)) + np.mean(x, axis=(-1, 0))
    return np.sum(a * a) + np.max(x, axis=(0, -1)).sum() + np.sum(x.min((1, 2), keepdims=True))


@smooth((X,), by_differences=True)
def spreads(x):
    a = np.var(x) + np.std(x, axis=0, ddof=1).sum() + x.var(axis=1, keepdims=True).sum()
    return a + np.std(x, 0, mean=np.mean(x, axis=0, keepdims=True)).sum() + np.std(x, correction=1)


@smooth((X, B), by_differences=True)
def spreads_where(x, mask):
    return np.sum(np.var(x, axis=0, where=mask, ddof=0)[:1]) + np.std(x, where=mask)


@smooth((X,), by_differences=True)
def extremes(x):
    a = np.max(x, axis=0, initial=0.6) + np.min(x, axis=0, where=x < 1.9, initial=1.75)
    return np.sum(a * a) + np.amax(x) * np.amin(x)


@program((X,), (K,), (B,), (F,), (K.astype(np.int32),))
def dtypes(x):
    return (
        np.sum(x), np.prod(x, axis=0), x.max(), np.min(x, axis=1), np.mean(x, axis=0), np.var(x),
        np.std(x, axis=1, keepdims=True), np.all(x), np.any(x, axis=0), np.cumsum(x),
        np.cumprod(x, axis=1), np.argmax(x), np.argmin(x, axis=0, keepdims=True),
        np.count_nonzero(x), np.count_nonzero(x, axis=0), np.sum(x, dtype=np.float64),
        np.mean(x, dtype=np.float32),
    )  # fmt: skip


@program((LONG,), (HOLES,), (ENDLESS,), (LONG.T,), (HOLES.astype(np.float32),), (LONG[:, ::-3],))
def in_lanes(x):
    y = np.stack((x, x[::-1] * 0.5))
    return (
        x.max(), x.min(), x.max(axis=0), x.min(axis=1), x.sum(axis=0), np.any(x > 0.9, axis=0),
        np.all(x < 0.9, axis=0), y.max(axis=1), y.sum(axis=(0, 1)), y.min(axis=0, keepdims=True),
        np.prod(x, axis=0, keepdims=True), np.count_nonzero(y > 0, axis=1), x.argmax(axis=0),
    )  # fmt: skip


@program((NOTHING,))
def of_nothing(x):
    return (
        np.sum(x, axis=0), np.prod(x), np.all(x, axis=0), np.any(x), np.max(x, initial=-1.0),
        np.min(x, axis=0, initial=2.0), np.sum(x, axis=1), np.cumsum(x), np.mean(x), np.std(x),
        np.mean(x, axis=0), np.max(x, axis=1),
    )  # fmt: skip


@program((NOTHING,), (np.zeros((3, 0)),))
def greatest_of_nothing(x):
    return np.max(x, axis=0)


@program((NOTHING,))
def place_of_nothing(x):
    return np.argmax(x)


@program((X,), (K,), (F,))
def into_given(x):
    a, b, c = np.zeros(3), np.zeros((2, 1)), np.zeros(5)
    kept = np.sum(x, axis=0, out=a)
    np.mean(x, 1, out=b, keepdims=True)
    np.max(x, axis=0, out=c[1:4])
    d = np.zeros(2, np.int64)
    np.argmax(x, axis=1, out=d)
    np.var(x, axis=0, out=c[2:])
    np.cumsum(x[0], out=a)
    return kept, a, b, c, d


@program((X,), (NOTHING,))
def at_zero(x):
    return (
        np.sum(x[:, 0]),
        np.sum(np.sum(x)),
        np.max(np.float64(2.5)),
        np.mean([1.0, 2.0]),
        np.sum(3),
    )


@program((WRONG,))
def with_nan(x):
    return np.max(x), np.min(x), np.sum(x), np.max(x, where=~np.isnan(x), initial=-np.inf)


@smooth((X,))
def by_ufuncs(x):
    a = np.add.reduce(x) * np.multiply.reduce(x, axis=1)[0] + np.add.accumulate(x, axis=1)[1]
    b = np.multiply.outer(x[0], x[1]) + np.subtract.outer(x[0], x[:, 0]).sum()
    c = np.subtract.reduce(x, axis=1).sum() + np.add.reduceat(x[0], [0, 2, 1]).sum()
    return np.sum(a * a) + np.sum(b * b) + c * c + np.add.reduce(x, axis=None)


@smooth((X,), by_differences=True)
def by_more_ufuncs(x):
    a = np.maximum.reduce(x, axis=1) + np.minimum.accumulate(x[0])[1:].sum()
    return np.sum(a * a) + np.logaddexp.reduce(x, axis=1).sum() + np.hypot.reduce(x[0])


@program((V, np.array([1, 3, 1, 5])))
def at_places(x, k):
    np.add.at(x, k, 2.0)
    np.subtract.at(x, k[:2], x[:2])
    np.multiply.at(x, k, np.array([2.0, 3.0, 4.0, 5.0]))
    np.maximum.at(x, k, 0.25)
    return np.multiply.reduceat(x, [0, 2, 2, 1]), np.logical_and.reduce(x > 0)


@smooth((V, np.array([1, 3, 1, 5])))
def products_at_places(x, k):
    y = x * 2.0
    np.multiply.at(y, k, x[:4])
    return np.sum(y * y)


@refused((X,))
def greatest_where(x):
    return np.max(x, where=x > 0)


@refused((X, np.zeros(3, np.int64)))
def floats_into_integers(x, out):
    return np.sum(x, axis=0, out=out)


@refused((X,))
def where_without_out(x):
    return np.exp(x, where=x > 0)


LEDGER = [
    (lambda x: np.max(x), [1.0, 3.0, 3.0], [0.0, 1.0, 1.0]),
    (lambda x: np.maximum(x, 1.0)[0], [1.0], [1.0]),
    (lambda x: np.sum(np.abs(x)), [0.0, -0.0], [0.0, 0.0]),
    (lambda x: np.prod(x), [0.0, 2.0, 3.0], [6.0, 0.0, 0.0]),
    (lambda x: np.prod(x), [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]),
    (lambda x: np.sum(np.clip(x, 0, 1)), [-1.0, 0.0, 0.5, 1.0, 2.0], [0.0, 1.0, 1.0, 1.0, 0.0]),
    (lambda x: np.sum(np.sqrt(x)), [0.0, 4.0], [np.inf, 0.25]),
    (lambda x: np.sum(np.floor(x) + np.round(x) + np.sign(x)), [0.5, 0.0], [0.0, 0.0]),
    (lambda x: np.ptp(x), [1.0, 5.0, 2.0], [-1.0, 1.0, 0.0]),
    (lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)), [0.0, 2.0], [0.0, 0.5]),
    (lambda x: np.max(x, initial=3.0), [1.0, 3.0, 3.0], [0.0, 1.0, 1.0]),
    (lambda x: np.hypot(x[0], x[1]), [0.0, 0.0], [0.0, 0.0]),
    (lambda x: np.sum(np.log(x), where=x > 0), [0.0, 2.0], [0.0, 0.5]),
]  # fmt: skip


@pytest.mark.parametrize(("f", "at", "want"), LEDGER, ids=lambda v: "")
def test_ledger(f, at, want, mode):
    """What a derivative is where there is none, or a choice."""
    got = transpile.grad(f)(np.array(at))
    np.testing.assert_array_equal(got, want)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
