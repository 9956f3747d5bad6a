"""NumPy's functions that give another view of an array: axes moved, turned, added, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import (
    array_of,
    axes,
    axis_of,
    extents,
    operand,
    unlisted,
)  # fmt: skip
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.operands import as_atom, compute, described, integer, number
from transpile.frontend.values import (
    Array,
    Indexed,
    Locked,
    Reshaped,
    Spread,
    Static,
    Structure,
    Transposed,
    Value,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import arithmetic
from transpile.sym.types import Mismatch

BACK = ("slice", False, False, True)  # with -1 beside it, an axis turned round


def axes_of(ctx: Context, given: Any, ndim: int) -> tuple[int, ...]:
    """Axes counted from the left, each of them there."""
    found = axes(ctx, given)
    listed: tuple[int, ...] = found if isinstance(found, tuple) else (found,)
    for one in listed:
        if not -ndim <= one < ndim:
            ctx.fail(f"axis {one} is out of bounds for an array of {ndim} dimensions")
    places = tuple(one % ndim for one in listed)
    if len(set(places)) < len(places):
        ctx.fail("an axis is named twice")
    return places


# -- axes turned round


def turned(ctx: Context, array: Array, places: Sequence[int]) -> Array:
    """The array with these axes in reverse order."""
    index = tuple(BACK if k in places else ":" for k in range(max(places, default=-1) + 1))
    if not places:
        return array
    return views.stepped(ctx, array, Indexed(index, (constant(-1),) * len(places)))


@reads("flip", "m*, axis")
def flip(ctx: Context, given: dict[str, Value]) -> Value:
    array = array_of(ctx, given["m"])
    ndim = views.type_of(ctx, array).ndim
    places = axes_of(ctx, given["axis"], ndim) if "axis" in given else tuple(range(ndim))
    if ndim == 0:
        held = views.read(ctx, array)
        return ctx.build.convert(held, held.type.dtype, "numpy")
    return turned(ctx, array, places)


def turning(axis: int) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        array = array_of(ctx, given["m"])
        if views.type_of(ctx, array).ndim <= axis:
            ctx.fail(f"the array needs {axis + 1} dimensions here")
        return turned(ctx, array, (axis,))

    return found


reads("flipud", "m*")(turning(0))
reads("fliplr", "m*")(turning(1))


@reads("rot90", "m*, k, axes")
def rot90(ctx: Context, given: dict[str, Value]) -> Value:
    array = array_of(ctx, given["m"])
    ndim = views.type_of(ctx, array).ndim
    plane = given.get("axes", Structure("tuple", (constant(0), constant(1))))
    first, second = axes_of(ctx, plane, ndim)
    times = axes(ctx, given.get("k", constant(1)), "k") % 4
    order = list(range(ndim))
    order[first], order[second] = second, first
    match times:
        case 0:
            return turned(ctx, array, ())
        case 1:
            return moved(ctx, turned(ctx, array, (second,)), order)
        case 2:
            return turned(ctx, array, (first, second))
    return turned(ctx, moved(ctx, array, order), (second,))


# -- axes moved


def moved(ctx: Context, array: Array, order: Sequence[int]) -> Array:
    found = views.transposed(ctx, array, tuple(order))
    assert isinstance(found, Array)
    return found


@reads("swapaxes", "a*, axis1*, axis2*")
def swapaxes(ctx: Context, given: dict[str, Value]) -> Value:
    array = array_of(ctx, given["a"])
    order = list(range(views.type_of(ctx, array).ndim))
    i, j = (axis_of(ctx, len(order), given, key) for key in ("axis1", "axis2"))
    order[i], order[j] = j, i
    return moved(ctx, array, order)


@reads("moveaxis", "a*, source*, destination*")
def moveaxis(ctx: Context, given: dict[str, Value]) -> Value:
    array = array_of(ctx, given["a"])
    ndim = views.type_of(ctx, array).ndim
    source, places = (axes_of(ctx, given[key], ndim) for key in ("source", "destination"))
    if len(source) != len(places):
        ctx.fail("source and destination have to be of one length")
    order = [k for k in range(ndim) if k not in source]
    for place, axis in sorted(zip(places, source, strict=True)):
        order.insert(place, axis)
    return moved(ctx, array, order)


@reads("rollaxis", "a*!, axis*, start")
def rollaxis(ctx: Context, given: dict[str, Value]) -> Value:
    array = array_of(ctx, given["a"])
    order = list(range(views.type_of(ctx, array).ndim))
    axis = axis_of(ctx, len(order), given)
    start = axes(ctx, given.get("start", constant(0)), "start")
    if not isinstance(start, int):
        ctx.fail("start has to be one integer")
    if not -len(order) <= start <= len(order):
        ctx.fail(f"start {start} is out of bounds for an array of {len(order)} dimensions")
    start += len(order) * (start < 0)
    order.insert(start, order[axis])
    del order[axis + (start <= axis)]
    return moved(ctx, array, order)


# -- axes added and dropped


@reads("expand_dims", "a*, axis*")
def expand_dims(ctx: Context, given: dict[str, Value]) -> Value:
    array = array_of(ctx, given["a"])
    ndim = views.type_of(ctx, array).ndim
    wanted = axes(ctx, given["axis"])
    count = ndim + (len(wanted) if isinstance(wanted, tuple) else 1)
    added = axes_of(ctx, given["axis"], count)
    return views.stepped(
        ctx, array, Indexed(tuple("new" if k in added else ":" for k in range(count)))
    )


@reads("squeeze", "a*, axis")
def squeeze(ctx: Context, given: dict[str, Value]) -> Value:
    number = given["a"]
    if isinstance(number, Var | Const) and number.type.kind == "numpy" and "axis" not in given:
        return number
    array = array_of(ctx, given["a"])
    dims = views.type_of(ctx, array).dims
    if "axis" in given:
        dropped = axes_of(ctx, unlisted(ctx, given["axis"]), len(dims))
        for k in dropped:
            one = as_atom(compute(ctx, "==", ctx.build.extent(dims[k]), constant(1)))
            ctx.check(
                one,
                "ValueError",
                "cannot select an axis to squeeze out which has size not equal to one",
            )
    else:
        for dim in dims:
            if dim.constant is None and not ctx.is_size(dim.symbol):
                ctx.fail("whether this axis has length 1 is not known", "name it, axis=...")
        dropped = tuple(k for k, dim in enumerate(dims) if dim.constant == 1)
    if len(dropped) == len(dims):
        return Array(array.base, (*array.path, Reshaped(()))) if dims else array
    if not dropped:
        return array
    index = tuple("i" if k in dropped else ":" for k in range(len(dims)))
    return views.stepped(ctx, array, Indexed(index, (constant(0),) * len(dropped)))


def at_least(ndim: int, index: Sequence[tuple[Any, ...]]) -> Reader:
    """`np.atleast_2d` and its like; `index` says how an array of fewer dimensions is seen."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        arys = given["arys"]
        assert isinstance(arys, Structure)
        arrays = tuple(seen(ctx, array_of(ctx, one)) for one in arys.items)
        return arrays[0] if len(arrays) == 1 else Structure("tuple", arrays)

    def seen(ctx: Context, array: Array) -> Array:
        here = views.type_of(ctx, array).ndim
        return array if here >= ndim else views.stepped(ctx, array, Indexed(index[here]))

    return found


