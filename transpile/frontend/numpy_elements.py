"""NumPy's functions of elements that are more than one operator."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.numpy_args import operand, text_of
from transpile.frontend.numpy_out import castable, into, masking
from transpile.frontend.numpy_table import reads, written, written_as
from transpile.frontend.operands import described
from transpile.frontend.values import Array, Static, Value
from transpile.sym import expr
from transpile.sym.ir import Atom
from transpile.sym.ops import arithmetic


@reads("clip", "a*, a_min, a_max, out, min, max")
def clip(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.clip` and the method: None, or nothing, is no bound."""
    found: Atom = operand(ctx, given["a"])
    bounds = (("a_min", "min", "maximum"), ("a_max", "max", "minimum"))
    for first, second, name in bounds:
        key = first if first in given else second
        if key in given:
            found = expr.call(ctx.build, name, [found, operand(ctx, given[key])], {})
    if not {key for pair in bounds for key in pair[:2]} & set(given):
        found = expr.call(ctx.build, "positive", [found], {})
    return into(ctx, "clip", found, given)


@reads("copyto", "dst*, src*, casting, where")
def copyto(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.copyto(x, y)`: `x[...] = y` of the same kind."""
    casting = text_of(ctx, given, "casting", "same_kind", "unsafe")
    target, value = given["dst"], operand(ctx, given["src"])
    if not isinstance(target, Array):
        ctx.fail(f"np.copyto into {described(target)}")
    type = views.type_of(ctx, target)
    if casting == "same_kind" and value.type.kind != "python":
        castable(ctx, "copyto", value.type.dtype, type.dtype)
    mask = masking(ctx, given)
    if mask is not None:
        value = views.converted(ctx, value, type.dtype)
        value = ctx.build.apply(arithmetic.WHERE, mask, value, views.read(ctx, target))
    views.write(ctx, target, value)
    return Static(None)


@written
def fix(x: Any, out: Any = None) -> Any:
    return np.trunc(x, out)


@written_as("round around")
def round_(a: Any, decimals: Any = 0, out: Any = None) -> Any:
    x = np.asarray(a)
    if x.dtype.kind == "f" and decimals == 0:
        return np.rint(x, out)
    if x.dtype.kind == "b" or (decimals >= 0 and x.dtype.kind != "f"):
        return np.positive(x, out)
    scale = 10.0 ** abs(decimals)
    found = np.rint(x * scale) / scale if decimals > 0 else np.rint(x / scale) * scale
    found = found if found.dtype == x.dtype else found.astype(x.dtype)
    return np.positive(found, out)
