"""Checksums, random numbers, automata, sorting and sieves: integers."""

import numpy as np

from tests.programs.kinds._case import integers, runs

DATA = np.frombuffer(b"123456789", dtype=np.uint8).copy()


@runs(DATA, gives=0x31C3)
def crc16(data, poly=0x1021):
    crc = 0
    for byte in data:
        crc ^= int(byte) << 8
        for _ in range(8):
            if crc & 0x8000:
                crc = ((crc << 1) ^ poly) & 0xFFFF
            else:
                crc = (crc << 1) & 0xFFFF
    return crc


@runs(DATA, gives=0x906E)
def crc16_x25(data, poly=0x8408):
    crc = 0xFFFF
    for b in data:
        cur_byte = 0xFF & b
        for _ in range(0, 8):
            if (crc & 0x0001) ^ (cur_byte & 0x0001):
                crc = (crc >> 1) ^ poly
            else:
                crc >>= 1
            cur_byte >>= 1
    crc = ~crc & 0xFFFF
    crc = (crc << 8) | ((crc >> 8) & 0xFF)
    crc = crc & 0xFFFF
    return ((crc >> 8) | (crc << 8)) & 0xFFFF


@runs(DATA, gives=0xCBF43926)
def crc32(data):
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        odd = (table & 1).astype(bool)
        table >>= np.uint32(1)
        table[odd] ^= np.uint32(0xEDB88320)
    crc = np.uint32(0xFFFFFFFF)
    for byte in data:
        crc = table[(crc ^ byte) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    return crc ^ np.uint32(0xFFFFFFFF)


@runs(DATA, gives=0x091E01DE)
def adler32(data):
    a, b = 1, 0
    for byte in data:
        a = (a + int(byte)) % 65521
        b = (b + a) % 65521
    return (b << 16) | a


@runs(DATA)
def fletcher16(data):
    sums = np.zeros(2, dtype=np.uint16)
    for byte in data:
        sums[0] = (sums[0] + byte) % 255
        sums[1] = (sums[1] + sums[0]) % 255
    return (sums[1] << 8) | sums[0]


@runs(DATA)
def fnv1a(data):
    h = np.full(1, 14695981039346656037, dtype=np.uint64)
    prime = np.array([1099511628211], dtype=np.uint64)
    for byte in data:
        h ^= byte
        h *= prime
    return h[0]


@runs(np.array([1, 2, 3, 4], dtype=np.uint64), 6)
def xorshift(state, n):
    out = np.empty((n, state.size), dtype=np.uint64)
    for i in range(n):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        out[i] = state
    return out


@runs(42, 8)
def lcg(seed, n):
    values = np.empty(n)
    state = seed
    for i in range(n):
        state = (1103515245 * state + 12345) % 2**31
        values[i] = state / 2**31
    return values


@runs(np.array([1, 99, 12345], dtype=np.uint32), 5)
def lcg_wrapping(states, n):
    out = np.zeros((n, len(states)), dtype=np.float64)
    for i in range(n):
        states = states * np.uint32(1664525) + np.uint32(1013904223)
        out[i] = (states >> np.uint32(8)) * (1.0 / 16777216.0)
    return out


@runs(np.array([0x0F0F, 7, 0, 2**40 + 1], dtype=np.int64), gives=np.array([8, 3, 0, 2]))
def popcount(x):
    count = np.zeros_like(x)
    while np.any(x):
        count += x & 1
        x = x >> 1
    return count


BLINKER = np.zeros((5, 5), dtype=int)
BLINKER[2, 1:4] = 1


@runs(BLINKER, 1, gives=BLINKER.T)
def life(board, generations):
    for _ in range(generations):
        n = sum_of_neighbours(board)
        board = ((n == 3) | ((board == 1) & (n == 2))).astype(int)
    return board


def sum_of_neighbours(b):
    n = np.zeros(b.shape, dtype=b.dtype)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            if dx != 0 or dy != 0:
                n += np.roll(np.roll(b, dx, axis=0), dy, axis=1)
    return n


@runs(BLINKER.astype(np.uint8), 3)
def life_in_frame(Z, generations):
    for _ in range(generations):
        N = (Z[0:-2, 0:-2] + Z[0:-2, 1:-1] + Z[0:-2, 2:] + Z[1:-1, 0:-2]
             + Z[1:-1, 2:] + Z[2:, 0:-2] + Z[2:, 1:-1] + Z[2:, 2:])  # fmt: skip
        birth = (N == 3) & (Z[1:-1, 1:-1] == 0)
        survive = ((N == 2) | (N == 3)) & (Z[1:-1, 1:-1] == 1)
        Z[...] = 0
        Z[1:-1, 1:-1][birth | survive] = 1
    return Z


@runs(30, 15, 6)
def elementary(rule, width, steps):
    """Wolfram's automata."""
    table = np.array([(rule >> k) & 1 for k in range(8)], dtype=np.uint8)
    rows = np.zeros((steps, width), dtype=np.uint8)
    rows[0, width // 2] = 1
    for t in range(1, steps):
        prev = rows[t - 1]
        rows[t] = table[4 * np.roll(prev, 1) + 2 * prev + np.roll(prev, -1)]
    return rows


NUMBERS = integers(1, 12, high=50)


@runs(NUMBERS, gives=np.sort(NUMBERS))
def insertion_sort(a):
    a = a.copy()
    for i in range(1, len(a)):
        key = a[i]
        j = i - 1
        while j >= 0 and a[j] > key:
            a[j + 1] = a[j]
            j -= 1
        a[j + 1] = key
    return a


@runs(NUMBERS, gives=np.sort(NUMBERS))
def bubble_sort(a):
    n = len(a)
    for i in range(n):
        swapped = False
        for j in range(n - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
                swapped = True
        if not swapped:
            break
    return a


@runs(NUMBERS, gives=np.sort(NUMBERS))
def heap_sort(a):
    n = a.shape[0]
    for start in range(n // 2 - 1, -1, -1):
        sift_down(a, start, n)
    for end in range(n - 1, 0, -1):
        a[[0, end]] = a[[end, 0]]
        sift_down(a, 0, end)
    return a


def sift_down(a, root, end):
    while True:
        child = 2 * root + 1
        if child >= end:
            break
        if child + 1 < end and a[child] < a[child + 1]:
            child += 1
        if a[root] >= a[child]:
            break
        a[root], a[child] = a[child], a[root]
        root = child


@runs(NUMBERS, 50, gives=np.sort(NUMBERS))
def counting_sort(a, top):
    counts = np.zeros(top, dtype=np.int64)
    for value in a:
        counts[value] += 1
    return np.repeat(np.arange(top), counts)


@runs(NUMBERS, gives=np.sort(NUMBERS))
def merge_sort(a):
    n = len(a)
    width = 1
    source, target = a.copy(), np.empty_like(a)
    while width < n:
        for low in range(0, n, 2 * width):
            mid, high = min(low + width, n), min(low + 2 * width, n)
            i, j = low, mid
            for k in range(low, high):
                if i < mid and (j >= high or source[i] <= source[j]):
                    target[k] = source[i]
                    i += 1
                else:
                    target[k] = source[j]
                    j += 1
        source, target = target, source
        width *= 2
    return source


@runs(50, gives=np.array([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]))
def sieve(n):
    prime = np.ones(n + 1, dtype=bool)
    prime[:2] = False
    for i in range(2, int(n**0.5) + 1):
        if prime[i]:
            prime[i * i :: i] = False
    return np.flatnonzero(prime)


@runs(np.sort(NUMBERS), 17)
def binary_search(a, value):
    low, high = 0, len(a)
    while low < high:
        mid = (low + high) // 2
        if a[mid] < value:
            low = mid + 1
        else:
            high = mid
    return low, np.searchsorted(a, value)


@runs(252, 105, gives=21)
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@runs(np.array([27, 6, 7]), gives=np.array([111, 8, 16]))
def collatz(starts):
    steps = np.zeros_like(starts)
    for k, n in enumerate(starts):
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps[k] += 1
    return steps
