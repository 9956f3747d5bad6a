"""The language, a phrase a program: each runs as Python does, as C and as generated Python.

A program is a small function with its arguments beside it. Result, arguments afterwards and the
error, where there is one, are those of plain Python: type, dtype, shape and the sign of zeros too.
Where a program is differentiable its gradient is compared with complex step. Programs that might
mean one of two things are refused.
"""

from __future__ import annotations

import math

import numpy as np

import transpile
from tests.phrases import Phrases

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
M = np.arange(12.0).reshape(3, 4) / 4
SPECIAL = np.array([np.nan, np.inf, -np.inf, -0.0, 0.0, 1.0])
FIXED = X.copy()
FIXED.flags.writeable = False
SCALE, WEIGHTS = 2.5, (1.0, 2.0, -1.0)

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused


# -- assignment and arguments


@smooth((2.0, 3.0), (2.0, -1.0, 0.5))
def defaults(x, y, z=4.0):
    def scaled(a, b=1.0, *, c=SCALE):
        return a * b + c

    return scaled(x, c=z) * scaled(b=y, a=x) + scaled(z, 2.0)


@program((np.float32(2.0),), (np.int32(2),), (True,), (2.5,))
def listed(x):
    return np.array([x, 1]), np.array([1, 2.5, x])


@program((1.0, 2.0), (3, 4))
def chained(a, b):
    a, b = b, a + b
    (a, b), c = (b, a), a * b
    d = e = a - b
    f, *rest = c, d, e
    return a, b, c, d, e, f, rest


@smooth((X,))
def unpacked(x):
    a, b, c, d, e, f = x
    return a * b + c * d - e * f


@smooth((X,))
def held(x):
    pair = (x[0], x[1:])
    a, b = pair
    c, d = (lambda v: (v, v))(a - 2.0)
    return pair[0] * a + b.sum() * c * d


@smooth((X,))
def imported_inside(x):
    import math
    from math import pi as half_turn

    import scipy.linalg

    if x[0] > 0:
        from numpy import sin as wave
    else:
        from numpy import sin as wave
    return math.sqrt(half_turn) * wave(x).sum() * scipy.linalg.det(np.eye(2) * x[0])


@program((X[:2],), (X[:0],))
def unpacked_too_few(x):
    a, b, c = x
    return a + b + c


@smooth((X, np.array([[0, 1], [2, 3], [4, 0]])))
def unpacked_rows(x, edges):
    s = 0.0
    for i, j in edges:
        s += (x[i] - x[j]) ** 2
    return s


@program((np.arange(5),), (X,), (np.arange(3, dtype=np.int32),))
def augmented(x):
    y = x.copy()
    y += 1
    y *= 3
    y -= x
    y **= 2
    x[1:] += y[:-1]
    return y


@program((np.ones((2, 3)), np.ones(3)), (np.ones((2, 3)), np.ones((1, 2, 3))))
def augmented_broadcast(x, y):
    x[:] = y
    x += y


# -- loops


@program((10, 0, -3), (0, 10, 4), (5, 5, 1), (0, 10, -1), (1, 4, 0))
def ranges(a, b, c):
    s = 0
    for i in range(a, b, c):
        s = s * 3 + i
    return s


@smooth((M,), (M.T,), (M[::-1, ::2],), (np.asfortranarray(M),))
def iterables(A):
    s = 0.0
    for k, row in enumerate(A[::-1], 1):
        for j in reversed(range(0, len(row), 2)):
            s += row[j] * k
    for a, b in zip(A[:-1], A[::-1][1:], strict=True):
        s = s * 0.5 + (a * b).sum()
    for w in WEIGHTS:
        s = s * w + A[0, 0]
    for v in reversed(A[1]):
        s = s * 0.5 + v * v
    return s


@program((X, 0.1), (X, 100.0), (X[:1], 0.0))
def leaving(x, t):
    s, i = 1.0 * x[0], 0
    for i in range(len(x)):
        if x[i] > t:
            break
        if x[i] < -1:
            continue
        s += x[i] ** 2
    else:
        s = -s
    return s, i


@program((M, 0.5), (M, 100.0))
def found(A, t):
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            if A[i, j] > t:
                return i, j
    return -1, -1


@program((X, X[1:]))
def strict(x, y):
    s = 0.0
    for a, b in zip(x, y, strict=True):
        s += a * b
    return s


@smooth((X, X[:4], 3))
def rebound(x, v, n):
    """Arrays of different lengths, another of which gets a new value in each branch."""
    s = 0.5
    for _ in range(n):
        v[0] += 1.0
        if s > 0.3:
            x = np.tanh(x)
        else:
            v = np.sin(v)
        s *= 0.7
    return np.sum(x) + np.sum(v)


@smooth((X.copy(), 3), (X.copy(), 0))
def exchanged(u, n):
    v = np.zeros_like(u)
    w = u * 2
    for t in range(n):
        w[1:-1] = u[1:-1] + 0.1 * (u[2:] - 2 * u[1:-1] + u[:-2]) - v[1:-1]
        if t == 1:
            v[0] = 3.0
        v, u, w = u, w, v
    return (u * v).sum() + w[1]


@program((X, X[::-1], 3), (X, X[::-1], 4))
def exchanged_arguments(u, v, n):
    for _ in range(n):
        v[1:-1] = 0.5 * (u[2:] + u[:-2])
        u, v = v, u
    return u, v


# -- decisions


