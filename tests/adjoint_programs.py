"""Small programs for the adjoint: each is one way in which a reverse sweep can go wrong.

`CASES` has, for each, its arguments and the params to differentiate by; `KEPT` what may be kept.
"""

# ruff: noqa: B007, SIM108

import numpy as np


def rebound_array(a, n):
    for i in range(n):
        a = a * np.sin(a)
    return np.sum(a)


def while_scalar(a):
    while abs(a) > 0.1:
        a = a * a * 0.5
    return a


def break_at_index(x):
    s = 0.0
    for i in range(len(x)):
        if i == 3:
            break
        s = s + x[i] * x[i]
    return s


def break_on_value(x):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i]
        if s > 5.0:
            s = s * x[i]
            break
        s = s * s
    return s


def break_backwards(x):
    s = 1.0
    for i in range(len(x) - 1, -1, -2):
        s = s * x[i] + np.sin(s)
        if s > 5.0:
            break
    return s


def written_twice(x):
    o = np.zeros_like(x)
    for i in range(len(x)):
        o[i] = x[i]
        o[i] *= x[i]
    return np.sum(o)


def stencil(u, c, n):
    for t in range(n):
        for i in range(1, len(u) - 1):
            u[i] = u[i] + c * (u[i - 1] - 2.0 * u[i] + u[i + 1]) * u[i]
    return np.sum(u * u)


def one_element(x):
    x[0] += x[1] * 2
    return np.sum(x)


def swapped(u, v, n):
    for t in range(n):
        v[1:-1] = u[2:] * v[1:-1] - u[:-2]
        u, v = v, u
    return np.sum(u * v)


def steps_of_two(x):
    s = 0.5
    for i in range(0, 10, 2):
        s = s * x[i] + np.cos(s)
    return s


def masked_log(x):
    return np.sum(np.where(x > 0.0, np.log(x), 0.0))


def masked_chain(x):
    y = np.sqrt(x) * 2.0
    z = np.log(x) + y
    return np.sum(np.where(x > 0.0, z * z, 0.0))


def nested_ifs(x, a):
    s = 0.0
    for i in range(len(x)):
        t = x[i] * a
        if t > 0.0:
            t = t * t
            if t > 1.0:
                s = s * 0.5 + np.exp(-t)
            else:
                s = s + t * s
        else:
            x[i] = t * s
        s = s + x[i] * t
    return s


def triangular(A, x):
    s = 0.0
    for i in range(len(x)):
        for j in range(i):
            s = s * np.sin(A[i, j]) + x[j] * s
            for k in range(j, i):
                s = np.tanh(s * A[k, j]) + 1.0
    return s


def while_inside(x):
    s = 0.3
    for i in range(len(x)):
        a = x[i] + 2.0
        while a > 1.0:
            a = a * 0.7 * np.cos(0.1 * a)
            if a * a < 0.5:
                break
            s = s * a
        s = s + np.sin(s) * a
    return s


def while_outside(x, a):
    k = 0
    while k < len(x):
        for j in range(k):
            a = np.sin(a * x[j]) + x[k]
        k = k + 1
    return a * a


def growing_prefix(x):
    s = 0.0
    for i in range(1, len(x)):
        y = x[:i] * s
        s = np.sum(np.sin(y) * y) + x[i]
    return s


def matrix_loop(A, B, n):
    C = A
    for i in range(n):
        C = np.tanh(C @ B) + A
    return np.sum(C * C)


def branch_at_top(x, c):
    y = x
    if c > 0.0:
        y = x * x * c
        for i in range(len(x)):
            y[i] = y[i] * y[i - 1]
    else:
        y = np.sin(x)
    return np.sum(y * x)


def broadcast(a, b, M):
    return np.sum(np.multiply(a, M) * b) + np.sum(M / (a + 3.0))


def negative_indices(x):
    for i in range(-1, -len(x), -1):
        x[i] = x[i] * x[i - 1]
    return np.sum(x * x)


def restored(u, c, n):
    for t in range(n):
        for i in range(1, len(u)):
            if u[i] > c:
                u[i] = u[i] * u[i - 1] * u[0]
            u[i - 1] = np.sin(u[i])
        u[0] = u[0] * u[1] + u[-1]
    return np.sum(u * u)


def rows_of_matrix(M, n):
    for t in range(n):
        for i in range(1, len(M)):
            M[i] = M[i] * M[i - 1] + np.sum(M[i])
    return np.sum(M * M)


def two_loops(u, v):
    for i in range(1, len(u)):
        u[i] = u[i] * u[i - 1]
    for i in range(1, len(u)):
        v[i] = v[i] * u[i] * v[i - 1]
        u[i] = u[i] * v[i]
    return np.sum(u * v)


def steps_from_outside(x, n):
    s = x[0]
    for i in range(n):
        s = s * x[i] * s
    return s * s


def local_array(y, p, n):
    for t in range(n):
        k = np.empty(2)
        k[0] = p[0] * y[0] - y[0] * y[1]
        k[1] = p[1] * y[1] * k[0]
        y = y + 0.1 * k
    return y[0] * y[1]


def forward_from_param(x):
    for i in range(1, len(x)):
        x[i] *= x[i - 1]
    return np.sum(x)


def linear(u, c):
    for t in range(5):
        for i in range(1, len(u) - 1):
            u[i] = 0.25 * (u[i - 1] + 2.0 * u[i] + u[i + 1])
    return np.dot(c, u)


def sweep(u, c, n):
    for t in range(n):
        for i in range(1, len(u)):
            u[i] = u[i] - c * u[i] * (u[i] - u[i - 1])
    return np.sum(u * u)


