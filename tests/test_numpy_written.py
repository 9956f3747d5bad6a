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


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
