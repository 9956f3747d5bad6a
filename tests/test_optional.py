"""What is None until there is one, or where there is none, a phrase each."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

X = np.array([3.0, -1.0, 2.0, 3.0, -1.5, 5.0, 0.5])
W = np.random.default_rng(2).random((6, 6))

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@program((X,), (X[:0],))
def best(x):
    found, place = None, None
    for i in range(len(x)):
        v = x[i] * x[i] - 3.0 * x[i]
        if found is None or v < found:
            found, place = v, i
    return found, place


@program((X,), (X[:0],))
def best_but_neighbours(x):
    best = None
    for i in range(len(x)):
        if best is None or (best != i - 1 and x[i] > x[best]):
            best = i
    return -1 if best is None else best


@smooth((X,))
def smallest(x):
    least = None
    for v in x:
        if least is None or v < least:
            least = v
    return least**2 + x[0]


@smooth((X,), (X[:1],))
def least(x):
    found = None
    for v in x:
        if found is None or v * v < found:
            found = v * v
    return found


@smooth((X,), (X[:1],))
def steps(x):
    last, s = None, 0.0
    for v in x:
        if last is not None:
            s += (v - last) ** 2
        last = v
    return s + x[0]


@program((X,), (-np.abs(X),), (X[:0],))
def first(x):
    found = None
    for i in range(len(x)):
        if x[i] > 2.5:
            found = i
            break
    return -1 if found is None else found


@program((X,), (-np.abs(X),))
def used_where_it_is_none(x):
    found = None
    for v in x:
        if v > 2.5:
            found = v
    return found + 1.0


@smooth((X,))
def runs_of_positive(x):
    current, s = None, 0.0
    for v in x:
        if v < 0:
            current = None
        elif current is None:
            current = v
        else:
            current = current * v
            s += current
    return s


@smooth((W, 0))
def shortest(w, s):
    n = len(w)
    far, seen = [np.inf] * n, [False] * n
    far[s] = 0.0
    for _ in range(n):
        u = None
        for v in range(n):
            if not seen[v] and (u is None or far[v] < far[u]):
                u = v
        seen[u] = True
        for v in range(n):
            if far[u] + w[u, v] < far[v]:
                far[v] = far[u] + w[u, v]
    return sum(far)


@program((X, True), (X, False))
def given(x, there):
    found = None
    if there:
        found = x[0]
    return found, 1 if found else 2


@program((X,))
def while_there_is_none(x):
    now, i = None, 0
    while now is None or now < 3.0:
        now = x[i] + i
        i += 1
    return now, i


@program((X, 9.0), (X, 2.0))
def array_or_none(x, most):
    if np.max(x) > most:
        return None
    return x * 2.0


def its_argument_or_nothing(x, most):
    if np.max(x) < most:
        return x


@program((X, 9.0), (X, 2.0))
def none_beside_others(x, most):
    if np.max(x) > most:
        return None, {"n": 0, "x": None}, False
    return x * x, {"n": 3, "x": x[1:]}, True


@program((X, -9.0), (X, 9.0))
def as_many_as_there_are(x, least):
    y = x[x > least]
    return None if len(y) == 0 else y


@program((X, 9.0), (X, 2.0))
def list_or_none(x, most):
    squares = []
    for v in x:
        if v > most:
            return None
        squares.append(v * v)
    return squares


def solved(a, b, least):
    n = len(b)
    a, b = a.copy(), b.copy()
    for k in range(n):
        if abs(a[k, k]) < least:
            return None
        for i in range(k + 1, n):
            f = a[i, k] / a[k, k]
            a[i] -= f * a[k]
            b[i] -= f * b[k]
    for k in range(n - 1, -1, -1):
        b[k] = (b[k] - a[k, k + 1 :] @ b[k + 1 :]) / a[k, k]
    return b


@smooth((W + 2.0 * np.eye(6), X[:6], 1e-3))
def of_a_solver(a, b, least):
    found = solved(a, b, least)
    if found is None:
        raise ArithmeticError("singular")
    return found @ b


def root_of(x, tol):
    y = x * x + 1.0
    for _ in range(20):
        f = y * y - x
        if np.abs(f).max() < tol:
            return y, f
        y = y - f / (2.0 * y)
    return None


@smooth((np.abs(X), 1e-9))
def of_an_iteration(x, tol):
    found = root_of(x, tol)
    if found is not None:
        y, rest = found
        return y.sum() + rest.sum()
    return x[0] * x[1]


@program((X, 9.0), (X, 2.0))
def one_after_the_other(x, most):
    first = array_or_none(x, most)
    if first is not None and first[0] > 2.0:
        first[0] = -1.0
    second = None if first is None else array_or_none(first, most + 9.0)
    assert isinstance(second, np.ndarray) == (second is not None)
    return first, second


@program((X, 9.0), (X, 2.0))
def changed_where_it_is(x, most):
    y = x.copy()
    found = its_argument_or_nothing(y, most)
    if found is not None:
        found[0] = 7.0
        found += 1.0
    return y


@smooth((X, 0.5))
def differences(x, shift):
    last, s = None, 0.0
    for i in range(len(x)):
        now = x * (x[i] - shift)
        if last is not None:
            s += ((now - last) ** 2).sum()
        last = now
    return s


@program((X, 0.5), (X, 9.0))
def the_least_row(x, least):
    best = None
    for i in range(len(x)):
        row = x * x[i]
        if x[i] > least and (best is None or row.sum() < best.sum()):
            best = row
    return best


@program((X, 9.0), (X, 2.0))
def asked_until_it_is_there(x, most):
    found, k = None, 0
    while found is None and k < 5:
        found = array_or_none(x, most + k)
        k += 1
    return found, k


def attribute_of_none(x, most):
    return array_or_none(x, most).sum()


def item_of_none(x, most):
    return array_or_none(x, most)[0]


def sum_with_none(x, most):
    return array_or_none(x, most) + 1.0


def items_of_none(x, most):
    s = 0.0
    for v in array_or_none(x, most):
        s += v
    return s


def parts_of_none(x, most):
    y, rest = root_of(x, most)
    return y - rest


def length_of_none(x, most):
    return len(array_or_none(x, most))


OF_NONE = [
    attribute_of_none, item_of_none, sum_with_none, items_of_none, parts_of_none, length_of_none
]  # fmt: skip


@pytest.mark.parametrize("f", OF_NONE, ids=lambda f: f.__name__)
def test_what_none_does_not_have(f):
    with pytest.raises((AttributeError, TypeError)) as theirs:
        f(X, 0.0)
    with pytest.raises(theirs.type):
        transpile.function(f, mode="FAST_COMPILE")(X, 0.0)
    assert np.all(transpile.function(f, mode="FAST_COMPILE")(np.abs(X), 9.0) == f(np.abs(X), 9.0))


def test_the_gradient_of_none(mode):
    with pytest.raises(TypeError, match=r"test_optional\.py:\d+: the cost is None"):
        transpile.grad(least)(X[:0])


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
