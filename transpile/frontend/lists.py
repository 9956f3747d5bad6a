"""Lists in loops: which list a name holds, and lists that grow, whose items are in an array."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import gast
from msgspec import Struct
from msgspec.structs import replace

from transpile.frontend import cells, forms, views
from transpile.frontend.carried import Plan
from transpile.frontend.context import Context, State, Traits
from transpile.frontend.forms import same_form
from transpile.frontend.library import numpy_args
from transpile.frontend.operands import described
from transpile.frontend.outside import Outside
from transpile.frontend.values import (
    Array,
    Indexed,
    Listed,
    Ref,
    Site,
    Structure,
    Value,
    is_cell,
)  # fmt: skip
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import shape
from transpile.sym.types import Kind, Type, promote


class Loop(Protocol):
    """What is asked of a `carry.Loop`."""

    ctx: Context
    node: Any
    plan: Plan
    before: State
    since: int
    outer: Builder

    def carry_name(self, name: str, value: Value) -> None: ...


class Branch(Protocol):
    """What is asked of a `join.Branch`."""

    ctx: Context
    since: int

    def within(self, way: int) -> AbstractContextManager[None]: ...


def opens(loop: Loop, name: str, before: Value | None, end: Value) -> bool:
    """Is the name bound to other lists in a round, so that it is carried by value from now?"""
    refs = set(cells.references(end))
    mine = set() if before is None else set(cells.references(forms.plain(before)))
    if name in loop.plan.opened or refs == mine:
        return False
    loop.plan.opened[name] = None
    loop.plan.frozen.update(dict.fromkeys((refs | mine) & loop.before.names.keys()))
    if before is None:
        loop.plan.names.pop(name, None)
        return True
    value = by_value(loop.ctx, loop.before.names, name)
    loop.before.names[name] = value
    loop.carry_name(name, value)
    return True


def by_value(ctx: Context, names: dict[str, Value], name: str) -> Value:
    return cells.opened(ctx, names, names[name])


def open_all(loop: Loop) -> None:
    """Put what is in them in place of the lists that are carried by value."""
    names = loop.ctx.frame.names
    for name in loop.plan.opened:
        names[name] = by_value(loop.ctx, names, name)


def grows(loop: Loop, name: str, label: str, form: Value, end: Value) -> bool:
    """Is the list of another length after a round, so that it is carried in an array from now?

    Refuses what is another kind of value.
    """
    if same_form(form, end):
        return False
    if isinstance(loop.node, gast.For) and widens(loop, name, end):
        return True
    fixed = isinstance(end, Listed) and end.fixed
    if not is_cell(name) and not (fixed and isinstance(loop.before.names[name], Structure)):
        loop.ctx.unknown(
            f"{label} is {described(form)} before this loop and {described(end)} after a round "
            "of it",
            "use another name for each",
            loop.node,
        )
    ctx, before = loop.ctx, loop.before.names[name]
    if isinstance(before, Listed) and isinstance(end, Listed) and before.tuples == end.tuples:
        return mixed(loop, name, before, end)
    inner, outer = ctx.build, loop.outer
    item = item_of(ctx, end) or item_of(ctx, before) if isinstance(before, Structure) else None
    site = ctx.shared.made.get(name)
    if item is not None:
        item = same_outside(ctx, item, outer, loop.since) or loose(ctx, before, item, site)
    if item is None or not fits(ctx, before, item):
        ctx.unknown(
            "a list or dict has other items after a round of this loop than before it",
            "append numbers or arrays of one shape, or make an array that is large enough",
            loop.node,
        )
    item = known(ctx.shared.sites.get(site, Traits()), item)
    ctx.build = outer
    try:
        made = replace(in_array(ctx, before, item), site=site)
    finally:
        ctx.build = inner
    if isinstance(end, Listed):
        made = replace(made, fixed=end.fixed, site=end.site or site)
    loop.before.names[name] = made
    loop.before.bases[made.array.base] = ctx.bases[made.array.base]
    loop.carry_name(name, made)
    return True


def same_outside(ctx: Context, item: Item, outer: Builder, since: int) -> Item | None:
    """The item with its lengths computed before the loop; None where they differ in each round."""
    found = [Outside(ctx, outer, since).known(dim) for dim in item.type.dims]
    dims = tuple(dim for dim in found if dim is not None)
    return replace(item, type=item.type.having(dims=dims)) if len(dims) == len(found) else None


def loose(ctx: Context, before: Value, item: Item, site: Site | None) -> Item | None:
    """Lists of a length that the first of them tells: none has any items yet."""
    if item.levels != 1 or item.type.ndim != 1 or site is None or item_of(ctx, before) is not None:
        return None
    ctx.shared.sites[site] = replace(ctx.shared.sites.get(site, Traits()), loose=True)
    return replace(item, type=item.type.having(dims=(Affine((), 0),)))


def known(traits: Traits, item: Item) -> Item:
    """What the items are, with what is known of where their list was made."""
    if item.kind == "array":
        return item
    type = item.type.having(dtype=traits.dtype or item.type.dtype)
    return replace(item, type=type, kind=traits.kind or item.kind, both=traits.both or item.both)


def mixed(loop: Loop, name: str, before: Listed, end: Listed) -> bool:
    """The list before the loop as one of numbers of both kinds, Python's and NumPy's."""
    found = replace(before, kind="numpy", both=before.both or "kinds")
    loop.before.names[name] = found
    loop.carry_name(name, found)
    return True


def widens(loop: Loop, name: str, end: Value) -> bool:
    """Is a number an array after a round, as where `total = total + x`? It is one from the start,
    in a loop that then has to have a round."""
    ctx, before = loop.ctx, loop.before.names[name]
    if not (isinstance(before, Var | Const) and isinstance(end, Array)):
        return False
    type = views.type_of(ctx, end)
    kept = promote([before.type, type]) == type.dtype
    if not (kept and is_outside(Item(type, "array"), loop.since)):
        return False
    inner, outer = ctx.build, ctx.build.parent
    assert outer is not None
    ctx.build = outer
    try:
        number = outer.convert(before, type.dtype, "array")
        made = ctx.made(outer.apply(shape.COPY, outer.broadcast_to(number, type.dims)))
    finally:
        ctx.build = inner
    assert isinstance(made, Array)
    loop.before.names[name] = made
    loop.before.bases[made.base] = ctx.bases[made.base]
    loop.carry_name(name, made)
    loop.plan.widened.append(name)
    return True


def both_in_arrays(branch: Branch, a: Value, b: Value) -> tuple[Value, Value]:
    """The lists of two ways, of other lengths, in arrays where their items are alike."""
    found: list[Item | None] = []
    for k, value in enumerate((a, b)):
        with branch.within(k):
            found.append(item_of(branch.ctx, value))
    item = united(found)
    if item is None or not is_outside(item, branch.since):
        return a, b
    sides: list[Value] = []
    for k, value in enumerate((a, b)):
        with branch.within(k):
            if not fits(branch.ctx, value, item):
                return a, b
            if isinstance(value, Listed):
                sides.append(replace(value, kind=item.kind, both=item.both))
            else:
                sides.append(in_array(branch.ctx, value, item))
    return sides[0], sides[1]


class Item(Struct, frozen=True):
    """What the items of a list are alike in; see `Listed`."""

    type: Type
    kind: Kind
    tuples: str = ""
    both: str = ""
    levels: int = 0


def item_of(ctx: Context, value: Value) -> Item | None:
    """What the items are; None where they are not alike."""
    if isinstance(value, Listed):
        return Item(item_type(ctx, value), value.kind, value.tuples, value.both, value.levels)
    if not isinstance(value, Structure) or value.kind != "list":
        return None
    found = [of_one(ctx, one) for one in value.items]
    return None if None in found else united(found)


def united(items: Sequence[Item | None]) -> Item | None:
    """What these are alike in; None where they are not alike."""
    known = [one for one in items if one is not None]
    first = known[0] if known else None
    if first is None:
        return None
    dtype = promote([one.type.having(kind="array") for one in known])
    if first.kind != "array":  # numbers of several types are of one that has them all
        known = [replace(one, type=one.type.having(dtype=dtype)) for one in known]
    if not all(alike(one, known[0]) for one in known):
        return None
    kinds = {one.kind for one in known}
    kind: Kind = "numpy" if "numpy" in kinds else first.kind
    dtypes = {one.type.dtype for one in items if one is not None}
    said = {one.both for one in known}
    both = "dtypes" if len(dtypes) > 1 or "dtypes" in said else "kinds" if len(kinds) > 1 else ""
    return replace(known[0], kind=kind, both=both or max(said))


def fits(ctx: Context, value: Value, item: Item) -> bool:
    """Is it a list of such items, or of none?"""
    mine = item_of(ctx, value)
    if mine is None:
        return isinstance(value, Structure) and value.kind == "list" and not value.items
    found = united([mine, item])
    return found is not None and found.type.dtype == item.type.dtype


def of_one(ctx: Context, value: Value) -> Item | None:
    match value:
        case Var() | Const():
            return Item(value.type, value.type.kind)
        case Array():
            return Item(settled(ctx, views.type_of(ctx, value)), "array")
        case Ref():
            return of_one(ctx, cells.loaded(ctx, value))
        case Listed() | Structure(kind="list"):
            found = item_of(ctx, value)
            return None if found is None else of_row(ctx, value, found)
        case Structure(kind="tuple" as kind, items=parts, cls=None):
            numbers = [part.type for part in parts if isinstance(part, Var | Const)]
            if len(numbers) == len(parts) > 0 and len({n.dtype for n in numbers}) == 1:
                type = Type(numbers[0].dtype, (Affine((), len(parts)),), "array")
                kinds = {n.kind for n in numbers}
                common: Kind = "python" if kinds == {"python"} else "numpy"
                return Item(type, common, kind, "kinds" if len(kinds) > 1 else "")
    return None


def of_row(ctx: Context, row: Listed | Structure, item: Item) -> Item:
    """What a list of such items is as an item itself."""
    if isinstance(row, Listed):
        first = settled(ctx, views.type_of(ctx, row.array)).dims[0]
    else:
        first = Affine((), len(row.items))
    type = Type(item.type.dtype, (first, *item.type.dims), "array")
    return replace(item, type=type, levels=item.levels + 1)


def alike(a: Item, b: Item) -> bool:
    mine, theirs = ((one.type.dtype, one.type.dims, one.tuples, one.levels) for one in (a, b))
    return mine == theirs


def is_outside(item: Item, since: int) -> bool:
    return all(symbol.serial <= since for dim in item.type.dims for symbol in dim.symbols())


def settled(ctx: Context, type: Type) -> Type:
    """The type with lengths that are known to be equal here being one."""
    return type.having(dims=tuple(map(ctx.build.settled, type.dims)))


def item_type(ctx: Context, value: Listed) -> Type:
    type = settled(ctx, views.type_of(ctx, value.array))
    return Type(type.dtype, type.dims[1:], "array" if value.tuples or value.levels else value.kind)


def in_array(ctx: Context, before: Value, item: Item) -> Listed:
    """The list with its items in an array."""
    assert isinstance(before, Structure)
    given = [cells.loaded(ctx, part) for part in before.items]
    dims = (constant(len(given)), *map(ctx.build.extent, item.type.dims))
    made = ctx.made(ctx.build.apply(shape.EMPTY, *dims, dtype=item.type.dtype))
    assert isinstance(made, Array)
    for k, value in enumerate(given):
        put(ctx, made, constant(k), value)
    return Listed(made, item.kind, item.tuples, item.both, levels=item.levels)


def put(ctx: Context, array: Array, at: Atom, value: Value) -> None:
    """Write an item into the array of a list. It is the same object in Python: what is written
    into it later would be seen in the list, so nothing is."""
    keep(ctx, value)
    store(ctx, array, at, value)


def store(ctx: Context, array: Array, at: Atom, value: Value) -> None:
    """Write an item into the array of a list."""
    content = value.array if isinstance(value, Listed) else value
    view = views.stepped(ctx, array, Indexed(("i",), (at,)))
    views.write(ctx, view, numpy_args.operand(ctx, content))


def keep(ctx: Context, value: Value) -> bool:
    """Something else holds the value from now on: it is not to change. Does anything else?"""
    array = value.array if isinstance(value, Listed) and value.fixed else value
    kept = isinstance(array, Array) and (bool(array.path) or forms.references(ctx, array.base, ""))
    if kept and isinstance(array, Array):
        ctx.frozen[array.base] = ctx.appended[array.base] = ctx.build.span
    for cell in cells.references(value):
        ctx.frozen[cell] = ctx.build.span
        kept = kept or cells.is_named(ctx, cell)
    return kept


def check_kept(loop: Loop) -> None:
    """Refuse to change in a later round what a list got in this one."""
    for base in loop.ctx.appended:
        before = loop.before.bases.get(base)
        if before is not None and loop.ctx.bases[base] is not before and base in loop.plan.bases:
            loop.ctx.fail(
                f"{base.name or 'an array'} is appended to a list, and changes in the same loop",
                "append a copy, x.copy()",
                loop.node,
            )
