"""What stands in brackets: items of structures, and the views and elements of arrays."""

from __future__ import annotations

from typing import Any

import gast
import numpy as np
from msgspec.structs import replace

from transpile.frontend import (
    calls,
    captures,
    cells,
    hashed,
    indices,
    iterables,
    letters,
    listed,
    lists,
    objects,
    operands,
    records,
    structures,
    tables,
    unread,
    views,
)
from transpile.frontend.context import Context
from transpile.frontend.indices import Part
from transpile.frontend.library import numpy_args, numpy_brackets  # fmt: skip
from transpile.frontend.library.python_deque import is_deque, opened
from transpile.frontend.operands import described
from transpile.frontend.values import (
    NONE,
    Array,
    Indexed,
    Letters,
    Listed,
    Range,
    Records,
    Static,
    Structure,
    Value,
)  # fmt: skip
from transpile.sym.ir import Const, Var, constant
from transpile.sym.ops import shape


def subscript(ctx: Context, owner: Value, index: Any) -> Value:
    if is_deque(owner) and isinstance(index, gast.Slice):
        ctx.fail("a slice of a deque", "write list(q)[...]")
    owner = opened(owner)
    match owner:
        case Structure(kind="tuple" | "list" | "dict") | Static(value=str()):
            at = key(ctx, index)
            return item_at(ctx, cells.again(ctx, owner), at)
        case Letters():
            return letters.subscript(ctx, owner, key(ctx, index))
        case Structure() if objects.written(owner, "__getitem__"):
            at = key(ctx, index)
            return objects.call(ctx, cells.again(ctx, owner), "__getitem__", (at,))
        case Static(value=maker) if maker is np.s_ or maker is np.index_exp:
            return index_object(ctx, index, maker is np.index_exp)
        case Static(value=maker) if any(maker is one for one in numpy_brackets.MAKERS):
            found = index_object(ctx, index, True)
            listed = isinstance(index, gast.Tuple)
            return numpy_brackets.bracketed(ctx, maker, found.items, listed)
        case Array():
            return of_array(ctx, owner, index, parts_of(ctx, index))
        case Var() | Const() if owner.type.kind == "numpy":
            parts = parts_of(ctx, index)
            if all(item in ("new", "...") for item, _ in parts):
                return of_array(ctx, numpy_args.array_of(ctx, owner), index, parts)
        case Listed() | Records():
            with unread.noting(ctx):
                return of_list(ctx, owner, index)
        case Range():
            at = operands.integer(ctx, ctx.hooks.evaluate(ctx, index))
            return calls.item(ctx, owner, at)
    error = ""
    if isinstance(owner, Var | Const):
        error = "TypeError" if owner.type.kind == "python" else "IndexError"
    help = "index an array, list, tuple or dict"
    ctx.impossible(error, f"{described(owner)} cannot be indexed", help)


def index_object(ctx: Context, index: Any, always: bool) -> Any:
    """`np.s_[...]`: what stands in the brackets."""
    listed = isinstance(index, gast.Tuple)
    nodes = index.elts if listed else [index]
    parts = [
        slice_of(ctx, n) if isinstance(n, gast.Slice) else ctx.hooks.evaluate(ctx, n) for n in nodes
    ]
    return Structure("tuple", tuple(parts)) if listed or always else parts[0]


def of_array(ctx: Context, owner: Array, index: Any, parts: list[Part]) -> Value:
    """A view of an array, a copy of what lies scattered, or the number that stands there."""
    with unread.noting(ctx):
        found = selected(ctx, owner, index, parts)
    if isinstance(found, Array) and found.base is owner.base:
        unread.looked_at(ctx, found)
    return found


def selected(ctx: Context, owner: Array, index: Any, parts: list[Part]) -> Value:
    view = views.stepped(ctx, owner, indices.indexed(ctx, views.type_of(ctx, owner).dims, parts))
    if indices.is_flat(view) and views.type_of(ctx, view).dims:
        return ctx.made(ctx.build.apply(shape.COPY, views.read(ctx, view)))
    if indices.is_gather(view):
        return ctx.made(views.read(ctx, view))
    if "..." in (item for item, _ in parts) and not views.type_of(ctx, view).dims:
        return views.of_no_axis(view)
    if isinstance(index, gast.Tuple) and not (index.elts or views.type_of(ctx, view).dims):
        held = views.read(ctx, view)
        return ctx.build.convert(held, held.type.dtype, "numpy")
    return element(ctx, view)


def of_list(ctx: Context, owner: Listed | Records, index: Any) -> Value:
    """An item or a slice of a list whose length is not known."""
    if isinstance(index, gast.Slice):

        def part(owner: Listed) -> Listed:
            view = views.stepped(ctx, owner.array, indexed(ctx, owner.array, index))
            return listed.part_of(ctx, owner, view)

        return records.copied(ctx, owner, part) if isinstance(owner, Records) else part(owner)
    at = operands.integer(ctx, ctx.hooks.evaluate(ctx, index), "the index of a list")
    return calls.item(ctx, owner, at)


