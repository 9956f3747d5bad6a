"""NumPy's functions of functions: each is read as NumPy calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import operand
from transpile.frontend.library.numpy_table import reads, written
from transpile.frontend.operands import described
from transpile.frontend.values import Partial, Static, Structure, Value


@written
def fromfunction(function: Any, shape: Any, dtype: Any = float) -> Any:
    return function(*np.indices(shape, dtype=dtype))


def along_axis(func1d: Any, axis: Any, arr: Any) -> Any:
    moved = np.moveaxis(arr, axis, -1)
    if moved.size == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    rows = moved.reshape((-1, moved.shape[-1]))
    found = np.array([func1d(row) for row in rows])
    wide = found.reshape(moved.shape[:-1] + found.shape[1:])
    return wide if found.ndim == 1 else np.moveaxis(wide, -1, axis)


def vectorized(function: Any, *arrays: Any) -> Any:
    wide = np.broadcast_arrays(*arrays)
    if wide[0].size == 0:
        raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
    flat = [a.ravel() for a in wide]
    return np.array([function(*[v.item() for v in items]) for items in zip(*flat, strict=True)])


def shaped(found: Any, *arrays: Any) -> Any:
    return found.reshape(np.broadcast_arrays(*arrays)[0].shape)


def uniform(ctx: Context, written_out: Callable[..., Any], args: tuple[Value, ...]) -> Value:
    """The function's text, where all ways give one dtype: NumPy takes that of the first result."""
    before, ctx.uniform = ctx.uniform, True
    try:
        with ctx.quoting():
            return ctx.hooks.inline(ctx, written_out, args, {})
    finally:
        ctx.uniform = before


@reads("apply_along_axis", "func1d*, axis*, arr*")
def apply_along_axis(ctx: Context, given: dict[str, Value]) -> Value:
    if isinstance(given["axis"], Structure):
        ctx.impossible("TypeError", "axis is a tuple or list", "give one axis")
    return uniform(ctx, along_axis, (given["func1d"], given["axis"], given["arr"]))


@reads("vectorize", "pyfunc*, doc")
def vectorize(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.vectorize(f)`, to be called."""
    return Partial(Static(np.vectorize), (given["pyfunc"],), ())


def call_vectorized(ctx: Context, function: Value, args: tuple[Value, ...]) -> Value:
    """`np.vectorize(f)(x, ...)`: elements are Python's numbers, as NumPy passes them."""
    for value in args:
        type = operand(ctx, value).type
        if type.dtype not in ("bool", "int64", "float64"):
            ctx.fail(
                f"{described(value)} of {type.dtype} is passed to np.vectorize",
                "convert it first, x.astype(np.float64)",
            )
    found = uniform(ctx, vectorized, (function, *args))
    if operand(ctx, found).type.ndim != 1:
        ctx.fail("np.vectorize of a function that gives several numbers", "write one for each")
    return uniform(ctx, shaped, (found, *args))


def pyfunc_of(ctx: Context, made: np.vectorize) -> Value:
    """The function of an `np.vectorize` made outside, if it has no more to it."""
    if made.otypes is not None or made.excluded or made.signature is not None or made.cache:
        ctx.fail("np.vectorize with otypes, excluded, cache or signature", "write it without")
    return Static(made.pyfunc)
