"""NumPy's medians and quantiles: functions of the rows of an array, whichever axes those are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import axes, operand, text_of
from transpile.frontend.library.numpy_out import into, kept
from transpile.frontend.library.numpy_reductions import array_of
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.values import Static, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, constant

METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def of_rows(text: Callable[..., Any], *more: str) -> Reader:
    """The entry of a function whose text takes an array and reduces its last axis.

    `more` are the arguments that the text takes beside it; what it gives may have axes before those
    that the array keeps.
    """

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        x = array_of(ctx, given["a"])
        if x.type.dtype.startswith("complex"):
            ctx.fail(
                f"np.{text.__name__} of complex numbers, which have no order of sizes",
                "take z.real, or abs(z)",
            )
        axis = expr.axes_of(x, axes(ctx, given["axis"]) if "axis" in given else None)
        if "overwrite_input" in given and given["overwrite_input"] != constant(False):
            ctx.fail("overwrite_input leaves the array in no order that NumPy says", "leave it out")
        beside = [given[key] for key in more]
        with ctx.quoting():
            result = ctx.hooks.inline(ctx, text, (ctx.made(rows(ctx, x, axis)), *beside), {})
        total = operand(ctx, result)
        if kept(ctx, given):
            before = (":",) * (total.type.ndim - x.type.ndim + len(axis))
            index = tuple("new" if k in axis else ":" for k in range(x.type.ndim))
            total = ctx.build.index(array_of(ctx, ctx.made(total)), (*before, *index))
        return into(ctx, text.__name__, total, given)

    return found


def rows(ctx: Context, x: Atom, axis: tuple[int, ...]) -> Atom:
    """The array with these axes as one, the last."""
    left = [k for k in range(x.type.ndim) if k not in axis]
    if len(axis) == 1:
        return ctx.build.transpose(x, (*left, *axis))
    count: Atom = constant(1)
    for k in axis:
        count = expr.binary(ctx.build, "*", count, ctx.build.extent(x.type.dims[k]))
    dims = [*(x.type.dims[k] for k in left), ctx.build.dim(count)]
    return ctx.build.reshape(ctx.build.transpose(x, (*left, *axis)), dims)


def quantiles(scale: float) -> Reader:
    """`np.quantile`, and `np.percentile` of hundredths: of one number or of several in a row."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        method = text_of(ctx, given, "method", *METHODS)
        x, q = array_of(ctx, given["a"]), operand(ctx, given["q"])
        if q.type.ndim > 1:
            ctx.fail(f"q has {q.type.ndim} dimensions", "give a number or a row of them")
        if scale == 1.0 and not q.type.is_smooth and x.type.dtype != "float64":
            ctx.fail(f"an integer as q beside {x.type.dtype}", "write it with a point, 1.0")
        if q.type.dtype == "float32" and x.type.dtype != "float32":
            ctx.fail("a q of single precision beside other numbers", "write np.float64(q)")
        single = x.type.dtype == "float32" and q.type.is_scalar  # NumPy's too is a Python float
        q = ctx.build.convert(q, "float32" if single else "float64", "array")
        if scale != 1.0:
            q = expr.binary(ctx.build, "/", q, constant(scale))
        more = {**given, "q": ctx.made(q), "method": Static(method)}
        return reader(ctx, more)

    reader = of_rows(quantile, "q", "method")
    return found


# -- the texts


def median(x: Any) -> Any:
    y = np.sort(x if x.dtype.kind == "f" else x.astype(np.float64), axis=-1)
    n = y.shape[-1]
    if n == 0:
        return np.full(x.shape[:-1], np.nan, y.dtype)[()]
    middle = (y[..., (n - 1) // 2] + y[..., n // 2]) / 2
    return np.where(np.isnan(y[..., -1]), y[..., -1], middle)[()]


def nanmedian(x: Any) -> Any:
    y = np.sort(x if x.dtype.kind == "f" else x.astype(np.float64), axis=-1)
    if y.shape[-1] == 0:
        return np.full(x.shape[:-1], np.nan, y.dtype)[()]
    n = np.sum(~np.isnan(y), axis=-1, keepdims=True)
    low = np.take_along_axis(y, np.maximum(n - 1, 0) // 2, axis=-1)
    return ((low + np.take_along_axis(y, n // 2 * (n > 0), axis=-1)) / 2)[..., 0][()]


def quantile(x: Any, q: Any, method: Any) -> Any:
    between = method == "linear" or method == "midpoint"
    y = np.sort(x, axis=-1)
    if not np.all((q >= 0) & (q <= 1)):
        raise ValueError("Quantiles must be in the range [0, 1]")
    place = q * (y.shape[-1] - 1)
    if q.ndim == 0:
        return at_place(y, place, method)
    found = np.empty((len(q), *x.shape[:-1]), q.dtype if between else y.dtype)
    for i in range(len(q)):
        found[i] = at_place(y, place[i], method)
    return found


def at_place(y: Any, place: Any, method: Any) -> Any:
    """The value at a place between those of sorted rows; NaN where there is one."""
    n = y.shape[-1]
    low = int(np.floor(place))
    high = min(low + 1, n - 1)
    t = place - low
    below, above = y[..., low][()], y[..., high][()]
    if method == "lower":
        found = below
    elif method == "higher":
        found = y[..., int(np.ceil(place))][()]
    elif method == "nearest":
        found = y[..., int(np.rint(place))][()]
    elif method == "midpoint":
        found = np.where(t > 0, below + (above - below) * 0.5, below)
    else:
        up = above - below
        found = np.where(t >= 0.5, above - up * (1 - t), below + up * t)
    return np.where(np.isnan(y[..., -1]), y[..., -1], found)[()]


reads("median", "a*, axis, out, overwrite_input, keepdims")(of_rows(median))
reads("nanmedian", "a*, axis, out, overwrite_input, keepdims")(of_rows(nanmedian))
QUANTILES = "a*, q*, axis, out, overwrite_input, method, keepdims"
reads("quantile", QUANTILES)(quantiles(1.0))
reads("percentile", QUANTILES)(quantiles(100.0))
