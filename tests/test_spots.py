"""Names of views that are bound anew in loops and branches: which row, from where to where."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

R = np.random.default_rng(0)
X, M, T = R.normal(size=6), R.normal(size=(4, 5)), R.normal(size=(3, 4, 5))

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


@smooth((M.copy(),))
def pingpong(A):
    a, b = A[0], A[1]
    for _k in range(3):
        b[1:] = 0.5 * (a[:-1] + a[1:]) ** 2
        a, b = b, a
    a[0] += 3 * b[1]
    return (A**2).sum() + a[0] ** 2


@smooth((M.copy(),))
def pingpong2(A):
    B = A[:2].copy()
    a, b = B[0], B[1]
    for _k in range(3):
        b[1:] = 0.5 * (a[:-1] + a[1:]) ** 2
        a, b = b, a
    return (B**2).sum() + a[0] ** 2


@smooth((M.copy(), 5), (M.copy(), 0))
def halves(A, n):
    old, new = A[:2], A[2:]
    for _k in range(n):
        new[:, 1:-1] = 0.5 * (old[:, :-2] + old[:, 2:]) + 0.1 * old[:, 1:-1] ** 2
        old, new = new, old
    return (old**2).sum() + (new**3).sum()


@smooth((T.copy(), 4))
def levels(u, n):
    prev, cur, nxt = u[0], u[1], u[2]
    for _k in range(n):
        force = 0.1 * cur[:-2, 1:-1] * cur[2:, 1:-1]
        nxt[1:-1, 1:-1] = 2 * cur[1:-1, 1:-1] - prev[1:-1, 1:-1] + force
        prev, cur, nxt = cur, nxt, prev
    return (cur**2).sum()


@smooth((M.copy(),))
def follow(A):
    prev = A[0]
    for i in range(1, len(A)):
        cur = A[i]
        cur[1:] += prev[:-1] ** 2
        prev = cur
    prev[2] = 7.0 * prev[1]
    return (A**2).sum()


@smooth((M.copy(), 0.3))
def chosen(A, t):
    best = A[0]
    for i in range(len(A)):
        if A[i, 0] > t:
            best = A[i]
        best[1] += 0.5 * best[0]
    best *= 2.0
    return (A**2).sum()


@smooth((M.copy(), 1), (M.copy(), -1))
def branch_rows(A, k):
    s = 0.0
    q = A[1] if k > 0 else A[2]
    q[1:] *= q[0]
    lo, hi = (1, 3) if k > 0 else (0, 4)
    p = A[:, lo:hi]
    p += 2.0 * p**2
    w = A[0 : k + 2] if k > 0 else A[2:4]
    w[:] = w * w[0, 0]
    return s + (A**2).sum()


@smooth((M.copy(),))
def while_rows(A):
    i = 0
    row = A[0]
    while i < 3:
        row[1:] = row[:-1] * 1.5
        i += 1
        row = A[i]
    return (A**2).sum() + row[0]


@smooth((X.copy(), X[::-1].copy(), 1), (X.copy(), X[::-1].copy(), -1))
def two_arrays(x, y, k):
    r = x if k > 0 else y
    r[1] = 5.0 * r[0]
    return (x**2).sum() + (y**3).sum()


@program((X.copy(), 3))
def base_written_too(x, n):
    z = x.copy()
    a, b = z[1:], z[:-1]
    for _i in range(n):
        z[2] *= 1.5
        a[0] += b[1]
        a, b = b, a
    a[1] = 5.0
    z[0] = 3.0
    return x, a, b, z


@program((M.copy(), 3))
def nested_loops(A, n):
    a = A[0]
    for i in range(n):
        a[0] += 1
        a = A[2] if i == 1 else A[i]
        for j in range(2):
            a[j] *= 2
            a = A[j + 1]
    a[1] = 9.0
    return A, a


@program((M.copy(), M[::-1].copy(), 3))
def rows_of_two(A, B, n):
    a, b = A[0], B[0]
    for i in range(n):
        b[:] = a * 2 + i
        a, b = A[i], B[i]
    b[1] = 9.0
    return A, a, b


@program((M.copy(), 3))
def row_of_a_while(A, n):
    a = A[0]
    while a[0] < 5 and n > 0:
        a += 1.5
        n -= 1
        a = A[n]
    return A, a, n


@program((M.copy(), 3), (M.copy(), 0))
def row_after_its_loop(A, n):
    for i in range(n):
        a = A[i]
        a[0] = i
    a[1] = 5
    return A


@program((T.copy(), 2))
def transposed_swapped(T, n):
    a, b = T[0].T, T[1].T
    for i in range(n):
        a[0] = b[1] + i
        b, a = a, b
    r = [a, b]
    r[0][0] += 3
    for q in r:
        q[1] = 5
    return T, a, b


@smooth((M.copy(), 3))
def several_after_their_loop(A, n):
    for i in range(n):
        a = A[i, 1:]
        b = A[:, i]
        c = a
        c[0] *= a[1]
    a[1] = b[0] ** 2
    return (A**2).sum() + (b**2).sum()


@smooth((M.copy(),))
def row_before(A):
    before = A[0]
    for k in range(1, len(A)):
        A[k - 1, 0] += 1.0
        A[k] = A[k] + before**2
        before = A[k]
    return (A**2).sum()


@program((X.copy(), True), (X.copy(), False))
def either_part(x, flag):
    y = x[1:]
    if flag:
        y = x[:-1]
    y[0] = 1.0
    return x


# -- into which array it would be written is not known


@refused((M.copy(),))
def diverse(A):
    v = A[0]
    for i in range(3):
        v[0] += 1.0
        v = A[:, i + 1]
    return (A**2).sum()


@refused((X.copy(), 3))
def view_of_new(x0, n):
    x = x0.copy()
    z = x[1:].copy()
    for _i in range(n):
        x[1] += 1
        z[2] += 1
        x = x * 2
        z = x[1:]
    return z, x


@refused((X.copy(), 3))
def view_of_new2(x0, n):
    x = x0.copy()
    z = x[1:]
    for _i in range(n):
        x = x * 2
        z = x[1:]
    z[0] = 100.0
    return z, x


@refused((X.copy(), 3))
def tail(x, n):
    y = x
    for _i in range(n):
        y[0] += 1.0
        y = y[1:]
    y[0] = 50.0
    return x, y


@refused((X.copy(), 3))
def base_rebound_with_its_name(x, n):
    a, b = x[1:], x[:-1]
    y = x
    for _i in range(n):
        a[0] += b[1]
        a, b = b, a
        y = y * 2
        x = y
    a[1] = 5.0
    return x, a, b, y


@refused((X.copy(), 3))
def base_rebound(x, n):
    a, b = x[1:], x[:-1]
    for _i in range(n):
        a[0] += b[1]
        a, b = b, a
        x = x * 2
    a[1] = 5.0
    return x, a, b


@refused((M.copy(), M[::-1].copy(), 3))
def rows_of_two_exchanged(A, B, n):
    a, b = A[0], B[0]
    for i in range(n):
        b[:] = a * 2 + i
        a, b = b, a
    return A, B, a


@refused((M.copy(), 1), (M.copy(), 0))
def row_of_one_of_two(A, k):
    if k:
        a = A[0]
    else:
        A = A.copy()
        a = A[1]
    a[0] = 77.0
    return A, a


@refused((M.copy(), 3), (M.copy(), 0))
def row_found(A, n):
    for row in A:
        for b in row:
            if b > 0.5:
                break
        else:
            continue
        last = row
        break
    else:
        last = A[0]
    last[:] = 4
    return A


test_runs = PHRASES.runs()
test_gradients = PHRASES.gradients()
test_refuses = PHRASES.refuses()
