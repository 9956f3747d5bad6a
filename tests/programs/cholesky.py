"""Cholesky factorisation in place; only the lower half is read or written."""

import numpy as np

wrt = ("A",)


def cholesky(A):
    n = len(A)
    for j in range(n):
        for k in range(j):
            A[j, j] -= A[j, k] ** 2
        A[j, j] = np.sqrt(A[j, j])
        for i in range(j + 1, n):
            for k in range(j):
                A[i, j] -= A[i, k] * A[j, k]
            A[i, j] /= A[j, j]
    total = 0.0
    for i in range(n):
        for j in range(i + 1):
            total += (i + 2 * j + 1) * A[i, j]
    return total


def arguments(seed):
    rng = np.random.default_rng(seed)
    B = rng.normal(size=(5, 5))
    return (B @ B.T + 5.0 * np.eye(5),)
