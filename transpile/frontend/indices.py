"""Indices of arrays as `ops.shape` has them, made from integers, slices and arrays of integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn, TypeAlias

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.operands import integer, number
from transpile.frontend.values import Array, Indexed, Static, Value
from transpile.sym.ir import Atom, Const, Var
from transpile.sym.ops.table import broadcast
from transpile.sym.types import Mismatch

Part: TypeAlias = tuple[Any, list[Atom]]  # an item of an index, with what belongs to it


def is_gather(view: Array) -> bool:
    """Does the path end in an index with arrays, so that its elements are no view?"""
    last = view.path[-1] if view.path else None
    return isinstance(last, Indexed) and "a" in last.index


def part(ctx: Context, value: Value) -> Part:
    """One value between the commas of an index."""
    match value:
        case Static(value=None):
            return "new", []
        case Static(value=found) if found is Ellipsis:
            return "...", []
    if isinstance(value, Array | Var | Const):
        atom = number(ctx, value)
        if atom.type.dims:
            return "a", [places(ctx, atom)]
    return "i", [integer(ctx, value)]


def places(ctx: Context, atom: Atom) -> Atom:
    """An array that is an index."""
    if atom.type.dtype == "bool":
        masked(ctx)
    if atom.type.is_float:
        ctx.fail(
            f"an index has to be of integers, this is {atom.type}",
            "make it an array of integers, k.astype(np.int64)",
        )
    return atom


def masked(ctx: Context) -> NoReturn:
    ctx.fail(
        "what an array of booleans selects has a size that depends on data",
        "write np.where(m, x, 0.0), or a loop with an `if`",
    )


def indexed(ctx: Context, ndim: int, parts: Sequence[Part]) -> Indexed:
    """The whole of an index of an array with so many dimensions."""
    items = [item for item, _ in parts]
    at = [atom for _, given in parts for atom in given]
    used = sum(item not in ("new", "...") for item in items)
    if used > ndim or items.count("...") > 1:
        ctx.fail(f"too many indices: the array has {ndim} dimensions, {used} are indexed")
    if "a" in items:
        items, at = together(ctx, items, parts)
    if "..." in items:
        k = items.index("...")
        items[k : k + 1] = [":"] * (ndim - used)
    return Indexed(tuple(items), tuple(at))


def together(ctx: Context, items: list[Any], parts: Sequence[Part]) -> tuple[list[Any], list[Atom]]:
    """The arrays of an index with dims in common. Where something stands between integers and
    arrays, the integers count as arrays: all of their axes come first then, as NumPy has it."""
    arrays = [given[0] for item, given in parts if item == "a"]
    try:
        dims = broadcast(ctx.build, [a.type.dims for a in arrays])
    except Mismatch as error:
        shapes = ", ".join(views.shown(a.type.dims) for a in arrays)
        ctx.misfit(f"the arrays of an index do not fit, {shapes}: {error}")
    named = [item in ("i", "a") for item in items]
    apart = not all(named[named.index(True) : len(named) - named[::-1].index(True)])
    spread = ("a", "i") if apart else ("a",)
    found = ["a" if item in spread else item for item in items]
    at: list[Atom] = []
    for item, given in parts:
        at += [ctx.build.broadcast_to(atom, dims) for atom in given] if item in spread else given
    return found, at
