"""NumPy's statistics, and its functions of neighbours and of sequences."""

from __future__ import annotations

import numpy as np
import pytest

from tests.phrases import Phrases

pytestmark = pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional:DeprecationWarning")

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

X = np.random.default_rng(0).normal(size=(3, 4, 5)).round(3)
M, V, W = X[0], X[0, 0], X[1, 1]
K = (X * 10).astype(np.int64)
N = X.copy()
N[1, 1, 1] = np.nan
N[:, 0, 0] = np.nan
C = np.array([0.0, 1.0, 1.5, 3.0, 3.5])
APART = np.random.default_rng(1).permutation(24).reshape(2, 3, 4) / 6 - 1.71  # from kinks too
SPECIAL = np.array([0.0, -0.0, 1, 2, 0.5, -8, 1e-310, 5e-324, 1e308, np.inf, -np.inf, np.nan])


@program((N,), (K,), (X[:, :, :0],))
def medians(x):
    return (
        np.median(x), np.median(x, axis=1), np.median(x, axis=(0, 2), keepdims=True),
        np.median(x[:, :3], axis=1), np.nanmedian(x, axis=1),
    )  # fmt: skip


@program((N,), (K,))
def quantiles(x):
    return (
        np.percentile(x, 30), np.percentile(x, [10, 50.0, 90], axis=0),
        np.quantile(x, 0.3, axis=(0, 1)), np.quantile(x, [0.1, 1.0], axis=2, keepdims=True),
        np.quantile(x, 0.3, method="nearest"), np.quantile(x, 0.3, axis=1, method="lower"),
        np.quantile(x, 0.7, axis=1, method="higher"), np.quantile(x, 0.3, 0, method="midpoint"),
    )  # fmt: skip


@program((X, 1.5))
def quantile_of_no_part(x, q):
    return np.quantile(x, q)


@smooth((APART,), by_differences=True)
def slopes_of_order(x):
    a = np.median(x, axis=1) ** 2
    return np.sum(a) + np.quantile(x, 0.3) + np.sum(np.percentile(x, [20, 65], axis=0) ** 2)


@program((X, V), (K, V))
def averages(x, w):
    return (
        np.average(x), np.average(x, axis=0), np.average(x, weights=x * x),
        *np.average(x, axis=2, weights=w, returned=True), np.average(x, 2, w * w, keepdims=True),
        *np.average(x, axis=1, returned=True),
    )  # fmt: skip


@program((M, np.zeros(5)))
def average_of_nothing(x, w):
    return np.average(x, axis=1, weights=w)


@smooth((M, V), by_differences=True)
def average_slopes(x, w):
    return np.sum(np.average(x, axis=1, weights=np.exp(w)) ** 2) + np.sum(np.cov(x, w) ** 2)


@program((N,), (X,), (np.full((2, 2, 3), np.nan),))
def without_nan(x):
    return (
        np.nansum(x), np.nansum(x, axis=0), np.nanprod(x, 1), np.nanmean(x), np.nanmean(x, axis=0),
        np.nanvar(x, axis=0), np.nanstd(x, axis=(1, 2), ddof=1), np.nanmax(x), np.nanmax(x, axis=0),
        np.nanmin(x, axis=1, keepdims=True), np.nancumsum(x, axis=1), np.nancumprod(x),
    )  # fmt: skip


@program((N,), (X,), (K,), (np.full((2, 2, 3), np.nan),))
def places_without_nan(x):
    return np.nanargmax(x), np.nanargmin(x, axis=2), np.nansum(x), np.nanmax(x, axis=0)


@smooth((APART,), by_differences=True)
def slopes_without_nan(x):
    y = np.where(x > 1.87, np.nan, x * x)
    return np.nansum(y) + np.nanvar(y) + np.nanmean(y, axis=0).sum() + np.nanmax(y)


@program((M, V))
def covariances(x, y):
    return (
        np.cov(x), np.cov(y), np.cov(x, rowvar=False), np.cov(y, y * y), np.cov(x, bias=True),
        np.cov(x, ddof=0), np.corrcoef(x), np.corrcoef(y, y * y),
    )  # fmt: skip


@program((X,), (K,), (K.astype(np.int16),))
def differences(x):
    return (
        np.diff(x), np.diff(x, 2, axis=0), np.diff(x, axis=1, prepend=0, append=x[:, :1]),
        np.diff(x > 0), np.diff(x, n=0), np.ediff1d(x), np.ediff1d(x, to_end=x[0, 0]),
    )  # fmt: skip


@program((X, C))
def slopes(x, c):
    return (
        *np.gradient(x, 1, 2.0, c), np.gradient(x, 0.5, axis=1),
        np.gradient(x, c, axis=-1, edge_order=2), np.gradient(x[:, 0], axis=1, edge_order=2),
    )  # fmt: skip


@program((V[:1],))
def slope_of_one(x):
    return np.gradient(x)


@program((X, C))
def integrals(x, c):
    return (
        np.trapezoid(x), np.trapezoid(x, axis=0, dx=0.5), np.trapezoid(x, c),
        np.trapezoid(x, x, axis=1), np.cross(x[:, 0, :3], x[:, 1, :3]),
        np.cross(x[0, 0, :3], x[:, 1, :3]), np.cross(x[:, 0], x[:, 1], axis=0),
    )  # fmt: skip


