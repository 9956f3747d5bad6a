"""NumPy's functions over bytes."""

from __future__ import annotations

import numpy as np

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.library import letters_written
from transpile.frontend.library.numpy_args import dtype_of
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.operands import described, integer
from transpile.frontend.values import NONE, Array, Letters, Locked, Static, Structure, Value
from transpile.sym.ir import constant
from transpile.sym.types import INTEGERS


@reads("frombuffer", "buffer*, dtype, count, offset")
def frombuffer(ctx: Context, given: dict[str, Value]) -> Value:
    """The bytes as integers: those of several bytes are computed, those of one are a view."""
    buffer, dtype = given["buffer"], dtype_of(ctx, given, "float64")
    if not isinstance(buffer, Letters) or buffer.kind == "str":
        ctx.fail(f"np.frombuffer takes bytes, this is {described(buffer)}", "pass bytes")
    asked = given.get("dtype")
    native = isinstance(asked, Static) and np.dtype(asked.value).isnative
    if dtype not in INTEGERS or not native:
        ctx.fail("np.frombuffer makes integers only here", "call it outside, and pass the array in")
    size = constant(np.dtype(dtype).itemsize)
    start = integer(ctx, given.get("offset", constant(0)), "the offset")
    count = integer(ctx, given.get("count", constant(-1)), "the count")
    with ctx.quoting():
        bounds = (buffer.array, start, count, size)
        stop = ctx.hooks.inline(ctx, letters_written.stop_of, bounds, {})
        key = Structure("slice", (start, stop, NONE), ("start", "stop", "step"), slice)
        dims = views.type_of(ctx, buffer.array).dims
        where = indices.indexed(ctx, dims, [indices.part(ctx, key)])
        part = views.stepped(ctx, buffer.array, where)
        if dtype == "uint8":
            kept = () if buffer.kind == "bytearray" else (Locked(),)
            return Array(part.base, (*part.path, *kept))
        numbers = (part, size, Static(np.dtype(dtype)))
        return ctx.hooks.inline(ctx, letters_written.integers, numbers, {})
