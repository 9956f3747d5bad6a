"""Programs on integers of every width: NumPy's promotion, wrapping, shifts, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases

PHRASES = Phrases()
program, refused = PHRASES.program, PHRASES.refused

BYTES = np.array([0, 1, 200, 255], np.uint8)
WORDS = np.array([0, 2**63, 2**64 - 1, 7], np.uint64)
EVERY = [
    BYTES, WORDS, np.array([-128, -1, 5, 127], np.int8), np.array([-5, 2**62, 3, -(2**63)]),
    BYTES.astype(np.int16), BYTES.astype(np.uint16), BYTES.astype(np.uint32),
    np.array([-(2**31), -1, 5, 2**31 - 1], np.int32),
]  # fmt: skip
each = [(x,) for x in EVERY]
PYTHONS = (5, -3, 300, -128)


@program(*each)
def reduced(x):
    return x.sum(), x.max(), np.prod(x), x.mean(), np.cumsum(x), np.sum(x, dtype=np.uint8)


@program(*each)
def converted(x):
    f = x.astype(np.float32)
    return f, x.astype(np.int8), x.astype(np.uint16), x.astype(bool), np.uint8(x), np.int64(x[0])


@program(*each)
def signs_and_powers(x):
    return -x, abs(x), +x, ~x, x**2, x**3, 2 ** (x % 8), np.sign(x), x == 300, x > -1, x < 2**62


@program(*[(x,) for x in EVERY if x.dtype != np.int8])
def in_place(x):
    x += 3
    x *= 7
    x -= 120
    x //= 2
    x %= 100
    x <<= 1
    x >>= 2
    x |= 1
    x &= 0x7F
    x ^= 3
    x[1] -= 90
    return x


@program(*each)
def functions(x):
    bits = np.bitwise_and(x, 3), np.left_shift(x, 1), np.invert(x), np.bitwise_count(x)
    return *bits, np.gcd(x, 12), np.lcm(x, 3), np.where(x > 3, x, 300), np.maximum(x, 5)


@program(*[(x, (x % 9).astype(x.dtype)) for x in EVERY])
def shifts(a, b):
    return a << b, a >> b, a << 70, a >> 70


@program(*[(x, y) for x in EVERY[:4] for y in EVERY])
def two(x, y):
    return x < y, x == y, y >= x, x + y, x / y


@program(*[(x.astype(np.int8), x) for x in EVERY if x.dtype.kind == "i"])
def subtracted_in_place(x, y):
    y -= x
    return y


@program(*[(x, k) for x in EVERY[:4] for k in PYTHONS])
def python_added(x, k):
    return x + k


@program(*[(x, k) for x in EVERY[:4] for k in PYTHONS])
def python_compared(x, k):
    return x == k, x < k, k <= x


@program(*[(x, k) for x in EVERY[:4] for k in PYTHONS])
def python_stored(x, k):
    x[1] = k
    return x


@program(*[(k,) for k in (*PYTHONS, 255)])
def python_converted(k):
    return np.uint8(k)


@program(*each)
def literal_beyond(x):
    return x + 300


@program(*each)
def negative_power(x):
    return x**-1


@program((np.array([2, 3]), np.array([1, 0])), (np.array([2, 3]), np.array([1, -1])))
def array_powers(x, y):
    return x**y


@program((WORDS,))
def mixed_hash(x):
    mask = (1 << 64) - 1
    z = (x ^ (x >> np.uint64(30))) * 0xBF58476D1CE4E5B9
    z = (z ^ (z >> 27)) * np.uint64(0x94D049BB133111EB)
    return (z ^ (z >> np.uint64(31))) & mask


@program((BYTES,))
def checksum(x):
    h = np.uint64(14695981039346656037)
    for v in x:
        h = (h ^ np.uint64(v)) * np.uint64(1099511628211)
    low, high = np.uint32(1), np.uint32(0)
    for k in range(len(x)):
        low = (low + np.uint32(x[k])) % np.uint32(65521)
        high = (high + low) % np.uint32(65521)
    return h, (high << np.uint32(16)) | low


@program((0,), (10,), (62,), (-1,))
def python_bits(n):
    s = 0
    for i in range(n):
        s = ((s << 1) ^ i) & 0xFFFF
    return s, 1 << n, n >> 1, -n >> 2, ~n, (n & 5) | 8


@program((BYTES, np.arange(300.0)), (BYTES.astype(np.uint32), np.arange(300.0)))
def places(x, y):
    return np.array([10, 20, 30, 40])[x % 4], y[x[1]], y[x], y[np.int16(-1)], y[x[1] : x[2]]


@program((WORDS % 300, np.arange(300.0)))
def wide_places(x, y):
    return y[x], y[x[1]], int(x[1]), float(x[2]), bool(x[3]), x[3].item()


@program((np.array([True, False, True]),))
def booleans(b):
    return b + b, b * b, b | b, b + 1, b * 1.5, b**b, ~b, b << 1, b.sum(), b / b[0], b // b[0]


@program((BYTES,), (WORDS,))
def made(x):
    like = np.ones_like(x), np.full(3, 7, dtype="u2"), np.arange(4, dtype=np.int16)
    return *like, np.zeros(3, np.uint8) - 1, np.array([2**63, 1], dtype=np.uint64), x.dtype == "u1"


@program((np.array([-1.5, 3e9, -3e9, 300.7, 1e19, -1e19, 1.8e19, np.nan]),))
def cut_off(x):
    some = x.astype(np.int8), x.astype(np.uint8), x.astype(np.int16), x.astype(np.uint16)
    return *some, x.astype("i4"), x[:2].astype("u4"), x.astype("i8"), x.astype("u8")


@program((WORDS,))
def printed(x):
    print(x[0], x[1], np.int8(-3), np.float32(0.1))


@refused((np.array([True, False]),))
def negative_booleans(b):
    return -b


@refused((np.array([True, False]),))
def difference_of_booleans(b):
    return b - b


@refused((np.array([True, False]),))
def power_of_booleans(b):
    return b**2


@refused((BYTES,))
def wider_in_place(x):
    x += np.array([1, 2, 3, 4])
    return x


@refused((3,))
def returned_beyond(n):
    k = 1
    if n > 2:
        k = 2**63
    return k


@refused((BYTES,))
def half_precision(x):
    return np.sqrt(x)


@refused((BYTES,))
def reinterpreted(x):
    return x.view(np.int8)


test_runs_as_numpy_does = PHRASES.runs()
test_refused = PHRASES.refuses()


def test_an_integer_beyond_64_bits_is_an_overflow(mode):
    """Python's own have no bounds; here they have."""

    @transpile.function
    def as_python(x):
        return int(x[2])

    with pytest.raises(OverflowError, match="does not fit into 64 bits"):
        as_python(WORDS)
