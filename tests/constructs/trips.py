"""How often a loop runs: known on entry, computed, from data, below zero; nests of all shapes."""

import numpy as np

from tests.constructs._case import N, U, n, runs


@runs(N(n), 4, wrt=("x",))
@runs(N(n), 0, wrt=("x",))
@runs(N(n), -3, wrt=("x",))
def dynamic_trips(x, m):
    s = 0.3
    for i in range(m):
        s = np.sin(s) * x[i] + x[i]
    return s


@runs(N(n), 5, 1, -1, wrt=("x",))
@runs(N(n), 1, 5, 2, wrt=("x",))
@runs(N(n), 1, 5, -2, wrt=("x",))
@runs(N(n), 5, 0, -3, wrt=("x",))
def any_range(x, a, b, c):
    s = 0.3
    for i in range(a, b, c):
        s = np.sin(s) * x[i] + x[i - 1]
    return s + x[0]


@runs(N(n), 5, 1, -1, wrt=("x",))
@runs(N(n), 1, 5, 2, wrt=("x",))
@runs(N(n), 5, 0, -3, wrt=("x",))
def any_range_reversed_inplace(x, a, b, c):
    for t in range(2):
        for i in reversed(range(a, b, c)):
            x[i] = np.sin(x[i]) * x[i - 1]
    return np.sum(x)


@runs(N(n), wrt=("x",))
def computed_trips(x):
    s = 0.3
    for i in range(len(x)):
        m = (i * i) % 4
        for j in range(m):
            s = np.sin(s) * x[j] + x[i]
    return s


@runs(N(n), np.array([3, 0, 2, 1, -1, 2]), wrt=("x",))
def trips_from_data(x, k):
    s = 0.3
    for i in range(len(x)):
        for j in range(k[i]):
            s = np.sin(s) * x[j] + x[i]
            x[j] = s * x[j]
    return s + np.sum(x)


@runs(N(n), wrt=("x",))
def trips_from_float(x):
    s = 0.3
    m = int(np.floor(4.7))
    for j in range(m):
        s = np.sin(s) * x[j]
    return s


@runs(U(n), wrt=("x",))
def trips_from_float_data(x):
    s = 0.3
    for i in range(len(x)):
        for j in range(int(3 * x[i])):
            s = np.sin(s) * x[j]
    return s


@runs(N(n), wrt=("x",))
def imperfect(x):
    s = 0.3
    for i in range(len(x)):
        s = s * x[i]
        for j in range(i, len(x)):
            s = np.sin(s) + x[j]
            for k in range(j - i):
                x[k] = x[k] * s
            s = s * x[j]
        x[i] = s * x[i]
    return s + np.sum(x)


@runs(N(n), wrt=("x",))
def local_growing(x):
    s = 0.0
    for t in range(1, len(x)):
        w = np.zeros(t)
        w[0] = x[t]
        for i in range(1, t):
            w[i] = w[i - 1] * x[i] + x[i - 1]
        s = s * 0.5 + np.sum(np.sin(w))
    return s


@runs(N(n), np.array([2, 3, 1, 4]), wrt=("x",))
def local_length_from_data(x, k):
    s = 0.1
    for t in range(len(k)):
        w = x[: k[t]] * s
        s = np.sum(np.sin(w) * w)
    return s


@runs(U(n), wrt=("x",))
def local_length_from_float(x):
    s = 0.1
    for t in range(3):
        m = int(3 * x[t])
        w = x[:m] * s
        s = np.sum(np.sin(w) * w) + x[0]
    return s


@runs(U(n), wrt=("x",))
def while_shrinking(x):
    m = len(x)
    s = 1.0
    while m > 1:
        y = x[:m] * s
        s = np.sum(y * np.sin(y)) * 0.3 + 0.5
        m = m // 2
    return s


@runs(N(2, 3, 4), wrt=("X",))
def three_d(X):
    for t in range(2):
        for i in range(X.shape[0]):
            for j in range(1, X.shape[1]):
                for k in range(X.shape[2] - 1):
                    X[i, j, k] = X[i, j, k] * X[i, j - 1, k] + np.sin(X[i - 1, j, k + 1])
    return np.sum(X)


@runs(U(n), wrt=("x",))
def power_loop(x):
    p = 1.0
    s = 0.0
    for k in range(5):
        s += p / (k + 1)
        p *= x[k]
        if k == 2:
            x[k + 1] = p * s
    return s


@runs(N(n, n), U(n), wrt=("A", "y"))
def slices_up_to_a_count(A, y):
    s = 1.0
    for i in range(1, len(y)):
        k = 0
        while k < len(y):
            A[:k, i] = y[:k] * s / (1.5 + A[2, :k] * A[2, :k])
            s = np.sin(s) + np.sum(np.sin(A[:k, i] * A[2, :k]))
            k += 2
    return np.sum(A) * s
