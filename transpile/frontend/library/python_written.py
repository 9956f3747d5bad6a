"""Python's own functions written in Python: their text is read in place of a call.

Where one is given a generator, its loop over the items becomes the generator's own loops.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

CONSUMERS: dict[str, Callable[..., Any]] = {}  # of items; the first parameter is gone over once
MATH: dict[str, Callable[..., Any]] = {}  # functions of the math module


def consumes(function: Callable[..., Any]) -> Callable[..., Any]:
    CONSUMERS[function.__name__.rstrip("_")] = function
    return function


def of_math(function: Callable[..., Any]) -> Callable[..., Any]:
    MATH[function.__name__.rstrip("_")] = function
    return function


@consumes
def sum_(items: Any, start: Any = 0) -> Any:
    total = start
    for value in items:
        total = total + value
    return total


@consumes
def list_(items: Any) -> Any:
    return [item for item in items]  # noqa: C416 -- this is what list(items) is read as


@consumes
def any_(items: Any) -> Any:
    for value in items:  # noqa: SIM110 -- a generator of its own would be read without end
        if value:
            return True
    return False


@consumes
def all_(items: Any) -> Any:
    for value in items:  # noqa: SIM110
        if not value:
            return False
    return True


@consumes
def max_(items: Any, key: Any = None, default: Any = ...) -> Any:
    found, largest, highest = False, 0, 0
    for value in items:
        rank = value if key is None else key(value)
        if not found or rank > highest:
            found, largest, highest = True, value, rank
    if default is not ...:
        return largest if found else default
    if not found:
        raise ValueError("max() iterable argument is empty")
    return largest


@consumes
def min_(items: Any, key: Any = None, default: Any = ...) -> Any:
    found, smallest, lowest = False, 0, 0
    for value in items:
        rank = value if key is None else key(value)
        if not found or rank < lowest:
            found, smallest, lowest = True, value, rank
    if default is not ...:
        return smallest if found else default
    if not found:
        raise ValueError("min() iterable argument is empty")
    return smallest


@consumes
def next_(items: Any, *default: Any) -> Any:
    for value in items:
        return value
    if len(default) == 0:
        raise StopIteration
    return default[0]


@consumes
def reduce(function: Any, items: Any, value: Any) -> Any:
    for item in items:
        value = function(value, item)
    return value


@consumes
def reduce_from_first(function: Any, items: Any) -> Any:
    if len(items) == 0:
        raise TypeError("reduce() of empty iterable with no initial value")
    value = items[0]
    for k in range(1, len(items)):
        value = function(value, items[k])
    return value


@of_math
def prod(items: Any, *, start: Any = 1) -> Any:
    product = start
    for value in items:
        product = product * value
    return product


@of_math
def isclose(a: Any, b: Any, *, rel_tol: Any = 1e-09, abs_tol: Any = 0.0) -> Any:
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    a, b = float(a), float(b)
    if a == b:
        return True
    if math.isinf(a) or math.isinf(b):
        return False
    difference = abs(b - a)
    return difference <= abs(rel_tol * b) or difference <= abs(rel_tol * a) or difference <= abs_tol


@of_math
def factorial(n: Any) -> Any:
    if n < 0:
        raise ValueError("factorial() not defined for negative values")
    product = 1
    for k in range(2, n + 1):
        product *= k
    return product


@of_math
def comb(n: Any, k: Any) -> Any:
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    product = 1
    if k > n:
        return 0
    for j in range(1, min(k, n - k) + 1):
        product = product * (n - j + 1) // j
    return product


@of_math
def perm(n: Any, k: Any) -> Any:
    if n < 0:
        raise ValueError("n must be a non-negative integer")
    if k < 0:
        raise ValueError("k must be a non-negative integer")
    product = 1
    if k > n:
        return 0
    for j in range(n - k + 1, n + 1):
        product *= j
    return product


@of_math
def gcd(*integers: Any) -> Any:
    found = 0
    for n in integers:
        a, b = found, abs(n)
        while b:
            a, b = b, a % b
        found = a
    return found


@of_math
def lcm(*integers: Any) -> Any:
    found = 1
    for n in integers:
        common = math.gcd(found, n)
        found = found // common * abs(n) if common > 0 else 0
    return found


@of_math
def fsum(seq: Any) -> Any:
    """Shewchuk's sum: parts that do not overlap, of which the largest is rounded once."""
    parts = np.zeros(64)
    count, special, whole = 0, 0.0, True
    for item in seq:
        x = float(item)
        if abs(x) < math.inf:
            kept = 0
            for k in range(count):
                y = float(parts[k])
                large, small = (x, y) if abs(x) >= abs(y) else (y, x)
                high = large + small
                low = small - (high - large)
                if low != 0.0:
                    parts[kept] = low
                    kept += 1
                x = high
            if abs(x) == math.inf:
                raise OverflowError("intermediate overflow in fsum")
            parts[kept] = x
            count = kept + 1
        else:
            if whole or x == special or math.isnan(x) or math.isnan(special):
                special = x if whole else special + x
            else:
                raise ValueError("-inf + inf in fsum")
            whole = False
    if not whole:
        return special
    high, low = 0.0, 0.0
    left = count
    while left > 0 and low == 0.0:
        left -= 1
        x, y = high, float(parts[left])
        high = x + y
        low = y - (high - x)
    if left > 0 and (
        (low < 0.0 and parts[left - 1] < 0.0) or (low > 0.0 and parts[left - 1] > 0.0)
    ):
        y = low * 2.0
        x = high + y
        if y == x - high:
            high = x
    return high


