"""Python around the arrays: comprehensions, texts, structures, errors and calls, as Python runs
them; what depends on the running program where it has to be known is refused with its line.
"""

from __future__ import annotations

import functools
import math

import numpy as np

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth, refused = PHRASES.program, PHRASES.smooth, PHRASES.refused

X = np.array([0.5, -1.25, 2.0, 0.75, -0.5, 1.5])
M = np.arange(12.0).reshape(3, 4) / 4
GAIN = 2.5
SCALED = functools.partial(lambda scale, x, shift=0.0: scale * x + shift, 3.0, shift=0.25)


# -- generators and comprehensions


@smooth((X, 6), (X, 1), by_differences=True)
def generator_sums(x, n):
    value = sum(x[i] * x[i] for i in range(n))
    value += sum(v * w for v, w in zip(x[1:], x, strict=False) if v > 0)
    value += sum(x[i] * x[j] for i in range(n) for j in range(i) if i != 2)
    return value + sum((math.sin(v) for v in x), 2.0)


@smooth((X,), (X[:1],))
def largest_of_a_generator(x):
    return max(v * v for v in x) - min(v - 0.1 * v * v for v in x) * max(x)


@smooth((X, M))
def folded_from_the_first(x, A):
    turns = []
    for k in range(len(x)):
        turns.append(A[:, :3] * x[k])
    both = functools.reduce(np.dot, turns[::-1])
    return functools.reduce(lambda a, b: a * b + 1.0, x) + np.sum(both)


@smooth((X, M))
def largest_by_a_key(x, A):
    row = max(range(len(A)), key=lambda i: A[i] @ A[i])
    low = min(x, key=lambda v: (v - 0.3) ** 2)
    far = max((x[0], x[1], x[2]), key=abs)
    product = functools.reduce(lambda a, b: a * b + 1.0, (x[0], x[2], x[3]))
    return A[row, 1] * low * far * product * functools.reduce(lambda a, b: a + b * b, x, 1.0)


@program((X[:0],))
def largest_of_nothing(x):
    return max(v for v in x)


@program((X,), (X[:0],))
def any_and_all(x):
    deep = all(v > w for v in x for w in x if w < -1)
    return any(v > 1 for v in x), all(v > -1 for v in x), any(x), all(x > 0), deep


@smooth((X,), (np.array([]),))
def array_of_a_comprehension(x):
    n = len(x)
    return np.sum(np.array([x[i] * x[n - 1 - i] for i in range(n)]) ** 2)


@smooth((X, 20))
def array_of_rows(x, n):
    A = np.array([[v * w + i for w in x] for i, v in enumerate(x)])
    B = np.array([np.sin(x * k) for k in range(n)])
    return np.sum(A @ x) + B.sum() * A[1, 2]


@program((np.arange(20),), (np.arange(20, dtype=np.int32),))
def list_of_unknown_length(k):
    found = [v * v - 3 for v in k]
    total = 0
    for v in found:
        total += v
    return len(found), total, sum(found), sum(found[2:5][1:]), 6 in found


@program((20, 1.5))
def list_of_floats(n, step):
    found = [step * k for k in range(n)]
    return found[3], found[-1] / 2, max(found), np.array(found), bool(found)


@smooth((X,))
def list_of_known_length(x):
    weights = [1.0 / (k + 1) for k in range(4)]
    first, *others = [w * v for w, v in zip(weights, x[:4], strict=True)]
    pairs = [(i, j) for i in range(3) for j in range(3) if i < j]
    return first * sum(others) + sum([x[i] * x[j] for i, j in pairs]) * len(pairs)


@smooth((X,))
def names_of_a_comprehension(x):
    v = 3.0
    squares = [v * x[0] for v in (1.0, 2.0)]
    i = 5
    total = sum(x[i] for i in range(3))
    return v * squares[1] + total * i


@smooth((X,))
def maps(x):
    value = sum(map(lambda v, w: v * w, x, x[::-1]))
    for a in map(math.exp, x):
        value += a
    low, high = map(float, (x[0], x[2]))
    return value + low * high


@smooth((X,), (-X,), (X[:0],), by_differences=True)
def chosen_by_the_values(x):
    large = [v * v for v in x if v > 0.6]
    products = np.array([v * w for v in x for w in x if v > w])
    return sum(large) * len(large) + products.sum()


@refused((X,))
def length_by_the_values(x):
    return len([v for v in (x[0], x[1]) if v > 0])


@refused((X,))
def generator_with_a_name(x):
    items = (v * v for v in x)
    return sum(items)


@program((X,))
def sorted_values(x):
    return len(sorted(x))


@refused((M,))
def ragged(A):
    return [A[i, : i + 1] for i in range(len(A) * 10)]


# -- calls


@smooth((2.0, 3.0))
def any_number_of_arguments(x, y):
    def product(*factors, **more):
        total = more.get("start", 1.0)
        for factor in factors:
            total *= factor
        return total * len(factors)

    named = {"start": y}
    return product(x, y, x) + product(*(x, y), **named) + product(start=x)


@smooth((2.0, 3.0))
def partials(x, y):
    half = functools.partial(lambda a, b, c=1.0: a * b + c, 0.5)
    return SCALED(x) * half(y) + functools.partial(half, c=x)(y) + SCALED(y, shift=x)


@smooth((2.0,))
def functions_as_arguments(x):
    def twice(f, v):
        return f(f(v))

    steps = [np.sin, math.exp, lambda v: v * v, SCALED]
    for step in steps:
        x = step(x)
    return twice(lambda v: v + x, 1.0) * twice(np.tanh, x)


# -- statements


@smooth((X,))
def assigned_in_expressions(x):
    total = 0.0
    if (n := len(x)) > 3 and (first := x[0]) > 0:
        total += first * n
    while (n := n - 1) > 2:
        total += x[n]
    return total + (y := x[1] * x[2]) * y


