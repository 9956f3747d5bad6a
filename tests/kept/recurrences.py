"""A recurrence is its own record: nothing is kept beside the array that it fills."""

import numpy as np

from tests.kept._case import U, keeps, n


@keeps([], U(n), wrt=("s",))
def rec_sin(s):
    for i in range(1, len(s)):
        s[i] = np.sin(s[i - 1])
    return np.sum(s)


@keeps([], 0.3, n, wrt=("x",))
def rec_zeros(x, n):
    s = np.zeros(n)
    s[0] = x
    for i in range(1, n):
        s[i] = np.sin(s[i - 1]) * s[i - 1]
    return np.sum(s)


@keeps([], 0.3, n, wrt=("x",))
def rec_empty(x, n):
    s = np.empty(n)
    s[0] = x
    for i in range(1, n):
        s[i] = np.sin(s[i - 1]) * s[i - 1]
    return s[-1]


@keeps([], U(n), wrt=("s",))
def rec_back(s):
    for i in range(len(s) - 2, -1, -1):
        s[i] = np.exp(-s[i + 1]) * s[i]
    return np.sum(s)


@keeps([], U(n), wrt=("s",))
def rec_two(s):
    for i in range(2, len(s)):
        s[i] = np.sin(s[i - 1]) * s[i - 2]
    return np.sum(s)


@keeps([], U(n, 3), 0.2, wrt=("s", "c"))
def rec_rows(s, c):
    for i in range(1, len(s)):
        s[i] = np.sin(s[i - 1]) * c
    return np.sum(s)


@keeps([], U(n, 3), 0.2, wrt=("s", "c"))
def rec_rows_elements(s, c):
    for i in range(1, len(s)):
        for j in range(s.shape[1]):
            s[i, j] = np.sin(s[i - 1, j]) * c + s[i - 1, (j + 1) % 3] * s[i - 1, j]
    return np.sum(s)


def f(x):
    return np.sin(x) * x


@keeps([], U(n), wrt=("s",))
def rec_helper(s):
    for i in range(1, len(s)):
        s[i] = f(s[i - 1])
    return np.sum(s)


@keeps([], U(n), 0.1, wrt=("s", "dt"))
def rec_euler(s, dt):
    for i in range(len(s) - 1):
        k = -s[i] * s[i]
        s[i + 1] = s[i] + dt * k
    return np.sum(s)


@keeps([], U(n), 0.1, wrt=("s", "dt"))
def rec_rk2(s, dt):
    for i in range(len(s) - 1):
        k1 = -s[i] * s[i]
        h = s[i] + 0.5 * dt * k1
        k2 = -h * h
        s[i + 1] = s[i] + dt * k2
    return np.sum(s)


@keeps([], U(n), U(n), wrt=("s", "x"))
def rec_lstm_like(s, x):
    for i in range(1, len(s)):
        s[i] = np.tanh(s[i - 1] * 0.5 + x[i])
    return np.sum(s * s)


@keeps([], U(n, n), wrt=("a",))
def dp_table(a):
    for i in range(1, len(a)):
        for j in range(1, a.shape[1]):
            a[i, j] = a[i, j] + np.log(np.exp(a[i - 1, j]) + np.exp(a[i, j - 1]))
    return a[-1, -1]


@keeps([], U(n), wrt=("x",))
def cumprod(x):
    for i in range(1, len(x)):
        x[i] *= x[i - 1]
    return np.sum(x)
