"""What a list does whose length only the running program knows: methods, items, sums, multiples.

The items are in an array that nothing else sees; what is taken out of it is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from transpile.frontend import capacity, cells, iterables, lists, operands, tables, views
from transpile.frontend.context import Context
from transpile.frontend.forms import leaves
from transpile.frontend.lists import (
    Item,
    fits,
    in_array,
    item_of,
    keep,
    of_one,
    put,
    store,
    united,
)
from transpile.frontend.operands import as_atom, described, truth
from transpile.frontend.values import NONE, Array, Indexed, Listed, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import shape

OTHERS = "append numbers of one kind, or arrays of one shape"
BACK = constant(-1)
ALIKE = "make an array of it with np.array"


def method(
    ctx: Context, owner: Listed, name: str, args: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    if named and name != "sort":
        ctx.fail(f"{name} of a list takes no keywords here", "leave them out")
    match name, args:
        case (("append" | "extend" | "insert" | "pop" | "clear"), _) if owner.fixed:
            tables.growing(ctx, owner, f"the method {name}")
        case "append", [value]:
            append(ctx, owner, value)
            return NONE
        case "extend", [more]:
            extend(ctx, owner, more)
            return NONE
        case "insert", [at, value]:
            insert(ctx, owner, operands.integer(ctx, at), value)
            return NONE
        case "pop", []:
            return pop(ctx, owner, constant(-1))
        case "pop", [at]:
            return pop(ctx, owner, operands.integer(ctx, at))
        case "clear", []:
            kept(ctx, owner, first_part(owner.array, constant(0)))
            ctx.shrunk += 1
            return NONE
        case (("reverse" | "sort"), _) if owner.fixed:
            tables.check_alone(ctx, owner)
    match name, args:
        case "reverse", []:
            kept(ctx, owner, copied(ctx, owner, backwards(owner.array)).array)
            return NONE
        case "sort", []:
            found = ctx.hooks.call(ctx, Static(sorted), (owner,), named)
            assert isinstance(found, Listed)
            kept(ctx, owner, found.array)
            return NONE
        case "index", [value] if is_plain(owner):
            return inlined(ctx, index_, owner.array, value)
        case "count", [value] if is_plain(owner):
            return inlined(ctx, count_, owner.array, value)
        case "copy", []:
            return part_of(ctx, owner, owner.array)
    ctx.fail(f"the method {name} of a list whose length is not known is not taken here", ALIKE)


def is_plain(owner: Listed) -> bool:
    """Are its items numbers?"""
    return owner.kind in ("python", "numpy") and not owner.tuples and not owner.levels


def copied(ctx: Context, owner: Listed, part: Array) -> Listed:
    """A new list of the items in a part of the array."""
    made = ctx.made(ctx.build.apply(shape.COPY, views.read(ctx, part)))
    assert isinstance(made, Array)
    return tables.fresh(ctx, replace(owner, array=made, cell=None))


def part_of(ctx: Context, owner: Listed, view: Array) -> Listed:
    """`x[start:stop]`: a new list of a part of the items; lists in it are the same lists."""
    if owner.levels and owner.fixed:
        return replace(owner, array=view, loan=True)
    found = copied(ctx, owner, view)
    if owner.levels:
        lists.keep(ctx, owner.array)
        ctx.frozen[found.array.base] = ctx.appended[found.array.base] = ctx.build.span
    return found


def kept(ctx: Context, owner: Listed, array: Array, item: Item | None = None) -> None:
    """The list has these items from now on, of which one may be new."""
    kind, both = (owner.kind, owner.both) if item is None else (item.kind, item.both)
    if owner.levels and item is None:
        tables.leave(ctx, owner)
    if owner.fixed:
        if array != owner.array:
            views.write(ctx, owner.array, views.read(ctx, array))
        return
    cells.put(ctx, owner, "list", replace(owner, array=array, kind=kind, both=both))


def count(ctx: Context, owner: Listed) -> Atom:
    return ctx.build.extent(views.type_of(ctx, owner.array).dims[0])


def added(ctx: Context, owner: Listed, value: Value) -> Item:
    """What the items are alike in once the value is one of them."""
    mine, item = item_of(ctx, owner), of_one(ctx, value)
    assert mine is not None
    if item is None or (item.levels, item.tuples) != (mine.levels, mine.tuples):
        ctx.fail(f"{described(value)} is appended to a list of other items", OTHERS)
    if owner.site is not None and "array" not in (item.kind, mine.kind):
        tables.widened(ctx, owner, item)
    elif item.type.dtype != mine.type.dtype or item.type.ndim != mine.type.ndim:
        ctx.fail(f"{described(value)} is appended to a list of other items", OTHERS)
    is_loose = tables.traits_of(ctx, owner).loose
    for a, b in () if is_loose else zip(item.type.dims, mine.type.dims, strict=True):
        if (a - b).constant not in (None, 0):
            ctx.fail("an array of another shape is appended to a list", "make a list for each")
        ctx.build.same(a, b)
    found = united([mine, replace(item, type=mine.type)])
    assert found is not None
    return found


def append(ctx: Context, owner: Listed, value: Value) -> None:
    """`x.append(value)`: in its place where there is room, as in a loop, else in a longer array."""
    item, array = added(ctx, owner, value), owner.array
    if tables.traits_of(ctx, owner).loose:
        tables.append(ctx, owner, value, item)
        return
    length = count(ctx, owner)
    if array.base in ctx.roomy:
        room = ctx.roomy[array.base]
        if room is not None:
            capacity.check(ctx, one_more(ctx, length), room)
        whole = views.type_of(ctx, Array(array.base)).dims[0]
        ctx.build.facts = ctx.build.facts.having(whole - ctx.build.dim(length) - 1)
        to, longer = Array(array.base), None
    else:
        dims = (one_more(ctx, length), *map(ctx.build.extent, item.type.dims))
        made = ctx.made(ctx.build.apply(shape.EMPTY, *dims, dtype=item.type.dtype))
        assert isinstance(made, Array)
        to = longer = made
        views.write(ctx, first_part(made, length), views.read(ctx, array))
    (store if owner.levels else put)(ctx, to, length, value)
    kept(ctx, owner, longer or first_part(array, one_more(ctx, length)), item)
    if owner.levels:
        tables.enter(ctx, again(ctx, owner), length, value)


def one_more(ctx: Context, length: Atom) -> Atom:
    return expr.binary(ctx.build, "+", length, constant(1))


def extend(ctx: Context, owner: Listed, more: Value) -> None:
    """`x.extend(more)`, and `x += more`."""
    if isinstance(more, Listed):
        more = copied(ctx, more, more.array)
    inlined(ctx, extend_, owner, more)


def insert(ctx: Context, owner: Listed, at: Atom, value: Value) -> None:
    """`x.insert(at, value)`: those after it move on by one."""
    length = count(ctx, owner)
    place = ctx.build.text(
        "where(k < 0, where(k + n < 0, 0, k + n), where(k < n, k, n))", {"k": at, "n": length}
    )
    append(ctx, owner, value)
    if owner.levels:
        tables.leave(ctx, owner)
    now = again(ctx, owner)
    after = expr.binary(ctx.build, "+", place, constant(1))
    moved = views.read(ctx, part(now.array, place, length))
    views.write(ctx, part(now.array, after, count(ctx, now)), moved)
    put(ctx, now.array, place, value)


def pop(ctx: Context, owner: Listed, at: Atom) -> Value:
    """`x.pop(at)`: those after it move back by one."""
    length = count(ctx, owner)
    some = truth(ctx, operands.compute(ctx, ">", length, constant(0)))
    ctx.check(as_atom(some), "IndexError", "pop from empty list")
    last = expr.binary(ctx.build, "-", length, constant(1))
    place = (
        last if at == constant(-1) else iterables.place(ctx, at, length, "pop index out of range")
    )
    value = iterables.item(ctx, owner, place)
    if isinstance(value, Listed):
        value = copied(ctx, value, value.array)
    if place is not last:
        after = expr.binary(ctx.build, "+", place, constant(1))
        moved = views.read(ctx, part(owner.array, after, length))
        views.write(ctx, part(owner.array, place, last), moved)
    kept(ctx, owner, first_part(owner.array, last))
    ctx.shrunk += 1
    return value


def set_item(ctx: Context, owner: Listed, key: Value, value: Value) -> None:
    """`x[key] = value`."""
    if isinstance(key, Structure):
        ctx.fail("a slice of a list whose length is not known is assigned", ALIKE)
    at = operands.integer(ctx, key, "the index of a list")
    tables.check_alone(ctx, owner)
    place = iterables.place(ctx, at, count(ctx, owner), "list assignment index out of range")
    if owner.levels:
        tables.set_row(ctx, owner, at, value)
        return
    item = added(ctx, owner, value)
    put(ctx, iterables.whole(ctx, owner.array, place), place, value)
    kept(ctx, owner, owner.array, item)


def again(ctx: Context, owner: Listed) -> Listed:
    """The list as it is now."""
    found = cells.again(ctx, owner)
    assert isinstance(found, Listed)
    return found


def joined(ctx: Context, x: Listed | Structure, y: Listed | Structure) -> Listed:
    """`x + y`."""
    item = united([one for one in (item_of(ctx, x), item_of(ctx, y)) if one is not None])
    if item is None or not (fits(ctx, x, item) and fits(ctx, y, item)):
        ctx.fail("the sum of lists whose items are not alike", OTHERS)
    sides = [one if isinstance(one, Listed) else in_array(ctx, one, item) for one in (x, y)]
    for one in sides:
        if item.levels or item.kind == "array":
            keep(ctx, one)
    return over(ctx, inlined(ctx, joined_, *(one.array for one in sides)), item)


def repeated(ctx: Context, x: Listed | Structure, times: Atom) -> Listed:
    """`x * times`, where that or how many items there are is not known."""
    item = item_of(ctx, x)
    if item is None:
        ctx.fail("a list of items that are not alike is repeated", OTHERS)
    if item.levels:
        ctx.fail(
            "a list of lists is repeated: it would have the same lists several times",
            "make each one anew, [[0] * m for _ in range(n)]",
        )
    times = ctx.build.extent(ctx.build.dim(times))
    match x:
        case Structure(items=(Var() | Const() as one,)):
            return over(ctx, inlined(ctx, filled_, one, times), item)
        case Structure():
            array = in_array(ctx, x, item).array
        case Listed(array=array):
            pass
    single = isinstance(x, Structure) and len(x.items) == 1
    return over(ctx, inlined(ctx, single_ if single else repeated_, array, times), item)


def over(ctx: Context, found: Value, item: Item) -> Listed:
    assert isinstance(found, Array)
    made = Listed(found, item.kind, item.tuples, item.both, levels=item.levels)
    return tables.fresh(ctx, made)


def picked(ctx: Context, owner: Value, order: Atom) -> Listed | None:
    """A list of the items in this order; None of what is no list of items alike."""
    item = item_of(ctx, owner) if isinstance(owner, Structure | Listed) else None
    if item is None or item.levels:
        return None
    row = owner if isinstance(owner, Listed) else in_array(ctx, owner, item)
    return copied(ctx, row, Array(row.array.base, (*row.array.path, Indexed(("a",), (order,)))))


def first_part(array: Array, length: Atom) -> Array:
    """The first so many items of an array."""
    index: tuple[Any, ...] = (tables.PART,)
    at: tuple[Atom, ...] = (length,)
    match array.path:
        case (Indexed(index=(tables.PART, *others), at=(_, *more)),):
            index, at = (*index, *others), (*at, *more)
    return Array(array.base, (Indexed(index, at),))


def part(array: Array, start: Atom, stop: Atom) -> Array:
    return Array(array.base, (Indexed((("slice", True, True, False),), (start, stop)),))


def backwards(array: Array) -> Array:
    return Array(array.base, (*array.path, Indexed((("slice", False, False, True),), (BACK,))))


def equal(ctx: Context, x: Value, y: Value) -> Value:
    """`x == y` of lists, of which one has a length that is not known."""
    found = [lists.item_of(ctx, one) for one in (x, y)]
    if isinstance(x, Structure) and not x.items:
        x, y, found = y, x, found[::-1]
    if isinstance(y, Structure) and not y.items:
        test = truth(ctx, x)
        return constant(not test) if isinstance(test, bool) else expr.unary(ctx.build, "not", test)
    mine, theirs = found
    if mine is None or theirs is None or "array" in (mine.kind, theirs.kind):
        ctx.fail("lists of items that are not alike are compared", "compare them in a loop")
    if (mine.levels, mine.tuples) != (theirs.levels, theirs.tuples):
        return constant(False)
    sides = [
        one.array if isinstance(one, Listed) else in_array(ctx, one, item).array
        for one, item in ((x, mine), (y, theirs))
    ]
    return inlined(ctx, equal_, *sides)


def ordered(ctx: Context, owner: Value, turned: Value) -> Listed | None:
    """`sorted(owner, reverse=turned)`; None of what is known now, and of what is no such list."""
    item = None if all(isinstance(one, Const) for one in leaves(owner)) else item_of(ctx, owner)
    if (
        item is None
        or item.tuples
        or item.levels
        or item.kind == "array"
        or not isinstance(turned, Const)
    ):
        return None
    found = owner if isinstance(owner, Listed) else in_array(ctx, owner, item)
    return in_order(ctx, found, bool(turned.value))


def in_order(ctx: Context, owner: Listed, turned: bool) -> Listed:
    found = inlined(ctx, in_order_, owner.array, constant(turned))
    assert isinstance(found, Array)
    return copied(ctx, owner, found)


# -- as text


def inlined(ctx: Context, text: Callable[..., Any], *args: Value) -> Value:
    with ctx.quoting():
        return ctx.hooks.inline(ctx, text, args, {})


def extend_(made: Any, items: Any) -> None:
    for item in items:
        made.append(item)


def in_order_(x: Any, turned: Any) -> Any:
    if np.any(x != x):
        raise ValueError("NaN has no place in an order")
    y = x[::-1] if turned else x
    y = y[np.argsort(y, kind="stable")]
    return y[::-1] if turned else y


def index_(x: Any, value: Any) -> Any:
    for k in range(len(x)):
        if x[k] == value:
            return k
    raise ValueError("the value is not in the list")


def count_(x: Any, value: Any) -> Any:
    found = 0
    for k in range(len(x)):
        if x[k] == value:
            found += 1
    return found


def equal_(x: Any, y: Any) -> Any:
    if x.shape != y.shape:
        return False
    if np.any(x != x):
        raise ValueError("NaN in lists that are compared")
    return bool(np.all(x == y))


def joined_(x: Any, y: Any) -> Any:
    return np.concatenate((x, y))


def filled_(value: Any, times: Any) -> Any:
    return np.full(times, value)


def single_(items: Any, times: Any) -> Any:
    made = np.empty((times, *items.shape[1:]), items.dtype)
    made[...] = items
    return made


def repeated_(items: Any, times: Any) -> Any:
    n = len(items)
    made = np.empty((times * n, *items.shape[1:]), items.dtype)
    for k in range(times):
        made[k * n : (k + 1) * n] = items
    return made
