"""What a list does whose length only the running program knows: methods, items, sums, multiples.

The items are in an array that nothing else sees; what is taken out of it is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from transpile.frontend import capacity, cells, iterables, operands, views
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
    united,
)
from transpile.frontend.operands import as_atom, described, truth
from transpile.frontend.values import NONE, Array, Indexed, Listed, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import shape

OTHERS = "append numbers of one kind, or arrays of one shape"
BACK = constant(-1)
ALIKE = "make an array of it with np.array"


def method(ctx: Context, owner: Listed, name: str, args: Sequence[Value]) -> Value:
    match name, args:
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
        case "reverse", []:
            kept(ctx, owner, copied(ctx, owner, backwards(owner.array)).array)
            return NONE
        case "sort", [] if owner.kind in ("python", "numpy") and not owner.tuples:
            kept(ctx, owner, in_order(ctx, owner, False).array)
            return NONE
        case "copy", []:
            return copied(ctx, owner, owner.array)
    ctx.fail(f"the method {name} of a list whose length is not known is not taken here", ALIKE)


def copied(ctx: Context, owner: Listed, part: Array) -> Listed:
    """A new list of the items in a part of the array."""
    made = ctx.made(ctx.build.apply(shape.COPY, views.read(ctx, part)))
    assert isinstance(made, Array)
    return replace(owner, array=made, cell=None)


def kept(ctx: Context, owner: Listed, array: Array, item: Item | None = None) -> None:
    """The list has these items from now on, of which one may be new."""
    kind, both = (owner.kind, owner.both) if item is None else (item.kind, item.both)
    cells.put(ctx, owner, "list", replace(owner, array=array, kind=kind, both=both))


def count(ctx: Context, owner: Listed) -> Atom:
    return ctx.build.extent(views.type_of(ctx, owner.array).dims[0])


def added(ctx: Context, owner: Listed, value: Value) -> Item:
    """What the items are alike in once the value is one of them."""
    mine, item = item_of(ctx, owner), of_one(ctx, value)
    assert mine is not None
    if item is None or (item.type.dtype, item.tuples) != (mine.type.dtype, mine.tuples):
        ctx.fail(f"{described(value)} is appended to a list of other items", OTHERS)
    for a, b in zip(item.type.dims, mine.type.dims, strict=True):
        if (a - b).constant not in (None, 0):
            ctx.fail("an array of another shape is appended to a list", "make a list for each")
        ctx.build.same(a, b)
    found = united([mine, replace(item, type=mine.type)])
    assert found is not None
    return found


def append(ctx: Context, owner: Listed, value: Value) -> None:
    """`x.append(value)`: in its place where there is room, as in a loop, else in a longer array."""
    item, array = added(ctx, owner, value), owner.array
    length = count(ctx, owner)
    more = expr.binary(ctx.build, "+", length, constant(1))
    if array.base in ctx.roomy:
        room = ctx.roomy[array.base]
        if room is not None:
            capacity.check(ctx, more, room)
        longer = first_part(array, more)
        put(ctx, Array(array.base), length, value)
    else:
        dims = (more, *map(ctx.build.extent, item.type.dims))
        made = ctx.made(ctx.build.apply(shape.EMPTY, *dims, dtype=item.type.dtype))
        assert isinstance(made, Array)
        longer = made
        views.write(ctx, first_part(made, length), views.read(ctx, array))
        put(ctx, made, length, value)
    kept(ctx, owner, longer, item)


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
    place = last if at == constant(-1) else within(ctx, at, length, "pop index out of range")
    value = iterables.item(ctx, owner, place)
    if place is not last:
        after = expr.binary(ctx.build, "+", place, constant(1))
        moved = views.read(ctx, part(owner.array, after, length))
        views.write(ctx, part(owner.array, place, last), moved)
    kept(ctx, owner, first_part(owner.array, last))
    ctx.shrunk += 1
    return value


def opened(ctx: Context, owner: Value, key: Value) -> Value:
    """The list with its items in an array, where only the running program knows which is meant and
    no loop may be written out to tell."""
    running = isinstance(key, Var) and key.type.is_index and not ctx.short
    item = item_of(ctx, owner) if running and isinstance(owner, Structure) else None
    if item is None or item.tuples == "list" or not isinstance(owner, Structure):
        return owner
    return replace(in_array(ctx, owner, item), cell=owner.cell)


def set_item(ctx: Context, owner: Listed, key: Value, value: Value) -> None:
    """`x[key] = value`."""
    if isinstance(key, Structure):
        ctx.fail("a slice of a list whose length is not known is assigned", ALIKE)
    item, at = added(ctx, owner, value), operands.integer(ctx, key, "the index of a list")
    within(ctx, at, count(ctx, owner), "list assignment index out of range")
    put(ctx, owner.array, at, value)
    kept(ctx, owner, owner.array, item)


def within(ctx: Context, at: Atom, length: Atom, message: str) -> Atom:
    """The index counted from the left, where there is such an item."""
    low = operands.compute(ctx, "-", constant(0), length)
    for symbol, bound in ((">=", low), ("<", length)):
        there = truth(ctx, operands.compute(ctx, symbol, at, bound))
        ctx.check(as_atom(there), "IndexError", message)
    return ctx.build.text("where(k < 0, k + n, k)", {"k": at, "n": length})


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
        keep(ctx, one.array)
    return over(inlined(ctx, joined_, *(one.array for one in sides)), item)


def repeated(ctx: Context, x: Listed | Structure, times: Atom) -> Listed:
    """`x * times`, where that or how many items there are is not known."""
    item = item_of(ctx, x)
    if item is None:
        ctx.fail("a list of items that are not alike is repeated", OTHERS)
    single = isinstance(x, Structure) and len(x.items) == 1
    array = x.array if isinstance(x, Listed) else in_array(ctx, x, item).array
    return over(inlined(ctx, single_ if single else repeated_, array, times), item)


def over(found: Value, item: Item) -> Listed:
    assert isinstance(found, Array)
    return Listed(found, item.kind, item.tuples, item.both)


def first_part(array: Array, length: Atom) -> Array:
    """The first so many items of an array."""
    return Array(array.base, (Indexed((("slice", False, True, False),), (length,)),))


def part(array: Array, start: Atom, stop: Atom) -> Array:
    return Array(array.base, (Indexed((("slice", True, True, False),), (start, stop)),))


def backwards(array: Array) -> Array:
    return Array(array.base, (*array.path, Indexed((("slice", False, False, True),), (BACK,))))


def ordered(ctx: Context, owner: Value, turned: Value) -> Listed | None:
    """`sorted(owner, reverse=turned)`; None of what is known now, and of what is no such list."""
    item = None if all(isinstance(one, Const) for one in leaves(owner)) else item_of(ctx, owner)
    if item is None or item.tuples or item.kind == "array" or not isinstance(turned, Const):
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


def joined_(x: Any, y: Any) -> Any:
    return np.concatenate((x, y))


def single_(items: Any, times: Any) -> Any:
    made = np.empty((max(times, 0), *items.shape[1:]), items.dtype)
    made[...] = items
    return made


def repeated_(items: Any, times: Any) -> Any:
    n = len(items)
    made = np.empty((max(times, 0) * n, *items.shape[1:]), items.dtype)
    for k in range(times):
        made[k * n : (k + 1) * n] = items
    return made
