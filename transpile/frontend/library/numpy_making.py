"""NumPy's functions that make arrays: filled, counted, from lists, and of other arrays' kind."""

from __future__ import annotations

import numpy as np

from transpile.frontend import cells, views
from transpile.frontend.context import Context
from transpile.frontend.forms import references
from transpile.frontend.library.numpy_args import (
    as_array,
    dtype_of,
    extents,
    like_dims,
    operand,
    row_major,
)  # fmt: skip
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.operands import CONSTANT, as_python, check_divisor, compute, integer, number
from transpile.frontend.values import Array, Listed, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import shape


def made(name: str) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        row_major(ctx, given, "C")
        dtype = dtype_of(ctx, given, "float64")
        dims = extents(ctx, given["shape"])
        return ctx.made(expr.call(ctx.build, name, [dims], {"dtype": dtype}))

    return found


def made_like(name: str) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        row_major(ctx, given)
        like = operand(ctx, given["a"]).type
        dims = extents(ctx, given["shape"]) if "shape" in given else like_dims(ctx, like.dims)
        dtype = dtype_of(ctx, given, like.dtype)
        if name == "full":
            return filled(ctx, dims, operand(ctx, given["fill_value"]), dtype)
        return ctx.made(expr.call(ctx.build, name, [dims], {"dtype": dtype}))

    return found


def filled(ctx: Context, dims: tuple[Atom, ...], value: Atom, dtype: str) -> Value:
    """One number everywhere, or an array spread to the shape."""
    if isinstance(value, Const) and value.value != value.value and np.dtype(dtype).kind in "biu":
        ctx.fail(f"{dtype} has no NaN", "write a number that it has")
    value = views.converted(ctx, value, dtype)
    if not value.type.dims:
        return ctx.made(expr.call(ctx.build, "full", [dims, value], {"dtype": dtype}))
    out = ctx.made(expr.call(ctx.build, "empty", [dims], {"dtype": dtype}))
    assert isinstance(out, Array)
    views.write(ctx, out, value)
    return out


for _name in ("zeros", "ones", "empty"):
    reads(_name, "shape*, dtype, order")(made(_name))
    reads(f"{_name}_like", "a*, dtype, order, subok, shape")(made_like(_name))
reads("ndarray", "shape*, dtype")(made("empty"))
reads("full_like", "a*, fill_value*, dtype, order, subok, shape")(made_like("full"))


@reads("full", "shape*, fill_value*, dtype, order")
def full(ctx: Context, given: dict[str, Value]) -> Value:
    row_major(ctx, given)
    value = operand(ctx, given["fill_value"])
    dtype = dtype_of(ctx, given, value.type.dtype)
    return filled(ctx, extents(ctx, given["shape"]), value, dtype)


# -- counted


@reads("arange", "start, stop, step, dtype")
def arange(ctx: Context, given: dict[str, Value]) -> Value:
    if "start" in given and "stop" not in given:
        given = {**given, "start": constant(0), "stop": given["start"]}
    if "stop" not in given:
        ctx.fail("np.arange needs a bound")
    given = {"start": constant(0), **given}
    bounds = [number(ctx, given[key]) for key in ("start", "stop", "step") if key in given]
    if any(a.type.is_float for a in bounds):
        start, stop = bounds[:2]
        step = bounds[2] if len(bounds) == 3 else constant(1.0)
        return counted(ctx, start, stop, step, dtype_of(ctx, given, "float64"))
    whole = [integer(ctx, a) for a in bounds]
    if len(whole) == 3:
        check_divisor(ctx, whole[2])
    dtype = dtype_of(ctx, given, "int64")
    return ctx.made(expr.call(ctx.build, "arange", whole, {"dtype": dtype}))


def counted(ctx: Context, start: Atom, stop: Atom, step: Atom, dtype: str) -> Value:
    """`np.arange` of floats: `start + i * step`, as many as NumPy's own division says."""
    build = ctx.build
    count = count_of(ctx, start, stop, step)
    if dtype == "float64":
        given = (double(ctx, bound) for bound in (start, stop, step))
        return ctx.made(build.apply(shape.ARANGE, *given, count, dtype=dtype))
    second = views.converted(ctx, compute(ctx, "+", start, step), dtype)
    first = views.converted(ctx, start, dtype)
    env = {
        "first": build.convert(first, dtype, "numpy"),
        "second": build.convert(second, dtype, "numpy"),
        "number": expr.call(build, "arange", [count], {"dtype": dtype}),
    }
    return ctx.made(build.text("first + number * (second - first)", env))


