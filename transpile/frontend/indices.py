"""Indices of arrays as `ops.shape` has them, made from integers, slices and arrays of integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from transpile.frontend import extents, views
from transpile.frontend.context import Context
from transpile.frontend.operands import as_atom, compute, integer, number, truth
from transpile.frontend.values import (
    NONE,
    Array,
    Flat,
    Indexed,
    Masked,
    Static,
    Structure,
    Value,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import reduce, shape
from transpile.sym.ops.table import broadcast

Part: TypeAlias = tuple[Any, list[Atom]]  # an item of an index, with what belongs to it


def is_gather(view: Array) -> bool:
    """Does the path end in an index with arrays, so that its elements are no view?"""
    last = view.path[-1] if view.path else None
    return isinstance(last, Indexed) and "a" in last.index


def part(ctx: Context, value: Value) -> Part:
    """One value between the commas of an index."""
    match value:
        case Static(value=None):
            return "new", []
        case Static(value=found) if found is Ellipsis:
            return "...", []
        case Structure(kind="slice", items=bounds):
            return sliced(ctx, bounds)
    if isinstance(value, Array | Var | Const):
        atom = number(ctx, value)
        if atom.type.dims or atom.type.is_float:
            return places(ctx, atom)
    return "i", [integer(ctx, value)]


def sliced(ctx: Context, bounds: Sequence[Value]) -> Part:
    """`start:stop:step`, each of them None or an integer."""
    found = [None if b == NONE else integer(ctx, b, "a slice's bound") for b in bounds]
    there = tuple(b is not None for b in found)
    step = found[2]
    if step == constant(0):
        ctx.impossible("ValueError", "slice step cannot be zero")
    if step is not None and not isinstance(step, Const):
        test = as_atom(truth(ctx, compute(ctx, "!=", step, constant(0))))
        ctx.check(test, "ValueError", "slice step cannot be zero")
    return ("slice", *there) if any(there) else ":", [b for b in found if b is not None]


def places(ctx: Context, atom: Atom) -> Part:
    """An array that is an index."""
    if atom.type.is_float:
        ctx.misplaced(
            f"an index has to be of integers, this is {atom.type}",
            "make it an array of integers, k.astype(np.int64)",
        )
    return ("mask" if atom.type.dtype == "bool" else "a"), [atom]


def is_flat(array: Array) -> bool:
    """Is this part of an `x.flat`?"""
    return any(isinstance(step, Flat) for step in array.path)


def in_turn(ctx: Context, value: Atom, places: Atom) -> Atom:
    """The elements of a value for so many places: all of them in turn, again and again."""
    build = ctx.build
    if not value.type.dims:
        return value
    row = flat(ctx, value)
    given, wanted = row.type.dims[0], places.type.dims[0]
    if given == wanted:
        return row
    count = build.extent(given)
    some = expr.binary(build, ">", count, constant(0))
    ctx.check(some, "ValueError", "Error setting single item of array")
    return build.index(row, ("a",), (expr.binary(build, "%", places, count),))


def fitting(ctx: Context, view: Array, value: Atom) -> Atom:
    """The value as an assignment to this view takes it; `x.flat` takes its elements in turn."""
    dims = views.type_of(ctx, view).dims
    if not is_flat(view) or not dims:
        return value
    places = expr.call(ctx.build, "arange", [ctx.build.extent(dims[0])], {})
    return in_turn(ctx, value, places)


def target(ctx: Context, array: Array, parts: Sequence[Part], ndim: int = 0) -> Array:
    """The part of an array that a value of so many dimensions is written to.

    Where a mask is the whole index and the value has no axis along what it selects, the write is a
    choice at every element, and what it selects need not be counted.
    """
    type = views.type_of(ctx, array)
    if [item for item, _ in parts] == ["mask"]:
        (mask,) = parts[0][1]
        more = type.ndim - mask.type.ndim
        if ndim <= more:
            for mine, axis in zip(mask.type.dims, type.dims, strict=False):
                same_length(ctx, mine, axis)
            if more:
                mask = ctx.build.index(mask, (":",) * mask.type.ndim + ("new",) * more)
            return Array(array.base, (*array.path, Masked(mask)))
    return views.stepped(ctx, array, indexed(ctx, type.dims, parts))


def found(ctx: Context, mask: Atom) -> list[Atom]:
    """`np.nonzero`: for each axis the places where the mask is true, in order."""
    build, mask = ctx.build, ctx.build.twin(mask)
    all_ = flat(ctx, mask)
    many = count(ctx, all_)
    if mask.type.ndim < 2:
        return [build.twin(build.apply(shape.FLATNONZERO, all_, many))]
    axes = range(mask.type.ndim)
    return [build.twin(build.apply(shape.NONZERO, mask, many, axis=k)) for k in axes]


def flat(ctx: Context, x: Atom) -> Atom:
    """All the elements in one row."""
    if x.type.ndim == 1:
        return x
    return ctx.build.reshape(x, [ctx.build.dim(views.extent_of(ctx, x.type.dims))])


def count(ctx: Context, mask: Atom) -> Atom:
    """How many elements are true of a mask with one dimension."""
    return ctx.build.apply(reduce.COUNT_NONZERO, mask, axis=(0,), keepdims=False)


def same_length(ctx: Context, mask: Affine, axis: Affine) -> None:
    """Check a mask's length, by the program itself: NumPy raises IndexError here."""
    build = ctx.build
    difference = (build.settled(mask) - build.settled(axis)).constant
    if difference:
        ctx.misplaced(f"a boolean index of length {mask} does not fit an axis of length {axis}")
    if difference is None:
        alike = expr.binary(build, "==", build.extent(mask), build.extent(axis))
        ctx.check(alike, "IndexError", "boolean index did not match indexed array")
        build.same(mask, axis)


