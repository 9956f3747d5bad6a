"""The section "Loops" of the seed: each loop as a `for` or `while`."""

import numpy as np

from tests.seed._case import floats, gives, slope


@slope(np.ones((2, 3)), at=(np.ones((2, 3)),), wrt=("a",))
@gives(np.full((2, 3), 2.0), np.ones((2, 3)))
def mapped(a):
    out = np.empty_like(a)
    for i in range(len(a)):
        out[i] = a[i] + 1
    return out


@gives(3, floats(1, 2, 3, 4, 5), floats(1, 2, 3))
def shortest(a, b):
    steps = 0
    for _x, _y in zip(a, b, strict=False):
        steps += 1
    return steps


@slope(3.0, [3, 2, 1], at=(0.0, floats(0, 3, 5)), wrt=("s", "a"))
@gives(floats(0, 3, 8), 0.0, floats(0, 3, 5))
def summed(s, a):
    out = np.empty_like(a)
    for i in range(len(a)):
        s = s + a[i]
        out[i] = s
    return out


@gives(np.arange(5.0, 101.0, 5.0), np.ones((20, 5)))
def rows(a):
    out = np.zeros(len(a))
    s = 0.0
    for i, row in enumerate(a):
        s += row.sum()
        out[i] = s
    return out


@gives(np.array([1, 6, 31, 156, 781, 3906, 19531, 97656, 488281, 2441406]), 0, 5, 1, 10)
def captured(p, k, c, steps):
    out = np.empty(steps, dtype=int)
    for i in range(steps):
        p = p * k + c
        out[i] = p
    return out


@slope([1, 11, 111, 110, 100], at=(floats(1, 2, 3, 4, 5),), wrt=("a",))
@gives(floats(321, 432, 543), floats(1, 2, 3, 4, 5))
def taps(a):
    out = np.empty(len(a) - 2)
    for i in range(1, len(a) - 1):
        out[i - 1] = a[i - 1] + 10 * a[i] + 100 * a[i + 1]
    return out


@gives(np.array([1, 2, 3, 5, 8, 13, 21, 34]), 0, 1, 8)
def fibonacci(a, b, steps):
    out = np.empty(steps, dtype=int)
    for i in range(steps):
        a, b = b, a + b
        out[i] = b
    return out


@slope(21.0, 34.0, at=(0.0, 1.0), wrt=("a", "b"))
def last_fibonacci(a, b):
    for _ in range(8):
        a, b = b, a + b
    return b


@gives(floats(7, 18, 39, 80, 161), 1.0, floats(1, 2, 3, 4, 5))
def backwards(p, c):
    out = np.empty(len(c))
    for k, i in enumerate(reversed(range(len(c)))):
        p = p * 2 + c[i]
        out[k] = p
    return out


@gives(np.array([2, 4, 8, 16, 32, 64]), 1)
def doubled(x):
    out = np.zeros(10, dtype=int)
    n = 0
    while x <= 45:
        x *= 2
        out[n] = x
        n += 1
    return out[:n]


@gives(floats(1, 3, 6), floats(1, 2, 3, 4, 5))
def until(a):
    out = np.empty_like(a)
    s, n = 0.0, 0
    for v in a:
        s += v
        out[n] = s
        n += 1
        if s > 5:
            break
    return out[:n]


@slope([20, 18, 12, 0, 0], at=(floats(1, 2, 3, 4, 5),), wrt=("a",))
def squares_until(a):
    s, total = 0.0, 0.0
    for v in a:
        s += v
        total += s * s
        if s > 5:
            break
    return total


@slope(62.0, [31, 15, 7, 3, 1], at=(1.0, floats(1, 2, 3, 4, 5)), wrt=("p", "c"))
def whole_gradient(p, c):
    total = 0.0
    for i in range(len(c)):
        p = p * 2 + c[i]
        total += p
    return total


@slope(np.zeros(0), np.zeros((0, 3)), at=(np.zeros(0), np.zeros((0, 3))), wrt=("a", "b"))
@gives(np.zeros(0), np.zeros(0), np.zeros((0, 3)))
def no_steps(a, b):
    out = np.zeros_like(a)
    for i in range(len(a)):
        out[i] = a[i] * np.sum(b[i])
    return out


@gives(19.0, floats(1, 0, 2), 3.0)
def polynomial(c, x):
    total, power = 0.0, 1.0
    for i in range(len(c)):
        total += c[i] * power
        power *= x
    return total


@gives(np.arange(10.0) ** 2, np.arange(10.0), 2)
def power_by_loop(a, k):
    result = np.ones_like(a)
    for _ in range(k):
        result = result * a
    return result
