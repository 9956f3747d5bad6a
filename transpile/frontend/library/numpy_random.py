"""NumPy's counter-based random numbers, bit for bit: `np.random.Generator(np.random.Philox(seed))`.

A generator is an array of 13 uint64, which a draw writes into: the counter (4), the key (2), the
block last made (4), how much of it is used, and half a number left over from a draw of 32 bits
(whether there is one, and it). All is written in NumPy, and read where it is called.

Philox 4x64 with 10 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3" (2011). Normal and exponential numbers: the ziggurat of Marsaglia and Tsang (2000) in
Doornik's form. Bounded integers: Lemire, "Fast random integer generation in an interval" (2019).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

KEY, BLOCK, USED, HAS_HALF, HALF, WORDS = 4, 6, 10, 11, 12, 13
LOW, ALL = np.uint64(0xFFFFFFFF), np.uint64(0xFFFFFFFFFFFFFFFF)
WIDE = np.uint64(32)


def ziggurat(name: str) -> tuple[Any, Any, Any]:
    """The table beside this file, by columns: NumPy's own, to the bit."""
    path = Path(__file__).with_name(f"ziggurat_{name}.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    inside = np.array([int(row[0], 16) for row in rows], dtype=np.uint64)
    widths, heights = (np.array([float.fromhex(row[k]) for row in rows]) for k in (1, 2))
    return inside, widths, heights


INSIDE, WIDTHS, HEIGHTS = ziggurat("normal")
EXP_INSIDE, EXP_WIDTHS, EXP_HEIGHTS = ziggurat("exponential")
EDGE, EXP_EDGE = 3.6541528853610088, 7.6971174701310497  # where the tails begin
STIRLING = np.array([
    8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
    8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
    1.796443723688307e-01, -1.39243221690590e+00,
])  # fmt: skip


def seeded(seed: Any) -> Any:
    """The state of `Philox(seed)`: the key comes from NumPy's SeedSequence of the seed."""
    if seed < 0:
        raise ValueError("expected non-negative integer")
    state = np.zeros(WORDS, dtype=np.uint64)
    pool = np.zeros(4, dtype=np.uint32)
    pool[0] = seed & 0xFFFFFFFF
    pool[1] = seed >> 32
    mult = np.uint32(0x43B0D7E5)
    for i in range(4):
        pool[i], mult = hashed(pool[i], mult, np.uint32(0x931E8875))
    for i in range(4):
        for j in range(4):
            if i != j:
                word, mult = hashed(pool[i], mult, np.uint32(0x931E8875))
                mixed = np.uint32(0xCA01F9DD) * pool[j] - np.uint32(0x4973F715) * word
                pool[j] = mixed ^ (mixed >> np.uint32(16))
    mult = np.uint32(0x8B51F9DD)
    for k in range(2):
        low, mult = hashed(pool[2 * k], mult, np.uint32(0x58F38DED))
        high, mult = hashed(pool[2 * k + 1], mult, np.uint32(0x58F38DED))
        state[KEY + k] = np.uint64(low) | (np.uint64(high) << WIDE)
    state[USED] = 4
    return state


def hashed(word: Any, mult: Any, step: Any) -> Any:
    """One word of SeedSequence's hash, and the multiplier of the next."""
    word = word ^ mult
    mult = mult * step
    word = word * mult
    return word ^ (word >> np.uint32(16)), mult


def multiply_high(x: Any, y: Any) -> Any:
    """The upper half of the product of two uint64."""
    x0, x1, y0, y1 = x & LOW, x >> WIDE, y & LOW, y >> WIDE
    middle = x1 * y0 + (x0 * y0 >> WIDE)
    return x1 * y1 + (middle >> WIDE) + ((middle & LOW) + x0 * y1 >> WIDE)


def make_block(state: Any) -> None:
    """The next four numbers: the counter goes up by one, and is encrypted by the key."""
    state[0] += np.uint64(1)
    if state[0] == 0:
        state[1] += np.uint64(1)
        if state[1] == 0:
            state[2] += np.uint64(1)
            if state[2] == 0:
                state[3] += np.uint64(1)
    a, b, c, d = state[0], state[1], state[2], state[3]
    key0, key1 = state[KEY], state[KEY + 1]
    m0, m1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
    for _ in range(10):
        a, b, c, d = (
            multiply_high(m1, c) ^ b ^ key0,
            m1 * c,
            multiply_high(m0, a) ^ d ^ key1,
            m0 * a,
        )
        key0 = key0 + np.uint64(0x9E3779B97F4A7C15)
        key1 = key1 + np.uint64(0xBB67AE8584CAA73B)
    state[BLOCK], state[BLOCK + 1], state[BLOCK + 2], state[BLOCK + 3] = a, b, c, d


def next64(state: Any) -> Any:
    """64 random bits."""
    used = np.int64(state[USED])
    if used == 4:
        make_block(state)
        used = np.int64(0)
    state[USED] = np.uint64(used + 1)
    return state[BLOCK + used]


def next_bits(state: Any, wide: Any) -> Any:
    """64 random bits if `wide`; else 32, half of a number, and the other half is for the next."""
    if not wide and state[HAS_HALF] != 0:
        state[HAS_HALF] = 0
        bits = state[HALF]
    else:
        bits = next64(state)
        if not wide:
            state[HAS_HALF] = 1
            state[HALF] = bits >> WIDE
            bits = bits & LOW
    return bits


def unit(bits: Any) -> Any:
    """A float64 in [0, 1) of 53 of 64 bits."""
    return (bits >> np.uint64(11)) * (1.0 / 9007199254740992.0)


def one_unit(state: Any) -> Any:
    return unit(next64(state))


def one_normal(state: Any) -> Any:
    """A number of the normal distribution.

    The first bits choose a strip and a place in it. Where the curve may be below that (1) it is
    tried; in the tail (2, 3) two more numbers are, until they fit. At 4 there is one.
    """
    x, beyond, far, strip, stage = 0.0, 0.0, np.uint64(0), np.int64(0), 0
    while stage < 4:
        bits = next64(state)
        if stage == 0:
            strip = np.int64(bits & np.uint64(0xFF))
            far = (bits >> np.uint64(9)) & np.uint64(0x000FFFFFFFFFFFFF)
            x = far * WIDTHS[strip]
            if (bits >> np.uint64(8)) & np.uint64(1) != 0:
                x = -x
            stage = 4 if far < INSIDE[strip] else 2 if strip == 0 else 1
        elif stage == 1:
            low, high = HEIGHTS[strip], HEIGHTS[strip - 1]
            stage = 4 if (high - low) * unit(bits) + low < np.exp(-0.5 * x * x) else 0
        elif stage == 2:
            beyond = -0.27366123732975828 * np.log1p(-unit(bits))
            stage = 3
        else:
            y = -np.log1p(-unit(bits))
            stage = 2
            if y + y > beyond * beyond:
                stage = 4
                x = EDGE + beyond
                if (far >> np.uint64(8)) & np.uint64(1) != 0:
                    x = -x
    return x


def one_exponential(state: Any) -> Any:
    """A number of the exponential distribution: as above, but a tail is a whole curve again."""
    x, strip, stage = 0.0, np.int64(0), 0
    while stage < 3:
        bits = next64(state)
        if stage == 0:
            strip = np.int64((bits >> np.uint64(3)) & np.uint64(0xFF))
            far = bits >> np.uint64(11)
            x = far * EXP_WIDTHS[strip]
            stage = 3 if far < EXP_INSIDE[strip] else 2 if strip == 0 else 1
        elif stage == 1:
            low, high = EXP_HEIGHTS[strip], EXP_HEIGHTS[strip - 1]
            stage = 3 if (high - low) * unit(bits) + low < np.exp(-x) else 0
        else:
            x = EXP_EDGE - np.log1p(-unit(bits))
            stage = 3
    return x


def one_poisson(state: Any, lam: Any) -> Any:
    """A number of the Poisson distribution: for a small mean as many uniform numbers as their
    product stays above exp(-lam), for a large one Hörmann's transformed rejection (1993)."""
    found, done = 0, lam == 0.0
    if lam < 10.0:
        least, product = np.exp(-lam), 1.0
        while not done:
            product *= one_unit(state)
            if product > least:
                found += 1
            else:
                done = True
    else:
        b = 0.931 + 2.53 * np.sqrt(lam)
        a = -0.059 + 0.02483 * b
        while not done:
            u = one_unit(state) - 0.5
            v = one_unit(state)
            edge = 0.5 - np.abs(u)
            found = int(np.floor((2 * a / edge + b) * u + lam + 0.43))
            if edge >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2):
                done = True
            elif found >= 0 and not (edge < 0.013 and v > edge):
                scaled = np.log(v) + np.log(1.1239 + 1.1328 / (b - 3.4))
                scaled -= np.log(a / (edge * edge) + b)
                done = scaled <= -lam + found * np.log(lam) - log_gamma(found + 1.0)
    return found


