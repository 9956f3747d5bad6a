"""LU in place over triangular loops: what the way back needs is still in the matrix."""

import numpy as np


def log_determinant(A):
    n = len(A)
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]
    total = 0.0
    for k in range(n):
        total += np.log(A[k, k])
    return total


def arguments():
    return (np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]]),)


wrt = ("A",)
