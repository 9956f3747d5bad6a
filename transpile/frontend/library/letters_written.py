"""What texts and bytes do, written over arrays of code points and of bytes."""

from __future__ import annotations

from typing import Any

import numpy as np


def equal(a: Any, b: Any) -> Any:
    if len(a) != len(b):
        return False
    for k in range(len(a)):  # noqa: SIM110 -- a generator of its own would be a loop more
        if a[k] != b[k]:
            return False
    return True


def order(a: Any, b: Any) -> Any:
    """Less than 0 where `a` comes first, more where `b` does."""
    for k in range(min(len(a), len(b))):
        if a[k] != b[k]:
            return int(a[k]) - int(b[k])
    return len(a) - len(b)


def find(text: Any, part: Any, start: Any) -> Any:
    n, m = len(text), len(part)
    first = max(start + n, 0) if start < 0 else start
    for k in range(first, n - m + 1):
        here = True
        for j in range(m):
            if text[k + j] != part[j]:
                here = False
                break
        if here:
            return k
    return -1


def count(text: Any, part: Any) -> Any:
    n, m = len(text), len(part)
    if m == 0:
        return n + 1
    found = 0
    k = 0
    while k <= n - m:
        here = True
        for j in range(m):
            if text[k + j] != part[j]:
                here = False
                break
        if here:
            found += 1
            k += m
        else:
            k += 1
    return found


def begins(text: Any, part: Any) -> Any:
    if len(part) > len(text):
        return False
    for j in range(len(part)):  # noqa: SIM110
        if text[j] != part[j]:
            return False
    return True


def ends(text: Any, part: Any) -> Any:
    n = len(text) - len(part)
    if n < 0:
        return False
    for j in range(len(part)):  # noqa: SIM110
        if text[n + j] != part[j]:
            return False
    return True


def zeros(count: Any) -> Any:
    if count < 0:
        raise ValueError("negative count")
    return np.zeros(count, np.uint8)


def gathered(items: Any) -> Any:
    made = np.zeros(len(items), np.uint8)
    for k, item in enumerate(items):
        if item < 0 or item > 255:
            raise ValueError("bytes must be in range(0, 256)")
        made[k] = item
    return made


def whole(items: Any) -> Any:
    value = 0
    for item in items:
        value = (value << 8) | int(item)
    return value


def whole_signed(items: Any) -> Any:
    value = 0
    first = True
    for item in items:
        value = int(item) - 256 * (int(item) >> 7) if first else (value << 8) | int(item)
        first = False
    return value


def to_bytes(number: Any, length: Any, little: Any, signed: Any) -> Any:
    if number < 0 and not signed:
        raise OverflowError("can't convert negative int to unsigned")
    made = np.zeros(length, np.uint8)
    rest = int(number)
    for k in range(length):
        made[k if little else length - 1 - k] = rest & 255
        rest = rest >> 8
    last = made[length - 1 if little else 0] >> 7 if length > 0 else 0
    if rest != (-1 if number < 0 else 0) or (signed and (last == 1) != (number < 0)):
        raise OverflowError("int too big to convert")
    return made


def digit(code: Any) -> Any:
    if code > 127:
        raise NotImplementedError("a digit beyond ASCII")
    if code < 48 or code > 57:
        raise ValueError("invalid literal for int() with base 10")
    return code - 48


def known(code: Any) -> Any:
    """The code of a character of which it is known what it is."""
    if code > 127:
        raise NotImplementedError("what a character beyond ASCII is")
    return code


def isdigit(code: Any) -> Any:
    code = known(code)
    return 48 <= code <= 57


def isupper(code: Any) -> Any:
    code = known(code)
    return 65 <= code <= 90


def islower(code: Any) -> Any:
    code = known(code)
    return 97 <= code <= 122


def isalpha(code: Any) -> Any:
    code = known(code)
    return 65 <= code <= 90 or 97 <= code <= 122


def isalnum(code: Any) -> Any:
    code = known(code)
    return 48 <= code <= 57 or 65 <= code <= 90 or 97 <= code <= 122


def isspace(code: Any) -> Any:
    code = known(code)
    return code == 32 or 9 <= code <= 13 or 28 <= code <= 31


def upper(code: Any) -> Any:
    code = known(code)
    return code - 32 if 97 <= code <= 122 else code


def lower(code: Any) -> Any:
    code = known(code)
    return code + 32 if 65 <= code <= 90 else code


def uppers(text: Any) -> Any:
    found = np.copy(text)
    for k in range(len(text)):
        found[k] = upper(text[k])
    return found


def lowers(text: Any) -> Any:
    found = np.copy(text)
    for k in range(len(text)):
        found[k] = lower(text[k])
    return found


def stop_of(data: Any, start: Any, count: Any, width: Any) -> Any:
    """Where the bytes end that are asked for. Raises ValueError where there are fewer."""
    if start < 0 or start > len(data):
        raise ValueError("offset must be non-negative and no greater than buffer length")
    if count < 0:
        return len(data)
    if start + count * width > len(data):
        raise ValueError("buffer is smaller than requested size")
    return start + count * width


def integers(data: Any, width: Any, dtype: Any) -> Any:
    """The bytes as integers of so many bytes, the lowest first."""
    if len(data) % width != 0:
        raise ValueError("buffer size must be a multiple of element size")
    rows = data.reshape(len(data) // width, width).astype(np.uint64)
    found = rows[:, 0]
    for k in range(1, width):
        found = found | rows[:, k] << np.uint64(8 * k)
    return found.astype(dtype)


def bit_length(n: Any) -> Any:
    found = 0
    rest = abs(n)
    while rest > 0:
        rest = rest >> 1
        found += 1
    return found


def bit_count(n: Any) -> Any:
    found = 0
    rest = abs(n)
    while rest > 0:
        rest = rest & (rest - 1)
        found += 1
    return found