def log_gamma(x: Any) -> Any:
    """The logarithm of gamma of a number from 1 on, by Stirling's series from 7 on."""
    lifted = max(0, int(7 - x)) if x <= 7.0 else 0
    far = x + lifted
    inverse, series = 1.0 / (far * far), STIRLING[9]
    for k in range(8, -1, -1):
        series = series * inverse + STIRLING[k]
    found = series / far + 0.5 * np.log(2 * np.pi) + (far - 0.5) * np.log(far) - far
    if x == 1.0 or x == 2.0:
        found = 0.0
    else:
        for _ in range(lifted):
            found -= np.log(far - 1.0)
            far -= 1.0
    return found


def bounded(state: Any, span: Any) -> Any:
    """A uint64 from 0 to `span`, both included: the upper half of a product of random bits and the
    count of numbers, those bits being drawn again that would make some numbers likelier."""
    wide = span > LOW
    count = span + np.uint64(1)
    below = (ALL if wide else LOW) - span
    again = below % count if count != 0 else np.uint64(0)
    found, done = np.uint64(0), span == 0
    while not done:
        bits = next_bits(state, wide)
        product = bits * count
        if wide:
            found = multiply_high(bits, count) if count != 0 else bits
            done = product >= again
        else:
            found = product >> WIDE
            done = (product & LOW) >= again
    return found


def masked(state: Any, span: Any) -> Any:
    """A uint64 from 0 to `span`, both included: so many of the random bits, until they fit."""
    mask = span
    for shift in (1, 2, 4, 8, 16, 32):
        mask = mask | (mask >> np.uint64(shift))
    found = next_bits(state, span > LOW) & mask
    while found > span:
        found = next_bits(state, span > LOW) & mask
    return found
