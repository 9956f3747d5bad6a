"""A linear functional of a solution, c · inv(A) b, by Gauss's elimination in place."""

import numpy as np


def functional(A, b, c):
    n = len(b)
    for k in range(n):
        for i in range(k + 1, n):
            w = A[i, k] / A[k, k]
            for j in range(k, n):
                A[i, j] -= w * A[k, j]
            b[i] -= w * b[k]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] -= A[i, j] * b[j]
        b[i] /= A[i, i]
    return np.dot(c, b)


def identities(gradient):
    rng = np.random.default_rng(0)
    A, b, c = rng.normal(size=(6, 6)) + 4.0 * np.eye(6), rng.normal(size=6), rng.normal(size=6)
    x, adjoint = np.linalg.solve(A, b), np.linalg.solve(A.T, c)
    yield gradient(functional, (A, b, c), (0, 1, 2)), (-np.outer(adjoint, x), adjoint, x)
