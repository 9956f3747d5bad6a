"""What stands in brackets: items of structures, and the views and elements of arrays."""

from __future__ import annotations

from typing import Any

import gast

from transpile.frontend import calls, indices, numpy_args, operands, views
from transpile.frontend.context import Context
from transpile.frontend.indices import Part
from transpile.frontend.operands import as_atom, compute, described, truth
from transpile.frontend.values import (
    NONE,
    Array,
    Indexed,
    Range,
    Static,
    Structure,
    Value,
)  # fmt: skip
from transpile.sym.ir import Atom, Const, constant


def subscript(ctx: Context, owner: Value, index: Any) -> Value:
    match owner:
        case Structure(kind="dict", keys=keys, items=items):
            key = ctx.hooks.evaluate(ctx, index)
            if not isinstance(key, Static) or key.value not in keys:
                ctx.fail(f"the dict has {', '.join(keys)} only")
            return items[keys.index(key.value)]
        case Structure(kind="tuple" | "list" as kind, items=items):
            return part(ctx, kind, items, index)
        case Array():
            view = views.stepped(ctx, owner, indexed(ctx, owner, index))
            if indices.is_gather(view):
                return ctx.made(views.read(ctx, view))
            if isinstance(index, gast.Tuple) and not (index.elts or views.type_of(ctx, view).dims):
                held = views.read(ctx, view)
                return ctx.build.convert(held, held.type.dtype, "numpy")
            return element(ctx, view)
        case Range():
            at = operands.integer(ctx, ctx.hooks.evaluate(ctx, index))
            return calls.item(ctx, owner, at)
    ctx.fail(f"{described(owner)} cannot be indexed")


def element(ctx: Context, view: Array) -> Value:
    """A view; where it is one element, the number that stands there now."""
    type = views.type_of(ctx, view)
    last = view.path[-1] if view.path else None
    if type.dims or (isinstance(last, Indexed) and "i" not in last.index):
        return view
    return views.read(ctx, view)


def part(ctx: Context, kind: str, items: tuple[Value, ...], index: Any) -> Value:
    """An item or a slice of a tuple or list."""
    if isinstance(index, gast.Slice):
        bounds = [
            None if b is None else ctx.hooks.evaluate(ctx, b)
            for b in (index.lower, index.upper, index.step)
        ]
        if not all(b is None or isinstance(b, Const) for b in bounds):
            ctx.fail(f"the bounds of a {kind}'s slice have to be constants")
        lower, upper, step = (int(b.value) if isinstance(b, Const) else None for b in bounds)
        return Structure(kind, items[lower:upper:step])
    at = ctx.hooks.evaluate(ctx, index)
    if not isinstance(at, Const) or not isinstance(at.value, int):
        ctx.fail(
            f"the index of a {kind} has to be known", f"make an array of the {kind} with np.array"
        )
    if not -len(items) <= at.value < len(items):
        ctx.fail(f"index {at.value} is out of range of a {kind} of {len(items)}")
    return items[at.value]


def indexed(ctx: Context, owner: Array, node: Any) -> Indexed:
    """The index of an array, `...` written out, arrays of integers broadcast."""
    return indices.indexed(ctx, views.type_of(ctx, owner).dims, parts_of(ctx, node))


def parts_of(ctx: Context, node: Any) -> list[Part]:
    """What stands between the commas of an index."""
    nodes = list(node.elts) if isinstance(node, gast.Tuple) else [node]
    parts: list[Part] = []
    for one in nodes:
        if isinstance(one, gast.Slice):
            parts.append(sliced(ctx, one))
            continue
        value = ctx.hooks.evaluate(ctx, one)
        if one is node and isinstance(value, Structure) and value.kind == "tuple":
            parts += [part_of(ctx, item, one) for item in value.items]
        else:
            parts.append(part_of(ctx, value, one))
    return parts


def sliced(ctx: Context, node: Any) -> Part:
    bounds = [bound(ctx, b) for b in (node.lower, node.upper, node.step)]
    there = tuple(b is not None for b in bounds)
    if bounds[2] is not None:
        check_step(ctx, bounds[2])
    return ("slice", *there) if any(there) else ":", [b for b in bounds if b is not None]


def part_of(ctx: Context, value: Value, node: Any) -> Part:
    with ctx.at(node):
        if isinstance(value, Structure) and value.kind == "list":
            value = numpy_args.as_array(ctx, value)
        return indices.part(ctx, value)


def bound(ctx: Context, node: Any) -> Atom | None:
    if node is None:
        return None
    value = ctx.hooks.evaluate(ctx, node)
    return None if value == NONE else operands.integer(ctx, value, "a slice's bound")


def check_step(ctx: Context, step: Atom) -> None:
    if not (isinstance(step, Const) and step.value != 0):
        test = as_atom(truth(ctx, compute(ctx, "!=", step, constant(0))))
        ctx.check(test, "ValueError", "slice step cannot be zero")
