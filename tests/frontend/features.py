"""The language, a small function for each of its constructs, with arguments; checked by running."""

# ruff: noqa
import dataclasses
import math

import numpy as np

G = 9.81
N = 3
TABLE = np.arange(5.0)
PAIR = (1.5, 2.5)


def static_text(x, mode="sum"):
    if mode == "sum":
        return x.sum()
    return x.mean()


def dict_result(x, n):
    return {"a": x[0], "b": [x * 2, n]}


def no_result(x):
    x[0] = 1


def globals_(x):
    return x * G + TABLE[: len(x)] + PAIR[1] + N


def global_array(x):
    return TABLE.sum() + x


def lambda_(x):
    f = lambda y, k=2: y * k + x
    return f(3.0) + f(1.0, k=5)


def last_of_loop(x):
    for i in range(len(x)):
        last = x[i]
    return last + i


def assigned_in_a_branch(x):
    for i in range(len(x)):
        if x[i] > 100:
            found = x[i]
    return found


def while_else(n):
    k = 0
    while k < n:
        if k * k > 50:
            break
        k += 1
    else:
        return -1
    return k


def stops_in_range(x, n):
    i = 0
    while i < n and x[i] > 0:
        i += 1
    return i


def chained(a, b, c):
    return a < b < c


def conditional(x):
    return 1.0 if x > 0 else -1.0


def computed_step(x, s):
    t = 0.0
    for i in range(len(x) - 1, -1, s):
        t = t * 0.5 + x[i]
    return t


def views_written(A):
    row = A[1]
    row[0] = 5
    B = A.T
    B[2, 0] = 7
    C = A[1:, :2]
    C[0] += 1
    D = A.reshape(-1)
    D[3] = 100
    return row.sum() + B[0, 1]


def slices(x):
    x[-1] = x[-2] + x[1:][-1]
    return x[::-1], x[1:-1], x[-3:], x[::2], x[None, :], x[..., 0]


def unrolled(x):
    s = 0.0
    for w, i in ((1.0, 0), (2.0, 1)):
        if x[i] > 10:
            continue
        s += w * x[i]
    return s


def unrolled_break(x):
    s = 0.0
    for i in (0, 1, 2):
        if x[i] < 0:
            break
        s += x[i]
    else:
        s += 1000.0
    return s


def math_functions(x):
    return math.sin(x) + math.sqrt(abs(x)) + math.pi + math.floor(x) + math.exp(x)


def math_domain(x):
    return math.sqrt(x)


def divide(a, b):
    return a / b


def floor_divide(a, b):
    return a // b, a % b


def conversions(x):
    return int(x), float(int(x)), bool(x)


def extremes(a, b):
    return max(a, b, 0), min(a, b)


def asserted(x):
    assert x > 0, "x has to be positive"
    return x


def carried_tuple(n):
    s = (0, 1)
    for i in range(n):
        s = (s[1], s[0] + s[1])
    return s[0]


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def carried_view(A):
    prev = A[0]
    s = 0.0
    for k in range(1, len(A)):
        cur = A[k]
        s += np.dot(prev, cur)
        prev = cur
    return s


def out_argument(x, y):
    np.add(x, 1.0, out=y)
    return y


def nested_returns(x):
    def helper(k):
        if k < 0:
            return -x
        if k == 0:
            return 0 * x
        return x * k

    return helper(-1) + helper(0) + helper(3)


def array_of_numbers(a, b):
    v = np.array([a, b, 1.0])
    M = np.array([[a, b], [b, a]])
    return M @ v[:2] + v.sum()


def made(n, m):
    A = np.zeros((n, m))
    B = np.ones(n, dtype=int)
    C = np.full((2, n), 3.5)
    D = np.arange(n)
    E = np.eye(n)
    return A, B, C, D, E, np.empty_like(A) * 0, np.zeros_like(B)


def reductions(A):
    return (
        A.sum(axis=0),
        A.mean(axis=1),
        A.max(axis=-1, keepdims=True),
        np.min(A),
        A.prod(0),
        np.sum(A, (0, 1)),
    )


