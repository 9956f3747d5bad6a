"""Linear stencils and Gauss-Seidel sweeps: however many steps, nothing is kept."""

import numpy as np

from tests.kept._case import T, U, keeps, n


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_elements(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] = u[i] + c * (u[i - 1] - 2 * u[i] + u[i + 1])
    return np.sum(u * u)


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_slices(u, c, steps):
    for t in range(steps):
        u[1:-1] = u[1:-1] + c * (u[:-2] - 2 * u[1:-1] + u[2:])
    return np.sum(u * u)


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_aug(u, c, steps):
    for t in range(steps):
        u[1:-1] += c * (u[:-2] - 2 * u[1:-1] + u[2:])
    return np.sum(u * u)


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_copy(u, c, steps):
    for t in range(steps):
        un = u.copy()
        u[1:-1] = un[1:-1] + c * (un[:-2] - 2 * un[1:-1] + un[2:])
    return np.sum(u * u)


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_copy_elements(u, c, steps):
    for t in range(steps):
        un = u.copy()
        for i in range(1, len(u) - 1):
            u[i] = un[i] + c * (un[i - 1] - 2 * un[i] + un[i + 1])
    return np.sum(u * u)


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_swap(u, c, steps):
    v = np.zeros_like(u)
    for t in range(steps):
        for i in range(1, len(u) - 1):
            v[i] = u[i] + c * (u[i - 1] - 2 * u[i] + u[i + 1])
        u, v = v, u
    return np.sum(u * u)


@keeps([], U(n, n), 0.1, T, wrt=("u",))
def heat_2d(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            for j in range(1, u.shape[1] - 1):
                u[i, j] = u[i, j] + c * (
                    u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4 * u[i, j]
                )
    return np.sum(u * u)


@keeps([], U(n, n), 0.1, T, wrt=("u",))
def heat_2d_slices(u, c, steps):
    for t in range(steps):
        u[1:-1, 1:-1] += c * (
            u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4 * u[1:-1, 1:-1]
        )
    return np.sum(u * u)


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_reversed(u, c, steps):
    for t in range(steps):
        for i in reversed(range(1, len(u) - 1)):
            u[i] = u[i] + c * (u[i - 1] - 2 * u[i] + u[i + 1])
    return np.sum(u * u)


@keeps([], U(n), U(n), T, wrt=("u",))
def heat_variable(u, k, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] += k[i] * (u[i - 1] - 2 * u[i] + u[i + 1])
    return np.sum(u * u)


def point(u, i, c):
    return u[i] + c * (u[i - 1] - 2 * u[i] + u[i + 1])


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_helper(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] = point(u, i, c)
    return np.sum(u * u)


def step(u, c):
    for i in range(1, len(u) - 1):
        u[i] = u[i] + c * (u[i - 1] - 2 * u[i] + u[i + 1])


@keeps([], U(n), 0.1, T, wrt=("u",))
def heat_helper_writes(u, c, steps):
    for t in range(steps):
        step(u, c)
    return np.sum(u * u)


@keeps([], U(n), U(n), 0.1, T, wrt=("u", "v"))
def wave(u, v, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            v[i] += c * (u[i - 1] - 2 * u[i] + u[i + 1])
        for i in range(len(u)):
            u[i] += c * v[i]
    return np.sum(u * u)


@keeps([], U(n), U(n), T, wrt=("u", "f"))
def gs(u, f, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
    return np.sum(u)


@keeps([], U(n, n), U(n, n), T, wrt=("u", "f"))
def gs_2d(u, f, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            for j in range(1, u.shape[1] - 1):
                u[i, j] = 0.25 * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - f[i, j])
    return np.sum(u * u)


@keeps([], U(n), U(n), T, wrt=("u", "f"))
def gs_symmetric(u, f, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
        for i in range(len(u) - 2, 0, -1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
    return np.sum(u)


@keeps([], U(n), U(n), T, wrt=("u", "f"))
def gs_red_black(u, f, steps):
    for t in range(steps):
        for p in range(2):
            for i in range(1 + p, len(u) - 1, 2):
                u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i])
    return np.sum(u)


@keeps([], U(n), U(n), T, wrt=("u", "f"))
def gs_sor(u, f, steps):
    w = 1.3
    for t in range(steps):
        for i in range(1, len(u) - 1):
            r = 0.5 * (u[i - 1] + u[i + 1] - f[i]) - u[i]
            u[i] += w * r
    return np.sum(u)


@keeps([], U(n, n) + 4 * np.eye(n), U(n), U(n), T, wrt=("b", "x"))
def gs_matrix(A, b, x, steps):
    for t in range(steps):
        for i in range(len(b)):
            s = b[i]
            for j in range(len(b)):
                if j != i:
                    s -= A[i, j] * x[j]
            x[i] = s / A[i, i]
    return np.sum(x)
