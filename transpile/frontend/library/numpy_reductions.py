"""NumPy's reductions, with `out=`, `initial=` and `where=`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import axes, dtype_of, operand, unlisted
from transpile.frontend.library.numpy_out import castable, into, kept, masking
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.operands import described
from transpile.frontend.values import Array, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import arithmetic, shape
from transpile.sym.ops.table import broadcast
from transpile.sym.types import Type

SUMS = "a*, axis, dtype, out, keepdims, initial, where"
EXTREMES = "a*, axis, out, keepdims, initial, where"
TRUTHS = "a*, axis, out, keepdims, where"
STEPS = {"sum": "add", "prod": "multiply", "max": "maximum", "min": "minimum"}
IDENTITIES = {"sum": 0, "prod": 1, "all": True, "any": False}


def reduced(name: str) -> Reader:
    """The entry of a reduction of the table."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        x = array_of(ctx, given["a"])
        x = ctx.build.convert(x, asked(ctx, name, given, x.type.dtype), "array")
        axis = axes_along(ctx, x, given)
        mask = masking(ctx, given)
        if name in ("max", "min"):
            x = widened(ctx, name, x, expr.axes_of(x, axis), given, mask)
        elif mask is not None:
            x = masked(ctx, x, mask, constant(IDENTITIES[name]))
        total = expr.call(ctx.build, name, [x], {"axis": axis, "keepdims": kept(ctx, given)})
        if total.type.is_integer and ("dtype" in given or "out" in given):
            total = ctx.build.convert(total, x.type.dtype, total.type.kind)  # it wraps around alike
        if "initial" in given:
            first = operand(ctx, given["initial"])
            if first.type.ndim:
                ctx.misfit("initial has to be a number, not an array")
            if first.type.kind != "python":
                castable(ctx, name, first.type.dtype, total.type.dtype, "initial")
            first = ctx.build.convert(first, total.type.dtype, "numpy")
            total = expr.call(ctx.build, STEPS[name], [total, first], {})
        return into(ctx, name, total, given)

    return found


reads("sum", SUMS)(reduced("sum"))
reads("prod", SUMS)(reduced("prod"))
reads("max amax", EXTREMES)(reduced("max"))
reads("min amin", EXTREMES)(reduced("min"))
reads("all", TRUTHS)(reduced("all"))
reads("any", TRUTHS)(reduced("any"))


@reads("mean", "a*, axis, dtype, out, keepdims, where")
def mean(ctx: Context, given: dict[str, Value]) -> Value:
    """The sum over the count; whole numbers are averaged as float64."""
    x = array_of(ctx, given["a"])
    whole = np.dtype(x.type.dtype).kind in "biu"
    x = ctx.build.convert(x, asked(ctx, "mean", given, "float64" if whole else x.type.dtype))
    axis = axes_along(ctx, x, given)
    keywords = {"axis": axis, "keepdims": kept(ctx, given)}
    mask = masking(ctx, given)
    if mask is None:
        found = expr.call(ctx.build, "mean", [x], keywords)
        found = ctx.build.convert(found, x.type.dtype, found.type.kind)
        return into(ctx, "mean", found, given)
    total = expr.call(ctx.build, "sum", [masked(ctx, x, mask, constant(0))], keywords)
    count = expr.call(ctx.build, "sum", [ctx.build.broadcast_to(mask, x.type.dims)], keywords)
    found = expr.binary(ctx.build, "/", total, count)
    found = ctx.build.convert(found, total.type.dtype, found.type.kind)
    return into(ctx, "mean", found, given)


def asked(ctx: Context, name: str, given: Mapping[str, Value], default: str) -> str:
    """The dtype in which a reduction is made: that of `out=` where nothing else is said."""
    out = given.get("out")
    if isinstance(out, Array) and "dtype" not in given and name not in ("all", "any"):
        theirs = views.type_of(ctx, out).dtype
        castable(ctx, name, default, theirs)
        return theirs
    return dtype_of(ctx, given, default)


def axes_along(ctx: Context, x: Atom, given: Mapping[str, Value]) -> Any:
    """`axis=`; of an array without axes NumPy takes 0 and -1 too."""
    axis = axes(ctx, unlisted(ctx, given["axis"])) if "axis" in given else None
    return None if not x.type.dims and axis in (0, -1) else axis


def array_of(ctx: Context, value: Value) -> Atom:
    """The operand of a reduction: a scalar is an array without axes."""
    x = operand(ctx, value)
    return ctx.build.convert(x, x.type.dtype, "array") if x.type.is_scalar else x


def masked(ctx: Context, x: Atom, mask: Atom, other: Atom) -> Atom:
    """The elements where the mask holds, elsewhere another number of the same dtype."""
    dims = broadcast(ctx.build, [x.type.dims, mask.type.dims])
    if len(dims) != x.type.ndim:
        ctx.misfit(f"where= has {mask.type.ndim} dimensions, what is reduced has {x.type.ndim}")
    found = ctx.build.apply(arithmetic.WHERE, mask, x, other)
    return ctx.build.convert(found, x.type.dtype, "array")


def widened(
    ctx: Context,
    name: str,
    x: Atom,
    axis: tuple[int, ...],
    given: Mapping[str, Value],
    mask: Atom | None,
) -> Atom:
    """What an extreme with `initial=` is taken of: it is there where nothing else is."""
    if "initial" not in given:
        if mask is not None:
            ctx.fail(
                f"np.{name} of what where= leaves has no value where that is nothing",
                "give initial= too",
            )
        return x
    if x.type.dtype.startswith("complex"):
        ctx.fail(
            f"np.{name} of complex numbers does not take initial= here",
            f"write np.{name}imum(np.{name}(z), initial)",
        )
    if operand(ctx, given["initial"]).type.dims:
        ctx.fail(f"initial has to be a number, this is {described(given['initial'])}")
    least = beyond(name, x.type.dtype)
    if mask is not None:
        x = masked(ctx, x, mask, least)
    build, facts = ctx.build, ctx.build.facts
    if all(facts.positive(x.type.dims[k]) for k in axis):
        return x
    dims = [build.extent(d) for d in x.type.dims]
    for k in axis:
        dims[k] = expr.binary(build, "+", dims[k], constant(1))
    more = build.apply(shape.FULL, least, *dims, dtype=x.type.dtype)
    index = tuple(("slice", True, False, False) if k in axis else ":" for k in range(len(dims)))
    return build.update(more, x, index, [constant(1)] * len(axis))


def beyond(name: str, dtype: str) -> Atom:
    """A number that no other of the dtype is less extreme than."""
    type = Type(dtype, (), "numpy")
    if np.dtype(dtype).kind == "f":
        return Const(-np.inf if name == "max" else np.inf, type)
    if type.is_complex:
        end = -np.inf if name == "max" else np.inf
        return Const(complex(end, end), type)
    if dtype == "bool":
        return Const(name == "min", type)
    info = np.iinfo(dtype)
    return Const(int(info.min if name == "max" else info.max), type)
