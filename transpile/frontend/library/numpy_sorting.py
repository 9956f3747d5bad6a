"""NumPy's functions that sort and search."""

from __future__ import annotations

from collections.abc import Mapping

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.iterables import items
from transpile.frontend.library.numpy_args import axis_of, operand, text_of
from transpile.frontend.library.numpy_out import alike
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.operands import described, integer
from transpile.frontend.values import Array, Indexed, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import Op, sorting
from transpile.sym.ops.table import broadcast
from transpile.sym.types import promote

KINDS = ("quicksort", "mergesort", "heapsort", "stable")


def stable(ctx: Context, given: Mapping[str, Value]) -> bool:
    """Do equal elements keep their order? `kind=` or `stable=` say so. There are no fields."""
    kind = text_of(ctx, given, "kind", *KINDS)
    if "kind" in given and "stable" in given:
        ctx.impossible("ValueError", "`kind` and `stable` can't be provided at the same time")
    if "order" in given:
        ctx.fail("order is for arrays with fields")
    if not isinstance(given.get("stable", Static(False)), Static | Const):
        ctx.fail("stable has to be True or False", "write it as a constant")
    return kind in ("mergesort", "stable") or given.get("stable", Static(False)) != Static(False)


def along(ctx: Context, given: Mapping[str, Value]) -> tuple[Atom, int]:
    """The array, flat where `axis` is None, and the axis."""
    x = operand(ctx, given["a"])
    if "axis" not in given:
        return indices.flat(ctx, x), 0
    return x, axis_of(ctx, x.type.ndim, given)


def swapped(ctx: Context, x: Atom, axis: int) -> Atom:
    """The array with an axis and the last in each other's place."""
    axes = list(range(x.type.ndim))
    axes[axis], axes[-1] = axes[-1], axes[axis]
    return ctx.build.transpose(x, tuple(axes))


def places_along(ctx: Context, x: Atom, places: Atom, axis: int) -> Indexed:
    """The index that takes, along an axis, the places that another array of integers says."""
    build, ndim = ctx.build, x.type.ndim
    at: list[Atom] = []
    for k in range(ndim):
        if k == axis:
            at.append(places)
            continue
        number = expr.call(build, "arange", [build.extent(x.type.dims[k])], {})
        behind = ("new",) * (ndim - k - 1)
        at.append(build.index(number, (":", *behind)) if behind else number)
    dims = broadcast(build, [a.type.dims for a in at])
    return Indexed(("a",) * ndim, tuple(build.broadcast_to(a, dims) for a in at))


def order_of(ctx: Context, x: Atom, axis: int, op: Op = sorting.STABLE_ARGSORT) -> Atom:
    return swapped(ctx, ctx.build.apply(op, swapped(ctx, x, axis)), axis)


