"""Augmented operators: in place on arrays and views of them, a new value for names of others."""

import numpy as np

from tests.constructs._case import N, U, n, runs


@runs(N(n), wrt=("x",))
def aug_inplace_arg(x):
    a = x
    a += 1.0
    a *= x
    return np.sum(a * x)


@runs(N(n), wrt=("x",))
def aug_rebind(x):
    a = x
    a = a + 1.0
    a = a * x
    return np.sum(a * x)


@runs(U(n), wrt=("x",))
def aug_all(x):
    for i in range(1, len(x)):
        x[i] += x[i - 1]
        x[i] -= 0.2 * x[i - 1]
        x[i] *= x[i - 1]
        x[i] /= 1.0 + x[i - 1]
        x[i] **= 1.5
        x[i] **= 2
    return np.sum(x)


@runs(U(n), wrt=("x",))
def aug_all_arrays(x):
    y = x.copy()
    y += x
    y -= 0.2 * x
    y *= x
    y /= 1.0 + x
    y **= 2
    y **= 1.5
    v = y[1:]
    v += x[1:]
    v -= 0.2 * x[1:]
    v *= x[:-1]
    v /= 1.0 + x[1:]
    v **= 2
    return np.sum(y)


@runs(U(n), wrt=("x",))
def aug_scalar(x):
    s = 1.0
    for i in range(len(x)):
        s += x[i]
        s -= 0.2
        s *= x[i]
        s /= 1.0 + x[i]
        s **= 2
        s **= 0.5
    return s


@runs(N(n), wrt=("x",))
def aug_view_alias(x):
    y = x[2:]
    y += x[:-2]
    y = y * 2.0
    y += 1.0
    return np.sum(y * x[2:])


@runs(N(3, 3), wrt=("A",))
def aug_matmul(A):
    B = A.copy()
    B @= A
    B = B @ A
    return np.sum(B)


@runs(U(n), 3, wrt=("x",))
def aug_int_loop(x, m):
    k = 1
    s = 0.0
    for t in range(m):
        k *= 2
        k -= 1
        k %= 5
        k += t
        k //= 1
        s += x[k % len(x)] * s + x[k % 3]
    return s
