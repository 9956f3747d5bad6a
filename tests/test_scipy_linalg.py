"""`scipy.linalg`: values, errors and gradients."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from scipy.linalg import cho_factor, cho_solve, lu_factor, lu_solve, solve_triangular

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

rng = np.random.default_rng(3)
b, B = rng.normal(size=4), rng.normal(size=(4, 3))
A = rng.normal(size=(4, 4)) + np.diag([1.0, -3.0, 4.0, 2.0])
S = A @ A.T + np.eye(4)
T = rng.normal(size=(5, 3))
N = np.array([[2, 1], [1, 3]])
X = np.array([[1.0, np.nan], [0.0, 1.0]])
L = np.tril(A) + 3 * np.eye(4)


@smooth((A, b), (A, B), by_differences=True)
@program((X, b[:2]), (np.ones((3, 3)), b[:3]), (N, b[:2]))
def solve(a, c):
    return np.sum(scipy.linalg.solve(a, c) ** 2)


@smooth((S, b), by_differences=True)
def solve_of_one_triangle(a, c):
    return np.sum(scipy.linalg.solve(a, c, assume_a="pos", lower=True) ** 2)


@smooth((L, b), (L, B), (A, b), by_differences=True)
@program((np.zeros((2, 2)), b[:2]))
def triangles(a, c):
    x = solve_triangular(a, c, lower=True)
    y = solve_triangular(a, c)
    z = solve_triangular(a, c, trans="T", lower=True)
    return np.sum(x * y * z) + np.sum(solve_triangular(a, c, lower=True, unit_diagonal=True))


@smooth((S, b), (S, B), by_differences=True)
@program((-S, b), (N, b[:2]))
def cholesky(a, c):
    low = cho_factor(a, lower=True)
    x = cho_solve(cho_factor(a), c) * cho_solve(low, c)
    return np.sum(x) + np.sum(np.sin(scipy.linalg.cholesky(a)))


@program((S,), (A @ A.T,), (N,))
def factors(a):
    c, low = cho_factor(a)
    return c, low, scipy.linalg.cholesky(a, lower=True), scipy.linalg.cholesky(a)


@smooth((A, b), (A, B), by_differences=True)
def lu(a, c):
    lu_piv = lu_factor(a)
    x = lu_solve(lu_piv, c)
    return np.sum(x**2) + np.sum(lu_solve(lu_factor(a), c, trans=1)) + np.sum(lu_piv[0] ** 2)


@program((A, b), (N, b[:2]), (S, B))
def lu_itself(a, c):
    both, pivots = lu_factor(a)
    p, low, up = scipy.linalg.lu(a)
    return both, pivots, lu_solve((both, pivots), c), p, low, up, scipy.linalg.lu(a, permute_l=True)


@smooth((A,), (np.array([[0.0, 1.0], [-1.0, 0.0]]),), (9 * A,), (np.zeros((2, 2)),),
        by_differences=True)  # fmt: skip
def expm(a):
    e = scipy.linalg.expm(a / np.sum(1 + a**2))
    return np.sum(np.sin(e)) + np.sum(scipy.linalg.expm(0.1 * a)[0])


@program((A,), (np.stack([A, S]),), (N,), (-20 * np.eye(3),))
def expm_itself(a):
    return scipy.linalg.expm(a)


@program((A,), (N,))
def numbers(a):
    return (
        scipy.linalg.det(a), scipy.linalg.inv(a), scipy.linalg.norm(a), scipy.linalg.norm(a, 1),
        scipy.linalg.norm(a, np.inf),
        scipy.linalg.svdvals(a), scipy.linalg.eigvalsh(a + a.T), scipy.linalg.pinv(a),
        scipy.linalg.eigh(a + a.T, eigvals_only=True),
    )  # fmt: skip


@program((T,), (A,))
def orthogonal(a):
    q, r = scipy.linalg.qr(a, mode="economic")
    u, s, vt = scipy.linalg.svd(a, full_matrices=False)
    return q, r, u, s, vt


@refused((S,))
def vectors_of_another_driver(a):
    return scipy.linalg.eigh(a)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refuses = PHRASES.refuses()
