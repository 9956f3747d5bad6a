"""What is known of a loop's carried values while its body is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from msgspec import Struct, field

from transpile.frontend.context import Context, State
from transpile.frontend.values import Array, Base, Value
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Var
from transpile.sym.types import Type


class Carry(Struct):
    """One value that a loop carries: a leaf of a name's value, or the content of a base."""

    name: str
    type: Type
    init: Atom | None  # None: not assigned before
    param: Var
    leaf: bool = False  # is it a leaf of the value of `name`, rather than an array's content?
    room: bool = False  # is it the room for an array whose shape changes?


class Name(Struct):
    """A name whose value changes from round to round."""

    form: Value  # the structure its leaves make up
    types: list[Type] | None  # None: as on entry
    assigned: bool = True  # before the loop, for certain


class Plan(Struct):
    """What is known to be carried so far."""

    names: dict[str, Name] = field(default_factory=dict)
    bases: dict[Base, None] = field(default_factory=dict)
    widened: list[str] = field(default_factory=list)  # arrays that are numbers before the loop
    endless: bool = False  # is there something whose length only running the loop tells?
    pure: bool = False  # names only change places among each other
    opened: dict[str, None] = field(default_factory=dict)  # of several lists: carried by value
    frozen: dict[str, None] = field(default_factory=dict)  # the cells of those
    lost: dict[str, None] = field(default_factory=dict)  # lists of which a round leaves no one form
    places: dict[Base, frozenset[int]] = field(default_factory=dict)  # which slots may hold it
    rooms: dict[tuple[str, int], dict[int, Affine]] = field(default_factory=dict)
    tried: dict[tuple[str, int, int], int] = field(default_factory=dict)  # what a room is
    bounds: dict[tuple[str, int], Affine] = field(default_factory=dict)
    # views that are carried by their integers; None: not this one
    spots: dict[tuple[str, int], Array | None] = field(default_factory=dict)


NOWHERE = Base("")  # stands for a view among the arrays that a loop carries


class Grown(Exception):
    """The plan was too small: read the body again."""


class Looping(Protocol):
    """What is asked of a `carry.Loop`."""

    ctx: Context
    node: Any
    before: State
    plan: Plan
    since: int
    outer: Builder
    assigned: list[str]
    carries: list[Carry]
    heads: dict[str, Value]
    wheres: dict[Base, Var]
    slots: list[Base]
    trips: Atom | None
    watched: dict[Base, None]
    results: dict[tuple[str, int], Sequence[Var]]

    def shrinks(self) -> bool: ...
    def wanted(self, name: str) -> bool: ...
    def carry_name(self, name: str, value: Value) -> None: ...
    def carry(self, name: str, type: Type, init: Atom | None) -> Carry: ...
    def content(self, leaf: Atom | Array) -> Atom: ...
    def leaf_at(self, name: str, k: int) -> Array: ...
