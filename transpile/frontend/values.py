"""What an expression of the user's can be while it is read: numbers, arrays, structures, code.

Numbers are atoms of the symbolic form. An array is a base, whose content changes as the program
writes into it, and the path of views that leads from the base to the array.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from transpile.frontend.source import Source
from transpile.sym.ir import Atom

_serial = itertools.count()


@dataclass(eq=False)
class Base:
    """Something that is written into: a parameter's array, or one that the program made."""

    name: str
    param: int | None = None
    serial: int = field(default_factory=_serial.__next__, repr=False)


@dataclass(frozen=True)
class Indexed:
    """`[...]`, as `ops.shape` has it."""

    index: tuple[Any, ...]
    at: tuple[Atom, ...] = ()


@dataclass(frozen=True)
class Transposed:
    axes: tuple[int, ...]


@dataclass(frozen=True)
class Reshaped:
    dims: tuple[Atom, ...]


Step: TypeAlias = Indexed | Transposed | Reshaped


@dataclass(frozen=True)
class Array:
    base: Base
    path: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Static:
    """A Python object that is known while the program is built: a module, a function, a text."""

    value: Any


@dataclass(frozen=True)
class Struct:
    """A "tuple", "list", "dict" or "dataclass" (then `cls` is the class) of values."""

    kind: str
    items: tuple[Value, ...]
    keys: tuple[str, ...] = ()
    cls: type | None = None


@dataclass(frozen=True)
class Range:
    start: Atom
    stop: Atom
    step: Atom


@dataclass(frozen=True)
class Zip:
    parts: tuple[Value, ...]


@dataclass(frozen=True)
class Enumerate:
    part: Value
    start: Atom


@dataclass(frozen=True)
class Reversed:
    part: Value


@dataclass(frozen=True)
class Method:
    """`owner.name`, where a call is to follow."""

    owner: Array | Atom
    name: str


@dataclass(frozen=True)
class Closure:
    """A nested `def` or a lambda, with the frame whose variables it reads when it is called."""

    name: str
    node: Any
    frame: Frame
    defaults: Mapping[str, Value]

    def __hash__(self) -> int:
        return id(self.node)


@dataclass(frozen=True)
class Maybe:
    """A variable that not every way here assigns; `assigned` says whether this one did."""

    value: Value
    assigned: Atom


Value: TypeAlias = (
    "Atom | Array | Static | Struct | Range | Zip | Enumerate | Reversed | Method | Closure | Maybe"
)

NONE = Static(None)


@dataclass(eq=False)
class Frame:
    """One function being read: its text and what its names are at this point.

    `live` says for each loop and branch which names are read at its head and after it; `local`
    are the names that the function assigns; `calls` the calls that led here.
    """

    source: Source
    node: Any
    parent: Frame | None
    live: Mapping[Any, Live]
    local: frozenset[str]
    names: dict[str, Value] = field(default_factory=dict)
    calls: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Live:
    head: frozenset[str]
    after: frozenset[str]
