"""Log-determinant by Cholesky in place: tril(2 inv(A) - diag(inv(A))), as only half is read."""

import numpy as np


def log_determinant(A):
    n = len(A)
    s = 0.0
    for j in range(n):
        A[j, j] = np.sqrt(A[j, j])
        s += 2.0 * np.log(A[j, j])
        for i in range(j + 1, n):
            A[i, j] /= A[j, j]
        for k in range(j + 1, n):
            for i in range(k, n):
                A[i, k] -= A[i, j] * A[k, j]
    return s


def identities(gradient):
    B = np.random.default_rng(0).normal(size=(6, 6))
    A = B @ B.T + 6.0 * np.eye(6)
    inverse = np.linalg.inv(A)
    yield (
        gradient(log_determinant, (A,), (0,)),
        (np.tril(2.0 * inverse - np.diag(np.diag(inverse))),),
    )
