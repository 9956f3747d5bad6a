"""`bisect`, `heapq`, `itertools` and `operator` as they would be written in Python.

A function of theirs is read as ours here, over lists, arrays and what else can be gone over.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

WRITTEN: dict[Any, Callable[..., Any]] = {}


def in_place_of(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def note(ours: Callable[..., Any]) -> Callable[..., Any]:
        WRITTEN.update(dict.fromkeys(functions, ours))
        return ours

    return note


# -- bisect


@in_place_of(bisect.bisect_left)
def bisect_left(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    if lo < 0:
        raise ValueError("lo must be non-negative")
    low, high = lo, len(a) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if (a[middle] if key is None else key(a[middle])) < x:
            low = middle + 1
        else:
            high = middle
    return low


@in_place_of(bisect.bisect_right, bisect.bisect)
def bisect_right(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    if lo < 0:
        raise ValueError("lo must be non-negative")
    low, high = lo, len(a) if hi is None else hi
    while low < high:
        middle = (low + high) // 2
        if x < (a[middle] if key is None else key(a[middle])):
            high = middle
        else:
            low = middle + 1
    return low


@in_place_of(bisect.insort_left)
def insort_left(a: Any, x: Any) -> Any:
    a.insert(bisect_left(a, x), x)


@in_place_of(bisect.insort_right, bisect.insort)
def insort_right(a: Any, x: Any) -> Any:
    a.insert(bisect_right(a, x), x)


# -- heapq


def raised(heap: Any, start: Any, place: Any) -> Any:
    """Move the item at `place` up to where it belongs."""
    item = heap[place]
    at = place
    while at > start:
        above = (at - 1) >> 1
        if item < heap[above]:
            heap[at] = heap[above]
            at = above
        else:
            break
    heap[at] = item


def sunk(heap: Any, place: Any) -> Any:
    """Move the item at `place` down to a leaf, and up from there."""
    end = len(heap)
    item = heap[place]
    at = place
    below = 2 * place + 1
    while below < end:
        other = below + 1
        if other < end and not heap[below] < heap[other]:
            below = other
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    heap[at] = item
    raised(heap, place, at)


@in_place_of(heapq.heappush)
def heappush(heap: Any, item: Any) -> Any:
    heap.append(item)
    raised(heap, 0, len(heap) - 1)


@in_place_of(heapq.heappop)
def heappop(heap: Any) -> Any:
    last = heap.pop()
    if len(heap) > 0:
        first = heap[0]
        heap[0] = last
        sunk(heap, 0)
        last = first
    return last


@in_place_of(heapq.heapreplace)
def heapreplace(heap: Any, item: Any) -> Any:
    first = heap[0]
    heap[0] = item
    sunk(heap, 0)
    return first


@in_place_of(heapq.heappushpop)
def heappushpop(heap: Any, item: Any) -> Any:
    first = item
    if len(heap) > 0 and heap[0] < item:
        first = heap[0]
        heap[0] = item
        sunk(heap, 0)
    return first


@in_place_of(heapq.heapify)
def heapify(heap: Any) -> Any:
    for k in range(len(heap) // 2 - 1, -1, -1):
        sunk(heap, k)


@in_place_of(heapq.nsmallest)
def nsmallest(n: Any, iterable: Any) -> Any:
    return sorted(iterable)[: max(n, 0)]


@in_place_of(heapq.nlargest)
def nlargest(n: Any, iterable: Any) -> Any:
    return sorted(iterable, reverse=True)[: max(n, 0)]


# -- operator


@in_place_of(operator.add, operator.concat)
def add(a: Any, b: Any) -> Any:
    return a + b


@in_place_of(operator.sub)
def sub(a: Any, b: Any) -> Any:
    return a - b


@in_place_of(operator.mul)
def mul(a: Any, b: Any) -> Any:
    return a * b


@in_place_of(operator.truediv)
def truediv(a: Any, b: Any) -> Any:
    return a / b


@in_place_of(operator.floordiv)
def floordiv(a: Any, b: Any) -> Any:
    return a // b


@in_place_of(operator.mod)
def mod(a: Any, b: Any) -> Any:
    return a % b


@in_place_of(operator.pow)
def pow_(a: Any, b: Any) -> Any:
    return a**b


@in_place_of(operator.matmul)
def matmul(a: Any, b: Any) -> Any:
    return a @ b


@in_place_of(operator.and_)
def and_(a: Any, b: Any) -> Any:
    return a & b


@in_place_of(operator.or_)
def or_(a: Any, b: Any) -> Any:
    return a | b


@in_place_of(operator.xor)
def xor(a: Any, b: Any) -> Any:
    return a ^ b


@in_place_of(operator.lshift)
def lshift(a: Any, b: Any) -> Any:
    return a << b


@in_place_of(operator.rshift)
def rshift(a: Any, b: Any) -> Any:
    return a >> b


@in_place_of(operator.neg)
def neg(a: Any) -> Any:
    return -a


@in_place_of(operator.pos)
def pos(a: Any) -> Any:
    return +a


@in_place_of(operator.invert, operator.inv)
def invert(a: Any) -> Any:
    return ~a


@in_place_of(operator.not_)
def not_(a: Any) -> Any:
    return not a


@in_place_of(operator.abs)
def abs_(a: Any) -> Any:
    return abs(a)


@in_place_of(operator.truth)
def truth(a: Any) -> Any:
    return bool(a)


@in_place_of(operator.lt)
def lt(a: Any, b: Any) -> Any:
    return a < b


@in_place_of(operator.le)
def le(a: Any, b: Any) -> Any:
    return a <= b


@in_place_of(operator.gt)
def gt(a: Any, b: Any) -> Any:
    return a > b


@in_place_of(operator.ge)
def ge(a: Any, b: Any) -> Any:
    return a >= b


@in_place_of(operator.eq)
def eq(a: Any, b: Any) -> Any:
    return a == b


@in_place_of(operator.ne)
def ne(a: Any, b: Any) -> Any:
    return a != b


@in_place_of(operator.getitem)
def getitem(a: Any, k: Any) -> Any:
    return a[k]


@in_place_of(operator.contains)
def contains(a: Any, b: Any) -> Any:
    return b in a


# -- itertools


@in_place_of(itertools.accumulate)
def accumulate(iterable: Any, func: Any = None, *, initial: Any = None) -> Any:
    found = []
    total = initial
    if initial is None:
        total = iterable[0] if len(iterable) > 0 else 0
    else:
        found.append(total)
    for k, item in enumerate(iterable):
        if k > 0 or initial is not None:
            total = total + item if func is None else func(total, item)
        found.append(total)
    return found


@in_place_of(itertools.chain)
def chain(*iterables: Any) -> Any:
    found = []
    for iterable in iterables:
        for item in iterable:
            found.append(item)
    return found


@in_place_of(itertools.takewhile)
def takewhile(predicate: Any, iterable: Any) -> Any:
    found = []
    for item in iterable:
        if not predicate(item):
            break
        found.append(item)
    return found


@in_place_of(itertools.compress)
def compress(data: Any, selectors: Any) -> Any:
    return [item for item, kept in zip(data, selectors, strict=False) if kept]


@in_place_of(filter)
def filter_(function: Any, iterable: Any) -> Any:
    if function is None:
        return [item for item in iterable if item]
    return [item for item in iterable if function(item)]


@in_place_of(itertools.filterfalse)
def filterfalse(function: Any, iterable: Any) -> Any:
    if function is None:
        return [item for item in iterable if not item]
    return [item for item in iterable if not function(item)]


# -- items of iterators, each computed when it is asked for


def of_product(parts: Any, k: Any) -> Any:
    found: Any = ()
    for part in reversed(parts):
        found = (part[k % len(part)], *found)
        k = k // len(part)
    return found


def of_pool(pool: Any, width: Any, row: Any) -> Any:
    return tuple([pool[row[j]] for j in range(width)])


def of_pair(items: Any, k: Any) -> Any:
    return items[k], items[k + 1]


def of_cycle(items: Any, k: Any) -> Any:
    return items[k % len(items)]


def of_slice(items: Any, k: Any) -> Any:
    return items[k]


def of_repeat(value: Any, k: Any) -> Any:
    return value


def of_longest(parts: Any, fill: Any, k: Any) -> Any:
    found: Any = ()
    for part in parts:
        found = (*found, part[k] if k < len(part) else fill)
    return found


def of_star(function: Any, given: Any) -> Any:
    return function(*given)


# -- the places of combinations and permutations, one in a row


def combined(n: Any, r: Any, count: Any) -> Any:
    rows = np.empty((count, r), np.int64)
    at = np.arange(r)
    for k in range(count):
        rows[k] = at
        j = r - 1
        while j >= 0 and at[j] == n - r + j:
            j -= 1
        if j >= 0:
            at[j] += 1
            for i in range(j + 1, r):
                at[i] = at[i - 1] + 1
    return rows


def repeated(n: Any, r: Any, count: Any) -> Any:
    rows = np.empty((count, r), np.int64)
    at = np.zeros(r, np.int64)
    for k in range(count):
        rows[k] = at
        j = r - 1
        while j >= 0 and at[j] == n - 1:
            j -= 1
        if j >= 0:
            at[j:] = at[j] + 1
    return rows


def permuted(n: Any, r: Any, count: Any) -> Any:
    rows = np.empty((count, r), np.int64)
    for k in range(count):
        left = np.arange(n)
        rest, size = k, count
        for j in range(r):
            size = size // (n - j)
            at = rest // size
            rest = rest % size
            rows[k, j] = left[at]
            for i in range(at, n - j - 1):
                left[i] = left[i + 1]
    return rows