@program((X,), (np.arange(12).reshape(3, 2, 2),))
def vectors_of_two(x):
    p, q = np.stack((x[:, 0, 0], x[:, 1, 1]), axis=-1), np.stack((x[:, 1, 0], x[:, 0, 1]))
    r = np.stack((x[0, 0, 0] + p[:, 0], p[:, 1], q[0]))
    flat = np.cross(p, q, axisb=0), np.cross([1, 2], p), np.cross((1.5, 2), [3, 4])
    return *flat, np.cross(p, r), np.cross(r, q, axisa=1, axisb=0, axisc=0)


@smooth((V, C))
def slopes_of_slopes(x, c):
    a = np.gradient(x, c, edge_order=2) ** 2 + np.gradient(x, 0.5) * x + np.diff(x, 2, append=c[:2])
    area = np.cross((x[0], x[1]), (c[1], x[4]))
    return np.sum(a) + np.sum(np.cross(x[:3], x[2:]) ** 2) + area**2


@program((V, W[:3]), (V, W[:2]), (V, W), (np.arange(5), np.array([1, 2])), (V, V[:0]))
def convolutions(a, b):
    return (
        np.convolve(a, b), np.convolve(b, a, "same"), np.convolve(a, b, mode="valid"),
        np.correlate(a, b), np.correlate(a, b, "same"), np.correlate(b, a, "full"),
        np.correlate(b, a, "same"), np.correlate(b, a, "valid"), np.convolve(a, [1, 2]),
    )  # fmt: skip


@smooth((V, W[:3]), by_differences=True)
def convolution_slopes(a, b):
    return np.sum(np.convolve(a, b) ** 2) + np.sum(np.correlate(a, b, "same") ** 3)


@program((np.zeros(0, np.int64),), (np.array([2, 0]),))
def counts_of_few(k):
    return np.bincount(k), np.bincount(k, minlength=3)


@program((np.array([1, 3, 1, 0, 4]), V), (np.array([-1]), V[:1]))
def counts(k, w):
    return np.bincount(k), np.bincount(k, minlength=9), np.bincount(k, w), np.bincount(k, w, 3)


@program((X,))
def histograms(x):
    return (
        *np.histogram(x), *np.histogram(x, 5, range=(-1, 1)), *np.histogram(x, [-1, 0.0, 0.5, 2]),
        *np.histogram(x, bins=4, density=True), *np.histogram(x, 4, weights=x * x),
    )  # fmt: skip


@program((M + 1j * X[1],))
def of_complex_numbers(z):
    return (
        np.var(z), np.std(z, axis=0), np.cov(z)[0, 1:], np.corrcoef(z)[0, 1:], np.nanmax(z),
        np.correlate(z[0], z[1], "full"), np.convolve(z[0], z[1]), np.average(z, axis=0),
        np.nansum(z), np.gradient(z, axis=0), np.isclose(z, z + 1e-9), np.polyval(z[0], z),
        np.nan_to_num(z),
    )  # fmt: skip


@refused((M + 0j,))
def middle_of_complex_numbers(z):
    return np.median(z)


@program((np.cumsum(M * 3, axis=1) % 6.28,))
def unwrapped(p):
    return np.unwrap(p), np.unwrap(p, axis=0), np.unwrap(p, period=4), np.polyval([1, 2.0, 3], p)


@smooth((M, V), by_differences=True)
def polynomials(x, p):
    return np.sum(np.polyval(p, x)) + np.polyval(p, 2.0) + np.sum(np.unwrap(x) ** 2)


@program((X,))
def chosen(x):
    return (
        np.select([x > 1, x > 0], [x * x, x]), np.select([x > 0, x < -1], [1, 2.5], default=-1),
        np.piecewise(x, [x < 0, x > 1], [-1, lambda t: t * t, lambda t: t + 3]),
        np.piecewise(x, [x < 0, x >= 0], [lambda t: -t, lambda t: t**2]),
        np.choose(np.array([0, 1, 2, 1]), [x[0, :, 0], x[1, :, 0], 5.0]),
        np.choose(np.array([0, 5, -2, 1]), [x[0, :, 0], x[1, :, 0]], mode="clip"),
        np.choose(np.array([0, 5, -2, 1]), [x[0, :, 0], x[1, :, 0]], mode="wrap"),
    )  # fmt: skip


@program((V, np.array([0, 1, 2, 0, 1])), (V, np.array([0, 1, 1, 0, 1])))
def choices(x, k):
    return np.choose(k, [x, x * x])


@smooth((APART,), by_differences=True)
def chosen_slopes(x):
    y = np.piecewise(x, [x < 0, x > 1], [lambda t: t * t, np.exp, lambda t: 3 * t])
    return np.sum(y**2) + np.sum(np.select([x > 1, x > 0], [x * x, np.sqrt(np.abs(x))], 2 * x))


@program((SPECIAL,), (np.float64(10.0),))
def parts_of_floats(x):
    return np.frexp(x)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
