"""Ways to leave a loop, and loops that only their data ends."""

import numpy as np

from tests.constructs._case import N, U, n, runs


@runs(1.3, wrt=("a",))
def while_true(a):
    k = 0
    while True:
        a = np.sin(a) * 1.1
        k += 1
        if k > 5:
            break
        a = a * a + 0.2
    return a


@runs(U(n), wrt=("x",))
def while_true_inside(x):
    s = 0.0
    for i in range(len(x)):
        a = x[i]
        while True:
            a = a * 0.6
            if a < 0.2:
                break
            s = s + a * a
            x[i] = x[i] * a
    return s + np.sum(x)


@runs(U(n), wrt=("x",))
def while_else(x):
    i = 0
    s = 0.1
    while i < len(x):
        s = np.sin(s) + x[i]
        if s > 50.0:
            break
        i += 1
    else:
        s = s * s
    return s


@runs(U(n), wrt=("x",))
def while_continue(x):
    i = 0
    s = 0.1
    while i < len(x):
        i += 1
        if x[i - 1] < 0.9:
            continue
        s = np.sin(s) * x[i - 1] + s
    return s


@runs(U(n), wrt=("x",))
def while_array(x):
    k = 0
    while np.sum(x * x) > 0.5 and k < 100:
        x = np.sin(x) * 0.8
        k += 1
    return np.sum(x)


@runs(U(n), wrt=("x",))
def while_in_place(x):
    while x[0] > 0.1:
        for i in range(len(x)):
            x[i] = x[i] * 0.7 * np.cos(x[i - 1])
    return np.sum(x)


@runs(U(n), wrt=("x",))
def nested_while(x):
    s = 0.0
    i = 0
    while i < 4:
        a = x[i]
        j = 0
        while a > 0.3:
            a = a * 0.8
            s = s + a * np.sin(s) + a
            j += 1
            if j > 3:
                break
        i += 1
    return s


@runs(N(n), wrt=("x",))
def continues(x):
    s = 0.2
    for i in range(len(x)):
        if x[i] < 0:
            continue
        s = s * np.sqrt(x[i])
        if s > 10:
            continue
        s = s + x[i] * s
    return s


@runs(N(n), wrt=("x",))
@runs(U(n), wrt=("x",))
def for_else(x):
    s = 0.2
    for i in range(len(x)):
        s = s + x[i] * x[i] * s
        if x[i] < 0:
            s = s * x[i]
            break
    else:
        s = s * s
    return s


@runs(N(4, 5), wrt=("M",))
def for_else_nested(M):
    s = 0.5
    for i in range(len(M)):
        for j in range(M.shape[1]):
            if M[i, j] > 1.0:
                break
            s = s + np.sin(M[i, j] * s)
        else:
            s = s * 1.5
            continue
        s = s * M[i, 0]
    return s


@runs(N(4, 5), 0.3, wrt=("M", "t"))
@runs(N(4, 5), 9.3, wrt=("M", "t"))
def return_nested(M, t):
    s = t
    for i in range(len(M)):
        for j in range(M.shape[1]):
            s = s + M[i, j] * M[i, j] * np.cos(s)
            if s > 2.0:
                return s * s * M[i, j]
        s = s * 0.9
        if s < -2.0:
            return -s * M[i, 0]
    return s + np.sum(M)


@runs(U(n), 1.0, wrt=("x", "c"))
@runs(U(n), 3.0, wrt=("x", "c"))
@runs(U(n), 30.0, wrt=("x", "c"))
def return_from_while(x, c):
    a = c
    while True:
        for i in range(len(x)):
            a = a * x[i] * 0.9
            if a < 0.5:
                return a * a * x[i]
            if a > 20.0:
                return np.log(a) * x[0]
        if a > 5:
            return a
        a = a * 0.5


@runs(U(n), wrt=("x",))
def return_after_inplace(x):
    for i in range(1, len(x)):
        x[i] = x[i] * x[i - 1]
        if x[i] > 1.2:
            return np.sum(x * x)
    return x[-1]


@runs(N(n), wrt=("x",))
def break_two_levels(x):
    s = 0.1
    done = False
    for i in range(len(x)):
        for j in range(i + 1):
            s = s + np.sin(x[j] * s) + x[i]
            if abs(s) > 1.5:
                done = True
                break
        if done:
            break
        s = s * x[i]
    return s


@runs(N(n), wrt=("x",))
def until_converged(x):
    for it in range(100):
        change = 0.0
        for i in range(1, len(x) - 1):
            old = x[i]
            x[i] = 0.5 * (x[i - 1] + x[i + 1])
            change = max(change, abs(x[i] - old))
        if change < 0.05:
            break
    return np.sum(x * x)


@runs(N(n), wrt=("x",))
def nonlinear_until(x):
    k = 0
    while True:
        r = 0.0
        for i in range(1, len(x) - 1):
            d = np.sin(x[i - 1]) * x[i + 1] - x[i]
            x[i] += 0.3 * d
            r += d * d
        k += 1
        if r < 1e-3 or k > 20:
            break
    return np.sum(x * x) * k


def helper_with_returns(a, b):
    if a > b:
        return a * b
    for i in range(3):
        a = a * 1.3
        if a > b:
            return a - b
    return a + b


@runs(N(n), wrt=("x",))
def helper_early(x):
    s = 0.4
    for i in range(len(x)):
        s = np.sin(helper_with_returns(x[i], s)) + s * 0.5
    return s


@runs(N(n), wrt=("x",))
def assert_inside(x):
    s = 1.0
    for i in range(len(x)):
        assert s > -1e9, "fell"
        s = s * x[i] + 1
    return s