@program((2.0,), (-1.0,), (20.0,))
def raised(x):
    if x < 0:
        raise ValueError(f"x is {x}, and has to be positive")
    if x > 10:
        y = x * x
        raise OverflowError(f"{y:.2f} is too large")
    return x


@program((X, "mean"), (X, "max"))
def raised_for_a_constant(x, how):
    def reduced(x):
        if how == "mean":
            return x.mean()
        raise KeyError(how)

    x[0] = 7.0
    return reduced(x)


@program((X,), (-X,))
def raised_in_a_loop(x):
    total = 0.0
    for i in range(len(x)):
        if x[i] > 1.8:
            raise RuntimeError("too large")
        elif x[i] > 0:
            total += x[i]
        else:
            total -= 1
    return total


@smooth((X,))
def statements_without_effect(x):
    """Docstrings, warnings, deletions, declarations."""
    global GAIN
    y: float
    y = 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        z = x / y
        for v in z:
            if v > 2:
                return v * GAIN
        w = z * 2
    del z
    pass
    return w[0]


@program((3, 2.0, np.float32(1.5)))
def kinds(n, x, y):
    return (
        isinstance(n, int),
        isinstance(x, int | float),
        isinstance(y, float),
        isinstance(y, np.floating),
        isinstance((n, x), tuple),
        type(n) is int,
        callable(math.sin),
    )


@program((2.5, -0.5, 7), (3.49999, 2.675, -3))
def rounded(x, y, n):
    return round(x), round(np.float64(y), 1), round(n), round(2.675, 2), divmod(n, 4), pow(x, 2)


@program((0.5, 3.0, 7, 21), (-1.0, math.inf, 0, 12))
def mathematics(x, y, n, k):
    return (
        math.isclose(x, y),
        math.isclose(x, x + 1e-12),
        math.comb(n, 3),
        math.perm(n, 2),
        math.factorial(n),
        math.gcd(n, k),
        math.isqrt(k),
        math.prod((x, 2, n)),
        math.degrees(x),
        math.radians(x),
        (math.isnan(x), math.isinf(y), math.isfinite(y)),
        math.log(k, 3),
    )


# -- structures and texts


@smooth((X,))
def dictionaries(x):
    p = {"w": x[0], "b": x[1], 3: x[2], (1, 2): x[3]}
    q = {**p, "b": 2.0}
    total = sum(q.values()) + q[3] * q[1, 2] + q.get("w") + q.get("c", x[4])
    for key, value in p.items():
        if key != "b" and key in q:
            total += value * value
    powers = {k: x[i] ** k for i, k in enumerate((1, 2))}
    return total * powers[2] + len(p)


@program((3, X), (7, X))
def membership(n, x):
    found = n in (1, 2, 3), n not in [7], "a" in {"a": 1}, "b" in "abc", 2.0 in x
    return (*found, n in range(1, 9, 2), 0.25 in (x[0], 0.25), None in (None, 1))


@program((X, "Same"))
def texts(x, how):
    if how.lower().startswith("sa") and how[0] == "S" and len(how) == 4:
        x[0] = {"same": 3.0}[how.lower()]
    return x, "-".join(("a", how)), f"{how:>6}|{3:.2f}|{how!r}", "x" * 3 + how[1:3], "a" < "b"


@program((M,))
def starred_indices(A):
    at = (1,)
    return A[(*at, 0)], A[(*at, 1)], (1, 2) < (1, 3)


# -- NumPy's functions of functions


HINGE = np.vectorize(lambda v, k: v * v if v > k else -v)


@smooth((X, M), (-X, M), by_differences=True)
def functions_of_elements(x, A):
    inner = np.vectorize(lambda v: math.sin(v) if v > 0 else v * v)
    values = HINGE(x, 0.25) * inner(x)
    B = A + 0.1
    return values.sum() + np.sum(inner(B) * HINGE(B, B[1] * 0.9))


@smooth((M,), by_differences=True)
def functions_of_rows(A):
    lengths = np.apply_along_axis(lambda row: np.sqrt(row @ row + 1.0), 1, A)
    scaled = np.apply_along_axis(lambda row: row * row.sum(), 0, A)
    return lengths.sum() + np.sum(scaled * A)


@program((3, 4))
def functions_of_indices(n, m):
    A = np.fromfunction(lambda i, j: i + 2 * j, (n, m))
    B = np.fromfunction(lambda i, j: (i == j) & (i > 0), (n, n), dtype=int)
    C = np.ndarray((n, 2), dtype=np.int64)
    C[:] = 1
    return A, B, C


@program((np.arange(4),), (np.array([True, False]),), (np.array(2.0),))
def vectorized_kinds(x):
    return np.vectorize(lambda v: v + 1)(x), np.vectorize(lambda v: v / 2)(x)


@refused((X,))
def kinds_of_a_vectorized(x):
    return np.vectorize(lambda v: v if v > 0 else 0)(x)


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()
test_refused = PHRASES.refuses()


def test_print_of_formatted_values(mode, capfd):
    def told(x, n, single):
        print(f"step {n:4d}: loss = {x:.3f}, {x:12.4e}, {n + 1}", "and", n > 2)
        print(f"{x:g} {x * 1e20} {100.0 * n} {1e15 * n} {single} {x / 7:8.2G}|", end="\n\n")
        print("a", n, x, sep="-", end="")
        print(x * math.inf, x * math.inf - x * math.inf, -0.0 * x)
        return x

    args = (0.1234567, 3, np.float32(0.1))
    told(*args)
    want = capfd.readouterr().out
    transpile.function(told)(*args)
    assert capfd.readouterr().out == want
