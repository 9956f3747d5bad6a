"""What inner loops and branches give, and arrays made in a loop, are had again by running them."""

import numpy as np

from tests.kept._case import T, U, keeps, n


@keeps(["8*steps*n_x*3"], U(n, 3), U(n, 3), T, wrt=("x", "v"))
def nbody_steps(x, v, steps):
    for t in range(steps):
        for i in range(len(x)):
            for j in range(len(x)):
                if i != j:
                    r2 = 0.01
                    for k in range(3):
                        r2 += (x[j, k] - x[i, k]) ** 2
                    f = 1 / (r2 * np.sqrt(r2))
                    for k in range(3):
                        v[i, k] += 0.01 * f * (x[j, k] - x[i, k])
        for i in range(len(x)):
            for k in range(3):
                x[i, k] += 0.01 * v[i, k]
    return np.sum(x * x)


@keeps(["8*steps*n_x", "8*steps*n_x", "8*steps*n_x"], U(n), U(n), T, wrt=("x", "v"))
def cutoff(x, v, steps):
    for t in range(steps):
        for i in range(len(x)):
            a = 0.0
            for j in range(len(x)):
                d = x[j] - x[i]
                if d * d < 0.1:
                    f = np.exp(-d * d) * d
                else:
                    f = 0.0
                a += f
            v[i] += 0.1 * a * v[i]
        for i in range(len(x)):
            x[i] += 0.1 * v[i]
    return np.sum(x * x)


@keeps(["8*steps*n_x"], U(n), T, wrt=("x",))
def work(x, steps):
    for t in range(steps):
        w = np.zeros(len(x))
        for i in range(1, len(x)):
            w[i] = x[i] * x[i - 1]
        for i in range(1, len(x)):
            x[i] = x[i] + 0.1 * np.sin(w[i]) * w[i - 1]
    return np.sum(x)


@keeps(["8*steps*(n_x - 1)"], U(n), T, wrt=("x",))
def work_recurrence(x, steps):
    s = 0.0
    for t in range(steps):
        w = np.zeros(len(x))
        for i in range(1, len(x)):
            w[i] = np.sin(w[i - 1] * x[i])
        s = s * 0.5 + np.sum(w * w)
    return s


@keeps(["8*steps*n_x", "8*steps*n_x"], U(n, n), U(n), T, wrt=("A", "x"))
def matvec_loop(A, x, steps):
    for t in range(steps):
        y = np.zeros(len(x))
        for i in range(len(x)):
            for j in range(len(x)):
                y[i] += A[i, j] * x[j]
        for i in range(len(x)):
            x[i] = np.tanh(y[i])
    return np.sum(x * x)


@keeps(["8*steps", "8*steps*n_x"], U(n), T, wrt=("x",))
def normalised(x, steps):
    for t in range(steps):
        s = 0.0
        for i in range(len(x)):
            s += x[i] * x[i]
        for i in range(len(x)):
            x[i] = np.sin(x[i]) / np.sqrt(s)
    return np.sum(x)


@keeps(["8*steps*3*(n_x - 2)", "8*steps*n_x"], U(n), 0.1, T, wrt=("x",))
def local_sweeps(x, c, steps):
    for t in range(steps):
        w = x * 1.0
        for s in range(3):
            for i in range(1, len(w) - 1):
                w[i] = w[i] - c * w[i] * (w[i] - w[i - 1]) * w[i + 1]
        x = w + 0.1 * x
    return np.sum(x)


def relax(u, c):
    w = u.copy()
    for s in range(3):
        for i in range(1, len(w) - 1):
            w[i] = w[i] - c * w[i] * (w[i] - w[i - 1]) * w[i + 1]
    return w


@keeps(["8*steps*3*(n_x - 2)", "8*steps*n_x"], U(n), 0.1, T, wrt=("x",))
def helper_copy(x, c, steps):
    for t in range(steps):
        x = relax(x, c)
    return np.sum(x)


@keeps(["8*steps*3*(n_x - 2)"], U(n), 0.1, T, wrt=("x",))
def helper_copy_store(x, c, steps):
    X = np.zeros((steps + 1, len(x)))
    X[0] = x
    for t in range(steps):
        X[t + 1] = relax(X[t], c)
    return np.sum(X * X)


@keeps(["8*steps*m_A*m_A"], U(n, n), T, wrt=("A",))
def local_lu(A, steps):
    s = 0.0
    n = len(A)
    for t in range(steps):
        B = A + (t + n) * np.eye(n)
        for k in range(n):
            for i in range(k + 1, n):
                B[i, k] /= B[k, k]
                for j in range(k + 1, n):
                    B[i, j] -= B[i, k] * B[k, j]
        for k in range(n):
            s += np.log(B[k, k])
    return s