def double(ctx: Context, bound: Atom) -> Atom:
    if isinstance(bound, Const):
        return constant(float(bound.value))
    return ctx.build.convert(bound, "float64", bound.type.kind)


def count_of(ctx: Context, start: Atom, stop: Atom, step: Atom) -> Atom:
    """How many steps there are before `stop`: `ceil((stop - start) / step)`, not below zero."""
    build = ctx.build
    if isinstance(start, Const) and isinstance(stop, Const) and isinstance(step, Const):
        try:
            return constant(len(np.arange(start.value, stop.value, step.value)))
        except (ValueError, ZeroDivisionError) as error:
            ctx.check(constant(False), type(error).__name__, str(error))
            return constant(0)
    steps = compute(ctx, "/", compute(ctx, "-", stop, start), step)
    whole = as_python(ctx, expr.call(build, "ceil", [steps], {}))
    fits = as_python(ctx, expr.binary(build, "<", whole, constant(2.0**62)))
    ctx.check(fits, "ValueError", "arange: cannot compute length")
    zero = constant(0.0)
    positive = build.text("where(whole > zero, whole, zero)", {"whole": whole, "zero": zero})
    count = build.convert(positive, "int64", "python")
    build.facts = build.facts.having(build.dim(count))
    return count


@reads("eye", "N*, M, k, dtype, order")
@reads("identity", "n*, dtype")
def eye(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.eye(n)`: `i + k == j` for two ranges, broadcast."""
    row_major(ctx, given)
    build = ctx.build
    rows = integer(ctx, given["N"] if "N" in given else given["n"], "an extent")
    columns = integer(ctx, given["M"], "an extent") if "M" in given else rows
    i, j = (expr.call(build, "arange", list(expr.extents(build, n)), {}) for n in (rows, columns))
    i = build.index(i, (":", "new"))
    if given.get("k", constant(0)) != constant(0):
        i = expr.binary(build, "+", i, integer(ctx, given["k"], "k"))
    same = expr.binary(build, "==", i, j)
    return ctx.made(build.convert(same, dtype_of(ctx, given, "float64"), "array"))


# -- made of other arrays


@reads("array", "object*, dtype, copy, order, subok, ndmin")
def array(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.array`: a copy of an array, or an array of nested lists of numbers."""
    row_major(ctx, given)
    value, build = given["object"], ctx.build
    if isinstance(value, Listed):
        cell, value = value.cell or "", as_array(ctx, value)
        assert isinstance(value, Array)
        known = cells.is_named(ctx, cell) or references(ctx, value.base, cell)
        if not known and not {"dtype", "ndmin"} & set(given):
            return value
    if isinstance(value, Structure):
        found = number(ctx, as_array(ctx, value, given))
    else:
        atom = operand(ctx, value)
        dtype = dtype_of(ctx, given, atom.type.dtype)
        found = build.convert(atom, dtype, "array")
        if found is atom:
            found = build.apply(shape.COPY, atom)
    least = given.get("ndmin", constant(0))
    if not isinstance(least, Const):
        ctx.unknown("ndmin has to be a constant", CONSTANT)
    lead = int(least.value) - found.type.ndim
    return ctx.made(build.index(found, ("new",) * lead) if lead > 0 else found)


@reads("ascontiguousarray", "a*, dtype")
def ascontiguousarray(ctx: Context, given: dict[str, Value]) -> Value:
    """The array itself where its elements lie one after the other, or else a copy."""
    value = given["a"]
    if not isinstance(value, Array):
        found = operand(ctx, asarray(ctx, given))
        return ctx.made(ctx.build.index(found, ("new",) * (found.type.ndim == 0)))
    if views.contiguous(value):
        return asarray(ctx, given)
    copy = array(ctx, {"object": value, **given})
    if isinstance(copy, Array):
        copy.base.source = (value.base, ctx.bases[value.base])
    return copy


@reads("asarray asanyarray", "a*, dtype, order, copy")
def asarray(ctx: Context, given: dict[str, Value]) -> Value:
    row_major(ctx, given)
    value = given["a"]
    if isinstance(value, Array):
        type = views.type_of(ctx, value)
        if dtype_of(ctx, given, type.dtype) == type.dtype and given.get("copy") != constant(True):
            return value
        if given.get("copy") == constant(False):
            ctx.impossible("ValueError", "a dtype is converted without a copy", "leave copy out")
    return array(ctx, {"object": value, **given})