NEW = "new"
reads("atleast_1d", "*arys")(at_least(1, [(NEW,)]))
reads("atleast_2d", "*arys")(at_least(2, [(NEW, NEW), (NEW, ":")]))
reads("atleast_3d", "*arys")(at_least(3, [(NEW,) * 3, (NEW, ":", NEW), (":", ":", NEW)]))


@reads("view", "a*")
def view(ctx: Context, given: dict[str, Value]) -> Value:
    atom = number(ctx, given["a"])
    if atom.type.kind == "numpy":
        return ctx.made(atom)
    array = array_of(ctx, given["a"])
    return Array(array.base, (*array.path, Indexed(())))


# -- views that are not written through


@reads("broadcast_to", "array*, shape*")
def broadcast_to(ctx: Context, given: dict[str, Value]) -> Value:
    array = array_of(ctx, given["array"])
    wanted = expr.extents(ctx.build, extents(ctx, given["shape"]))
    dims = views.type_of(ctx, array).dims
    places = tuple(map(ctx.build.dim, wanted))
    if len(dims) > len(places):
        ctx.misfit(f"an array of shape {views.shown(dims)} is not spread to {views.shown(places)}")
    for mine, place in zip(reversed(dims), reversed(places), strict=False):
        if mine.constant != 1:
            try:
                ctx.build.same(mine, place)
            except Mismatch as error:
                ctx.misfit(f"an array of shape {views.shown(dims)} is not spread: {error}")
    return Array(array.base, (*array.path, Spread(wanted)))


