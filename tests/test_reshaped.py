"""Arrays in other axes: copied in one stretch where they lie so, element by element elsewhere."""

from __future__ import annotations

import numpy as np

import transpile
from tests.phrases import Phrases

phrases = Phrases()
CUBE = np.arange(24.0).reshape(2, 3, 4)
NONE = np.zeros((0, 3, 4))


@phrases.program((CUBE,), (NONE,))
def last_axis_stays(x):
    y = x * 2.0
    y[:, 0] = 1.0
    return y.reshape(-1, 4), (y + x).reshape(-1, 4)


@phrases.program((CUBE,), (NONE,))
def first_axis_stays(x):
    return (x + 1.0).reshape(x.shape[0], 12)


@phrases.program((CUBE, 4, 6))
def all_axes_change(x, rows, columns):
    y = x.copy()
    y[1] *= 3.0
    for i in range(len(y)):
        y[i, 0, 0] = i
    z = y.reshape(rows, columns)
    y = y * z[0, 0]
    return z, y


@phrases.program((np.arange(6, dtype=np.int16).reshape(1, 6, 1),))
def axes_of_one(x):
    y = x + np.int16(1)
    return y.reshape(2, 3), y.ravel(), y.reshape(6, 1, 1)


@phrases.smooth((CUBE,))
def flat_and_written(x):
    y = x * x
    flat = y.reshape(-1).copy()
    flat[::5] = 0.0
    return np.sum(flat * y.ravel())


@phrases.smooth((CUBE,), (np.ones((3, 1, 2)),))
def rows_of_rows(x):
    y = np.sin(x)
    y[0] *= x[0]
    rows = y.reshape(-1, y.shape[2])
    return np.sum(rows * rows[::-1]) + np.sum(y.reshape(y.shape[0], -1)[:, 1:] ** 2)


@phrases.program((CUBE,))
def small_and_known(x):
    y = np.empty((2, 2))
    y[:] = x[:, 0, :2]
    flat = y.reshape(4)
    y = y + 1.0
    return flat.copy(), y


test_values = phrases.runs()
test_gradients = phrases.gradients()


def test_stretch(tmp_path):
    """The copy is one call of memcpy."""
    f = transpile.function(last_axis_stays)
    f(CUBE.copy())
    assert "memcpy(" in f.source("c")
