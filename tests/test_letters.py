"""Texts and bytes as sequences: checksums, codes and dynamic programming, as Python has them."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program = PHRASES.program

DATA = bytes(range(0, 250, 7)) + b"hello world"
DNA, OTHER = "GATTACAGATTACA", "GCATGCUAGCAT"


@program((DATA,), (b"",), (b"1",))
def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
            crc &= 0xFFFF
    return crc


@program((DNA, "Bisector"), ("", "MAX"), ("aZ!", "mean"))
def cases_of_letters(text, mode):
    mode = mode.lower()
    found = text.lower()
    if mode == "bisector" or mode.upper() == "MEAN":
        return found.count("a"), text.upper(), mode
    return len(found), text.lower(), mode


@program((DATA,), (b"",))
def crc32(data):
    table = []
    for i in range(256):
        c = i
        for _ in range(8):
            c = (c >> 1) ^ 0xEDB88320 if c & 1 else c >> 1
        table.append(c)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


@program((DATA[:32],), (b"",), (DATA[:5],))
def numbers_of_bytes(data):
    wide = np.frombuffer(data, dtype=np.uint32)
    some = np.frombuffer(data, "<i2", 2, 1) if len(data) > 5 else np.zeros(2, np.int16)
    return wide.copy(), some, np.frombuffer(data, dtype=np.uint8).sum(), data[-3:][::-1]


@program((DATA, 2), (DATA, 90), (bytearray(DATA), 3))
def parts_of_bytes(data, k):
    part = data[k : k + 8]
    number = int.from_bytes(data[:7], "big") + int.from_bytes(data[1:5], "little", signed=True)
    return part, len(part), data[k], 104 in data, part == data[2:10], number, bytes([k, 255])


@program((bytearray(b"hello"), 300), (bytearray(b"hello"), 3))
def written_bytes(data, n):
    made = bytearray(4)
    for k, byte in enumerate(data):
        data[k] = byte ^ 0x20
    made[1:3] = data[:2]
    made[-1] = n
    return made, bytes(x + 1 for x in made)


@program((305419896,), (-7,), (0,), (2**40 + 5,))
def bits_of_integers(n):
    return n.bit_length(), n.bit_count(), n.to_bytes(6, "little"), (n % 256).to_bytes(1, "big")


@program((b"needle in haystack", b"hay"), (b"aaa", b"b"), (b"", b"a"))
def first_match(text, pattern):
    m, k = len(pattern), 0
    fail = [0] * m
    for i in range(1, m):
        while k > 0 and pattern[k] != pattern[i]:
            k = fail[k - 1]
        k += pattern[k] == pattern[i]
        fail[i] = k
    k = 0
    for i in range(len(text)):
        while k > 0 and pattern[k] != text[i]:
            k = fail[k - 1]
        k += pattern[k] == text[i]
        if k == m:
            return i - m + 1
    return -1


@program((DNA, OTHER), ("", OTHER), (DNA, ""), ("é€😀", "e€"))
def levenshtein(s, t):
    m, n = len(s), len(t)
    d = np.zeros((m + 1, n + 1), dtype=np.int64)
    d[:, 0], d[0, :] = np.arange(m + 1), np.arange(n + 1)
    for i in range(1, m + 1):
        for j in range(1, n + 1):
            cost = 0 if s[i - 1] == t[j - 1] else 1
            d[i, j] = min(d[i - 1, j] + 1, d[i, j - 1] + 1, d[i - 1, j - 1] + cost)
    return d[m, n]


@program((DNA, OTHER), ("", "A"))
def common_subsequence(s, t):
    previous = [0] * (len(t) + 1)
    for a in s:
        current = [0] * (len(t) + 1)
        for j, b in enumerate(t, 1):
            current[j] = previous[j - 1] + 1 if a == b else max(previous[j], current[j - 1])
        previous = current
    return previous[-1], sum(a != b for a, b in zip(s, t, strict=False)), s == t, s < t, s >= t


@program((DNA, "TTA"), ("TTACTTA", "TTA"), ("X", ""))
def found(text, part):
    places = text.find(part), text.count(part), part in text, text.startswith(part)
    return places, text[1:4].endswith("TT"), text[::-1], text == text[::-1], text[2:3] in "TX"


@program(("GATXACA",), ("ACGT",))
def encoded(text):
    return np.array(["ACGT".index(c) for c in text]), sum(c in "GC" for c in text)


@program(("3 + 42*5",), ("Hello World",), ("x",))
def characters(text):
    number, kinds = 0, 0
    for c in text:
        if c.isdigit():
            number = number * 10 + int(c)
        elif "a" <= c.lower() <= "z":
            kinds = kinds * 2 + c.isupper()
        number += ord(c) % 7
    last = text[-1]
    for c in text[:3]:
        last = c if c > last else last
    return number, kinds, last, chr(ord(last) + 1), ord(text[len(text) // 2])


@program(("fast", np.ones(2)), ("slow", np.ones(2)), ("S", np.ones(2)), ("", np.ones(2)))
def flags(mode, x):
    if mode == "fast":
        return 2 * x
    return np.sum(x, axis=0) if mode in ("slow", "S") else x.astype(np.int64)


test_runs_as_python_does = PHRASES.runs()
