"""NumPy's functions that are written in NumPy: each as NumPy's own, with its gradient."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
smooth = PHRASES.smooth

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
M = np.arange(12.0).reshape(3, 4) / 4


@smooth((X, np.array([0.0, 1.0, 1.5, 2.5, 4.0, 4.25])))
def trapezoid(y, x):
    return np.trapezoid(np.sin(y), x) + np.trapezoid(y * y, dx=0.5) + np.trapezoid(x=x, y=y)


@smooth((M,))
def trapezoid_of_rows(y):
    return np.sum(np.trapezoid(y * y, dx=0.25) ** 2)


@smooth((X, np.sin(2.0 * X)), (X[:3], X[3:]), by_differences=True)
def fitted(x, y):
    p = np.polyfit(x, y, 2)
    slope, height = np.polyfit(x, y, deg=1, w=1.0 + x * x)
    return np.sum(np.polyval(p, x) ** 2) + slope * height + np.sum(np.polyder(p) * p[1:])


@PHRASES.program((X, 1), (np.arange(4), 1), (np.arange(5, dtype=np.float32), 2), (X, 0))
def polynomials(p, y):
    fits = np.polyfit(np.arange(len(p)), p, 1), np.polyfit(p, np.stack((p, p * p), axis=1), 1)
    return np.polyder(p), np.polyder(p, 2), np.polyint(p), np.polyint(p, 2), fits


@PHRASES.program(
    (np.array([0, 4, 9, 3, 17]), 8), (np.array([0, 4, 9, 3, 17]), 5), (X.astype(np.float32), 2)
)
def unwrapped_with_whole_periods(p, period):
    return np.unwrap(p, period=period), np.unwrap(p, discont=3, period=period), np.unwrap(p * 3)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
