"""`collections.deque` as a list with a greatest length; its methods are read in place of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transpile.frontend.values import Structure, Value


@dataclass
class Deque:
    """What a deque is read as."""

    items: Any
    maxlen: Any

    def append(self, x: Any) -> None:
        self.items.append(x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop(0)

    def appendleft(self, x: Any) -> None:
        self.items.insert(0, x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop()

    def pop(self) -> Any:
        return self.items.pop()

    def popleft(self) -> Any:
        return self.items.pop(0)

    def extend(self, iterable: Any) -> None:
        for x in iterable:
            self.items.append(x)
            if self.maxlen is not None and len(self.items) > self.maxlen:
                self.items.pop(0)

    def extendleft(self, iterable: Any) -> None:
        for x in iterable:
            self.items.insert(0, x)
            if self.maxlen is not None and len(self.items) > self.maxlen:
                self.items.pop()

    def rotate(self, n: Any = 1) -> None:
        count = len(self.items)
        for _ in range(n % count if count > 0 else 0):
            self.items.insert(0, self.items.pop())

    def clear(self) -> None:
        self.items.clear()

    def reverse(self) -> None:
        self.items.reverse()

    def copy(self) -> Any:
        return deque(self.items, self.maxlen)

    def __copy__(self) -> Any:
        return deque(self.items, self.maxlen)


def deque(iterable: Any = (), maxlen: Any = None) -> Any:
    made = Deque([], maxlen)
    for x in iterable:
        made.items.append(x)
        if maxlen is not None and len(made.items) > maxlen:
            made.items.pop(0)
    return made


def is_deque(value: Value) -> bool:
    return isinstance(value, Structure) and value.cls is Deque


def opened(value: Value) -> Value:
    """The list in a deque; another value as it is."""
    return value.items[0] if isinstance(value, Structure) and value.cls is Deque else value