@reads("argsort", "a*, axis=-1, kind, order, stable")
def argsort(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.argsort`; what is not stable is its default, which is what equal elements make of it."""
    op = sorting.STABLE_ARGSORT if stable(ctx, given) else sorting.ARGSORT
    return ctx.made(order_of(ctx, *along(ctx, given), op))


@reads("sort", "a*, axis=-1, kind, order, stable")
def sort(ctx: Context, given: dict[str, Value]) -> Value:
    stable(ctx, given)
    x, axis = along(ctx, given)
    return ctx.made(swapped(ctx, ctx.build.apply(sorting.SORT, swapped(ctx, x, axis)), axis))


@reads("ndarray.sort", "a*, axis=-1, kind, order, stable")
def sort_in_place(ctx: Context, given: dict[str, Value]) -> Value:
    owner = given["a"]
    if not isinstance(owner, Array) or "axis" not in given:
        ctx.fail(f"sort in place of {described(owner)}", "write np.sort(x)")
    views.write(ctx, owner, operand(ctx, sort(ctx, given)))
    return Static(None)


def check_kth(ctx: Context, given: Mapping[str, Value]) -> None:
    """The places to partition at are there, in an array that has elements."""
    text_of(ctx, given, "kind", "introselect")
    if "order" in given:
        ctx.fail("order is of arrays with fields", "leave it out")
    x, axis = along(ctx, given)
    kth, size = given["kth"], views.extent_of(ctx, x.type.dims)
    if isinstance(kth, Structure) and not kth.items:
        ctx.fail("there is no place to partition at", "name one, as kth=0")
    for one in items(ctx, kth) if isinstance(kth, Structure) else [kth]:
        at, n = integer(ctx, one, "kth"), ctx.build.extent(x.type.dims[axis])
        inside = ctx.build.text("(k >= -n) & (k < n) | (m == 0)", {"k": at, "n": n, "m": size})
        ctx.check(ctx.build.convert(inside, "bool", "python"), "ValueError", "kth out of bounds")


@reads("partition", "a*, kth*, axis=-1, kind, order")
def partition(ctx: Context, given: dict[str, Value]) -> Value:
    """What is sorted is partitioned at any place."""
    check_kth(ctx, given)
    return sort(ctx, {key: given[key] for key in ("a", "axis") if key in given})


@reads("ndarray.partition", "a*, kth*, axis=-1, kind, order")
def partition_in_place(ctx: Context, given: dict[str, Value]) -> Value:
    check_kth(ctx, given)
    return sort_in_place(ctx, {key: given[key] for key in ("a", "axis") if key in given})


@reads("argpartition", "a*, kth*, axis=-1, kind, order")
def argpartition(ctx: Context, given: dict[str, Value]) -> Value:
    check_kth(ctx, given)
    return argsort(ctx, {key: given[key] for key in ("a", "axis") if key in given})


@reads("lexsort", "keys*, axis=-1")
def lexsort(ctx: Context, given: dict[str, Value]) -> Value:
    """The last key decides; what it leaves open, the one before it."""
    from_keys = given["keys"]
    if isinstance(from_keys, Structure):
        keys = [operand(ctx, key) for key in from_keys.items]
    else:
        ctx.fail(f"the keys are {described(from_keys)} here", "write a tuple of arrays")
    if not keys:
        ctx.fail("lexsort needs keys")
    axis = axis_of(ctx, keys[0].type.ndim, given)
    order: Atom | None = None
    for key in keys:
        if not alike(ctx, key.type.dims, keys[0].type.dims):
            ctx.misfit("all keys need to be the same shape")
        if order is None:
            order = order_of(ctx, key, axis)
            continue
        where = places_along(ctx, key, order, axis)
        again = order_of(ctx, ctx.build.index(key, where.index, where.at), axis)
        where = places_along(ctx, order, again, axis)
        order = ctx.build.index(order, where.index, where.at)
    assert order is not None
    return ctx.made(order)


@reads("take_along_axis", "arr*!, indices*!, axis=-1")
def take_along_axis(ctx: Context, given: dict[str, Value]) -> Value:
    x, places = operand(ctx, given["arr"]), operand(ctx, given["indices"])
    if "axis" not in given:
        x, axis = indices.flat(ctx, x), 0
    else:
        axis = axis_of(ctx, x.type.ndim, given)
    check_places(ctx, x, places)
    where = places_along(ctx, x, places, axis)
    return ctx.made(ctx.build.index(x, where.index, where.at))


def check_places(ctx: Context, x: Atom, places: Atom) -> None:
    if not places.type.is_integer:
        ctx.fail(f"the places have to be integers, they are {places.type}")
    if places.type.ndim != x.type.ndim:
        ctx.fail(f"an array of {x.type.ndim} dimensions has places of {places.type.ndim} here")


@reads("put_along_axis", "arr*!, indices*!, values*, axis")
def put_along_axis(ctx: Context, given: dict[str, Value]) -> Value:
    x, places = given["arr"], operand(ctx, given["indices"])
    if not isinstance(x, Array) or "axis" not in given:
        ctx.fail(f"put_along_axis into {described(x)} without an axis", "name array and axis")
    held = operand(ctx, x)
    check_places(ctx, held, places)
    where = places_along(ctx, held, places, axis_of(ctx, held.type.ndim, given))
    views.write(ctx, views.stepped(ctx, x, where), operand(ctx, given["values"]))
    return Static(None)


@reads("searchsorted", "a*, v*, side, sorter")
def searchsorted(ctx: Context, given: dict[str, Value]) -> Value:
    """Where each of `v` belongs in `a`, which is sorted: places, or one for a number."""
    build = ctx.build
    right = text_of(ctx, given, "side", "left", "right") == "right"
    a, v = operand(ctx, given["a"]), operand(ctx, given["v"])
    if a.type.ndim != 1:
        ctx.fail("np.searchsorted looks into arrays of one dimension")
    if "sorter" in given:
        sorter = operand(ctx, given["sorter"])
        if sorter.type.ndim != 1:
            ctx.fail(f"the sorter is a row, this has {sorter.type.ndim} dimensions")
        counts = [build.extent(atom.type.dims[0]) for atom in (sorter, a)]
        fits = expr.binary(build, "==", counts[0], counts[1])
        ctx.check(fits, "ValueError", "sorter.size must equal a.size")
        a = build.index(a, ("a",), (sorter,))
    dtype = promote([t.having(kind="array") for t in (a.type, v.type)])
    v = build.convert(v, dtype, "array")
    number = not v.type.dims
    v = build.index(v, ("new",)) if number else v
    places = build.apply(sorting.SEARCHSORTED, build.convert(a, dtype), v, constant(right))
    return build.index(places, ("i",), (constant(0),)) if number else ctx.made(places)
