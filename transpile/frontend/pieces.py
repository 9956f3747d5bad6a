"""The items of a list, taken apart: their form, and the parts in it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from transpile.frontend.values import EITHER, MUTABLE, Static, Structure, Value


class Hole:
    """Where a part is in the form of an item."""


HOLE = Static(Hole())


def parts(value: Value) -> Iterator[Value]:
    """The parts of an item."""
    match value:
        case Structure(kind="tuple" | "dict" | "dataclass", items=items):
            for one in items:
                yield from parts(one)
        case Static(value=str() | None):
            return
        case _:
            yield value


def form_of(value: Value) -> Value:
    """What the item is but for its parts."""
    match value:
        case Structure(kind="tuple" | "dict" | "dataclass", items=items):
            return replace(value, items=tuple(map(form_of, items)), cell=None)
        case Static(value=str() | None):
            return value
    return HOLE


def item_with(form: Value, given: Iterator[Value]) -> Value:
    """The item of this form that has these parts; which one it is in Python is not known."""
    match form:
        case Structure(items=items):
            cell = EITHER if form.kind in MUTABLE else None
            return replace(form, items=tuple(item_with(one, given) for one in items), cell=cell)
        case Static(value=Hole()):
            return next(given)
    return form
