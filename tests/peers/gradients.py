"""The programs of PEERS.md whose gradients others get wrong.

`CASES` has function, arguments, what to differentiate, and the right answer where it can be written
down, else None: complex step.
"""

import numpy as np


def repeated_product(a, n):
    for i in range(n):
        a = a * np.sin(a)
    return np.sum(a)


def shrink_while_large(x):
    total = 0.0
    for i in range(len(x)):
        a = x[i]
        while abs(a) > 0.1:
            a = a * a * 0.5
        total += a
    return total


def squares_until_negative(x):
    total = 0.0
    for i in range(len(x)):
        if x[i] < 0.0:
            break
        total += x[i] ** 2
    return total


def write_then_multiply(x):
    o = np.zeros(len(x))
    for i in range(len(x)):
        o[i] = x[i]
        o[i] *= x[i]
    return np.sum(o)


def stencil_in_place(u, steps):
    for t in range(steps):
        for i in range(1, len(u) - 1):
            u[i] = 0.3 * u[i - 1] + 0.4 * u[i] * u[i] + 0.3 * u[i + 1]
    return np.sum(u * u)


def element_into_element(x):
    x[0] += x[1] * 2
    return np.sum(x)


def broadcast_product(column, row):
    return np.sum(np.multiply(column, row) ** 2)


def forty_steps(x):
    for t in range(40):
        x = np.sin(x) + 0.1 * x
    return np.sum(x)


def every_other_backwards(x):
    p = 1.0
    for i in reversed(range(0, 10, 2)):
        p = p * x[i] + x[i + 1]
    return p


def leapfrog(ex, ey, hz, steps):
    for t in range(steps):
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    return np.sum(hz**2)


def durbin(r):
    n = len(r)
    y, z = np.zeros(n), np.zeros(n)
    y[0], alpha, beta = -r[0], -r[0], 1.0
    for k in range(1, n):
        beta = (1.0 - alpha * alpha) * beta
        s = 0.0
        for i in range(k):
            s += r[k - i - 1] * y[i]
        alpha = -(r[k] + s) / beta
        for i in range(k):
            z[i] = y[i] + alpha * y[k - i - 1]
        for i in range(k):
            y[i] = z[i]
        y[k] = alpha
    return np.sum(y * y)


def implicit_steps(u, rate, steps):
    rows, n = u.shape
    upper = np.zeros(n)
    for t in range(steps):
        for r in range(rows):
            upper[0] = -rate / (1.0 + 2.0 * rate + u[r, 0] ** 2)
            u[r, 0] = u[r, 0] / (1.0 + 2.0 * rate + u[r, 0] ** 2)
            for i in range(1, n):
                m = 1.0 + 2.0 * rate + u[r, i] ** 2 + rate * upper[i - 1]
                upper[i] = -rate / m
                u[r, i] = (u[r, i] + rate * u[r, i - 1]) / m
            for i in range(n - 2, -1, -1):
                u[r, i] = u[r, i] - upper[i] * u[r, i + 1]
    return np.sum(u * u)


def overlapping_slices(a):
    a[1:-1] += a[:-2]
    a[2:] *= a[:-2]
    return np.sum(a)


def leave_early(x):
    for i in range(len(x)):
        if x[i] > 1.0:
            return x[i] ** 3
        if x[i] < 0.0:
            continue
        if x[i] > 0.8:
            return 2.0 * x[i]
    return x[0] * x[1]


def running_sum(x):
    s, total = 0.0, 0.0
    for i in range(len(x)):
        s = s + x[i]
        if s > 5.0:
            total += s * s
            break
        total += s * s
    return total


def masked_log(x):
    return np.sum(np.where(x > 0, np.log(x), 0.0))


def masked_quotient(x):
    total = 0.0
    for i in range(len(x)):
        total += np.where(x[i] != 0.0, np.sin(x[i]) / x[i], 1.0)
    return total


def _fields():
    return tuple(np.random.default_rng(0).normal(size=(3, 5, 4)))


def _normal(*shape):
    return np.random.default_rng(1).normal(size=shape)


CASES = {
    "product": (repeated_product, (np.array([2.0, 0.7]), 3), (0,), None),
    "while": (shrink_while_large, (np.array([1.3, 0.6, -0.9, 0.05]),), (0,), None),
    "break": (squares_until_negative, (np.array([1.0, 2, 3, -4]),), (0,), [[2.0, 4, 6, 0]]),
    "overwrite": (write_then_multiply, (np.array([1.0, 2, 3]),), (0,), [[2.0, 4, 6]]),
    "stencil": (stencil_in_place, (0.5 * _normal(9), 4), (0,), None),
    "element": (element_into_element, (np.array([1.0, 2, 3]),), (0,), [[1.0, 3, 1]]),
    "broadcast": (broadcast_product, (_normal(4, 1), _normal(3)), (0, 1), None),
    "forty": (forty_steps, (_normal(3),), (0,), None),
    "step two": (every_other_backwards, (_normal(10),), (0,), None),
    "leapfrog": (leapfrog, (*_fields(), 5), (0, 1, 2), None),
    "durbin": (durbin, (0.5 ** np.arange(1, 10) + 0.01 * _normal(9),), (0,), None),
    "tridiagonal": (implicit_steps, (_normal(3, 5), 0.3, 4), (0, 1), None),
    "slices": (overlapping_slices, (_normal(8),), (0,), None),
    "return at once": (leave_early, (np.array([2.0, 0.5]),), (0,), [[12.0, 0.0]]),
    "return later": (leave_early, (np.array([0.3, -1.0, 0.9, 2.0]),), (0,), [[0.0, 0, 2, 0]]),
    "return last": (leave_early, (np.array([0.3, 0.5]),), (0,), [[0.5, 0.3]]),
    "running sum": (running_sum, (np.array([1.0, 2, 3, 4, 5]),), (0,), [[20.0, 18, 12, 0, 0]]),
    "masked log": (masked_log, (np.array([0.0, 2, -1]),), (0,), [[0.0, 0.5, 0]]),
    "masked quotient": (masked_quotient, (np.array([0.0, 1.0]),), (0,), None),
}
