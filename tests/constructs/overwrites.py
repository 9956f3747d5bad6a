"""Elements overwritten in every order, and storage made within a loop."""

import numpy as np

from tests.constructs._case import N, U, n, runs


@runs(N(n), wrt=("x",))
def write_read_write(x):
    for i in range(1, len(x) - 1):
        a = x[i]
        x[i] = a * x[i + 1]
        b = x[i]
        x[i] = b * b + x[i - 1]
        x[i + 1] = x[i] * a
        x[i - 1] = np.sin(x[i + 1])
    return np.sum(x * x)


@runs(N(n), N(n), wrt=("x", "y"))
def write_from_other(x, y):
    for t in range(3):
        for i in range(len(x)):
            x[i] = y[i - 1] * x[i]
            y[i] = x[i] * y[i]
        for i in reversed(range(len(x))):
            y[i] = x[i] * x[i] * y[i - 1]
    return np.sum(x * y)


@runs(N(n), wrt=("x",))
def fixed_cell(x):
    for i in range(len(x)):
        x[0] = x[0] * x[i] + np.sin(x[0])
    return x[0]


@runs(N(n), wrt=("x",))
def shift_left(x):
    for t in range(3):
        for i in range(len(x) - 1):
            x[i] = x[i + 1] * x[i]
        x[-1] = x[0]
    return np.sum(x * x)


@runs(N(n), wrt=("x",))
def reverse_in_place(x):
    for i in range(len(x) // 2):
        x[i], x[-1 - i] = x[-1 - i] * x[i], x[i]
    return np.sum(x[:3] * x[3:])


@runs(N(n), wrt=("x",))
def mutable_swap_elements(x):
    for i in range(len(x) - 1):
        x[i], x[i + 1] = x[i + 1] * 1.1, x[i] * x[i + 1]
    return np.sum(x)


@runs(N(n), wrt=("x",))
def dead_stores(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.exp(x[i])
        y[i] = x[i] * x[i]
        z = np.log(abs(x[i]))
    return np.sum(y)


@runs(N(n), wrt=("x",))
def full_then_overwritten(x):
    y = np.full(len(x), x[0])
    for i in range(1, len(x)):
        y[i] = y[i - 1] * x[i]
    y[0] = 2.0
    return np.sum(y * x)


@runs(N(n), wrt=("x",))
def local_work(x):
    s = 0.0
    for t in range(3):
        w = np.zeros(len(x))
        for i in range(1, len(x)):
            w[i] = w[i - 1] * x[i] + x[i - 1]
        for i in range(len(x)):
            x[i] = x[i] * np.cos(w[i])
        s += np.sum(w * w)
    return s


def rk(f, y, dt, p):
    k1 = f(y, p)
    k2 = f(y + 0.5 * dt * k1, p)
    k3 = f(y + 0.5 * dt * k2, p)
    k4 = f(y + dt * k3, p)
    return y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def lotka(y, p):
    d = np.empty(2)
    d[0] = p[0] * y[0] - p[1] * y[0] * y[1]
    d[1] = p[2] * y[0] * y[1] - p[3] * y[1]
    return d


@runs(U(2), U(4), 6, wrt=("y", "p"))
def trajectory(y, p, m):
    Y = np.zeros((m + 1, 2))
    Y[0] = y
    for t in range(m):
        Y[t + 1] = rk(lotka, Y[t], 0.1, p)
    return np.sum(Y * Y)


@runs(U(2), U(4), 6, wrt=("y", "p"))
def rk4_helper(y, p, m):
    for t in range(m):
        y = rk(lotka, y, 0.1, p)
    return y[0] * y[1]


@runs(N(5, 4), wrt=("M",))
def column_sweep(M):
    for j in range(M.shape[1]):
        s = 0.0
        for i in range(M.shape[0]):
            s += M[i, j] * M[i, j]
        M[:, j] = M[:, j] / np.sqrt(s)
        for k in range(j + 1, M.shape[1]):
            M[:, k] -= np.dot(M[:, j], M[:, k]) * M[:, j]
    return np.sum(M[0])
