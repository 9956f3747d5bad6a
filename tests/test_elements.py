"""NumPy's and SciPy's functions of elements that are more than one operator."""

from __future__ import annotations

import math

import numpy as np
import scipy.special

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

X = np.array([[0.5, -1.25, 2.0], [0.75, -0.5, 1.5]])
V = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
K = np.array([[3, -1, 2], [4, 0, 7]])
F = X.astype(np.float32)
ODD = np.array([0.0, -0.0, 1.5, -2.5, np.inf, -np.inf, np.nan, 1e308, 3.0])
GRID = np.array([-1.0, -0.25, 0.4, 1.0, 2.5])
HEIGHTS = np.array([2.0, 0.5, -1.0, 3.0, 1.0])


@program((X,), (K,), (F,), (ODD,), (np.float64(-2.5),))
def rounded(x):
    return np.round(x), np.around(x, 1), np.round(x, decimals=-1), np.fix(x), np.rint(x)


@program((F, X), (K, F), (X, K))
def converted(x, y):
    return x.astype(y.dtype), np.zeros(3, y.dtype), np.full(2, 1, dtype=y.dtype)


@program((X,), (F,))
def rounded_into(x):
    a = np.zeros((2, 3))
    return np.round(x, 1, out=a), x.round(), x.round(2), np.round(x[0, 0], 1)


@program((ODD,), (X,), (F,), (K,), (2.5,))
def parts(x):
    return *np.modf(x), np.isposinf(x), np.isneginf(x), np.signbit(x)


@program((ODD, ODD[::-1].copy()), (X, 0.5), (F, np.float32(0.75)))
def divided(x, y):
    return *np.divmod(x, y), np.fmod(x, y), np.copysign(x, y), np.heaviside(x, y)


@program((K, 3), (K, K[0]))
def divided_whole(x, y):
    return *np.divmod(x, y), np.gcd(x, y), np.lcm(x, 6), np.float_power(x, 2), np.fmod(x, y)


@program((ODD, ODD + 1e-9), (X, X * (1 + 1e-6)), (K, K), (X, 0.5), (F, F), (1.0, 1.0 + 1e-9))
def close(x, y):
    return (
        np.isclose(x, y), np.isclose(x, y, 1e-7, 0.0), np.isclose(x, y, equal_nan=True),
        np.allclose(x, y), np.allclose(x, y, rtol=1e-3, equal_nan=True),
    )  # fmt: skip


@program((X, X.copy()), (X, F), (X, X[0]), (X, X.T), (ODD, ODD), (X, np.ones((2, 4))))
def equal(x, y):
    return np.array_equal(x, y), np.array_equal(x, y, equal_nan=True)


@program((ODD,), (ODD.astype(np.float32),), (K,), (np.nan,))
def numbers(x):
    return np.nan_to_num(x), np.nan_to_num(x, nan=1.0, posinf=7.0), np.nan_to_num(x, neginf=-3.0)


@program((ODD,))
def numbers_in_place(x):
    return np.nan_to_num(x, copy=False, posinf=1.0), x


@program((X,), (K,), (F,))
def bounded(x):
    y = np.zeros((2, 3), x.dtype)
    x.clip(-1, 1, out=y)
    return (
        np.clip(x, 0, 1), np.clip(x, None, 0.5), x.clip(0.25), x.clip(max=1), np.clip(x, x[0], 2),
        np.clip(x, a_min=-1, a_max=None), np.clip(x, min=0, max=1), y, np.clip(1.5, 0, 1),
    )  # fmt: skip


@program((ODD,), (X,))
def with_out(x):
    y, z = np.full(x.shape, 7.0), np.zeros(x.shape)
    np.exp(x, y, where=x < 0.75)
    np.add(x, 1, out=(z,))
    np.multiply(z[::-1], 2.0, out=z)
    np.sqrt(np.abs(x), out=z, where=x < 1)
    return y, z, np.add(x, x, dtype=np.float64), np.multiply(2, 3, dtype=np.float32)


