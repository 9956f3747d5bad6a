"""`copy.copy` and `copy.deepcopy` of arrays, lists, dicts and objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from transpile.frontend import cells, letters, listed, objects, records
from transpile.frontend.context import Context
from transpile.frontend.library import numpy_calls
from transpile.frontend.operands import described
from transpile.frontend.values import (
    CALLERS,
    EITHER,
    Array,
    Generator,
    Letters,
    Listed,
    Records,
    Structure,
    Value,
)  # fmt: skip


def call(ctx: Context, name: str, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    if len(args) != 1 or named:
        ctx.fail(f"{name} takes one argument here", f"write copy.{name}(x)")
    if isinstance(args[0], Generator):
        ctx.fail(f"a copy of {described(args[0])}", "pass one for each")
    return deep(ctx, args[0], {}) if name == "deepcopy" else shallow(ctx, args[0])


def shallow(ctx: Context, value: Value) -> Value:
    """Another of the same items."""
    match value:
        case Letters(kind="bytearray"):
            return letters.made(ctx, "bytearray", value)
        case Array():
            return numpy_calls.method(ctx, value, "copy", (), {})
        case Structure() if objects.written(value, "__copy__"):
            return objects.call(ctx, value, "__copy__", ())
        case Structure() if cells.is_mutable(value):
            return replace(value, cell=None)
        case Listed():
            return listed.method(ctx, value, "copy", [], {})
        case Records():
            return records.method(ctx, value, "copy", [], {})
    return value


def deep(ctx: Context, value: Value, done: dict[Any, Value]) -> Value:
    """Another of copies of the items; what is the same one twice is copied once."""
    match value:
        case Letters():
            return shallow(ctx, value)
        case Array(base=base, path=path):
            if (base, path) not in done:
                done[base, path] = numpy_calls.method(ctx, value, "copy", (), {})
            return done[base, path]
        case Structure(cell=str() as cell) if cell in done:
            return done[cell]
        case Structure() if objects.written(value, "__deepcopy__"):
            return objects.call(ctx, value, "__deepcopy__", (Structure("dict", ()),))
        case Structure(cell=cell):
            made = replace(cells.over_parts(value, lambda part: deep(ctx, part, done)), cell=None)
            made = cells.owned(ctx, made)
            if cells.is_mutable(value) and cell not in (None, CALLERS, EITHER):
                done[cell] = made
            return made
        case Listed() | Records():
            whole = (value,) if isinstance(value, Listed) else records.columns(value)
            if not all(map(listed.is_plain, whole)):
                ctx.fail("a deep copy of a list of lists", "copy its items, [a.copy() for a in x]")
            return shallow(ctx, value)
    return value
