"""Where results go: `out=`, `where=` and the casting that NumPy allows there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import operand, spelled
from transpile.frontend.operands import CONSTANT, described
from transpile.frontend.values import Array, Static, Structure, Value
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import arithmetic
from transpile.sym.types import Mismatch


def castable(ctx: Context, name: str, have: str, want: str, what: str = "output") -> None:
    """NumPy's rule of the same kind, by which results go into `out`."""
    if not np.can_cast(have, want, "same_kind"):
        ctx.fail(
            f"cannot cast {spelled(name)} {what} from {have} to {want}, another kind of number",
            "convert it with astype where that is meant",
        )


def masking(ctx: Context, given: Mapping[str, Value]) -> Atom | None:
    """`where=`, an array of booleans; None where all is taken."""
    value = given.get("where", constant(True))
    if isinstance(value, Const) and value.value is True:
        return None
    mask = operand(ctx, value)
    if mask.type.dtype != "bool":
        ctx.fail(f"where= has to be of booleans, this is {mask.type}")
    return mask


def into(
    ctx: Context,
    name: str,
    found: Atom,
    given: Mapping[str, Value],
    mask: Atom | None = None,
    spread: bool = False,
) -> Value:
    """The result, written to `out=` where it is given: then that is the result.

    That has the very shape, or one that the result is spread to where an operator goes by elements.
    """
    out = given.get("out")
    if isinstance(out, Structure) and len(out.items) == 1:
        out = out.items[0]
    if out is None or out == Static(None):
        return ctx.made(found)
    if not isinstance(out, Array):
        ctx.fail(f"out has to be an array, this is {described(out)}")
    type = views.type_of(ctx, out)
    castable(ctx, name, found.type.dtype, type.dtype)
    if found.type.ndim > type.ndim or not (spread or alike(ctx, found.type.dims, type.dims)):
        shown = views.shown(found.type.dims), views.shown(type.dims)
        ctx.misfit(f"{spelled(name)} has a result of shape {shown[0]}, out has {shown[1]}")
    if mask is not None:
        if mask.type.ndim > type.ndim:
            ctx.misfit(f"where= has more dimensions than out, {mask.type.ndim}")
        old = views.read(ctx, out)
        found = views.converted(ctx, found, type.dtype)
        found = ctx.build.apply(arithmetic.WHERE, mask, found, old)
    views.write(ctx, out, found)
    return out


def alike(ctx: Context, ours: Sequence[Affine], theirs: Sequence[Affine]) -> bool:
    """Have they the same dims? What only the run knows is checked there."""
    if len(ours) != len(theirs):
        return False
    try:
        for mine, there in zip(ours, theirs, strict=True):
            ctx.build.same(mine, there)
    except Mismatch:
        return False
    return True


def kept(ctx: Context, given: Mapping[str, Value]) -> bool:
    """`keepdims=`, known now."""
    keep = given.get("keepdims", constant(False))
    if not isinstance(keep, Const):
        ctx.unknown("keepdims has to be a constant", CONSTANT)
    return bool(keep.value)
