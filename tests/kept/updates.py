"""Elements updated in place: at most one number a write, however many reads there are."""

import numpy as np

from tests.kept._case import T, U, keeps, n


@keeps(["8*steps*(n_u - 2)"], U(n), 0.1, T, wrt=("u",))
def nl_reads(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1]) * u[i + 1] * np.sin(u[i - 1])
    return np.sum(u)


@keeps(["8*steps*(n_u - 2)"], U(n), 0.1, T, wrt=("u",))
def nl_slice(u, c, steps):
    for t in range(steps):
        u[1:-1] = u[1:-1] - c * u[1:-1] * (u[1:-1] - u[:-2])
    return np.sum(u)


@keeps(["8*steps*(n_u - 2)"], U(n), 0.1, T, wrt=("u",))
def nl_slice_aug(u, c, steps):
    for t in range(steps):
        u[1:-1] -= c * u[1:-1] * (u[1:-1] - u[:-2])
    return np.sum(u)


@keeps(["8*steps*n_u"], U(n), 0.1, T, wrt=("u",))
def nl_copy(u, c, steps):
    for t in range(steps):
        un = u.copy()
        u[1:] = un[1:] - c * un[1:] * (un[1:] - un[:-1])
    return np.sum(u)


@keeps(["8*steps*n_u"], U(n), 0.1, T, wrt=("u",))
def nl_copy_elements(u, c, steps):
    for t in range(steps):
        un = u.copy()
        for i in range(1, len(u)):
            u[i] = un[i] - c * un[i] * (un[i] - un[i - 1])
    return np.sum(u)


@keeps(["8*steps*(n_u - 2)*(m_u - 2)"], U(n, n), 0.1, T, wrt=("u",))
def nl_2d(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            for j in range(1, u.shape[1] - 1):
                u[i, j] = (
                    u[i, j]
                    - c * u[i, j] * (u[i, j] - u[i - 1, j]) * u[i, j + 1]
                    - c * u[i, j] * u[i, j - 1] * u[i + 1, j]
                )
    return np.sum(u)


@keeps(["8*steps*(n_u - 2)"], U(n), 0.1, T, wrt=("u",))
def nl_reversed(u, c, steps):
    for t in range(steps):
        for i in range(len(u) - 2, 0, -1):
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1]) * u[i + 1]
    return np.sum(u)


def upd(u, i, c):
    u[i] = u[i] - c * u[i] * (u[i] - u[i - 1]) * u[i + 1]


@keeps(["8*steps*(n_u - 2)"], U(n), 0.1, T, wrt=("u",))
def nl_helper(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            upd(u, i, c)
    return np.sum(u)


@keeps(["8*steps*(n_u - 2)", "8*steps*(n_u - 2)"], U(n), U(n), 0.1, T, wrt=("u", "v"))
def nl_two(u, v, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] = u[i] + c * u[i] * v[i] * u[i - 1]
            v[i] = v[i] - c * u[i] * v[i] * v[i + 1]
    return np.sum(u * v)


@keeps(["8*steps*(n_u - 2)"], U(n), 0.1, T, wrt=("u",))
def nl_branch(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            if u[i] > 0.7:
                u[i] = u[i] - c * u[i] * (u[i] - u[i - 1]) * u[i + 1]
    return np.sum(u)


@keeps(["8*steps*(n_u - 2)"], U(n), 0.1, T, wrt=("u",))
def nl_aug(u, c, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] *= 1 - c * (u[i] - u[i - 1]) * u[i + 1]
    return np.sum(u)


@keeps(["8*steps*n_u"], U(n), 0.1, T, wrt=("u",))
def nl_whole(u, c, steps):
    for t in range(steps):
        u = u - c * u * u
    return np.sum(u)


@keeps(["8*steps*n_u"], U(n), 0.1, T, wrt=("u",))
def nl_whole_inplace(u, c, steps):
    for t in range(steps):
        u -= c * u * u
    return np.sum(u)


@keeps(["8*steps*n_u"], U(n), 0.1, T, wrt=("u",))
def nl_whole_colon(u, c, steps):
    for t in range(steps):
        u[:] = u - c * u * u
    return np.sum(u)


@keeps(["8*steps*n_u"], U(n), 0.1, T, wrt=("u",))
def nl_swap(u, c, steps):
    v = u.copy()
    for t in range(steps):
        for i in range(1, len(u) - 1):
            v[i] = u[i] - c * u[i] * (u[i] - u[i - 1]) * u[i + 1]
        u, v = v, u
    return np.sum(u)


@keeps(["8*steps*n_x"], U(n), U(n), 0.1, T, wrt=("x", "v"))
def work_array(x, v, dt, steps):
    for t in range(steps):
        a = np.zeros(len(x))
        for i in range(len(x)):
            for j in range(len(x)):
                if i != j:
                    a[i] += (x[j] - x[i]) / (1 + (x[j] - x[i]) ** 2)
        for i in range(len(x)):
            v[i] += dt * a[i]
            x[i] += dt * v[i]
    return np.sum(x * x)


@keeps(["8*steps*n_x"], U(n), U(n), 0.1, T, wrt=("x", "v"))
def work_array_outside(x, v, dt, steps):
    a = np.zeros(len(x))
    for t in range(steps):
        for i in range(len(x)):
            a[i] = 0.0
            for j in range(len(x)):
                if i != j:
                    a[i] += (x[j] - x[i]) / (1 + (x[j] - x[i]) ** 2)
        for i in range(len(x)):
            v[i] += dt * a[i]
            x[i] += dt * v[i]
    return np.sum(x * x)


@keeps([], U(n, 3), 0.1, T, wrt=("x",))
def accumulate(x, c, steps):
    s = 0.0
    for t in range(steps):
        for i in range(len(x)):
            for k in range(3):
                s += c * x[i, k] * x[i, k]
    return s


@keeps([], U(n, 3), wrt=("x",))
def pair_energy(x):
    e = 0.0
    for i in range(len(x)):
        for j in range(i):
            r2 = 0.0
            for k in range(3):
                d = x[i, k] - x[j, k]
                r2 += d * d
            e += 1 / np.sqrt(r2)
    return e