@reads("diagonal", "a*, offset, axis1, axis2")
def diagonal(ctx: Context, given: dict[str, Value]) -> Value:
    """`a[..., i, i + offset]`, the two axes last."""
    array, build = array_of(ctx, given["a"]), ctx.build
    ndim = views.type_of(ctx, array).ndim
    if ndim < 2:
        ctx.misfit("a diagonal is of an array of two dimensions or more")
    given = {"axis1": constant(0), "axis2": constant(1), **given}
    pair = [axis_of(ctx, ndim, given, key) for key in ("axis1", "axis2")]
    if pair[0] == pair[1]:
        ctx.fail("axis1 and axis2 cannot be the same")
    rest = [k for k in range(ndim) if k not in pair]
    offset = integer(ctx, given.get("offset", constant(0)), "the offset")
    dims = views.type_of(ctx, array).dims
    last = [build.extent(dims[k]) for k in pair]
    starts = [larger(ctx, expr.unary(build, "-", offset)), larger(ctx, offset)]
    lengths = [compute(ctx, "-", n, k) for n, k in zip(last, starts, strict=True)]
    count = larger(ctx, smaller(ctx, *lengths))
    numbers = expr.call(build, "arange", [count], {})
    at = tuple(shifted(ctx, numbers, start) for start in starts)
    index = Indexed((*":" * len(rest), "a", "a"), at)
    path = (*array.path, Transposed((*rest, *pair))) if rest or pair != [0, 1] else array.path
    return Array(array.base, (*path, index, Locked()))


def shifted(ctx: Context, numbers: Atom, by: Atom) -> Atom:
    return numbers if by == constant(0) else expr.binary(ctx.build, "+", numbers, by)


def smaller(ctx: Context, a: Atom, b: Atom) -> Atom:
    """`min(a, b)` of two integers."""
    difference = ctx.build.dim(a) - ctx.build.dim(b)
    if difference.constant is not None:
        return a if difference.constant <= 0 else b
    return ctx.build.apply(arithmetic.WHERE, expr.binary(ctx.build, "<", a, b), a, b)


def larger(ctx: Context, a: Atom) -> Atom:
    """`max(a, 0)` of an integer."""
    if isinstance(a, Const):
        return constant(max(int(a.value), 0))
    return ctx.build.extent(ctx.build.dim(a))


@reads("fill_diagonal", "a*, val*")
def fill_diagonal(ctx: Context, given: dict[str, Value]) -> Value:
    """`a[i, i] = val`, the elements of an array in turn."""
    array, build = given["a"], ctx.build
    if not isinstance(array, Array):
        ctx.fail(f"np.fill_diagonal of {described(array)}")
    dims = views.type_of(ctx, array).dims
    if len(dims) < 2:
        ctx.misfit("array must be at least 2-d")
    sides = [build.extent(dim) for dim in dims]
    count = smaller(ctx, sides[0], sides[1])
    if len(dims) > 2:
        for side in sides[1:]:
            alike = as_atom(compute(ctx, "==", sides[0], side))
            ctx.check(alike, "ValueError", "All dimensions of input must be of equal length")
        count = sides[0]
    places = expr.call(build, "arange", [count], {})
    value = indices.in_turn(ctx, operand(ctx, given["val"]), places)
    at = (places,) * len(dims)
    views.write(ctx, views.stepped(ctx, array, Indexed(("a",) * len(dims), at)), value)
    return Static(None)