def augmented(x, c):
    x *= 2
    x += c
    y = x
    y -= 1
    c *= 3
    return x is y, c


def shadowed(x):
    sum = 3.0
    return x * sum


def enumerated(x, y):
    t = 0.0
    for k, (a, b) in enumerate(zip(x, y), 1):
        t += k * a * b
    return t


def leaves_in_every_way(x):
    t = 0.0
    for i in range(len(x)):
        for j in range(len(x)):
            if j == i:
                continue
            if x[j] > 1:
                break
            if x[j] < -2:
                return t
            t += x[i] * x[j]
        else:
            t += 1
    return t


def rows_change_places(A):
    for i in range(len(A) - 1):
        A[i], A[i + 1] = A[i + 1].copy(), A[i].copy()
    return A


def rows(A):
    t = 0.0
    for row in A:
        row[0] = 1
        for x in row:
            t += x
    return t


def attributes(x):
    return x.shape, x.ndim, x.size, x.dtype == np.float64


def array_by_branch(x, flag):
    y = x * 2 if flag else x + 1
    y[0] = 0
    return y


def alias_by_branch(x, flag):
    y = np.zeros(len(x))
    if flag:
        y = x
    y[0] = 9
    return y


def weak_start(n):
    s = 0
    for i in range(n):
        s += i * 0.5
    return s


def powers(x, n):
    return x**2, x**n, n**2, 2**0.5, x**-1


def found(x):
    found = False
    for i in range(len(x)):
        if x[i] > 1:
            found = True
            break
    return found


def printed(x):
    print("x is", x)
    return x


@dataclasses.dataclass
class P:
    k: float
    v: np.ndarray


def structures(p, q):
    p.v[0] = p.k
    return p.v * q["w"] + q["z"][1]


def starred(x):
    n, *shape = (1, 2, 3)
    a = [x, 2.0]
    return a[0] + shape[1] + len(a) + a[-1]


def return_from_two_loops(A, t):
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            if A[i, j] > t:
                return i, j
    return -1, -1


def single_precision(x):
    s = x[0]
    for i in range(1, len(x)):
        s = s + x[i] * 0.5
    return s


def ellipsis(T):
    return T[..., 0], T[0, ...], T[:, None, 1], T[1:, ..., ::2]


def slices_by_number(x, k):
    x[:k] = 1
    y = x[k:]
    return y.sum(), len(y), x[k : 2 * k].sum()


def integers(n):
    return n // 2, n % 3, -n // 2, n & 3, n | 8, divmod(n, 2)


def while_true(x):
    while True:
        x = x / 2
        if x < 1:
            return x


def scattered(x, idx):
    for i in range(len(idx)):
        x[idx[i]] += i
    return x[idx[0]]


def forms(A):
    return (
        A.ravel().sum(),
        A.flatten()[1],
        A.T.ravel(),
        A.T.reshape(3, -1),
        np.transpose(A),
        A.astype(np.float32),
        A.astype(int),
    )


def elementwise(x):
    return (
        np.where(x > 0, x, 0),
        np.clip(x, -1, 1),
        np.maximum(x, 0),
        np.abs(x),
        abs(x),
        -x,
        np.sign(x),
        x > 0,
        ~(x > 0),
        (x > 0) & (x < 1),
    )


def empty_list(x):
    out = []
    return len(out) + x


def annotated(x):
    y: float = x * 2
    return y


def zero_dimensions(x):
    return np.sum(x) * np.array(2.0)


def broadcast(x, y):
    return x + y


def or_value(x):
    return x or 5.0


def logic(x, y):
    return not x, not (x > 0 and y > 0), x > 0 or y > 0


