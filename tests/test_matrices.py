"""Matrices of a pattern, banded systems, tensors that stand for matrices."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from scipy.linalg import block_diag, circulant, hankel, toeplitz

from tests.phrases import Phrases

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


@refused((A,))
def patterns_of_each_row(a):
    return toeplitz(a)


@refused((T,))
def blocks_of_a_stack(a):
    return scipy.linalg.block_diag(a, a)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refuses = PHRASES.refuses()
