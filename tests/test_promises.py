"""What is promised of memory: no copy and no allocation in loops, and how little is kept."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.test_programs import cost, module, program
from transpile.loops.walk import allocations_in_loops, copies_in_loops

NAMED = (
    "early_returns", "gauss_seidel", "log_likelihood", "lu", "n_body", "newton", "recurrent_cell",
    "running_maximum", "triangular_solve",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_no_copy_and_no_allocation_inside_a_loop(name):
    args = module(name).arguments(0)
    functions = [transpile.function(program(name))]
    if module(name).wrt:
        functions.append(transpile.grad(transpile.function(cost(name)), wrt=module(name).wrt))
    for f in functions:
        kernel = f.graph("nest", *args)
        assert not allocations_in_loops(kernel)
        assert not copies_in_loops(kernel)


def kept(f, *args):
    """What a gradient keeps, as (name, formula, bytes)."""
    found = transpile.grad(f).residuals(*args)
    return [(r.name, r.size, r.bytes) for r in found]


def log_determinant(A):
    n = len(A)
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] = A[i, k] / A[k, k]
            for j in range(k + 1, n):
                A[i, j] = A[i, j] - A[i, k] * A[k, j]
    total = 0.0
    for k in range(n):
        total += np.log(A[k, k])
    return total


def relax(u, sweeps):
    for _ in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1])
    return np.sum(u)


def sweep(u, c, steps):
    for _ in range(steps):
        for i in range(1, len(u)):
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])
    return np.sum(u)


def recurrence(s, n):
    for i in range(1, n):
        s[i] = np.sin(s[i - 1])
    return np.sum(s)


def test_in_place_lu_keeps_nothing():
    assert kept(log_determinant, np.eye(4) + 1.0) == []


def test_linear_sweeps_keep_nothing():
    assert kept(relax, np.ones(6), 3) == []


def test_a_recurrence_is_its_own_record():
    assert kept(recurrence, np.ones(6), 6) == []


def test_nonlinear_sweeps_keep_one_scalar_a_write():
    assert kept(sweep, np.ones(6), 0.1, 3) == [("u_at", "8*steps*(n_u - 1)", 120)]
