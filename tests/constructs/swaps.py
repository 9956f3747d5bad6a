"""Arrays that change places between steps."""

import numpy as np

from tests.constructs._case import N, n, runs


@runs(N(n), N(n), 5, wrt=("u", "v"))
def swap_whole(u, v, m):
    for t in range(m):
        u, v = v, u * np.sin(v)
    return np.sum(u) + np.sum(v * v)


@runs(N(n), N(n), N(n), 4, wrt=("a", "b", "c"))
def rotate_three(a, b, c, m):
    for t in range(m):
        a, b, c = b, c, a * b
    return np.sum(a * b) + np.sum(c)


@runs(N(n), N(n), 5, wrt=("u", "v"))
def swap_in_place(u, v, m):
    for t in range(m):
        for i in range(1, len(u)):
            v[i] = u[i] * v[i - 1]
        u, v = v, u
    return np.sum(u) + np.sum(v * v)


@runs(N(n), 4, wrt=("u",))
def copy_between(u, m):
    un = np.zeros_like(u)
    for t in range(m):
        un[:] = u
        for i in range(1, len(u)):
            u[i] = un[i] * un[i - 1]
    return np.sum(u)


@runs(N(n), N(n), 4, wrt=("u", "v"))
def swap_sometimes(u, v, m):
    for t in range(m):
        for i in range(1, len(u)):
            v[i] = u[i] * v[i - 1]
        if t % 2 == 0:
            u, v = v, u
    return np.sum(u) + np.sum(v * v)


@runs(N(n), N(n), wrt=("u", "v"))
def swap_on_data(u, v):
    for t in range(4):
        if np.sum(u) > np.sum(v):
            u, v = v, u
        u = u * np.sin(v)
    return np.sum(u)


@runs(N(3, n), 4, wrt=("U",))
def two_time_levels(U, m):
    old, new = 0, 1
    for t in range(m):
        for i in range(1, U.shape[1]):
            U[new, i] = U[old, i] * U[new, i - 1]
        old, new = new, old
    return np.sum(U)


@runs(N(2, n), 4, wrt=("U",))
def two_levels_modulo(U, m):
    for t in range(m):
        for i in range(1, U.shape[1]):
            U[(t + 1) % 2, i] = U[t % 2, i] * U[(t + 1) % 2, i - 1]
    return np.sum(U)


@runs(N(3, n), wrt=("X",))
def swap_rows(X):
    for t in range(4):
        for j in range(1, X.shape[1]):
            X[2, j] = X[1, j] * X[0, j - 1]
        X[0] = X[1]
        X[1] = X[2]
    return np.sum(X)


@runs(N(n), 3, wrt=("x",))
def tuple_state(x, m):
    state = (x, 0.5)
    for t in range(m):
        u, s = state
        state = (u * s, s * np.cos(s) + u[0])
    return np.sum(state[0]) * state[1]