CASES = {
    static_text: [(np.arange(3.0),), (np.arange(3.0), "mean")],
    dict_result: [(np.arange(3.0), 2)],
    no_result: [(np.arange(3.0),)],
    globals_: [(np.ones(4),)],
    global_array: [(2.0,)],
    lambda_: [(2.0,)],
    last_of_loop: [(np.arange(3.0),), (np.zeros(0),)],
    assigned_in_a_branch: [(np.arange(3.0),), (np.array([1, 200.0]),)],
    while_else: [(3,), (30,)],
    stops_in_range: [(np.ones(3), 3), (np.array([1.0, -1, 2]), 3)],
    chained: [(1, 2, 3), (1.0, 3.0, 2.0), (3, 2, 1)],
    conditional: [(1.0,), (-2,)],
    computed_step: [
        (np.arange(6.0), -1),
        (np.arange(6.0), -2),
        (np.arange(6.0), 0),
        (np.arange(6.0), 1),
    ],
    views_written: [(np.arange(12.0).reshape(4, 3),)],
    slices: [(np.arange(6.0),), (np.arange(3),), (np.arange(2.0),)],
    unrolled: [(np.array([1.0, 20]),), (np.array([11.0, 2]),)],
    unrolled_break: [(np.array([1.0, 2, 3]),), (np.array([1.0, -2, 3]),)],
    math_functions: [(1.7,), (2,)],
    math_domain: [(-1.0,), (4.0,)],
    divide: [(1, 0), (1.0, 0.0), (1.0, 2), (np.float64(1), 2)],
    floor_divide: [(7, -2), (7.5, 2), (7, 0), (-7.5, 0.0)],
    conversions: [(3.7,), (-3.7,), (np.nan,), (5,)],
    extremes: [(1.5, -2), (3, 4), (-1.0, -2.0)],
    asserted: [(1,), (-1,)],
    carried_tuple: [(10,)],
    fibonacci: [(20,)],
    carried_view: [(np.arange(12.0).reshape(4, 3),)],
    out_argument: [(np.ones(3), np.zeros(3))],
    nested_returns: [(np.arange(3.0),)],
    array_of_numbers: [(1.0, 2.0)],
    made: [(3, 2), (0, 1)],
    reductions: [(np.arange(1.0, 7).reshape(2, 3),)],
    augmented: [(np.arange(3.0), 2.0), (np.arange(3), 2)],
    shadowed: [(2.0,)],
    enumerated: [(np.arange(3.0), np.arange(4.0))],
    leaves_in_every_way: [
        (np.array([0.5, -0.3, 1.2]),),
        (np.array([0.5, -3, 0.2]),),
        (np.array([0.5, 0.3, 0.2]),),
    ],
    rows_change_places: [(np.arange(6.0).reshape(3, 2),)],
    rows: [(np.arange(6.0).reshape(3, 2),)],
    attributes: [(np.ones((2, 3)),)],
    array_by_branch: [(np.arange(3.0), True), (np.arange(3.0), False)],
    alias_by_branch: [(np.arange(3.0), True), (np.arange(3.0), False)],
    weak_start: [(3,)],
    powers: [(2.0, 3), (3, 2), (np.float64(2), 2)],
    found: [(np.arange(3.0),), (np.zeros(2),)],
    printed: [(1.0,)],
    structures: [(P(2.0, np.ones(3)), {"w": 2.0, "z": [1.0, 5.0]})],
    starred: [(1.0,)],
    return_from_two_loops: [(np.arange(6.0).reshape(2, 3), 3.5), (np.zeros((2, 2)), 3.0)],
    single_precision: [(np.arange(3, dtype=np.float32),)],
    ellipsis: [(np.arange(24.0).reshape(2, 3, 4),)],
    slices_by_number: [(np.arange(6.0), 2), (np.arange(6.0), -2), (np.arange(6.0), 9)],
    integers: [(7,), (-7,)],
    while_true: [(5.0,), (np.float64(9),)],
    scattered: [(np.zeros(4), np.array([0, 2, 2, -1]))],
    forms: [(np.arange(6.0).reshape(2, 3),)],
    elementwise: [(np.array([-2.0, 0.5, 3]),)],
    empty_list: [(1,)],
    annotated: [(1,)],
    zero_dimensions: [(np.ones(3),)],
    broadcast: [(np.ones((3, 1)), np.ones((1, 4))), (np.ones(3), np.ones(3))],
    or_value: [(2.0,), (0.0,)],
    logic: [(1, 2), (0, -1)],
}
