"""What is measured, in plain NumPy."""

import numpy as np


def log_likelihood(y, s2_eps, s2_eta):
    a, P, ll = y[0], s2_eps + s2_eta, 0.0
    for t in range(1, len(y)):
        F = P + s2_eps
        v = y[t] - a
        ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
        K = P / F
        a = a + K * v
        P = P * (1.0 - K) + s2_eta
    return ll


def lu(A):
    """The sum of the pivots' logarithms; the factors are left in `A`."""
    n = A.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


def first_elements(x, y):
    return x[0] + y[0]