@of_math
def isqrt(n: Any) -> Any:
    if n < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = int(math.sqrt(n))
    while root * root > n:
        root -= 1
    while (root + 1) * (root + 1) <= n:
        root += 1
    return root


@of_math
def degrees(x: Any) -> Any:
    return float(x) * (180.0 / math.pi)


@of_math
def radians(x: Any) -> Any:
    return float(x) * (math.pi / 180.0)


@of_math
def isfinite(x: Any) -> Any:
    return abs(float(x)) < math.inf


@of_math
def isinf(x: Any) -> Any:
    return abs(float(x)) == math.inf


@of_math
def isnan(x: Any) -> Any:
    x = float(x)
    return x != x


@of_math
def copysign(x: Any, y: Any) -> Any:
    return float(np.copysign(float(x), float(y)))


@of_math
def fmod(x: Any, y: Any) -> Any:
    x, y = float(x), float(y)
    if (math.isinf(x) and not math.isnan(y)) or (y == 0 and not math.isnan(x)):
        raise ValueError("math domain error")
    return float(np.fmod(x, y))


@of_math
def log(x: Any, base: Any) -> Any:
    return math.log(x) / math.log(base)


@of_math
def hypot(*coordinates: Any) -> Any:
    found = 0.0
    for x in coordinates:
        found = math.hypot(found, x)
    return found


@of_math
def dist(p: Any, q: Any) -> Any:
    if len(p) != len(q):
        raise ValueError("both points must have the same number of dimensions")
    found = 0.0
    for k in range(len(p)):
        found = math.hypot(found, p[k] - q[k])
    return found


def power(base: Any, exponent: Any, modulus: Any) -> Any:
    """`pow(base, exponent, modulus)`."""
    if modulus == 0:
        raise ValueError("pow() 3rd argument cannot be 0")
    size = abs(modulus)
    square, left = base % size, exponent
    if exponent < 0:
        a, b, x, y = square, size, 1, 0
        while b != 0:
            a, b, x, y = b, a % b, y, x - a // b * y
        if a != 1:
            raise ValueError("base is not invertible for the given modulus")
        square, left = x % size, -exponent
    found = 1 % size
    while left > 0:
        if left & 1:
            found = found * square % size
        square = square * square % size
        left = left >> 1
    return found + modulus if modulus < 0 and found > 0 else found


def ranks(key: Any, items: Any) -> Any:
    return [key(item) for item in items]


def order_of(keys: Any, turned: Any) -> Any:
    """Which item comes first, and so on; equal ones stay as they stood. Keys of several parts that
    differ in type come as a tuple of their columns."""
    columns = keys if isinstance(keys, tuple) else columns_of(np.array(keys))
    n = len(columns[0])
    order = np.arange(n)[::-1] if turned else np.arange(n)
    for column in columns[::-1]:
        rank = np.array(column)
        if np.any(rank != rank):
            raise ValueError("NaN has no place in an order")
        order = order[np.argsort(rank[order], kind="stable")]
    return order[::-1] if turned else order


def columns_of(rank: Any) -> Any:
    return (rank,) if rank.ndim == 1 else tuple(rank[:, k] for k in range(rank.shape[1]))


def picked(items: Any, order: Any) -> Any:
    return [items[k] for k in order]
