"""Arrays of integers as indices: reading, writing and adding, each as NumPy does it.

Every program runs as C and as generated Python; its value, what it writes, and its gradient element
by element against complex step on the plain program.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, assert_values_equal, complex_step, copied

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
M = np.sin(np.arange(24.0)).reshape(4, 6)
T = np.cos(np.arange(24.0)).reshape(2, 3, 4)
V = np.array([1.5, -0.5, 0.25, 2.0])
K = np.array([1, 4, 1, -2])  # 1 twice, and 4 again as -2
ROWS, COLUMNS = np.array([0, 3, 1, 0]), np.array([5, -1, 2, 5])
NONE = np.zeros(0, dtype=np.int64)
SMALL = np.array([2, 0, 2], dtype=np.int32)

CASES: list[tuple[Callable, tuple]] = []


def program(*given: tuple) -> Callable:
    def note(f: Callable) -> Callable:
        CASES.extend((f, args) for args in given)
        return f

    return note


# -- reading


@program((X, K), (X, SMALL), (X, NONE), (X[::2], np.array([0, 2])))
def read(x, k):
    return np.sum(np.sin(x[k]) * x[k]) + np.sum(x[k - 1])


@program((X, np.array([[0, 1], [5, 0]])))
def read_by_matrix(x, k):
    y = x[k]
    return np.sum(y @ y) + y[1, 0]


@program((M, ROWS, COLUMNS))
def read_elements(a, i, j):
    return np.sum(np.exp(a[i, j]) * a[i, 2])


@program((M, ROWS, SMALL))
def read_grid(a, i, j):
    return np.sum(a[i[:, None], j] ** 3)


@program((M, K[:2]))
def read_columns(a, k):
    b = a[:, k] * a[:2, k][1]
    return np.sum(b * b[0]) + np.sum(a[1:3, k] ** 2)


@program((M, ROWS, 2))
def read_rows(a, i, c):
    rows = a[i]
    rows[0] *= c
    return np.sum(rows[:, c] * rows[:, 0]) + np.sum(a[i, 1:4] ** 2)


@program((T, SMALL, np.array([1, 0, 1])))
def read_apart(t, k, m):
    """With something between them, the axes of integers and arrays come first."""
    a, b, c = t[1, :, k], t[m, :, k], t[m, k]
    return np.sum(a[0] * t[0, 0, :3]) + np.sum(b[2] * b[0]) + np.sum(c[:, 1] ** 2) + a[2, 1]


@program((T, SMALL))
def read_view(t, k):
    page = t[1]
    return np.sum(page[:, k] * page[k][:, :3]) + np.sum(t[1, :, k][1] ** 2)


@program((T, SMALL))
def read_new_axis(t, k):
    return np.sum(t[:, None, k][:, :, :, :3] ** 2 * t[:, :, None, k])


@program((X, 3))
def read_list(x, n):
    return np.sum(x[[0, 2, -1]] * x[[n, n - 1, 0]]) + x[np.array([1])][0]


@program((M, 5))
def read_range(a, n):
    r = np.arange(4)
    return np.sum(a[r, r] * a[r, n - r])


@program((M, K))
def taken(a, k):
    return np.sum(np.take(a, k, axis=1) ** 2) + np.sum(a.take(k - 1)) + np.take(a, 3) * a[0, 0]


@program((X, K))
def read_in_loop(x, k):
    s = 0.0
    for t in range(5):
        y = x[(k + t) % len(x)]
        s += np.sum(y * y[::-1])
        x[t] = np.sin(s)
    return s


@program((X, np.array([3, 0, 2, 1, 5, 4])))
def permuted(x, p):
    for _ in range(3):
        x = x[p] * x
        p = p[p]
    return np.sum(x * x)


@program((X, K))
def copied_out(x, k):
    """What is read is no view."""
    y = x[k]
    y[0] = 7.0
    x[k], x[0] = x[0], 5.0
    while np.sum(x[k] ** 2) < 10.0:
        x[k] *= 2.0
    return np.sum(y * x[1:5]) + np.sum(x[(k,)][None, ::-1] * x[k, None])


# -- writing


@program((X, K, V), (X, NONE, V[:0]))
def written(x, k, v):
    x[k] = v * v
    return np.sum(np.sin(x))


@program((X, K, 0.5))
def written_number(x, k, c):
    y = x * x
    y[k] = c
    return np.sum(y * x)


@program((M, ROWS, COLUMNS, V))
def written_elements(a, i, j, v):
    a[i, j] = v * a[j % 4, i]
    return np.sum(a**2)


@program((M, ROWS, V))
def written_rows(a, i, v):
    a[i] = v[:, None] * a[0]
    a[i, 1:3] *= 2.0
    return np.sum(np.sin(a))


@program((M, K, V))
def written_columns(a, k, v):
    a[:, k] = a[:, :4] * v
    a[2, k] -= v
    return np.sum(np.sin(a))


@program((T, SMALL, V[:3]))
def written_apart(t, k, v):
    t[1, :, k] = v * t[0, :, 0]
    t[0][:, k] /= 2.0
    return np.sum(t**2)


@program((X, K, V), (X, NONE, V[:0]))
def added_once(x, k, v):
    x[k] += v * x[k]
    x[k] -= 1.0
    x[k] *= v
    return np.sum(x**2)


@program((X, K, V))
def added(x, k, v):
    np.add.at(x, k, v * v)
    np.subtract.at(x, k, v * x[k])
    np.add.at(x, 2, 1.5)
    return np.sum(x**3)


@program((M, ROWS, COLUMNS, V))
def added_elements(a, i, j, v):
    np.add.at(a, (i, j), v)
    np.add.at(a, i, v[:, None] * a[1])
    return np.sum(np.sin(a))


@program((X, K))
def shifted(x, k):
    """What is read is read before anything is written."""
    x[k] = x[k - 1]
    x[1:4] = x[[0, 1, 2]]
    return np.sum(x * X)


@program((X, K, V))
def written_in_loop(x, k, v):
    s = 0.0
    for t in range(4):
        j = (k + t) % len(x)
        s += np.sum(x[j] * x[j])
        x[j] = v * x[j] + s
        np.add.at(x, k, np.sin(x[j]))
    return s + np.sum(x)


@program((X, K, 3))
def written_in_branch(x, k, n):
    for t in range(n):
        if x[t] > 0:
            x[k] += x[t] * x[k]
        else:
            x[k[t]] *= 2.0
    return np.sum(x * x)


@program((np.array([2, 0, 1, 3]), X[:4]))
def own_places(p, x):
    """An array that is written by itself."""
    p[p] = p[::-1] + 0
    q = p + 1
    q[q - 1] += p
    return np.sum(x[p] * x) + q[0]


@program((M[0] > 0, np.array([3, 1, 2, 0, 1, 1]), 2))
def whole_numbers(m, k, n):
    counts = np.zeros(n + 2, dtype=np.int64)
    np.add.at(counts, k, 1)
    m[k[:2]] = False
    return counts, m, k[[0, -1]]


# -- arrays of booleans


@program((X, V), (np.abs(X), V), (X[:0], V))
def chosen(x, v):
    m = x < 0.0
    x[m] = x[m] * x[m] + v[0]
    y = x[~m]
    return np.sum(np.log(1.0 + x**2)) + np.sum(y[1:] * y[:-1]) + len(y) * v[1]


@program((X, 0.5), (X, 2.0))
def chosen_by_number(x, c):
    x[x < 0.0] = c
    x[x > 1.0] += c * x[0]
    x[x > 1.5] /= 2.0
    return np.sum(x**2)


@program((M, V))
def chosen_elements(a, v):
    m = a > 0.1
    low = np.sin(a)[~m]
    a[m] *= a[m]
    a[~m] -= low
    a[m] = v[0]
    return np.sum(a**3) + np.sum(low[::2])


@program((M, V, np.array([True, False, True, True])))
def chosen_rows(a, v, m):
    a[m] = a[0] * v[1]
    a[m, 2] += v[m]
    a[m, 1:3] = v[0]
    b = a[:, 1:5][:, m]
    return np.sum(np.sin(a)) + np.sum(b[0] * b[1])


@program((T, np.arange(12).reshape(3, 4) % 5 > 2))
def chosen_inside(t, m):
    t[..., m] *= t[0, 1, 2]
    t[:, m] = t[:, m][:, ::-1]
    return np.sum(t**2) + np.sum(t[1][m] * t[1, 0, 0])


@program((X,))
def chosen_in_loop(x):
    s = 0.0
    for t in range(3):
        positive = x > 0.25 * t
        y = np.sqrt(x[positive])
        s += np.sum(y * y[::-1])
        x[positive] = y
        x[~positive] = -x[~positive] * s
    return s + np.sum(x * x)


@program((M, np.array([2.0, 0.0, -1.0])))
def places(a, x):
    i, j = np.nonzero(a > 0.5)
    (k,) = np.where(x)
    return np.sum(a[i, j] * a[i, 0]) + np.sum(x[k] ** 2) + len(k) + np.count_nonzero(a > 0.5)


# -- sums so far, and places of extremes


@program((X, M), (X[:0], M))
def summed_so_far(x, a):
    s = np.cumsum(x * x)
    t = np.cumsum(a, axis=1) * a.cumsum(axis=0)
    return np.sum(s * x) + np.sum(t[1:] * t[:-1]) + np.sum(np.cumsum(a) ** 2)


@program((X, M), (np.array([2.0, 0.0, -1.0, 0.0]), M))
def multiplied_so_far(x, a):
    p = np.cumprod(x)
    return np.sum(p * p) + p[-1] * np.sum(a.cumprod(axis=1) * a)


@program((X, M))
def extremes_so_far(x, a):
    high, low = np.maximum.accumulate(x), np.minimum.accumulate(a, axis=1)
    return np.sum(high * x) + np.sum(np.add.accumulate(low) ** 2)


@program((np.array([True, False, True]), np.arange(6, dtype=np.int32).reshape(2, 3)))
def counted_so_far(m, k):
    return np.cumsum(m), np.cumsum(k, axis=0), np.cumprod(k, axis=1), np.maximum.accumulate(k)


@program((X, M))
def at_extremes(x, a):
    k = np.argmax(x)
    rows = np.argmax(a, axis=0)
    lowest = a[np.arange(4), a.argmin(axis=1)]
    return x[k] ** 2 + np.sum(a[rows, np.arange(6)] ** 2) + np.sum(lowest * a[:, 0]) + rows[1]


@program((np.array([[1.0, 3.0, 3.0], [np.nan, 0.0, np.nan]]), np.array([3, 1, 1])))
def first_extremes(a, k):
    return np.argmax(a), a.argmax(axis=1), np.argmin(a, axis=0), np.argmin(k), k.argmax()


def floats(f: Callable, args: tuple) -> tuple[str, ...]:
    names = inspect.signature(f).parameters
    return tuple(n for n, a in zip(names, args, strict=True) if np.asarray(a).dtype.kind == "f")


NAMED = [pytest.param(f, args, id=f"{f.__name__}-{k}") for k, (f, args) in enumerate(CASES)]
SMOOTH = [p for p in NAMED if floats(*p.values) and p.values[0] is not first_extremes]


@pytest.mark.parametrize(("f", "args"), NAMED)
def test_value(f, args, mode):
    theirs, ours = copied(args), copied(args)
    want = f(*theirs)
    assert_values_equal(transpile.function(f)(*ours), want)
    assert_values_equal(ours, theirs)


@pytest.mark.parametrize(("f", "args"), SMOOTH)
def test_gradient(f, args, mode):
    wrt = floats(f, args)
    got = transpile.grad(f, wrt=wrt)(*copied(args))
    assert_gradients_close(got, complex_step(f, args, wrt))


def out_of_range(x, k):
    y = x * 2.0
    return np.sum(y[k])


def out_of_range_in_loop(x, k):
    for t in range(3):
        x[k] = t * 1.0
    return np.sum(x)


@pytest.mark.parametrize("f", [out_of_range, out_of_range_in_loop])
@pytest.mark.parametrize("k", [6, -7])
def test_an_index_out_of_range_is_an_error_with_its_line(f, k, mode):
    line = f"test_gather.py:{inspect.getsourcelines(f)[1] + 2}: " if mode == "FAST_RUN" else ""
    for g in (transpile.function(f), transpile.grad(f)):
        with pytest.raises(IndexError, match=f"^{re.escape(line)}index"):
            g(X.copy(), np.array([0, k, 2]))
        g(X.copy(), np.array([0, k // 2, 2]))


@pytest.mark.parametrize(("f", "args"), SMOOTH)
def test_second_derivative(f, args):
    """The hessian times a direction is the slope of the gradient along it, extrapolated."""
    (name, *_), names = floats(f, args), list(inspect.signature(f).parameters)
    k = names.index(name)
    w = np.cos(np.arange(1.0, 1.0 + np.size(args[k]))).reshape(np.shape(args[k]))
    with transpile.config.change(mode="FAST_COMPILE"):
        first = transpile.grad(f, wrt=name)
        got = transpile.vjp(first, wrt=name)(*copied(args), w)

        def slope(h: float) -> np.ndarray:
            ends = [first(*copied(args[:k]), args[k] + s * h * w, *args[k + 1 :]) for s in (1, -1)]
            return (ends[0] - ends[1]) / (2 * h)

        table = [slope(2e-3 / 2**n) for n in range(3)]
    for order in (1, 2):
        table = [b + (b - a) / (4**order - 1) for a, b in pairwise(table)]
    assert_gradients_close((got,), table, tolerance=1e-8)


@pytest.mark.parametrize(("f", "args"), SMOOTH)
def test_forward_mode_is_the_transpose_of_reverse_mode(f, args):
    wrt, names = floats(f, args), list(inspect.signature(f).parameters)
    given = [np.asarray(args[names.index(name)]) for name in wrt]
    tangents = tuple(np.cos(1.0 + np.arange(float(x.size))).reshape(x.shape)[()] for x in given)
    with transpile.config.change(mode="FAST_COMPILE"):
        pushed = transpile.jvp(f, wrt=wrt)(*copied(args), tangents)
        pulled = transpile.grad(f, wrt=wrt)(*copied(args))
    parts = [np.sum(g * t) for g, t in zip(pulled, tangents, strict=True)]
    assert abs(pushed - sum(parts)) <= 1e-12 * max(1.0, *map(abs, parts))


def test_indices_that_stay_are_checked_once():
    f = transpile.grad(out_of_range_in_loop)
    f.compile(X, K)
    text = f.source("c")
    assert text.count("k[i] >= n_x") == 1
    assert text.index("k[i] >= n_x") < text.index("int64_t t = ")