@smooth((V, np.arange(6.0) / 4))
def with_out_slopes(x, y):
    z = y * y
    np.multiply(x[1:], y[1:], out=z[:-1])
    np.exp(z, out=z, where=z < 0.5)
    np.add(z, x, z)
    return np.sum(z * z)


@program((np.array([-2.0, -1.0, -0.6, 0.4, 0.75, 2.5, 3.0, np.nan]),), (0.8,), (np.float64(9),))
def interpolated(x):
    return (
        np.interp(x, GRID, HEIGHTS), np.interp(x, GRID, HEIGHTS, left=-9.0, right=9.0),
        np.interp(x, GRID[:1], HEIGHTS[:1]), np.interp(x, GRID, HEIGHTS, period=3.0),
        np.interp(x, [0, 1, 2], [10, 20, 15]), np.i0(x),
    )  # fmt: skip


@smooth((V, GRID, HEIGHTS), by_differences=True)
def interpolation(x, xp, fp):
    return np.sum(np.interp(x, xp, fp, left=0.0) ** 2) + np.interp(0.1, xp, fp)


@smooth((X,), by_differences=True)
def special(x):
    y = np.abs(x) + 0.1
    return np.sum(
        scipy.special.erf(x) + scipy.special.erfc(x) ** 2 + scipy.special.gammaln(y)
        + scipy.special.gamma(y) + scipy.special.psi(y) + scipy.special.expit(x)
        + scipy.special.logit(y / 3) + scipy.special.xlogy(x, y) + scipy.special.ndtr(x)
    ) + np.sum(np.sinc(x) * np.cbrt(y) + np.logaddexp(x, 0.5) + scipy.special.i0(x))  # fmt: skip


@smooth((X,), (X * 400,), by_differences=True)
def exponentials(x):
    a = scipy.special.logsumexp(x, axis=0) + scipy.special.logsumexp(x, b=2.0)
    b = scipy.special.softmax(x, axis=1) * x + scipy.special.log_softmax(x, axis=-1)
    return np.sum(a) + np.sum(b) + scipy.special.logsumexp(x, axis=1, keepdims=True)[0, 0]


Q = np.array([0.0, 0.25, 1.5, 2.0, 0.75])


@program((Q, Q[::-1].copy()), (0.5, 0.25))
def entropies(x, y):
    return (
        scipy.special.entr(x), scipy.special.rel_entr(x, y), scipy.special.kl_div(x, y),
        scipy.special.huber(1.0, x), scipy.special.pseudo_huber(0.5, x - 1.0),
        scipy.special.exprel(x), scipy.special.boxcox(y + 0.1, 0.3),
        scipy.special.polygamma(2, x + 0.5), scipy.special.polygamma(0, y + 0.5),
    )  # fmt: skip


@smooth((Q + 0.3, Q[::-1] + 0.45), by_differences=True)
def entropy_slopes(x, y):
    a = scipy.special.entr(x) + scipy.special.rel_entr(x, y) * scipy.special.kl_div(x, y)
    b = scipy.special.huber(0.6, x) + scipy.special.pseudo_huber(0.5, y) * scipy.special.exprel(x)
    return np.sum(a + b + scipy.special.boxcox(y, 0.3)) + np.sum(scipy.special.polygamma(1, x) ** 2)


@program((X,))
def signs(x):
    return *scipy.special.logsumexp(x, axis=0, b=x, return_sign=True), np.isclose(x[0], [0.5, 1, 2])


@program((0.7,), (-0.3,))
def of_math(x):
    return math.erf(x) + math.erfc(x) * math.gamma(x) + math.lgamma(x)


@smooth((np.array([0.0, 0.1, -0.14, 0.16, 1.0, 2.5]),), by_differences=True)
def sincs(x):
    return np.sum(np.sinc(x) ** 2)


@refused((X,))
def real_if_close(x):
    return np.real_if_close(x)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()