def unmasked(ctx: Context, dims: Sequence[Affine], parts: Sequence[Part]) -> list[Part]:
    """The parts of an index with each array of booleans as the arrays of its places."""
    left = list(dims)
    done: list[Part] = []
    for k, (item, given) in enumerate(parts):
        if item == "mask":
            lengths = given[0].type.dims
            for mine, axis in zip(lengths, left, strict=False):
                same_length(ctx, mine, axis)
            done += [("a", [atom]) for atom in found(ctx, given[0])]
        else:
            done.append((item, given))
        if item == "...":
            left = left[len(left) - sum(map(axes_of, parts[k + 1 :])) :]
        del left[: axes_of((item, given))]
    return done


def axes_of(part: Part) -> int:
    """How many axes one part of an index is for."""
    item, given = part
    return 0 if item in ("new", "...") else given[0].type.ndim if item == "mask" else 1


def indexed(ctx: Context, dims: Sequence[Affine], parts: Sequence[Part]) -> Indexed:
    """The whole of an index of an array with these dims."""
    parts, ndim = unmasked(ctx, dims, parts), len(dims)
    items = [item for item, _ in parts]
    at = [atom for _, given in parts for atom in given]
    used = sum(item not in ("new", "...") for item in items)
    if items.count("...") > 1:
        ctx.misplaced("an index can only have a single ellipsis ('...')")
    if used > ndim:
        ctx.misplaced(f"too many indices: the array has {ndim} dimensions, {used} are indexed")
    if "a" in items:
        items, at = together(ctx, items, parts)
    if "..." in items:
        k = items.index("...")
        between = "a" in items[:k] and "a" in items[k:]
        items[k : k + 1] = [":"] * (ndim - used)
        if between and used == ndim and shape.lead(items) != 0:
            ctx.fail(
                "`...` stands for no axis here, between the arrays of an index: NumPy has their "
                "axes first",
                "leave it out, and move the axes with np.moveaxis",
            )
    if ctx.catches("IndexError"):
        in_bounds(ctx, dims, items, at)
    return Indexed(tuple(items), tuple(at))


def in_bounds(ctx: Context, dims: Sequence[Affine], items: Sequence[Any], at: list[Atom]) -> None:
    """Check the integers of an index where a `try` catches that they are out of bounds."""
    build, axes, given = ctx.build, list(dims), list(at)
    for item in items:
        if item == "new":
            continue
        axis = axes.pop(0)
        if item == "a":
            ctx.fail(
                "whether an index of this array is out of bounds is caught",
                "test for it with `if` before it happens",
            )
        if isinstance(item, tuple):
            del given[: sum(map(bool, item[1:]))]
        if item == "i":
            place = given.pop(0)
            form = build.dim(place)
            if build.facts.nonnegative(form) and build.facts.nonnegative(axis - form - 1):
                continue
            size = build.extent(axis)
            low = expr.binary(build, ">=", place, expr.unary(build, "-", size))
            test = expr.binary(build, "&", low, expr.binary(build, "<", place, size))
            ctx.check(test, "IndexError", "index is out of bounds")


def alike(ctx: Context, arrays: Sequence[Atom]) -> list[Atom]:
    """The arrays of an index, broadcast; IndexError where they do not fit."""
    build, found = ctx.build, list(arrays)
    message = f"shape mismatch: arrays of {', '.join(views.shown(a.type.dims) for a in arrays)}"
    for axis in range(-max(a.type.ndim for a in arrays), 0):
        mine = [k for k, a in enumerate(arrays) if a.type.ndim >= -axis]
        dims = list(dict.fromkeys(arrays[k].type.dims[axis] for k in mine))
        dims = [dim for dim in dims if dim.constant != 1]
        if len({dim.constant for dim in dims} - {None}) > 1:
            ctx.misplaced(message)
        if len(dims) < 2:
            continue
        if all(ctx.is_size(dim.symbol) or dim.constant is not None for dim in dims):
            for dim in dims[1:]:
                fits = expr.binary(build, "==", build.extent(dims[0]), build.extent(dim))
                ctx.check(fits, "IndexError", message)
            continue
        length, tests = extents.common(build, dims)
        for test in tests:
            ctx.check(test, "IndexError", message)
        for k in mine:
            if found[k].type.dims[axis].constant != 1:
                found[k] = lengthened(ctx, found[k], axis, length)
    dims = list(broadcast(build, [a.type.dims for a in found]))
    return [build.broadcast_to(a, dims) for a in found]


def lengthened(ctx: Context, x: Atom, axis: int, length: Affine) -> Atom:
    """An array with an axis of this length or of 1, as one that has the length."""
    build = ctx.build
    numbers = expr.call(build, "arange", [build.extent(length)], {})
    one = expr.binary(build, "==", build.extent(x.type.dims[axis]), constant(1))
    places = build.text("where(one, 0, k)", {"one": one, "k": numbers})
    return build.index(x, (*":" * (x.type.ndim + axis), "a"), (places,))


def together(ctx: Context, items: list[Any], parts: Sequence[Part]) -> tuple[list[Any], list[Atom]]:
    """The arrays of an index with dims in common. Where something stands between integers and
    arrays, the integers count as arrays: all of their axes come first then, as NumPy has it."""
    named = [item in ("i", "a") for item in items]
    apart = not all(named[named.index(True) : len(named) - named[::-1].index(True)])
    spread = ("a", "i") if apart else ("a",)
    found = ["a" if item in spread else item for item in items]
    arrays = iter(alike(ctx, [given[0] for item, given in parts if item in spread]))
    at: list[Atom] = []
    for item, given in parts:
        at += [next(arrays)] if item in spread else given
    return found, at
