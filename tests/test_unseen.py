"""What programs asked for that nobody here had seen: returns from loops, wrappers, objects."""

from __future__ import annotations

import collections
import functools

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth

rng = np.random.default_rng(3)

X = np.array([0.5, 2.0, 3.0])

A0, B0 = np.eye(2) * 0.4, np.ones((2, 2))


@smooth((A0, B0))
def fixed_point(A, B):
    old, change = B, 5.0
    while change > 1e-3:
        new = old * 0.5 + A
        change = np.max(np.abs(new - old))
        old = new
    return np.sum(new * old)


@program((A0, B0))
def two_names_for_what_is_new(A, B):
    best, last = B, A
    for i in range(4):
        new = last * 0.9 + 0.1
        if np.sum(new) > 1.0:
            last = new
        if np.sum(new) > np.sum(best):
            best = new
        last = last + i
    return best, last, new


@smooth((np.arange(4.0), 3.0))
@program((np.arange(4.0), 0.3))
def filled_until(x, n):
    path, energy = np.zeros((len(x) + 1, 2)), np.zeros(len(x))
    for i in range(len(x)):
        path[i + 1] = path[i] + x[i] * n
        energy[i] = path[i + 1, 0] ** 2
        if energy[i] > 60.0:
            return np.sum(path[: i + 2]) * energy[i]
    return np.sum(path)


def walk(x, n, most):
    path, k = np.zeros((len(x) + 1, 2)), 0
    while k < len(x):
        path[k + 1] = path[k] + x[k] * n
        k += 1
        if path[k, 0] > most:
            return path[: k + 1], k
    return path, -1


@program((np.arange(4.0), 3.0), (np.arange(4.0), 0.3))
def parts_from_inside_a_loop(x, n):
    path, k = walk(x, n, 3.0)
    whole, _ = walk(x, n, 100.0)
    return path, k, whole, np.sum(walk(path[:, 0], 0.1, 0.2)[0])


def first_to_leave(x, level):
    out = np.zeros(len(x))
    for i in range(len(x)):
        out[i] = x[i] * 2.0
        if out[i] > level:
            return out
    return out


@program((np.arange(4.0), 1.0), (np.arange(4.0), 9.0))
def a_whole_one_from_inside_a_loop(x, level):
    return first_to_leave(x, level), first_to_leave(x, 2.0 * level)


def padded(x, pad):
    if isinstance(pad, int):
        pad = (pad, pad)
    if pad == "same":
        return padded(x, 1)
    return np.pad(x, pad)


def power(x, n):
    return 1.0 if n == 0 else x * power(x, n - 1)


@program((np.ones(3),))
def one_that_calls_itself(x):
    return padded(x, "same"), padded(x, 2), power(x, 5)


@smooth((np.arange(3.0), 4))
def chebyshev(x, n):
    if n < 2:
        return np.sum(x**n)
    return 2.0 * x[1] * chebyshev(x, n - 1) - chebyshev(x, n - 2)


@program((2, 0.1), (3, 0.1), (4, 0.1))
@smooth((3, 0.1), by_differences=True)
def noise(dim, dt):
    if dim == 2:
        Q = [[0.25 * dt**4, 0.5 * dt**3], [0.5 * dt**3, dt**2]]
    elif dim == 3:
        Q = [[dt**4 / 4, dt**3 / 2, dt**2 / 2], [dt**3 / 2, dt**2, dt], [dt**2 / 2, dt, 1.0]]
    else:
        raise ValueError(f"dim has to be 2 or 3, is {dim}")
    return np.sum(np.array(Q) ** 2)


def checked_weights(w, n):
    if isinstance(w, str):
        w = np.zeros(n)
    elif len(w) == n:
        w = np.array(w, dtype="float64")
    else:
        raise ValueError("weights of another length")
    return w


class Adaptive:
    def __init__(self, w, rate):
        self.w, self.rate = checked_weights(w, 3), rate

    def run(self, d, X):
        errors = np.zeros(len(d))
        for k in range(len(d)):
            errors[k] = d[k] - X[k] @ self.w
            self.w += self.rate * errors[k] * X[k]
        return errors


@smooth((np.ones(3), 0.1, np.arange(4.0), rng.random((4, 3))), by_differences=True)
@program((np.ones(2), 0.1, np.arange(4.0), rng.random((4, 3))))
def adapted(w, rate, d, X):
    made = Adaptive(w, rate)
    return np.sum(made.run(d, X) ** 2) + np.sum(made.w)


def doubled(f):
    @functools.wraps(f)
    def twice(*args, **named):
        return 2.0 * f(*args, **named)

    return twice


@doubled
def shifted(x, by=1.0):
    return x * x + by


def one_array_twice(x):
    a = x * 1.0
    if x[0] > 0.0:
        a = x * 2.0
        return a, a
    return a, x * 3.0