def stored_then_undone(u, v, n):
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(0, n, 2):
                u[1] *= v[i + 2] * u[-2] + u[-1 - i] * v[i + 1]
                u[-2] = 0.3
                v[i + 1] = u[i + 1]
            u[1] = v[i] * u[-2] * 0.7
    return np.sum(u * u) + np.sum(v)


def scatter(x, w, index):
    h = np.zeros(4)
    for i in range(len(x)):
        h[index[i]] += w[i] * x[i] * x[i]
    return np.sum(h * h)


def clipped(x):
    return np.sum(np.minimum(np.maximum(x, 0.0), 1.0) * x)


def single(x):
    s = 0.5
    for i in range(len(x)):
        s = s * x[i] + 0.5
    return s


def recurrence(x, w):
    s, c = 0.1, 0.0
    for i in range(len(x)):
        s = np.tanh(w * s + x[i])
        c += s * s
    return c


def recurrence_backwards(x, w):
    s, c = 0.1, 0.0
    for i in reversed(range(1, len(x))):
        s = np.tanh(w * s + x[i])
        c += s * s
    return c


def recurrence_left_early(x, w):
    s, c = 0.1, 0.0
    for k in range(2):
        for i in reversed(range(len(x))):
            s = np.tanh(w * s + x[i])
            c += s * s * x[k]
            if c > 1.0:
                break
    return c


def sorted_weights(x, c):
    for last in range(len(x) - 1, 0, -1):
        swapped = False
        for i in range(last):
            if x[i] > x[i + 1]:
                x[i], x[i + 1] = x[i + 1] * c[i], x[i]
                swapped = True
        if not swapped:
            break
    return np.dot(c, x)


rng = np.random.default_rng(20)
normal, uniform = rng.normal, rng.uniform

CASES = {
    rebound_array: ((np.array([2.0, 0.7]), 3), ("a",)),
    while_scalar: ((1.3,), ("a",)),
    break_at_index: ((normal(size=6),), ("x",)),
    break_on_value: ((uniform(0.5, 1.5, 12),), ("x",)),
    break_backwards: ((uniform(0.5, 1.5, 13),), ("x",)),
    written_twice: ((normal(size=4),), ("x",)),
    stencil: ((normal(size=6), 0.1, 4), ("u", "c")),
    one_element: ((normal(size=3),), ("x",)),
    swapped: ((normal(size=6), normal(size=6), 5), ("u", "v")),
    steps_of_two: ((normal(size=11),), ("x",)),
    nested_ifs: ((normal(size=9), 1.3), ("x", "a")),
    triangular: ((normal(size=(5, 5)), normal(size=5)), ("A", "x")),
    while_inside: ((uniform(size=5),), ("x",)),
    while_outside: ((normal(size=5), 0.4), ("x", "a")),
    growing_prefix: ((normal(size=6),), ("x",)),
    matrix_loop: ((normal(size=(3, 3)), normal(size=(3, 3)), 4), ("A", "B")),
    branch_at_top: ((normal(size=5), 0.7), ("x", "c")),
    broadcast: ((normal(size=4), normal(size=(3, 4)), normal(size=(3, 4))), ("a", "b", "M")),
    negative_indices: ((normal(size=5),), ("x",)),
    restored: ((normal(size=6), 0.2, 3), ("u", "c")),
    rows_of_matrix: ((normal(size=(4, 3)), 3), ("M",)),
    two_loops: ((normal(size=5), normal(size=5)), ("u", "v")),
    steps_from_outside: ((normal(size=3), 3), ("x",)),
    local_array: ((uniform(size=2), uniform(size=2), 5), ("y", "p")),
    forward_from_param: ((normal(size=6),), ("x",)),
    linear: ((normal(size=6), normal(size=6)), ("u", "c")),
    sweep: ((uniform(size=7), 0.2, 4), ("u", "c")),
    stored_then_undone: ((normal(size=6), normal(size=6), 4), ("u", "v")),
    scatter: ((normal(size=7), normal(size=7), rng.integers(0, 4, 7)), ("x", "w")),
    clipped: ((normal(size=9),), ("x",)),
    single: ((normal(size=4),), ("x",)),
    recurrence: ((normal(size=5), 0.7), ("x", "w")),
    recurrence_backwards: ((normal(size=5), 0.7), ("x", "w")),
    recurrence_left_early: ((uniform(0.5, 1.0, 6), 0.7), ("x", "w")),
    sorted_weights: ((normal(size=6), uniform(0.9, 1.1, 6)), ("x", "c")),
}

AGAIN = [
    (recurrence, (normal(size=0), 0.7)),
    (recurrence_backwards, (normal(size=1), 0.7)),
    (steps_from_outside, (normal(size=3), 0)),  # no step at all
    (branch_at_top, (normal(size=5), -0.7)),
    (triangular, (normal(size=(1, 1)), normal(size=1))),
    (growing_prefix, (normal(size=1),)),
    (break_on_value, (normal(size=0),)),
    (stencil, (normal(size=2), 0.1, 4)),
]

# How many logs the gradient has; what is not named here is not asserted.
KEPT = {
    linear: 0,
    forward_from_param: 0,
    written_twice: 0,
    sweep: 1,
    stencil: 1,
    rows_of_matrix: 1,
    single: 1,
    break_at_index: 0,
    scatter: 0,
    recurrence: 1,
    recurrence_backwards: 1,
    recurrence_left_early: 2,  # and how often the inner loop ran
}
