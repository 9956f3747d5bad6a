"""Lists of tuples, dicts or dataclasses alike, whose length only the running program knows.

The numbers, arrays and lists in the items are their parts. A list of each of these stands in a cell
of its own, and grows, is carried and joined as any list; the items are put together of them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import partial
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from transpile.frontend import cells, listed, lists, operands, tables
from transpile.frontend.context import Context
from transpile.frontend.forms import same_form
from transpile.frontend.pieces import HOLE, form_of, item_with, parts
from transpile.frontend.values import NONE, Listed, Records, Ref, Static, Structure, Value, is_cell
from transpile.sym.ir import Var, constant


class Manner(Struct, frozen=True):
    """What the items of a list are alike in: their form, and each part in what it is."""

    form: Value
    parts: tuple[lists.Item, ...]


def manner_of(ctx: Context, value: Value) -> Manner | None:
    """None where the items are no structures alike, or there are none."""
    if isinstance(value, Records):
        columns = [lists.item_of(ctx, cells.loaded(ctx, column)) for column in value.columns]
        return Manner(value.form, tuple(one for one in columns if one is not None))
    if not (isinstance(value, Structure) and value.kind == "list" and value.items):
        return None
    items = [cells.loaded(ctx, one) for one in value.items]
    form = form_of(items[0])
    if form == HOLE or any(form_of(one) != form for one in items):
        return None
    rows: list[list[lists.Item | None]] = [
        [lists.of_one(ctx, part) for part in parts(one)] for one in items
    ]
    found = list(zip(*rows, strict=True))
    return alike(form, found) if found else None


def alike(form: Value, columns: Sequence[Sequence[lists.Item | None]]) -> Manner | None:
    """What items of this form are, each of whose parts is one of these; None where they differ."""
    united = [None if None in column else lists.united(column) for column in columns]
    found = tuple(one for one in united if one is not None)
    return Manner(form, found) if len(found) == len(columns) else None


def united(manners: Sequence[Manner]) -> Manner | None:
    """What these are alike in; None where they are not alike."""
    if not manners or any(one.form != manners[0].form for one in manners):
        return None
    return alike(manners[0].form, list(zip(*(one.parts for one in manners), strict=True)))


def is_outside(manner: Manner, since: int) -> bool:
    return all(lists.is_outside(part, since) for part in manner.parts)


def fits(ctx: Context, value: Value, manner: Manner) -> bool:
    """Is it a list of such items, or of none?"""
    mine = manner_of(ctx, value)
    if mine is None:
        return isinstance(value, Structure) and value.kind == "list" and not value.items
    pairs = zip(mine.parts, manner.parts, strict=True)
    return mine.form == manner.form and all(lists.alike(a, b) for a, b in pairs)


def columns_of(ctx: Context, value: Structure, manner: Manner) -> list[Listed]:
    """A list of each part of the items."""
    rows = [list(parts(cells.loaded(ctx, one))) for one in value.items]
    found = []
    for k, part in enumerate(manner.parts):
        column = Structure("list", tuple(row[k] for row in rows))
        found.append(lists.in_array(ctx, column, part))
    for one in value.items:
        lists.keep(ctx, one)
    return found


def placed(
    ctx: Context, names: MutableMapping[str, Value], form: Value, columns: Sequence[Value]
) -> Records:
    """The list that has these columns, each in a cell."""
    refs = []
    for column in columns:
        ctx.shared.cells += 1
        refs.append(Ref(f"(cell {ctx.shared.cells})"))
        names[refs[-1].cell] = column
    return Records(form, tuple(refs))


def indexed(ctx: Context, owner: Value, key: Value) -> Value:
    """The list with its items in columns, where only the running program knows which is meant and
    no loop may be written out to tell."""
    running = isinstance(key, Var) and key.type.is_index and not ctx.short
    return opened(ctx, owner) if running and isinstance(owner, Structure) else owner


def opened(ctx: Context, owner: Structure) -> Value:
    """The list, or tuple, with its items in columns, where they are alike."""
    manner = manner_of(ctx, replace(owner, kind="list") if tables.is_row(owner) else owner)
    if manner is None:
        return owner
    return Records(manner.form, tuple(columns_of(ctx, owner, manner)))


# -- in loops and branches


class Branch(lists.Branch, Protocol):
    """What is asked of a `join.Branch`."""

    ways: list[Any]

    def pair(self, name: str, a: Value | None, b: Value | None) -> Value: ...


def grows(loop: lists.Loop, name: str, end: Value) -> bool:
    """Is it a list of structures that is of another length after a round, so that its columns are
    carried from now?"""
    ctx, before = loop.ctx, loop.before.names.get(name)
    if not (is_cell(name) and isinstance(before, Structure)) or same_form(before, end):
        return False
    found = manner_of(ctx, end)
    manner = None if found is None else same_outside(loop, found)
    if manner is None or not fits(ctx, before, manner):
        return False
    inner = ctx.build
    ctx.build = loop.outer
    try:
        columns = columns_of(ctx, before, manner)
    finally:
        ctx.build = inner
    made = placed(ctx, loop.before.names, manner.form, columns)
    loop.before.names[name] = made
    loop.plan.names.pop(name, None)
    for ref, column in zip(made.columns, columns, strict=True):
        assert isinstance(ref, Ref)
        loop.before.bases[column.array.base] = ctx.bases[column.array.base]
        loop.carry_name(ref.cell, column)
    return True


def same_outside(loop: lists.Loop, manner: Manner) -> Manner | None:
    """What the items are, of lengths that are known before the loop."""
    outside = [lists.same_outside(loop.ctx, p, loop.outer, loop.since) for p in manner.parts]
    found = tuple(one for one in outside if one is not None)
    return Manner(manner.form, found) if len(found) == len(outside) else None


def joined(branch: Branch, names: dict[str, Value], a: Value, b: Value) -> Value | None:
    """The list of structures that has other items on each way through a branch; None where they
    are not alike."""
    ctx, manners = branch.ctx, []
    for k, value in enumerate((a, b)):
        with branch.within(k):
            manners.append(manner_of(ctx, value))
    manner = united([one for one in manners if one is not None])
    if manner is None or not is_outside(manner, branch.since):
        return None
    sides: list[list[Listed]] = []
    for k, value in enumerate((a, b)):
        with branch.within(k):
            if not fits(ctx, value, manner):
                return None
            sides.append(alike_columns(branch, k, value, manner))
    found = [branch.pair("(cell)", x, y) for x, y in zip(*sides, strict=True)]
    return placed(ctx, names, manner.form, found)


def filled(branch: Branch, way: int, value: Value, other: Value) -> Value:
    """A list of known length, or of none, as one of such items as those on the other way."""
    if not isinstance(value, Structure):
        return value
    if isinstance(other, Structure) and len(value.items) == len(other.items):
        pairs = zip(value.items, other.items, strict=True)
        return replace(value, items=tuple(filled(branch, way, *pair) for pair in pairs))
    if value.kind != "list":
        return value
    if isinstance(other, Records) and not value.items:
        columns = tuple(filled(branch, way, value, column) for column in other.columns)
        return replace(other, columns=columns)
    if not isinstance(other, Listed):
        return value
    with branch.within(1 - way):
        item = lists.item_of(branch.ctx, other)
    if item is None or not lists.is_outside(item, branch.since):
        return value
    with branch.within(way):
        if value.items and lists.item_of(branch.ctx, value) != item:
            return value
        return replace(other, array=lists.in_array(branch.ctx, value, item).array)


def alike_columns(branch: Branch, way: int, value: Value, manner: Manner) -> list[Listed]:
    """The columns of a list on one way, each of the kinds of number that both have."""
    if isinstance(value, Structure):
        return columns_of(branch.ctx, value, manner)
    assert isinstance(value, Records)
    found = []
    for column, part in zip(value.columns, manner.parts, strict=True):
        if isinstance(column, Ref):
            column = branch.ways[way].state.names[column.cell]
        assert isinstance(column, Listed)
        found.append(replace(column, kind=part.kind, both=part.both, cell=None))
    return found


# -- what such a list does


def method(
    ctx: Context, owner: Records, name: str, args: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    if named and name != "sort":
        ctx.fail(f"{name} of a list takes no keywords here", "leave them out")
    match name, args:
        case "sort", []:
            found = ctx.hooks.call(ctx, Static(sorted), (owner,), named)
            assert isinstance(found, Records)
            for column, now in zip(columns(owner), columns(found), strict=True):
                listed.kept(ctx, column, now.array)
            return NONE
        case "append", [value]:
            by_part(ctx, owner, value, partial(listed.append, ctx))
            return NONE
        case "insert", [at, value]:
            place = operands.integer(ctx, at)
            by_part(ctx, owner, value, lambda column, part: listed.insert(ctx, column, place, part))
            return NONE
        case "extend", [more]:
            listed.inlined(ctx, listed.extend_, owner, more)
            return NONE
        case "pop", _ if len(args) < 2:
            place = operands.integer(ctx, args[0]) if args else constant(-1)
            given = [listed.pop(ctx, column, place) for column in columns(owner)]
            return item_with(owner.form, iter(given))
        case (("clear" | "reverse"), []):
            for column in columns(owner):
                listed.method(ctx, column, name, args, {})
            return NONE
        case "copy", []:
            return copied(ctx, owner, lambda column: listed.copied(ctx, column, column.array))
    ctx.fail(
        f"the method {name} of a list of structures, whose length is not known, is not taken here",
        "make a list of each of their parts",
    )


def set_item(ctx: Context, owner: Records, key: Value, value: Value) -> None:
    """`x[key] = value`."""
    by_part(ctx, owner, value, lambda column, part: listed.set_item(ctx, column, key, part))


def columns(owner: Records) -> list[Listed]:
    """The lists of the parts, as they are now."""
    return [column for column in owner.columns if isinstance(column, Listed)]


def by_part(
    ctx: Context, owner: Records, value: Value, act: Callable[[Listed, Value], object]
) -> None:
    """Do to each column what is done to the list with an item, whose form has to be that of the
    others."""
    if form_of(value) != owner.form:
        ctx.fail(
            f"{operands.described(value)} is put into a list of other items",
            "give all items the same form, or make a list for each kind",
        )
    lists.keep(ctx, value)
    for column, part in zip(columns(owner), parts(value), strict=True):
        act(column, part)


def copied(ctx: Context, owner: Records, change: Callable[[Listed], Listed]) -> Records:
    """A new list, of columns that are made of these."""
    made = [replace(change(one), fixed=False, site=None) for one in columns(owner)]
    names: dict[str, Value] = {}
    found = placed(ctx, names, owner.form, made)
    ctx.frame.names.update(names)
    return cells.loaded(ctx, found)  # type: ignore[return-value]
