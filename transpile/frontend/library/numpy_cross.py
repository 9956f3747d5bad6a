"""`np.cross`: of vectors of 2 numbers the third, which is all there is, else all three."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import axis_of, operand
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.values import Value
from transpile.sym.ir import constant


@reads("cross", "a*, b*, axisa=-1, axisb=-1, axisc=-1, axis")
def cross(ctx: Context, given: dict[str, Value]) -> Value:
    """Whether a vector is of 2 numbers is known as the program is read; others have to be of 3."""
    if "axis" in given:
        given = {**given, "axisa": given["axis"], "axisb": given["axis"], "axisc": given["axis"]}
    short = []
    for key in "ab":
        x = operand(ctx, given[key])
        if not x.type.dims:
            ctx.misfit("at least one array has zero dimension")
        axis = axis_of(ctx, x.type.ndim, given, f"axis{key}")
        given[f"axis{key}"] = constant(axis)
        short.append(x.type.dims[axis].constant == 2)
    names = ("a", "b", "axisa", "axisb") if all(short) else ("a", "b", "axisa", "axisb", "axisc")
    with ctx.quoting():
        return ctx.hooks.inline(ctx, CROSSED[short[0], short[1]], [given[key] for key in names], {})


def third(a: Any, b: Any, axisa: Any, axisb: Any) -> Any:
    x, y = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    return np.asarray(x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0])


def flat_and_solid(a: Any, b: Any, axisa: Any, axisb: Any, axisc: Any) -> Any:
    x, y = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    of_three(y)
    parts = (x[..., 1] * y[..., 2], -(x[..., 0] * y[..., 2]))
    return np.stack((*parts, x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0]), axis=axisc)


def solid_and_flat(a: Any, b: Any, axisa: Any, axisb: Any, axisc: Any) -> Any:
    x, y = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    of_three(x)
    parts = (-(x[..., 2] * y[..., 1]), x[..., 2] * y[..., 0])
    return np.stack((*parts, x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0]), axis=axisc)


def solid(a: Any, b: Any, axisa: Any, axisb: Any, axisc: Any) -> Any:
    x, y = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    of_three(x)
    of_three(y)
    parts = (
        x[..., 1] * y[..., 2] - x[..., 2] * y[..., 1],
        x[..., 2] * y[..., 0] - x[..., 0] * y[..., 2],
        x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0],
    )
    return np.stack(parts, axis=axisc)


def of_three(x: Any) -> None:
    if x.shape[-1] != 3:
        raise ValueError("vectors of 3 numbers go here; of 2 write x[0] * y[1] - x[1] * y[0]")


CROSSED = {
    (True, True): third,
    (True, False): flat_and_solid,
    (False, True): solid_and_flat,
    (False, False): solid,
}
