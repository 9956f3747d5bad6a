"""`np.mgrid[...]`, `np.ogrid[...]`, `np.r_[...]` and `np.c_[...]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import converted_to, in_full, operand
from transpile.frontend.library.numpy_grids import grid, numbers
from transpile.frontend.library.numpy_joining import at_least, joined
from transpile.frontend.library.numpy_making import count_of, double
from transpile.frontend.library.numpy_table import read
from transpile.frontend.operands import described, number
from transpile.frontend.values import NONE, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.types import promote

MAKERS = (np.mgrid, np.ogrid, np.r_, np.c_)


def bracketed(ctx: Context, maker: Any, parts: Sequence[Value], listed: bool) -> Value:
    """What `maker[parts]` is; `listed` where there is a comma in the brackets."""
    if maker is np.r_ or maker is np.c_:
        return row_of(ctx, parts, columns=maker is np.c_)
    slices = [slice_of(ctx, part) for part in parts]
    if not listed:
        return along(ctx, slices[0])
    bounds = [bound for one in slices for bound in one if not is_count(bound)]
    counted = any(is_count(one[2]) for one in slices)
    dtype = promote([b.type for b in bounds])
    dtype = "float64" if counted and not dtype.startswith("float") else dtype
    rows = [evenly(ctx, one, dtype) for one in slices]
    return grid(ctx, rows, maker is np.ogrid, dtype)


def slice_of(ctx: Context, part: Value) -> tuple[Atom, Atom, Atom]:
    """Start, stop and step; the last is imaginary where it says how many."""
    if not isinstance(part, Structure) or part.kind != "slice":
        ctx.fail(f"slices are expected here, this is {described(part)}")
    start, stop, step = part.items
    if stop == NONE:
        ctx.fail("a slice needs an end here", "write 0:n for n:")
    return (
        constant(0) if start == NONE else number(ctx, start),
        number(ctx, stop),
        constant(1) if step == NONE else number(ctx, step),
    )


def is_count(step: Atom) -> bool:
    """Is the step imaginary, `5j`, a number of points with both ends among them?"""
    return step.type.is_complex


def points(ctx: Context, step: Atom) -> Atom:
    """How many an imaginary step says."""
    if isinstance(step, Const):
        return constant(int(abs(step.value)))
    return ctx.build.convert(ctx.build.text("abs(x)", {"x": step}), "int64", "python")


def along(ctx: Context, bounds: tuple[Atom, Atom, Atom]) -> Value:
    """`np.r_[a:b:c]`: what `np.arange`, or for an imaginary step `np.linspace`, gives."""
    start, stop, step = bounds
    if not is_count(step):
        return read(ctx, "arange", (start, stop, step), {})
    return read(ctx, "linspace", (start, stop, points(ctx, step)), {})


def evenly(ctx: Context, bounds: tuple[Atom, Atom, Atom], dtype: str) -> Atom:
    """`start + step * k` along one axis of a grid."""
    start, stop, step = bounds
    build = ctx.build
    if is_count(step):
        count = points(ctx, step)
        parts = build.convert(build.text("n - 1", {"n": count}), "float64", "python")
        several = build.text("parts != 0", {"parts": parts})
        env = {"start": start, "stop": stop, "parts": parts, "several": several}
        known = "(stop - start) / parts" if several == constant(True) else "1.0"
        ways = "where(several, (stop - start) / where(several, parts, 1.0), 1.0)"
        step = build.text(known if isinstance(several, Const) else ways, env)
    elif any(bound.type.is_float for bound in bounds):
        count = count_of(ctx, *(double(ctx, bound) for bound in bounds))
    else:
        count = expr.range_length(build, start, stop, step)
    found = numbers(ctx, count, dtype)
    if step not in (constant(1), constant(1.0)):
        found = build.text("y * step", {"y": found, "step": step})
    if start not in (constant(0), constant(0.0)):
        found = build.text("y + start", {"y": found, "start": start})
    return converted_to(ctx, found, dtype)


def row_of(ctx: Context, parts: Sequence[Value], columns: bool) -> Value:
    """Slices, numbers and arrays one after the other; of `np.c_`, as columns side by side."""
    rows: list[Atom] = []
    types = []
    for part in parts:
        if isinstance(part, Static):
            ctx.fail("directions in a text are not taken here", "write np.concatenate")
        ranged = isinstance(part, Structure) and part.kind == "slice"
        atom = operand(ctx, along(ctx, slice_of(ctx, part)) if ranged else part)
        types.append(atom.type)
        row = at_least(ctx, in_full(ctx, atom), 1)
        if columns and row.type.ndim == 1:
            row = ctx.build.index(row, (":", "new"))
        rows.append(row)
    axis = rows[0].type.ndim - 1 if columns else 0
    return ctx.made(joined(ctx, rows, axis, promote(types)))
