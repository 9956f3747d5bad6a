"""Branches on data: the side that is not taken adds nothing."""

import numpy as np

from tests.constructs._case import N, n, runs


@runs(N(n), wrt=("x",))
def elif_chain(x):
    s = 0.3
    for i in range(len(x)):
        if x[i] < -1:
            s = s * x[i]
        elif x[i] < 0:
            x[i] = s * x[i]
        elif x[i] < 1:
            s = np.sin(s)
            x[i] = x[i] * x[i]
        else:
            pass
    return s + np.sum(x)


@runs(N(n), wrt=("x",))
def chained_compare(x):
    s = 0.0
    for i in range(len(x)):
        if -0.5 < x[i] < 0.8 or (x[i] > 1.2 and i % 2 == 0):
            s = s * x[i] + np.exp(x[i])
        elif not (x[i] < -1):
            s -= x[i] * s
    return s


@runs(N(n), wrt=("x",))
def scan_in_if(x):
    s = 0.3
    for i in range(len(x)):
        if x[i] > 0:
            for j in range(i):
                s = np.sin(s) * x[j] + 1
            x[i] = s
        else:
            k = 0
            while k < 3:
                s = s * np.cos(s)
                k += 1
    return s + np.sum(x)


@runs(N(n), wrt=("x",))
def bools(x):
    up = False
    s = 0.2
    for i in range(len(x)):
        up = not up and x[i] > -0.5
        s = s * x[i] if up else s + x[i] * s
    return s


@runs(N(4, 3), wrt=("X",))
def running_max(X):
    s = 0.0
    for i in range(len(X)):
        m = X[i, 0]
        for j in range(1, 3):
            m = max(m, X[i, j])
        t = 0.0
        for j in range(3):
            t += np.exp(X[i, j] - m)
        s += m + np.log(t)
    return s


@runs(N(n, n), wrt=("A",))
def gauss_pivot(A):
    n = len(A)
    sign = 1.0
    for k in range(n):
        p = k
        for i in range(k + 1, n):
            if abs(A[i, k]) > abs(A[p, k]):
                p = i
        if p != k:
            for j in range(n):
                A[k, j], A[p, j] = A[p, j], A[k, j]
            sign = -sign
        for i in range(k + 1, n):
            f = A[i, k] / A[k, k]
            for j in range(k, n):
                A[i, j] -= f * A[k, j]
    d = sign
    for k in range(n):
        d *= A[k, k]
    return d


@runs(N(n), wrt=("x",))
def insertion_sort(x):
    for i in range(1, len(x)):
        v = x[i]
        j = i - 1
        while j >= 0 and x[j] > v:
            x[j + 1] = x[j]
            j -= 1
        x[j + 1] = v
    s = 0.0
    for i in range(len(x)):
        s += (i + 1) * x[i] * x[i]
    return s


@runs(N(n), wrt=("x",))
def helper_default(x):
    def inner(v, k=2.0, *, q=1.0):
        return v * k + q * v * v

    s = 0.0
    for i in range(len(x)):
        s += inner(x[i], q=s)
    return s
