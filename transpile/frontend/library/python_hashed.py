"""Sets and dicts whose keys only the running program knows, as they are read: hash tables in lists.

The keys stand in the order in which they came, what belongs to each beside it. Key number k begins
or continues a chain: `_heads` has the first of each, `_nexts` who follows. With each key there is
one chain more, into which that part of one other chain moves whose codes say so: Litwin's linear
hashing, of which no step is large.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from transpile.frontend.values import Structure, Value

BITS = 0xFFFFFFFF


def code_of(key: Any) -> Any:
    """A number that equal keys have in common."""
    if isinstance(key, tuple):
        code = 0
        for part in key:
            code = (code * 1000003 + code_of(part)) & BITS
        return code
    if isinstance(key, (bool, int, np.integer, np.bool_)):
        return mixed(int(key))
    if isinstance(key, (float, np.floating)):
        return code_of_float(float(key))
    raise TypeError("unhashable type")


def mixed(code: Any) -> Any:
    code = (code ^ (code >> 32)) & BITS
    code = ((code ^ (code >> 16)) * 73244475) & BITS
    return code ^ (code >> 16)


def code_of_float(x: Any) -> Any:
    if x != x:
        raise ValueError("NaN is no key here: it is not equal to itself")
    if abs(x) < 2.0**53 and x == math.floor(x):
        return mixed(int(x))
    fraction, exponent = np.frexp(min(max(x, -1e308), 1e308))
    return mixed(int(fraction * 2.0**53) ^ (int(exponent) << 40))


def no_keys() -> Any:
    return []


def no_places() -> Any:
    return []


def no_values() -> Any:
    return []


@dataclass
class Table:
    """The keys, the code of each, and the chains."""

    _items: Any
    _codes: Any
    _heads: Any
    _nexts: Any
    _full: Any  # the largest power of two of chains that there are beside the last one

    def _chain(self, code: Any) -> Any:
        chain = code & (2 * self._full - 1)
        return chain if chain < len(self._heads) else chain - self._full

    def _place(self, key: Any) -> Any:
        """Which key it is, -1 where it is none."""
        code = code_of(key)
        if len(self._heads) == 0:
            return -1
        k = self._heads[self._chain(code)]
        while k >= 0 and self._items[k] != key:
            k = self._nexts[k]
        return k

    def _add(self, key: Any) -> Any:
        """Put in a key that is not there yet."""
        k, code = len(self._items), code_of(key)
        self._items.append(key)
        self._codes.append(code)
        self._nexts.append(-1)
        self._heads.append(-1)
        if k > 0:
            if k == 2 * self._full:
                self._full = k
            other = k - self._full
            j = self._heads[other]
            self._heads[other] = -1
            self._link_all(j)
        self._link(k)

    def _link_all(self, k: Any) -> Any:
        """Sort what stood in one chain into those where it belongs."""
        while k >= 0:
            after = self._nexts[k]
            self._link(k)
            k = after

    def _merge(self) -> Any:
        """There is one chain less."""
        k = self._heads.pop()
        if len(self._heads) == self._full and self._full > 1:
            self._full = self._full // 2
        self._link_all(k)

    def _link(self, k: Any) -> Any:
        chain = self._chain(self._codes[k])
        self._nexts[k] = self._heads[chain]
        self._heads[chain] = k

    def _unlink(self, k: Any) -> Any:
        chain = self._chain(self._codes[k])
        j = self._heads[chain]
        if j == k:
            self._heads[chain] = self._nexts[k]
        else:
            while self._nexts[j] != k:
                j = self._nexts[j]
            self._nexts[j] = self._nexts[k]

    def _empty(self) -> Any:
        self._items.clear()
        self._codes.clear()
        self._heads.clear()
        self._nexts.clear()
        self._full = 1

    def __len__(self) -> Any:
        return len(self._items)

    def __contains__(self, key: Any) -> Any:
        return self._place(key) >= 0


def is_table(value: Value) -> TypeGuard[Structure]:
    return isinstance(value, Structure) and value.cls is not None and issubclass(value.cls, Table)


def is_set(value: Value) -> bool:
    return isinstance(value, Structure) and value.cls in (Set, Frozen)


# -- sets


def items_of(values: Any) -> Any:
    """What there is to be gone over, in any order where it is a set."""
    return values._items if hasattr(values, "_items") else values


@dataclass
class Frozen(Table):
    """What a frozenset is read as."""

    def isdisjoint(self, other: Any) -> Any:
        return all(self._place(key) < 0 for key in items_of(other))

    def issuperset(self, other: Any) -> Any:
        return all(self._place(key) >= 0 for key in items_of(other))

    def issubset(self, other: Any) -> Any:
        return set_of(other).issuperset(self)

    def union(self, *others: Any) -> Any:
        made = set_of(self)
        for other in others:
            made.update(other)
        return made

    def intersection(self, *others: Any) -> Any:
        made = set_of(self)
        for other in others:
            made = made & set_of(other)
        return made

    def difference(self, *others: Any) -> Any:
        made = set_of(self)
        for other in others:
            made.difference_update(other)
        return made

    def symmetric_difference(self, other: Any) -> Any:
        return self ^ set_of(other)

    def copy(self) -> Any:
        return set_of(self)

    def __copy__(self) -> Any:
        return set_of(self)

    def __or__(self, other: Any) -> Any:
        made = set_of(self)
        made.update(other)
        return made

    def __and__(self, other: Any) -> Any:
        made = set_of(())
        for key in self._items:
            if other._place(key) >= 0:
                made._add(key)
        return made

    def __sub__(self, other: Any) -> Any:
        made = set_of(())
        for key in self._items:
            if other._place(key) < 0:
                made._add(key)
        return made

    def __xor__(self, other: Any) -> Any:
        made = self - other
        made.update(other - self)
        return made

    def __le__(self, other: Any) -> Any:
        return other.issuperset(self)

    def __lt__(self, other: Any) -> Any:
        return len(self._items) < len(other._items) and other.issuperset(self)

    def __ge__(self, other: Any) -> Any:
        return self.issuperset(other)

    def __gt__(self, other: Any) -> Any:
        return len(self._items) > len(other._items) and self.issuperset(other)

    def __eq__(self, other: Any) -> Any:
        if not hasattr(other, "_items") or isinstance(other, dict):
            return False
        return len(self._items) == len(other._items) and self.issuperset(other)


@dataclass(eq=False)
class Set(Frozen):
    """What a set is read as."""

    def add(self, key: Any) -> Any:
        if self._place(key) < 0:
            self._add(key)

    def _drop(self, k: Any) -> Any:
        """Take out key number k; the last one takes its place."""
        self._unlink(k)
        last = len(self._items) - 1
        if k < last:
            self._unlink(last)
            self._items[k] = self._items[last]
            self._codes[k] = self._codes[last]
            self._link(k)
        self._merge()
        self._items.pop()
        self._codes.pop()
        self._nexts.pop()

    def discard(self, key: Any) -> Any:
        k = self._place(key)
        if k >= 0:
            self._drop(k)

    def remove(self, key: Any) -> Any:
        k = self._place(key)
        if k < 0:
            raise KeyError("the item is not in the set")
        self._drop(k)

    def clear(self) -> Any:
        self._empty()

    def update(self, *others: Any) -> Any:
        for other in others:
            for key in items_of(other):
                self.add(key)

    def difference_update(self, *others: Any) -> Any:
        for other in others:
            for key in items_of(other):
                self.discard(key)

    def __ior__(self, other: Any) -> Any:
        self.update(other)
        return self

    def __isub__(self, other: Any) -> Any:
        self.difference_update(other)
        return self


def set_of(values: Any = ()) -> Any:
    made = Set(no_keys(), no_places(), no_places(), no_places(), 1)
    for key in items_of(values):
        if made._place(key) < 0:
            made._add(key)
    return made


def frozenset_of(values: Any = ()) -> Any:
    made = Frozen(no_keys(), no_places(), no_places(), no_places(), 1)
    for key in items_of(values):
        if made._place(key) < 0:
            made._add(key)
    return made
