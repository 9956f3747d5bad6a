"""Matrices of a pattern, banded systems, tensors that stand for matrices."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from scipy.linalg import block_diag, circulant, hankel, solve_banded, solveh_banded, toeplitz

from tests.phrases import Phrases

pytestmark = pytest.mark.usefixtures("fast_compiler")

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

rng = np.random.default_rng(31)
x, y, z = rng.normal(size=5), rng.normal(size=3), rng.normal(size=4) + 1j * rng.normal(size=4)
A, B = rng.normal(size=(3, 3)), rng.normal(size=(2, 4))
T, S = np.eye(6).reshape(2, 3, 6) + 0.2 * rng.normal(size=(2, 3, 6)), rng.normal(size=(6, 2, 3))


@smooth((x, y), (y, x), by_differences=True)
def patterns(c, r):
    k = np.arange(5.0)
    total = np.sum(toeplitz(c, r) ** 2) + k @ toeplitz(x) ** 3 @ k + np.sum(hankel(c, r) ** 3)
    return total + np.sum(np.sin(hankel(c))) + np.sum(circulant(r)[0] * circulant(r)[1])


@program((x, y), (z, y), (np.arange(3), y), (y.astype(np.float32), z), (np.zeros(0), y))
def patterns_themselves(c, r):
    return toeplitz(c), toeplitz(c, r), circulant(c), hankel(c)


@program((x, y), (z, y))
def hankel_itself(c, r):
    return hankel(c, r), hankel([1, 2.0, 3], c)


@smooth((A, y, 2.0), by_differences=True)
@program((A, z, 3), (np.ones((2, 3), int), y.astype(np.float32), True), (np.zeros((0, 2)), A, B))
def blocks(a, b, c):
    return np.sum(block_diag(a, b, c, [[1, 2], [3, 4]]) ** 2)


@program((A, z, 3), (np.ones((2, 3), int), y, 1.5), (np.zeros((0, 2)), A, B))
def blocks_themselves(a, b, c):
    return block_diag(a, b, c)


@smooth((T, B[:, :3]), (S + T.reshape(6, 2, 3) * 5, rng.normal(size=6)), by_differences=True)
@program((T + 1j, B[:, :3]), (np.ones((2, 3, 6)), B[:, :3]))
def tensors(a, b):
    return np.sum(np.abs(np.linalg.tensorsolve(a, b)) ** 2)


@program((T, S), (T * 1j, S))
def inverse_tensors(a, b):
    return np.linalg.tensorinv(a), np.linalg.tensorinv(b, ind=1)


@program((T,))
def inverse_of_no_tensor(a):
    return np.linalg.tensorinv(a, ind=0)


D, b = rng.normal(size=(3, 6)) + np.array([[0], [5], [0]]), rng.normal(size=6)
C = rng.normal(size=(6, 2))
H = np.array([[0, 0, 1, 2, 1, 0], [0, 1, 1, 2, 2, 1], [9, 8, 9, 7, 9, 9]]) + 0.1


@smooth((D, b), (D, C), by_differences=True)
@program((D, b[:5]), (D[:2], b), (0 * D, b), (D * np.nan, b), (D[:, :1], b[:1]), (D.astype(int), b))
def banded(d, c):
    x, y = solve_banded((1, 1), d, c), solve_banded((1, 0), d[1:], c)
    return np.sum(np.sin(x)) + np.sum(np.cos(y)) + np.sum(solve_banded((0, 1), d[:2], c) ** 2)


@smooth((H, b), (H, C), by_differences=True)
@program((H, b * 1j), (-H, b), (H + 0.5j, C), (H[:, :3], b))
def definite_bands(d, c):
    upper = solveh_banded(d, c)
    lower = solveh_banded(d[::-1], c * 2, lower=True)
    return np.sum(np.abs(upper) ** 2) + np.sum(np.abs(lower + 1) ** 2)


@program((H[1:], b), (H[1:], C))
def definite_bands_themselves(d, c):
    return solveh_banded(d, c), solve_banded((1, 0), d[::-1], c)


@smooth((b, 0.3), by_differences=True)
def implicit_steps(u, r):
    n = len(u)
    diagonals = np.ones((3, n)) * np.array([-r, 1 + 2 * r, -r])[:, None]
    for _ in range(4):
        u = solve_banded((1, 1), diagonals, u)
    return np.sum(u * np.arange(n))


@refused((A,))
def patterns_of_each_row(a):
    return toeplitz(a)


@refused((T,))
def blocks_of_a_stack(a):
    return scipy.linalg.block_diag(a, a)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refuses = PHRASES.refuses()
