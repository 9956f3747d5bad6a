"""Nests that may be one are one, others are not; what is between them is a scalar."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest

import transpile
from tests.nest_programs import check, nests
from transpile.loops import nest
from transpile.loops.walk import in_loops, statements

HERE = Path(__file__).parent
x, y, A = np.linspace(0.5, 1.5, 6), np.linspace(-1.0, 2.0, 6), np.arange(30.0).reshape(6, 5) + 1.0


def shared_temporary(a, b):
    t = a * b
    a[:] = t + 1.0
    b[:] = t * t
    return np.sum(t)


def chain(a, b):
    t = a * b
    u = t + a
    b += t * u
    a -= u


def kept_sum(a, b):
    t, s = np.empty(len(a)), 0.0
    for i in range(len(a)):
        s += a[i]
        t[i] = s
        s += 1.0
        b[i] = t[i]
    return s


def neighbours(a, b):
    t = a * b
    b[1:] = 0.5 * t[:-1]
    b[0] = t[0]


def other_order(A):
    t = A + 1.0
    for i in range(len(A)):
        for j in range(A.shape[1]):
            A[i, j] = t[len(A) - 1 - i, j]


def one_for_all(A, s):
    for i in range(len(A)):
        for j in range(A.shape[1]):
            s[0] += A[i, j]
    for i in range(len(A)):
        for j in range(A.shape[1]):
            A[i, j] = s[0]


def rows(A, s):
    for i in range(len(A)):
        for j in range(A.shape[1]):
            s[i] += A[i, j]
    for i in range(len(A)):
        for j in range(A.shape[1]):
            A[i, j] = A[i, j] * s[i]


def total_first(a, b):
    total = 0.0
    for i in range(len(a)):
        total += a[i]
    for i in range(len(a)):
        b[i] = a[i] * total
    return total


def checked_between(a, b, k):
    a += 1.0
    b[k] = 7.0
    a *= 2.0


def unlike_lengths(a, b):
    a += 1.0
    b[:3] = a[:3]


def loops(kernel):
    return [s for s in statements(kernel.body) if isinstance(s, nest.Loop)]


ONE = [(shared_temporary, (x, y)), (chain, (x, y)), (kept_sum, (x, y))]
SEVERAL = [
    (neighbours, (x, y), 2), (other_order, (A,), 4), (one_for_all, (A, x), 4), (rows, (A, x), 4),
    (total_first, (x, y), 2), (checked_between, (x, y, 2), 2), (unlike_lengths, (x, y), 2),
]  # fmt: skip


@pytest.mark.parametrize(("fn", "args"), ONE)
def test_one_loop_without_storage(fn, args):
    kernel = nests(fn, *args)
    assert len(loops(kernel)) == 1 and kernel.rooms == ()


@pytest.mark.parametrize(("fn", "args", "count"), SEVERAL)
def test_what_depends_on_other_steps_stays_apart(fn, args, count):
    assert len(loops(nests(fn, *args))) == count


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
@pytest.mark.parametrize(("fn", "args"), [*ONE, *((fn, args) for fn, args, _ in SEVERAL)])
def test_the_meaning_is_the_same(fn, args, tmp_path):
    check(fn, [np.copy(a) if np.ndim(a) else a for a in args], tmp_path)


def test_the_reverse_of_one_statement_is_one_loop():
    spec = importlib.util.spec_from_file_location("decay", HERE / "golden/decay/source.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    gradient = transpile.grad(transpile.function(module.decay), wrt=module.wrt)
    kernel = gradient.graph("nest", *module.arguments())
    inner = [s for s in in_loops(kernel.body) if isinstance(s, nest.Loop)]
    assert len(inner) == 2  # forward and back
    assert len(kernel.rooms) == 2  # y, and y_at


def test_a_copy_and_what_it_copies_share_a_cotangent():
    def heat(start, c, steps):
        u = start.copy()
        for _ in range(steps):
            old = u.copy()
            u[1:-1] = old[1:-1] + c * (old[2:] - 2.0 * old[1:-1] + old[:-2])
        return np.sum(u * u)

    kernel = transpile.grad(transpile.function(heat)).graph("nest", x, 0.1, 3)
    loops = [s for s in kernel.body if isinstance(s, nest.Loop)]
    backwards = loops[-1]
    assert backwards.step == -1
    assert not [s for s in in_loops((backwards,)) if isinstance(s, nest.Fill)]
    assert "d_old" not in {s.array.name for s in in_loops(kernel.body) if isinstance(s, nest.Store)}


def test_what_is_logged_at_a_counter_is_not_checked():
    def roots(a, tolerance):
        total = 0.0
        for i in range(len(a)):
            x = a[i]
            while abs(x * x - a[i]) > tolerance:
                x = 0.5 * (x + a[i] / x)
            total += x
        return total

    gradient = transpile.grad(transpile.function(roots))
    kernel = gradient.graph("nest", x + 2.0, 1e-12)
    assert not [s for s in in_loops(kernel.body) if isinstance(s, nest.Check)]
