"""NumPy's functions that go by places: what stands where, what is true where, sums so far."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from transpile.frontend import indices, unread, views
from transpile.frontend.context import Context
from transpile.frontend.library import numpy_table
from transpile.frontend.library.numpy_args import (
    as_array,
    as_index,
    axis_of,
    dtype_of,
    in_full,
    operand,
)  # fmt: skip
from transpile.frontend.library.numpy_out import into, kept
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.operands import described
from transpile.frontend.values import Array, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.build import scan_facts
from transpile.sym.ir import Atom, Scan, Var, constant
from transpile.sym.ops import reduce, shape
from transpile.sym.types import INT


@reads("nonzero", "a*")
def nonzero(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.nonzero`, and `np.where` of a condition alone: the places along each axis."""
    return Structure("tuple", tuple(map(ctx.made, indices.found(ctx, truths(ctx, given["a"])))))


def truths(ctx: Context, value: Value) -> Atom:
    atom = operand(ctx, value)
    if not atom.type.dims:
        ctx.fail("the places of a single number are not taken", "test it with `if`")
    return atom if atom.type.dtype == "bool" else expr.binary(ctx.build, "!=", atom, constant(0))


@reads("flatnonzero", "a*")
def flatnonzero(ctx: Context, given: dict[str, Value]) -> Value:
    (places,) = indices.found(ctx, indices.flat(ctx, truths(ctx, given["a"])))
    return ctx.made(places)


COUNTS: type = type(np.count_nonzero(np.zeros(1, np.bool_)))  # int before NumPy 2.4


@reads("count_nonzero", "a*, axis, keepdims")
def count_nonzero(ctx: Context, given: dict[str, Value]) -> Value:
    if "axis" in given or "keepdims" in given:
        x = operand(ctx, given.pop("a"))
        test = expr.binary(ctx.build, "!=", x, constant(0))
        all_ = {"a": ctx.made(test), "dtype": Static(np.int64)}
        return numpy_table.read(ctx, "sum", [], {**all_, **given})
    x = in_full(ctx, operand(ctx, given["a"]))
    x = x if x.type.dtype == "bool" else expr.binary(ctx.build, "!=", x, constant(0))
    count = indices.count(ctx, indices.flat(ctx, in_full(ctx, x)))
    return count if COUNTS is int else ctx.build.convert(count, "int64", "numpy")


