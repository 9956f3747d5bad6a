"""Determinant by LU in place: det(A) times the transposed inverse."""

import numpy as np


def determinant(A):
    n = len(A)
    d = 1.0
    for k in range(n):
        d *= A[k, k]
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]
    return d


def identities(gradient):
    A = np.random.default_rng(0).normal(size=(6, 6)) + 3.0 * np.eye(6)
    yield gradient(determinant, (A,), (0,)), (np.linalg.det(A) * np.linalg.inv(A).T,)
