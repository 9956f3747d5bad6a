"""A program while it is drawn: its lines, and what each place of it may read and write.

Every size is `n`, or `n` and a little; an index has bounds, `low <= index <= n + high`, so that one
that is written is known to be in range. `n` is 3 at least.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

SMALLEST = 3  # the least that n is


class Cannot(Exception):
    """This production needs what is not there at this place."""


@dataclass(frozen=True)
class Index:
    """An integer expression, `low <= text <= n + high`."""

    text: str
    low: int
    high: int

    def shifted(self, by: int) -> Index:
        sign = "+" if by > 0 else "-"
        text = f"{self.text} {sign} {abs(by)}" if by else self.text
        return Index(text, self.low + by, self.high + by)

    def mirrored(self) -> Index:
        return Index(f"n - 1 - {self.text}", -1 - self.high, -1 - self.low)


@dataclass(frozen=True)
class Array:
    """The name of an array whose axis `k` has `n + extents[k]` elements."""

    name: str
    extents: tuple[int, ...]


VECTOR, MATRIX = (0,), (0, 0)
CONSTANTS = (Index("0", 0, -3), Index("1", 1, -2), Index("2", 2, -1))


@dataclass
class Scope:
    """What can be named at one place."""

    arrays: list[Array] = field(default_factory=list)
    floats: list[str] = field(default_factory=list)
    indices: list[Index] = field(default_factory=list)  # loop indices and other integers
    integers: list[str] = field(default_factory=list)  # arrays of valid indices
    functions: list[str] = field(default_factory=list)  # of one number

    def copy(self) -> Scope:
        return replace(self, **{name: list(value) for name, value in vars(self).items()})


@dataclass(frozen=True)
class Loop:
    """A loop that is being written, "for" or "while", and its index."""

    kind: str
    index: Index | None = None


Production: TypeAlias = Callable[["Draft"], Any]
STATEMENTS: dict[str, Production] = {}
WEIGHTS: dict[str, float] = {}


def statement(label: str, weight: float = 1.0) -> Callable[[Production], Production]:
    """Enter a production of the grammar under its label."""

    def enter(production: Production) -> Production:
        STATEMENTS[label], WEIGHTS[label] = production, weight
        return production

    return enter


class Draft:
    """The program of one seed, statement by statement.

    Each program draws from a part of the grammar only, with some productions more likely: so the
    rare ones meet each other.
    """

    MOST = 18  # lines, about

    def __init__(self, seed: int, statements: Mapping[str, Production] = STATEMENTS) -> None:
        self.pick = random.Random(seed)
        self.head: list[str] = []  # before all others
        self.lines: list[str] = []
        self.depth = 1
        self.labels: Counter[str] = Counter()
        self.loops: list[Loop] = []
        self.scope = Scope()
        self.names = 0
        likely = {label: WEIGHTS[label] for label in statements if self.pick.random() < 0.6}
        for label in self.pick.sample(sorted(statements), 5):
            likely[label] = 4 * WEIGHTS[label]
        self.statements = statements
        self.likely = likely

    # -- lines

    def put(self, line: str, *labels: str) -> None:
        self.lines.append("    " * self.depth + line)
        self.note(*labels)

    def note(self, *labels: str) -> None:
        self.labels.update(labels)

    def new(self, stem: str) -> str:
        self.names += 1
        return f"{stem}{self.names}"

    # -- choices

    def chance(self, likelihood: float) -> bool:
        return self.pick.random() < likelihood

    def one(self, choices: Any) -> Any:
        if not choices:
            raise Cannot
        return self.pick.choice(choices)

    # -- statements

    def statement(self) -> None:
        """Any statement that can stand here."""
        left = dict(self.likely)
        while left:
            label = self.pick.choices(list(left), list(left.values()))[0]
            if self.attempt(label):
                return
            del left[label]
        self.put("pass", "pass")

    def attempt(self, label: str) -> bool:
        kept, scope, labels = len(self.lines), self.scope.copy(), self.labels.copy()
        depth, loops = self.depth, list(self.loops)
        try:
            self.statements[label](self)
        except Cannot:
            del self.lines[kept:]
            self.scope, self.labels, self.depth, self.loops = scope, labels, depth, loops
            return False
        self.note(label)
        return True

    def statements_of_block(self, most: int = 3) -> None:
        for _ in range(self.pick.randint(1, most)):
            if len(self.lines) < self.MOST:
                self.statement()

    @contextmanager
    def block(self, *indices: Index, loop: Loop | None = None) -> Iterator[None]:
        """Lines one deeper; what they bind is not read after them."""
        scope = self.scope
        self.scope = scope.copy()
        self.scope.indices += indices
        self.depth += 1
        if loop is not None:
            self.loops.append(loop)
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.put("pass", "pass")
        if loop is not None:
            self.loops.pop()
        self.depth -= 1
        self.scope = scope