@reads("take", "a*, indices*, axis, mode")
def take(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.take`: `x[:, k]` with the array of indices at the axis; else of all the elements."""
    x = given["a"]
    if not isinstance(x, Array):
        x = as_array(ctx, x) if isinstance(x, Structure) else x
    if not isinstance(x, Array):
        ctx.fail(f"np.take from {described(x)}", "make an array of it, np.array([x])")
    if "axis" not in given:
        whole = views.reshaped(ctx, x, (constant(-1),))
        assert isinstance(whole, Array)
        x = whole
    dims = views.type_of(ctx, x).dims
    ndim = len(dims)
    axis = axis_of(ctx, ndim, given)
    item, parts = indices.part(ctx, as_index(ctx, given["indices"]))
    if item not in ("i", "a"):
        ctx.misplaced("np.take takes integers", "write x[...] with what stands in the brackets")
    (at,) = parts
    at = within(ctx, at, ctx.build.extent(dims[axis]), given)
    part: indices.Part = (item, [at])
    before: list[indices.Part] = [(":", [])] * axis
    view = views.stepped(ctx, x, indices.indexed(ctx, dims, [*before, part]))
    with unread.noting(ctx):
        return ctx.made(views.read(ctx, view))


def within(ctx: Context, at: Atom, extent: Atom, given: Mapping[str, Value]) -> Atom:
    """The places that `mode=` makes of those that are out of range."""
    match given.get("mode", Static("raise")):
        case Static(value="raise"):
            return at
        case Static(value="wrap"):
            return expr.binary(ctx.build, "%", at, extent)
        case Static(value="clip"):
            text = "where(at < 0, 0, where(at < n, at, n - 1))"
            return ctx.build.text(text, {"at": at, "n": extent})
    ctx.fail('mode has to be "raise", "wrap" or "clip"')


# -- running sums, products and extremes


def running(ctx: Context, ufunc: str, x: Atom, given: Mapping[str, Value]) -> Value:
    """`np.cumsum` and its like: `out[i] = step(out[i - 1], x[i])`, a loop that carries `out`."""
    build = ctx.build
    if "axis" not in given or not x.type.dims:
        x = indices.flat(ctx, x)
    axis = axis_of(ctx, x.type.ndim, given)
    x = build.convert(x, dtype_of(ctx, given, running_dtype(ctx, ufunc, x)))
    length = build.extent(x.type.dims[axis])
    out = build.apply(shape.EMPTY, *map(build.extent, x.type.dims), dtype=x.type.dtype)
    lead = (":",) * axis
    head = (*lead, ("slice", False, True, False))
    first = build.update(out, build.index(x, head, [ONE]), head, [ONE])
    i, carried = Var("", INT), Var("", x.type)
    ctx.tame.add(i)
    inner = build.child(*scan_facts(i, Affine((), 1), build.dim(length), Affine((), 1)))
    at = (*lead, "i")
    before = inner.index(carried, at, [inner.atom(inner.dim(i) - 1)])
    new = expr.call(inner, ufunc, [before, inner.index(x, at, [i])], {})
    body = inner.block([i, carried], [inner.update(carried, new, at, [i])])
    scan = Scan(ONE, length, ONE, (first,), body)
    return into(ctx, f"{ufunc}.accumulate", build.emit(scan, [Var("", x.type)])[0], given)


ONE = constant(1)


def running_dtype(ctx: Context, ufunc: str, x: Atom) -> str:
    """The dtype of a sum or product so far is that of the whole."""
    if ufunc not in ("add", "multiply"):
        return x.type.dtype
    return reduce.SUM.type(ctx.build, reduce.SUM, (x,), {"axis": (), "keepdims": False}).dtype


def accumulated(ufunc: str) -> Reader:
    return lambda ctx, given: running(ctx, ufunc, operand(ctx, given.pop("a")), given)


reads("cumsum", "a*, axis, dtype, out")(accumulated("add"))
reads("cumprod", "a*, axis, dtype, out")(accumulated("multiply"))


def cumulative(ufunc: str) -> Reader:
    """`np.cumulative_sum`, `np.cumulative_prod`: with a first element from nothing if asked for."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        x = in_full(ctx, operand(ctx, given.pop("x")))
        x = x if x.type.dims else indices.flat(ctx, x)
        if "axis" not in given and x.type.ndim != 1:
            ctx.fail("axis is needed where an array has not one dimension")
        axis = axis_of(ctx, x.type.ndim, given)
        if given.pop("include_initial", constant(False)) == constant(False):
            return running(ctx, ufunc, x, {**given, "axis": constant(axis)})
        dims = list(map(ctx.build.extent, x.type.dims))
        dims[axis] = expr.binary(ctx.build, "+", dims[axis], ONE)
        make = shape.ZEROS if ufunc == "add" else shape.ONES
        wide = ctx.build.apply(make, *dims, dtype=x.type.dtype)
        index = (*(":",) * axis, ("slice", True, False, False))
        wide = ctx.build.update(wide, x, index, [ONE])
        return running(ctx, ufunc, wide, {**given, "axis": constant(axis)})

    return found


reads("cumulative_sum", "x*, axis, dtype, out, include_initial")(cumulative("add"))
reads("cumulative_prod", "x*, axis, dtype, out, include_initial")(cumulative("multiply"))


# -- places of extremes


def place_of(extreme: str) -> Reader:
    """`np.argmax`, `np.argmin`: the first place of the extreme, or of NaN if there is one."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        build, x = ctx.build, operand(ctx, given["a"])
        if "axis" not in given or not x.type.dims:
            x = indices.flat(ctx, x)
        axis = axis_of(ctx, x.type.ndim, given)
        length = build.extent(x.type.dims[axis])
        number = expr.call(build, "arange", [length], {})
        behind = ("new",) * (x.type.ndim - axis - 1)
        env = {
            "x": x,
            "best": expr.call(build, extreme, [x], {"axis": axis, "keepdims": True}),
            "number": build.index(number, (":", *behind)) if behind else number,
            "n": length,
        }
        places = build.text("where((x == best) | (x != x), number, n)", env)
        keep = kept(ctx, given)
        found = expr.call(build, "min", [places], {"axis": axis, "keepdims": keep})
        if keep and "axis" not in given:
            ones = [Affine((), 1)] * operand(ctx, given["a"]).type.ndim
            found = build.reshape(found, ones)
        return into(ctx, f"arg{extreme}", found, given)

    return found


reads("argmax", "a*, axis, out, keepdims")(place_of("max"))
reads("argmin", "a*, axis, out, keepdims")(place_of("min"))
