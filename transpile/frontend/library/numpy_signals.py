"""NumPy's functions of neighbours and of sequences: differences, slopes, convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library import numpy_table
from transpile.frontend.library.numpy_args import axes, axis_of, operand
from transpile.frontend.library.numpy_table import reads, written
from transpile.frontend.operands import CONSTANT
from transpile.frontend.values import Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant


@reads("diff", "a*, n=1, axis=-1, prepend, append")
def diff(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.diff`: of booleans where they change, else later less earlier, `n` times."""
    build, x = ctx.build, operand(ctx, given["a"])
    if not x.type.dims:
        ctx.fail("diff requires input that is at least one dimensional")
    axis = axis_of(ctx, x.type.ndim, given)
    count = given["n"]
    if not isinstance(count, Const) or count.value < 0:
        ctx.unknown("n has to be a constant that is not negative", CONSTANT)
    parts = [ctx.made(x)]
    for key, place in (("prepend", 0), ("append", 2)):
        if key in given:
            parts.insert(place, ctx.made(beside(ctx, operand(ctx, given[key]), x, axis)))
    if len(parts) > 1:
        whole: list[Value] = [Structure("tuple", tuple(parts)), constant(axis)]
        x = operand(ctx, numpy_table.read(ctx, "concatenate", whole, {}))
    lead = (":",) * axis
    for _ in range(int(count.value)):
        later = build.index(x, (*lead, ("slice", True, False, False)), [constant(1)])
        earlier = build.index(x, (*lead, ("slice", False, True, False)), [constant(-1)])
        x = expr.binary(build, "!=" if x.type.dtype == "bool" else "-", later, earlier)
    return ctx.made(x)


def beside(ctx: Context, value: Atom, x: Atom, axis: int) -> Atom:
    """What is put before or behind an array: a number is one element everywhere."""
    if value.type.dims:
        return value
    dims = list(x.type.dims)
    dims[axis] = ctx.build.dim(constant(1))
    return ctx.build.broadcast_to(value, dims)


@written
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    x = np.ravel(ary)
    found = x[1:] - x[:-1]
    for more in (to_begin, to_end):
        if more is not None and not np.can_cast(np.asarray(more).dtype, x.dtype, "same_kind"):
            raise TypeError("what is put at the ends must be of the same kind")
    if to_begin is not None:
        found = np.concatenate((np.ravel(to_begin).astype(found.dtype), found))
    if to_end is not None:
        found = np.concatenate((found, np.ravel(to_end).astype(found.dtype)))
    return found


@reads("gradient", "f*, *varargs, axis, edge_order=1")
def gradient(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.gradient`, along each of the axes with its own distance or coordinates."""
    x = operand(ctx, given["f"])
    if x.type.dtype == "bool":
        ctx.fail("booleans have no differences", "write np.gradient(x.astype(np.float64))")
    if np.dtype(x.type.dtype).kind in "iu":
        x = ctx.build.convert(x, "float64")
    axis = expr.axes_of(x, axes(ctx, given["axis"]) if "axis" in given else None)
    spread = given.get("varargs", Structure("tuple", ()))
    assert isinstance(spread, Structure)
    steps = list(spread.items) or [constant(1.0)]
    if len(steps) == 1 and not operand(ctx, steps[0]).type.dims:
        steps *= len(axis)
    if len(steps) != len(axis):
        ctx.fail(f"{len(steps)} distances for {len(axis)} axes")
    found = []
    for k, step in zip(axis, steps, strict=True):
        order = (k, *(j for j in range(x.type.ndim) if j != k))
        moved = ctx.made(ctx.build.transpose(x, order))
        distance = operand(ctx, step)
        if distance.type.dims and distance.type.is_integer:
            distance = ctx.build.convert(distance, "float64")
        h = ctx.made(distance)
        if operand(ctx, h).type.ndim > 1:
            ctx.misfit("distances must be either scalars or 1d")
        with ctx.quoting():
            result = ctx.hooks.inline(ctx, slope, (moved, h, given["edge_order"]), {})
        back = tuple(order.index(j) for j in range(x.type.ndim))
        found.append(ctx.made(ctx.build.transpose(operand(ctx, result), back)))
    return found[0] if len(found) == 1 else Structure("tuple", tuple(found))


def slope(f: Any, h: Any, edge_order: Any) -> Any:
    """The slope along the first axis, for one distance or for coordinates."""
    if len(f) < edge_order + 1:
        raise ValueError("Shape of array too small to calculate a numerical gradient")
    g = np.empty(f.shape, f.dtype)
    if np.ndim(h) == 0:
        g[1:-1] = (f[2:] - f[:-2]) / (2.0 * h)
        first = last = next_ = previous = h
    else:
        if len(h) != len(f):
            raise ValueError("distances must match the length of the corresponding dimension")
        d = (h[1:] - h[:-1]).reshape(-1, *(1,) * (f.ndim - 1))
        left, right = d[:-1], d[1:]
        a = -right / (left * (left + right))
        b = (right - left) / (left * right)
        c = left / (right * (left + right))
        g[1:-1] = a * f[:-2] + b * f[1:-1] + c * f[2:]
        first, last = h[1] - h[0], h[-1] - h[-2]
        if edge_order == 2:
            next_, previous = h[2] - h[1], h[-2] - h[-3]
    if edge_order == 1:
        g[0] = (f[1] - f[0]) / first
        g[-1] = (f[-1] - f[-2]) / last
    else:
        both = first + next_
        a, b, c = -(first + both) / (first * both), both / (first * next_), -first / (next_ * both)
        g[0] = a * f[0] + b * f[1] + c * f[2]
        both = last + previous
        a, b, c = last / (previous * both), -both / (previous * last), (last + both) / (last * both)
        g[-1] = a * f[-3] + b * f[-2] + c * f[-1]
    return g


@written
def convolve(a: Any, v: Any, mode: Any = "full") -> Any:
    x, y = row(a), row(v)
    return cut(convolved(x, y), len(x), len(y), mode, (min(len(x), len(y)) - 1) // 2)


@written
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    if np.ndim(a) == 0 or np.ndim(v) == 0:
        raise ValueError("object of too small depth for desired array")
    x, y = row(a), row(v)
    n, m = len(x), len(y)
    other = np.conj(y[::-1]) if y.dtype.kind == "c" else y[::-1]
    return cut(convolved(x, other), n, m, mode, (m - 1) // 2 if n >= m else n // 2)


def row(x: Any) -> Any:
    y = np.asarray(x)
    if y.ndim > 1:
        raise ValueError("object too deep for desired array")
    return np.atleast_1d(y)


def convolved(x: Any, y: Any) -> Any:
    if len(x) == 0 or len(y) == 0:
        raise ValueError("what is convolved cannot be empty")
    found = np.zeros(len(x) + len(y) - 1, (x[:1] * y[:1]).dtype)
    for i in range(len(x)):
        found[i : i + len(y)] += x[i] * y
    return found


def cut(full: Any, n: Any, m: Any, mode: Any, start: Any) -> Any:
    """The part of all overlaps that a mode asks for."""
    if mode == "full":
        return full
    if mode == "same":
        return full[start : start + max(n, m)].copy()
    if mode == "valid":
        return full[min(n, m) - 1 : max(n, m)].copy()
    raise ValueError("mode must be one of 'valid', 'same', or 'full'")