def element(ctx: Context, view: Array) -> Value:
    """A view; where it is one element, the number that stands there now."""
    type = views.type_of(ctx, view)
    last = view.path[-1] if view.path else None
    if type.dims or (isinstance(last, Indexed) and "i" not in last.index):
        return view
    return views.read(ctx, view)


def key(ctx: Context, index: Any) -> Value:
    """What stands in the brackets of a structure."""
    return slice_of(ctx, index) if isinstance(index, gast.Slice) else ctx.hooks.evaluate(ctx, index)


def found(ctx: Context, owner: Value, at: Value) -> Value:
    """`owner[at]` of what is no array."""
    if objects.written(owner, "__getitem__"):
        return objects.call(ctx, owner, "__getitem__", (at,))
    return item_at(ctx, owner, at)


def item_at(ctx: Context, owner: Value, at: Value) -> Value:
    """An item or a slice of a tuple, list, dict or text."""
    if isinstance(owner, Letters):
        return letters.subscript(ctx, owner, at)
    if isinstance(owner, Static) and not is_known(at):
        return letters.subscript(ctx, captures.letters(ctx, "text", owner.value), at)
    if isinstance(owner, Static):
        known = Structure("tuple", tuple(map(Static, owner.value)))
        found = item_at(ctx, known, at)
        if isinstance(found, Structure):
            return Static("".join(str(one.value) for one in found.items if isinstance(one, Static)))
        return found
    owner = records.indexed(ctx, tables.opened(ctx, owner, at), at)
    if isinstance(owner, Listed | Records):
        return calls.item(ctx, owner, operands.integer(ctx, at, "the index of a list"))
    assert isinstance(owner, Structure)
    kind, items = owner.kind, owner.items
    if kind == "dict":
        found = hashed.key_of(ctx, owner, at)
        if found not in owner.keys:
            ctx.impossible("KeyError", f"the dict has {', '.join(map(repr, owner.keys))} only")
        return items[owner.keys.index(found)]
    if isinstance(at, Structure) and at.kind == "slice":
        return Structure(kind, items[structures.known_slice(ctx, at)])
    if ctx.shared.by_place and isinstance(at, Var):
        item = lists.item_of(ctx, replace(owner, kind="list"))
        if item is not None and not item.both:
            return calls.item(ctx, lists.in_array(ctx, owner, item), operands.integer(ctx, at))
    place = structures.known_index(ctx, at, kind)
    if kind == "list" and ctx.loops and items and not -len(items) <= place < len(items):
        ctx.check(constant(False), "IndexError", "list index out of range")
        return items[0]
    if not -len(items) <= place < len(items):
        message = f"index {place} is out of range of a {kind} of {len(items)}"
        ctx.impossible("IndexError", message)
    return items[place]


def is_known(at: Value) -> bool:
    """Are the numbers of an index known now?"""
    parts = at.items if isinstance(at, Structure) else (at,)
    return not any(isinstance(part, Var) for part in parts)


def indexed(ctx: Context, owner: Array, node: Any) -> Indexed:
    """The index of an array, `...` written out, arrays of integers broadcast."""
    return indices.indexed(ctx, views.type_of(ctx, owner).dims, parts_of(ctx, node))


def parts_of(ctx: Context, node: Any) -> list[Part]:
    """What stands between the commas of an index."""
    nodes = list(node.elts) if isinstance(node, gast.Tuple) else [node]
    parts: list[Part] = []
    for one in nodes:
        if isinstance(one, gast.Slice):
            parts.append(indices.part(ctx, slice_of(ctx, one)))
            continue
        if isinstance(one, gast.Starred):
            found = ctx.hooks.evaluate(ctx, one.value)
            parts += [part_of(ctx, item, one) for item in iterables.items(ctx, found)]
            continue
        value = ctx.hooks.evaluate(ctx, one)
        if one is node and isinstance(value, Structure) and value.kind == "tuple":
            parts += [part_of(ctx, item, one) for item in value.items]
        else:
            parts.append(part_of(ctx, value, one))
    return parts


def slice_of(ctx: Context, node: Any) -> Structure:
    """`slice(start, stop, step)` from what stands between colons."""
    bounds = (node.lower, node.upper, node.step)
    found = tuple(NONE if b is None else ctx.hooks.evaluate(ctx, b) for b in bounds)
    return Structure("slice", found, ("start", "stop", "step"), slice)


def part_of(ctx: Context, value: Value, node: Any) -> Part:
    with ctx.at(node):
        if isinstance(value, Structure) and value.kind == "list":
            value = numpy_args.as_index(ctx, value)
        return indices.part(ctx, value)
