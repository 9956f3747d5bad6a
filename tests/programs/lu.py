"""LU factorisation in place, without pivots, by triangular loops."""

import numpy as np

wrt = ("A",)


def lu(A):
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]
    s = 0.0
    for i in range(n):
        s += np.log(A[i, i])
        for j in range(i):
            s += A[i, j] * A[j, i]
    return s


def arguments(seed):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(6, 6)) + 6.0 * np.eye(6),)