@program((1, 2), (0, 2), (0.0, 1.0))
def decided(a, b):
    c = a**2 if a > 0 else (-b if b < 0 else b)
    return a and b, a or b, not a, a < b <= 2, a == b != 1, c


@smooth((-0.5,), (0.5,), (1.5,))
def early(x):
    if x < 0:
        return np.sin(x)
    if x > 1:
        return np.exp(x) * math.sqrt(2.0)
    return np.sqrt(x)


# -- arrays and views


@program((X,), (X[::-1],), (np.repeat(X, 2)[::2],), (np.arange(6),))
def sliced(x):
    return x[1:-1], x[::-2], x[-2], x[4:1:-2], x[10:], x[None, :2], x[..., 1:], x[:, None]


@program((X, 6), (X, -6), (X, -7))
def indexed(x, i):
    x[i] = 1
    return x[i]


@program((M,))
def views(A):
    row, B = A[1], A.T
    row[0] = 5
    B[2, 0] = 7
    C = A[1:].reshape(-1)
    C[3] = -1
    A[1:].ravel()[4] = 9
    D = A[1:, :2]
    D[0] += 1
    B[::-1][0] *= 2
    return row, C, A.reshape(2, -1)


@program((np.asfortranarray(M),), (M[:, ::-1],))
def reshaped(A):
    return A.reshape(-1), A.ravel(), A.flatten(), A.T.reshape(2, 6), A[:, 1].reshape(-1, 1)


@program((X,))
def overlapping(x):
    x[1:] = x[:-1]
    x[:-1] += x[1:]
    x[:] = x[::-1]


@program((np.array(2.5),), (np.array(3),))
def of_no_dimension(z):
    z[...] = 3
    z[()] += 1
    return z, z + 1, z[()], z.copy(), z.shape, z.sum()


@program((X[:0],), (X[:1],), (np.zeros((0, 3)),), (np.zeros((3, 1)),))
def empty(x):
    return x.sum(axis=0), x.prod(), x + 1, x[::-1], len(x), x.T @ x


@program((X[:0],), (X[:1],))
def largest(x):
    return x.max()


@program((FIXED, False), (FIXED, True))
def written_perhaps(x, c):
    if c:
        x[0] = 2.0
    return x.sum()


# -- numbers


@program((SPECIAL,))
def special(x):
    y = x + 1, x * 0, np.abs(x), np.sign(x), np.maximum(x, 0), np.minimum(x, 0), -x
    return y, x.max(), x.sum(), np.sqrt(x), x == x, 1 / x, x // 1, x % 1, np.floor(x)


@program(
    (7, -2), (-7.5, 2), (np.int32(7), np.int32(-2)), (np.float32(7), 3), (7, 0), (7.0, 0.0),
    (np.int64(7), np.int64(0)), (np.arange(-3, 3, dtype=np.int32), 2), (True, 2),
)  # fmt: skip
def arithmetic(a, b):
    return a + b, a - b, a * b, a / b, a // b, a % b, -a, abs(a), a < b


@program((np.array([2**62, -(2**63), 2**63 - 1]),))
def at_the_limits(a):
    return a * 2, a + 1, -a, abs(a), a // -1, a % -1, a.sum()


@program((np.array([1, 2], np.int32), np.array([1.5, 2], np.float32)))
def mixed(i, f):
    products = i + f, i @ i, i @ f, np.outer(i, f), np.where(i > 1, i, f), i * 1.5, f * 1.5
    return products, i.sum(), f.mean(), i.mean(), i / i, i**2, i + np.int64(1), i.astype(bool)


# -- what a program does wrong, it does wrong here too


@program((X, 0), (X, -1), (X, 3))
def steps_of(x, k):
    return x[::k], np.arange(0, 6, k), x.reshape(6 // k, -2)


@program((np.array([2, 3]), 1), (np.array([2, 3]), 5), (np.array([2, 3]), -(10**12)))
def as_many_as_an_element(n, k):
    return np.zeros(n[k])


@program((X, 3), (X, -1))
def spread_so_often(x, k):
    return np.broadcast_to(x, (k, 6)).shape


@program((X, 2), (X, 9))
def parted(x, k):
    return np.argpartition(x, k).shape, np.linalg.norm(np.outer(x, x), k - 1)


@program((X,))
def beside_lists(x):
    equal = x == list(range(6)), x != [0.0] * 6, x[0] == (1.0, x[0]), x[:2] < (0.0, 9.0)
    return (
        equal,
        np.add(x[:2], [1, 2]),
        [1, 2] - x[:2],
        (1, 2) * x[:2],
        x + 2**64,
    )


# -- what may mean one of two things


@refused((M,))
def reshape_of_what_lies_apart(A):
    B = A[:, :2].reshape(-1)
    B[0] = 1.0
    return B


@refused((M,))
def reshape_read_late(A):
    B = A.T.reshape(-1)
    A[0, 0] = 1.0
    return B


@refused((np.asfortranarray(M),))
def reshape_of_an_argument(A):
    A.reshape(-1)[0] = 1.0


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()


def test_print_writes_what_python_writes(mode, capfd):
    def told(x, n):
        print("x is", x[0], "and", n, n > 2)
        print()
        print(n, n)
        return x[0]

    args = (np.array([0.1, 2.0]), 3)
    told(*args)
    want = capfd.readouterr().out
    transpile.function(told)(*args)
    assert capfd.readouterr().out == want