def one_array_twice_from_a_loop(x):
    a = x * 1.0
    for i in range(3):
        a[i] += 1.0
        if a[i] > 3.0:
            return a, a[1:]
    return a, x * 2.0


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()


def test_what_two_names_may_hold_is_not_written(mode):
    def kept(A, B):
        best, last, new = B, A, A * 0.9 + 0.1
        if np.sum(new) > 1.0:
            last = new
            if np.sum(new) > np.sum(best):
                best = new
        last[0, 0] += 1.0
        return best, last

    with pytest.raises(transpile.UnsupportedError, match="may be one of several"):
        transpile.function(kept)(A0, B0)


@smooth((np.arange(1.0, 7.0),), (np.ones(1),))
def a_length_is_counted_down(x):
    n, total = len(x), 0.0
    while n > 0:
        n -= 1
        total += x[n] * x[-n]
    return total


@program((np.arange(12.0).reshape(4, 3),), (np.ones((1, 2)),))
def lengths_are_where_a_path_is(x):
    i, j = x.shape
    i, j = i - 1, j - 1
    path = [(i, j)]
    while i > 0 or j > 0:
        if i == 0 or (j > 0 and x[i, j - 1] > x[i - 1, j]):
            j = j - 1
        else:
            i = i - 1
        path.append((i, j))
    return np.array(path)


@program((np.array([1, 2, 1]), np.array([2, 1, 2])))
def counted_with_a_complex_factor(a, b):
    return np.unique(a + b * 1j, return_inverse=True)[1] + np.histogram(a, bins=np.max(b))[0].sum()


@program((X,))
def imports_of_what_may_be_there(x):
    try:
        from numpy import product_of_old as prod
    except ImportError:
        from numpy import prod
    try:
        import no_module_of_this_name

        found = no_module_of_this_name.size
    except ModuleNotFoundError:
        found = x.size
    return prod(x), found


@functools.lru_cache(maxsize=8)
def squares(n):
    return np.arange(n) ** 2.0


@smooth((X,))
def what_is_kept_between_calls(x):
    return squares(3) @ x + np.sum(squares(2) * x[1:])


@program((X,), (-X,))
def a_tuple_named_inside(x):
    result = collections.namedtuple("Result", ["trend", "mean", "size"], defaults=(3,))
    found = result("up", np.mean(x))
    return found.mean, found.size, found.trend, found[1] * found.size


@program((X, 2))
def numbers_that_a_tuple_holds_under_other_names(x, k):
    def second(items):
        item = items[1]
        return item * 2

    pair = (1, int(np.asarray(k)[()]))
    for items in (pair,):
        signs = [1 if item >= 0 else -1 for item in items]
    return x * second(pair) + pair[1], signs


@program((3, 4, 2.0), (1, 1, 1.0), (2, 1, 0.5))
def grids_of_so_many_points(n, m, h):
    y, x = np.mgrid[-h / 2 : h / 2 : (n + 1) * 1j, 0 : 1 : m * 1j]
    return y, x, np.r_[0 : h : n * 1j], *np.ogrid[0 : h : 1j * m, 0:2]


@smooth((X + 0.25j,))
def functions_of_complex_numbers(z):
    return np.sum(np.abs(np.emath.sqrt(z) * np.emath.arcsin(z / 4) + np.emath.log10(z)))


def test_a_wrapper_is_what_is_run(mode):
    def total(x):
        return shifted(x) + shifted(x, by=x)

    assert transpile.function(total)(2.0) == total(2.0)
    assert transpile.function(shifted)(2.0) == shifted(2.0) == 10.0
    assert transpile.grad(total)(2.0) == pytest.approx(18.0)
    assert transpile.grad(shifted)(2.0, 3.0) == pytest.approx((8.0, 2.0))


def test_what_is_kept_between_calls_is_not_written(mode):
    def written(x):
        kept = squares(3)
        kept[0] = 1.0
        return kept * x

    with pytest.raises(transpile.UnsupportedError, match="may be one of several"):
        transpile.function(written)(X)


def test_a_long_list_of_cotangents_is_told_in_lines(mode):
    def smoothed(posterior_mean, posterior_covariance, state_transition, next_smooth_covariance):
        gain = posterior_covariance * state_transition / next_smooth_covariance
        return posterior_mean + gain, gain * next_smooth_covariance

    found = transpile.vjp(transpile.function(smoothed), wrt=(0, 1, 2, 3))
    assert found(1.0, 2.0, 3.0, 4.0, (1.0, 0.0)) == (1.0, 0.75, 0.5, -0.375)
    assert "d_next_smooth_covariance" in found.source("python")


@pytest.mark.parametrize("helper", [one_array_twice, one_array_twice_from_a_loop])
def test_what_may_be_returned_twice_is_not_written(helper, mode):
    def written(x):
        p, q = helper(x)
        p[1] = 9.0
        return p, q

    with pytest.raises(transpile.UnsupportedError, match="may be one of several"):
        transpile.function(written)(np.ones(3))
