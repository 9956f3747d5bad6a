"""Names, views and the arrays behind them: run exactly as NumPy runs them, or refused."""

# ruff: noqa
import numpy as np


def alias_and_rebinding(x, n):
    y = x
    for i in range(n):
        y[0] += 1
        x = x + 1
    return x, y


def written_then_rebound(x, n):
    for i in range(n):
        x[0] = 5
        x = x * 2
    return x


def other_array_in_loop(x, y, n):
    u = x
    for i in range(n):
        u[0] += 1
        u = y
    return u


def written_behind_a_branch(x, c):
    if c:
        y = x
    else:
        y = x * 2
    x[0] = 7
    return y


def view_by_branch(x, c):
    if c:
        y = x[1:]
    else:
        y = x[:-1] * 1
    s = y.sum()
    x[1] = 9
    return y.sum() + s


def in_a_tuple(x):
    t = (x, x * 2)
    x[0] = 3
    t[1][0] = 4
    return t[0].sum() + t[1].sum()


def alias_in_loop(x, n):
    for i in range(n):
        t = x
        t[i] += 1
        x = x + 0
    return x


def row_and_whole(A):
    row = A[0]
    A[0] = A[1]
    row += 1
    return row, A


def rotation(x, y, z, n):
    for i in range(n):
        x[0] += 1
        y[1] *= 2
        x, y, z = y, z, x
    x[2] = 100
    return x


def swap_in_a_branch(x, y, n):
    for i in range(n):
        if i % 2 == 0:
            x, y = y, x
        x[0] += i
        y[1] -= 1
    y[2] = 50
    return x.sum() - y.sum()


def ping_pong(x, n):
    un = np.zeros_like(x)
    for i in range(n):
        un[:] = x + 1
        x, un = un, x
    return x


def helper_that_writes(x, n):
    def bump():
        x[0] += 1
        return 2.0

    x[0] += bump()
    return x


def copy_in_a_branch(x, c):
    if c > 0:
        x = x.copy()
    x[0] = 1
    return x


def swap_by_branch(x, y, c):
    if c > 0:
        x, y = y, x
    x[0] = 1
    y[1] = 2
    z = x
    z[2] = 3
    return z


def chain_of_names(x, n):
    prev = x
    for i in range(n):
        cur = prev + 1
        prev = cur
    prev[0] = 100
    return prev


def row_rebound(A):
    for i in range(len(A)):
        r = A[i]
        for j in range(len(r)):
            r[j] += A[i - 1, j]
        r = r * 2
        A[i] = r
    return A


def chained_assignment(x):
    a = b = x
    a += 1
    b = b + 1
    b[0] = 9
    return a, b


def either_argument(x, c):
    def pick(a, b):
        if c:
            return a
        return b

    y = pick(x, x * 2)
    s = y[0]
    return s + y


def either_argument_written(x, c):
    def pick(a, b):
        if c:
            return a
        return b

    y = pick(x, x * 2)
    y[0] = 8
    return y


def view_of_view(x):
    v = x[::2]
    w = v[1:]
    w[0] = 10
    v[0] += w[0]
    return w


def reshaped_and_transposed(x):
    M = x.reshape(2, 3)
    M.T[0, 1] = 5
    M.T[1] += 2
    M[:, None, 1] *= 3
    return M


def transposed_part(T):
    T[0].T[1] = 9
    T[..., 0][1] += 1
    r = T[1]
    r[0][1] = -1
    return T


def rotation_with_break(x, y, n):
    k = 0
    while k < n:
        x, y = y, x + y
        if x[0] > 50:
            break
        k += 1
    x[1] = 0
    return x, y


def alias_after_loop(x, n):
    for i in range(n):
        y = x
        y[0] += 1
    return y


def best_array(x, n):
    best = x
    for i in range(n):
        c = x * (i - 1.0)
        if c.sum() > best.sum():
            best = c
    return best


def best_row(A, n):
    best = A[0]
    for i in range(n):
        if A[i, 0] > best[0]:
            best = A[i]
    return best


def best_row_stale(A, n):
    best = A[0]
    for i in range(n):
        if A[i, 0] > best[0]:
            best = A[i]
    A[0, 0] = 100
    return best


def written_while_read(x, n):
    s = 0.0
    for v in x:
        x[-1] += 1
        s += v
    return s


def unrolled_arrays(x, y):
    for a in (x, y):
        a[0] = 5
        a = a + 1
        a[1] = 100
    return x + y


def choice_read(x, c):
    y = x if c else x + 1
    return y * 2


def counted(*shape):
    return np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape)


CASES = {
    alias_and_rebinding: [(counted(4), n) for n in range(4)],
    written_then_rebound: [(counted(4), n) for n in range(4)],
    alias_in_loop: [(counted(4), n) for n in range(4)],
    ping_pong: [(counted(4), n) for n in range(4)],
    chain_of_names: [(counted(4), n) for n in range(4)],
    alias_after_loop: [(counted(4), n) for n in range(4)],
    best_array: [(counted(4), n) for n in range(4)],
    helper_that_writes: [(counted(4), n) for n in range(4)],
    other_array_in_loop: [(counted(4), 10.0 * counted(4), n) for n in range(4)],
    swap_in_a_branch: [(counted(4), 10.0 * counted(4), n) for n in range(4)],
    rotation_with_break: [(counted(4), 10.0 * counted(4), n) for n in range(4)],
    rotation: [(counted(3), 10.0 * counted(3), 100.0 * counted(3), n) for n in range(6)],
    best_row: [(counted(4, 2), n) for n in range(4)],
    best_row_stale: [(counted(4, 2)[::-1].copy(), n) for n in range(4)],
    written_while_read: [(counted(4), 1)],
    written_behind_a_branch: [(counted(4), True), (counted(4), False)],
    view_by_branch: [(counted(4), True), (counted(4), False)],
    copy_in_a_branch: [(counted(4), True), (counted(4), False)],
    either_argument: [(counted(4), True), (counted(4), False)],
    either_argument_written: [(counted(4), True), (counted(4), False)],
    choice_read: [(counted(4), True), (counted(4), False)],
    swap_by_branch: [(counted(4), -counted(4), True), (counted(4), -counted(4), False)],
    in_a_tuple: [(counted(3),)],
    row_and_whole: [(counted(3, 2),)],
    row_rebound: [(counted(3, 2),)],
    chained_assignment: [(counted(3),)],
    view_of_view: [(counted(6),)],
    reshaped_and_transposed: [(counted(6),)],
    transposed_part: [(counted(2, 3, 4),)],
    unrolled_arrays: [(counted(3), counted(3))],
}
REFUSED = (
    alias_and_rebinding,
    other_array_in_loop,
    written_behind_a_branch,
    view_by_branch,
    either_argument_written,
    alias_after_loop,
    best_row_stale,
)
