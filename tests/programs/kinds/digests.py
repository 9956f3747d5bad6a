"""Digests and generators of bits, in unsigned integers that wrap."""

import numpy as np

from tests.programs.kinds._case import runs


@runs(5489, 5, gives=np.array([3499211612, 581869302, 3890346734, 3586334585, 545404204]))
def mt19937(seed, count):
    N_, M_ = 624, 397
    mt = np.zeros(N_, dtype=np.uint32)
    mt[0] = seed
    for i in range(1, N_):
        mt[i] = 1812433253 * (int(mt[i - 1]) ^ (int(mt[i - 1]) >> 30)) + i & 0xFFFFFFFF
    out = np.empty(count, dtype=np.uint32)
    idx = N_
    for n in range(count):
        if idx >= N_:
            for k in range(N_):
                y = (mt[k] & np.uint32(0x80000000)) | (mt[(k + 1) % N_] & np.uint32(0x7FFFFFFF))
                mt[k] = mt[(k + M_) % N_] ^ (y >> np.uint32(1))
                if y & 1:
                    mt[k] ^= np.uint32(0x9908B0DF)
            idx = 0
        y = mt[idx]
        y ^= y >> np.uint32(11)
        y ^= (y << np.uint32(7)) & np.uint32(0x9D2C5680)
        y ^= (y << np.uint32(15)) & np.uint32(0xEFC60000)
        y ^= y >> np.uint32(18)
        out[n] = y
        idx += 1
    return out


P1, P2, P3, P4, P5 = (
    np.uint64(v)
    for v in (
        11400714785074694791,
        14029467366897019727,
        1609587929392839161,
        9650029242287828579,
        2870177450012600261,
    )
)


def rotl(x, r):
    return (x << np.uint64(r)) | (x >> np.uint64(64 - r))


def round64(acc, lane):
    acc = acc + lane * P2
    acc = rotl(acc, 31)
    return acc * P1


@runs(np.arange(1, 20, dtype=np.uint64) << np.uint64(40), 17)
def xxh64_words(words, seed):
    n = len(words)
    s = np.uint64(seed)
    if n >= 4:
        v = np.array([s + P1 + P2, s + P2, s, s - P1])
        i = 0
        while i + 4 <= n:
            for k in range(4):
                v[k] = round64(v[k], words[i + k])
            i += 4
        h = rotl(v[0], 1) + rotl(v[1], 7) + rotl(v[2], 12) + rotl(v[3], 18)
        for k in range(4):
            h = (h ^ round64(np.uint64(0), v[k])) * P1 + P4
    else:
        h = s + P5
        i = 0
    h += np.uint64(8 * n)
    while i < n:
        h ^= round64(np.uint64(0), words[i])
        h = rotl(h, 27) * P1 + P4
        i += 1
    h ^= h >> np.uint64(33)
    h *= P2
    h ^= h >> np.uint64(29)
    h *= P3
    return h ^ (h >> np.uint64(32))


K256 = np.array(
    [
        0x428A2F98,
        0x71374491,
        0xB5C0FBCF,
        0xE9B5DBA5,
        0x3956C25B,
        0x59F111F1,
        0x923F82A4,
        0xAB1C5ED5,
    ],
    dtype=np.uint32,
)


@runs(np.arange(16, dtype=np.uint32) * np.uint32(0x01020304))
def sha_like_rounds(block):
    def rotr(x, n):
        return (x >> np.uint32(n)) | (x << np.uint32(32 - n))

    w = np.zeros(32, dtype=np.uint32)
    w[:16] = block
    for t in range(16, 32):
        s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ (w[t - 15] >> np.uint32(3))
        s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ (w[t - 2] >> np.uint32(10))
        w[t] = w[t - 16] + s0 + w[t - 7] + s1
    a, b, c, d, e, f, g, h = [
        np.uint32(x)
        for x in (
            0x6A09E667,
            0xBB67AE85,
            0x3C6EF372,
            0xA54FF53A,
            0x510E527F,
            0x9B05688C,
            0x1F83D9AB,
            0x5BE0CD19,
        )
    ]
    for t in range(32):
        S1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)
        ch = (e & f) ^ (~e & g)
        t1 = h + S1 + ch + K256[t % 8] + w[t]
        S0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)
        maj = (a & b) ^ (a & c) ^ (b & c)
        h, g, f, e, d, c, b, a = g, f, e, d + t1, c, b, a, t1 + S0 + maj
    return np.array([a, b, c, d, e, f, g, h])


@runs(0xACE1, 20)
def lfsr16(seed, n):
    state = seed
    bits = np.zeros(n, dtype=np.int8)
    for i in range(n):
        bit = (state ^ (state >> 2) ^ (state >> 3) ^ (state >> 5)) & 1
        state = (state >> 1) | (bit << 15)
        bits[i] = bit
    period = 0
    lfsr = seed
    while True:
        lsb = lfsr & 1
        lfsr >>= 1
        if lsb:
            lfsr ^= 0xB400
        period += 1
        if lfsr == seed:
            break
    return bits, state, period
