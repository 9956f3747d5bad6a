"""Nests: one statement is one loop, storage only where meaning demands it, bounds are proved."""

from __future__ import annotations

import numpy as np
import pytest

from tests.nest_programs import nests
from transpile.loops import nest
from transpile.loops.walk import allocations_in_loops, copies_in_loops, in_loops, statements

x, A = np.linspace(0.5, 1.5, 6), np.arange(30.0).reshape(6, 5) + 1.0
S = A[:, :5][:5] + 30.0 * np.eye(5)


def one_expression(a, b):
    a[1:-1] = 0.5 * b[:-2] + np.sin(b[2:])


def shifted_up(a):
    a[1:] = a[:-1]


def shifted_down(a):
    a[:-1] = a[1:]


def stencil(a):
    a[1:-1] = a[:-2] + a[2:]


def row_from_row(A):
    for i in range(1, A.shape[0]):
        A[i] -= 0.5 * A[i - 1]


def lu(A):
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]


def sums(A, s):
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            s[i] += A[i, j]


def leapfrog(u, v, steps):
    for _ in range(steps):
        u, v = v, u + 0.1 * v
    return u + v


def indexed(a, k):
    return a[k] + a[-1] + a[2]


def counted(a):
    k = 0
    for i in range(len(a)):
        if a[i] > 1.0:
            k += 1
    return k


def kinds(kernel, kind):
    return [s for s in statements(kernel.body) if isinstance(s, kind)]


def test_one_statement_is_one_loop_without_storage():
    kernel = nests(one_expression, x, x)
    assert len(kinds(kernel, nest.Loop)) == 1
    assert kernel.rooms == ()


@pytest.mark.parametrize(("fn", "step"), [(shifted_up, -1), (shifted_down, 1)])
def test_a_shift_needs_no_temporary_in_the_right_direction(fn, step):
    kernel = nests(fn, x)
    (loop,) = kinds(kernel, nest.Loop)
    assert loop.step == step and kernel.rooms == ()


def test_reads_on_both_sides_need_a_temporary():
    kernel = nests(stencil, x)
    assert len(kernel.rooms) == 1 and len(kinds(kernel, nest.Loop)) == 2


def test_what_divides_floats_of_numpy_is_written_past_a_check():
    """Of Python's floats it is not: `1.0 / t` may raise."""
    kernel = nests(lambda a, s, t: a / s * (1.0 / t), x, 2.0, 3.0)
    assert kinds(kernel, nest.Check)
    assert len(kinds(kernel, nest.Loop)) == 1 and kernel.rooms == ()


def test_another_row_needs_no_temporary():
    assert nests(row_from_row, A).rooms == ()


@pytest.mark.parametrize(
    ("fn", "args"),
    [(row_from_row, (A,)), (lu, (S,)), (sums, (A, x)), (leapfrog, (x, x, 5)), (shifted_up, (x,))],
)
def test_no_copy_and_no_allocation_in_loops(fn, args):
    kernel = nests(fn, *args)
    assert allocations_in_loops(kernel) == []
    assert copies_in_loops(kernel) == []


def test_checks_of_indices_leave_the_loops():
    kernel = nests(lu, S)
    assert kinds(kernel, nest.Check)
    assert not [s for s in in_loops(kernel.body) if isinstance(s, nest.Check)]


def test_what_is_in_range_by_the_loops_is_not_checked():
    assert kinds(nests(row_from_row, A), nest.Check) == []


def test_elements_live_in_scalars_across_inner_loops():
    kernel = nests(lu, S)
    assert any(a.local.name == "A_ik" for a in kinds(kernel, nest.Assign))


def test_exchanged_arrays_are_exchanged_pointers():
    assert kinds(nests(leapfrog, x, x, 5), nest.Swap)


def test_a_count_is_not_checked_for_overflow():
    assert kinds(nests(counted, x), nest.Overflow) == []


def test_constant_indices_are_checked_once_each():
    checks = nests(indexed, x, 3).checks
    messages = [site.message for site in checks if site.error == "IndexError"]
    assert messages and all("out of bounds for axis 0" in m and ".py:" in m for m in messages)


def test_lowering_is_deterministic():
    first, second = nests(lu, S), nests(lu, S)
    assert [type(s) for s in statements(first.body)] == [type(s) for s in statements(second.body)]
