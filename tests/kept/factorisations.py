"""Factorisations and triangular solves in place keep nothing."""

import numpy as np

from tests.kept._case import U, keeps, n, spd


@keeps([], spd(n), wrt=("A",))
def lu(A):
    n = len(A)
    for k in range(n):
        for i in range(k + 1, n):
            A[i, k] /= A[k, k]
            for j in range(k + 1, n):
                A[i, j] -= A[i, k] * A[k, j]
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


@keeps([], spd(n), wrt=("A",))
def lu_slices(A):
    n = len(A)
    for k in range(n):
        A[k + 1 :, k] /= A[k, k]
        for i in range(k + 1, n):
            A[i, k + 1 :] -= A[i, k] * A[k, k + 1 :]
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


@keeps([], spd(n), wrt=("A",))
def lu_outer(A):
    n = len(A)
    for k in range(n):
        A[k + 1 :, k] /= A[k, k]
        A[k + 1 :, k + 1 :] -= np.outer(A[k + 1 :, k], A[k, k + 1 :])
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


@keeps([], spd(n), wrt=("A",))
def lu_ijk(A):
    n = len(A)
    for i in range(n):
        for j in range(i):
            for k in range(j):
                A[i, j] -= A[i, k] * A[k, j]
            A[i, j] /= A[j, j]
        for j in range(i, n):
            for k in range(i):
                A[i, j] -= A[i, k] * A[k, j]
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


@keeps([], spd(n), wrt=("A",))
def chol(A):
    n = len(A)
    for j in range(n):
        for k in range(j):
            A[j, j] -= A[j, k] * A[j, k]
        A[j, j] = np.sqrt(A[j, j])
        for i in range(j + 1, n):
            for k in range(j):
                A[i, j] -= A[i, k] * A[j, k]
            A[i, j] /= A[j, j]
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


@keeps([], spd(n), wrt=("A",))
def chol_right(A):
    n = len(A)
    for k in range(n):
        A[k, k] = np.sqrt(A[k, k])
        for i in range(k + 1, n):
            A[i, k] = A[i, k] / A[k, k]
        for j in range(k + 1, n):
            for i in range(j, n):
                A[i, j] = A[i, j] - A[i, k] * A[j, k]
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


@keeps([], spd(n), wrt=("A",))
def chol_slices(A):
    n = len(A)
    for j in range(n):
        A[j, j] = np.sqrt(A[j, j] - np.sum(A[j, :j] ** 2))
        for i in range(j + 1, n):
            A[i, j] = (A[i, j] - np.sum(A[i, :j] * A[j, :j])) / A[j, j]
    s = 0.0
    for k in range(n):
        s += np.log(A[k, k])
    return s


@keeps([], spd(n), wrt=("A",))
def chol_scalar(A):
    n = len(A)
    for i in range(n):
        for j in range(i + 1):
            s = A[i, j]
            for k in range(j):
                s -= A[i, k] * A[j, k]
            if i == j:
                A[i, i] = np.sqrt(s)
            else:
                A[i, j] = s / A[j, j]
    t = 0.0
    for k in range(n):
        t += np.log(A[k, k])
    return t


@keeps([], spd(n), wrt=("A",))
def chol_separate(A):
    n = len(A)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = A[i, j]
            for k in range(j):
                s -= L[i, k] * L[j, k]
            if i == j:
                L[i, i] = np.sqrt(s)
            else:
                L[i, j] = s / L[j, j]
    t = 0.0
    for k in range(n):
        t += np.log(L[k, k])
    return t


@keeps([], spd(n), U(n), wrt=("L", "b"))
def forward_sub(L, b):
    for i in range(len(b)):
        for j in range(i):
            b[i] -= L[i, j] * b[j]
        b[i] /= L[i, i]
    return np.sum(b * b)


@keeps([], spd(n), U(n), wrt=("L", "b"))
def forward_sub_scalar(L, b):
    x = np.zeros(len(b))
    for i in range(len(b)):
        s = b[i]
        for j in range(i):
            s -= L[i, j] * x[j]
        x[i] = s / L[i, i]
    return np.sum(x * x)


@keeps([], spd(n), U(n), wrt=("L", "b"))
def forward_sub_slice(L, b):
    for i in range(len(b)):
        b[i] = (b[i] - np.dot(L[i, :i], b[:i])) / L[i, i]
    return np.sum(b * b)


@keeps([], spd(n), U(n), wrt=("R", "b"))
def back_sub(R, b):
    for i in range(len(b) - 1, -1, -1):
        for j in range(i + 1, len(b)):
            b[i] -= R[i, j] * b[j]
        b[i] /= R[i, i]
    return np.sum(b * b)


@keeps([], spd(n), U(n), wrt=("R", "b"))
def back_sub_column(R, b):
    for j in range(len(b) - 1, -1, -1):
        b[j] /= R[j, j]
        for i in range(j):
            b[i] -= R[i, j] * b[j]
    return np.sum(b * b)


@keeps([], spd(n), U(n), wrt=("R", "b"))
def back_sub_reversed(R, b):
    for i in reversed(range(len(b))):
        b[i] = (b[i] - np.dot(R[i, i + 1 :], b[i + 1 :])) / R[i, i]
    return np.sum(b * b)


@keeps([], spd(n), U(n, 3), wrt=("L", "B"))
def solve_many(L, B):
    for i in range(len(B)):
        for j in range(i):
            B[i] -= L[i, j] * B[j]
        B[i] /= L[i, i]
    return np.sum(B * B)
