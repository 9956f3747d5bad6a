"""Dicts whose keys only the running program knows, as they are read: see `python_hashed`."""

from __future__ import annotations

import collections
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from transpile.frontend.library.python_hashed import (
    Frozen,
    Set,
    Table,
    is_table,
    no_keys,
    no_places,
    no_values,
)
from transpile.frontend.values import Structure, Value, View, Zip


def view(owner: Any, name: str) -> Any:
    """`owner.keys()` and its like: read by `calls`."""


@dataclass
class Dict(Table):
    """What a dict is read as."""

    _values: Any
    _missing: Any

    def __getitem__(self, key: Any) -> Any:
        k = self._place(key)
        if self._missing is None:
            if k < 0:
                raise KeyError("the key is not in the dict")
        elif k < 0:
            k = len(self._items)
            self._values.append(self._missing())
            self._add(key)
        return self._values[k]

    def __setitem__(self, key: Any, value: Any) -> Any:
        k = self._place(key)
        if k < 0:
            self._values.append(value)
            self._add(key)
        else:
            self._values[k] = value

    def __delitem__(self, key: Any) -> Any:
        k = self._place(key)
        if k < 0:
            raise KeyError("the key is not in the dict")
        self._drop(k)

    def _drop(self, k: Any) -> Any:
        """Take out key number k; those that came later move up."""
        self._unlink(k)
        if k + 1 < len(self._items):
            for j in range(len(self._nexts)):
                if self._nexts[j] > k:
                    self._nexts[j] -= 1
            for j in range(len(self._heads)):
                if self._heads[j] > k:
                    self._heads[j] -= 1
        self._items.pop(k)
        self._codes.pop(k)
        self._nexts.pop(k)
        self._merge()
        return self._values.pop(k)

    def get(self, key: Any, default: Any = None) -> Any:
        k = self._place(key)
        return self._values[k] if k >= 0 else default

    def setdefault(self, key: Any, default: Any = None) -> Any:
        k = self._place(key)
        if k < 0:
            k = len(self._items)
            self._values.append(default)
            self._add(key)
        return self._values[k]

    def pop(self, key: Any, *default: Any) -> Any:
        k = self._place(key)
        if len(default) == 0:
            if k < 0:
                raise KeyError("the key is not in the dict")
            return self._drop(k)
        return self._drop(k) if k >= 0 else default[0]

    def popitem(self) -> Any:
        if len(self._items) == 0:
            raise KeyError("popitem(): dictionary is empty")
        k = len(self._items) - 1
        key = self._items[k]
        return key, self._drop(k)

    def keys(self) -> Any:
        return view(self, "keys")

    def values(self) -> Any:
        return view(self, "values")

    def items(self) -> Any:
        return view(self, "items")

    def clear(self) -> Any:
        self._empty()
        self._values.clear()

    def copy(self) -> Any:
        made = Dict(no_keys(), no_places(), no_places(), no_places(), 1, no_values(), self._missing)
        made.update(self)
        return made

    def __copy__(self) -> Any:
        return self.copy()

    def update(self, *others: Any) -> Any:
        for other in others:
            for key, value in other.items() if isinstance(other, dict) else other:
                self[key] = value

    def __or__(self, other: Any) -> Any:
        made = self.copy()
        made.update(other)
        return made

    def __ior__(self, other: Any) -> Any:
        self.update(other)
        return self

    def __eq__(self, other: Any) -> Any:
        if not isinstance(other, dict):
            return False
        if len(self) != len(other):
            return False
        for key, value in other.items():
            k = self._place(key)
            if k < 0 or self._values[k] != value:
                return False
        return True


def dict_of(pairs: Any = ()) -> Any:
    made = Dict(no_keys(), no_places(), no_places(), no_places(), 1, no_values(), None)
    made.update(pairs)
    return made


def dict_with(keys: Any, values: Any) -> Any:
    made = Dict(no_keys(), no_places(), no_places(), no_places(), 1, no_values(), None)
    for key, value in zip(keys, values, strict=False):
        made[key] = value
    return made


@dataclass(eq=False)
class Keys(Table):
    """A dict whose values are None."""


def fromkeys(keys: Any, value: Any = None) -> Any:
    if value is None:
        made = Keys(no_keys(), no_places(), no_places(), no_places(), 1)
        for key in keys:
            if made._place(key) < 0:
                made._add(key)
        return made
    return dict_of([(key, value) for key in keys])


def defaultdict(missing: Any = None, pairs: Any = ()) -> Any:
    made = Dict(no_keys(), no_places(), no_places(), no_places(), 1, no_values(), missing)
    made.update(pairs)
    return made


@dataclass(eq=False)
class Counter(Dict):
    """What a Counter is read as."""

    def __getitem__(self, key: Any) -> Any:
        k = self._place(key)
        return self._values[k] if k >= 0 else 0

    def copy(self) -> Any:
        return counter(self)

    def update(self, *others: Any) -> Any:
        for other in others:
            if isinstance(other, dict):
                for key, value in other.items():
                    self[key] += value
            else:
                for key in other:
                    self[key] += 1

    def subtract(self, other: Any) -> Any:
        if isinstance(other, dict):
            for key, value in other.items():
                self[key] -= value
        else:
            for key in other:
                self[key] -= 1

    def total(self) -> Any:
        return sum(self._values)

    def most_common(self, n: Any = None) -> Any:
        found = sorted(self.items(), key=lambda pair: pair[1], reverse=True)
        return found if n is None else found[: max(n, 0)]


def counter(values: Any = ()) -> Any:
    made = Counter(no_keys(), no_places(), no_places(), no_places(), 1, no_values(), None)
    made.update(values)
    return made


SAMPLES: dict[Any, Callable[[], Any]] = {  # what each class stands for
    Set: set,
    Frozen: frozenset,
    Dict: dict,
    Keys: dict,
    Counter: collections.Counter,
}


def opened(value: Value) -> Value:
    """What is gone over where a dict is, or a view of one; another value as it is."""
    match value:
        case Structure(cls=cls, items=(keys, *_)) if cls in (Dict, Counter, Keys):
            return keys
        case View(owner=Structure(items=(keys, *_, values, _)) as owner, name=name):
            if not is_table(owner):
                return value
            return {"keys": keys, "values": values, "items": Zip((keys, values))}[name]
    return value
