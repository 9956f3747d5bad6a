"""Calls of derivatives: what has no text of its own gives its symbolic form, and that is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

from transpile.frontend.args import LOWERS, Arg, ArgLeaf
from transpile.frontend.context import Context
from transpile.frontend.operands import number
from transpile.frontend.values import NONE, Structure, Value
from transpile.sym import walk
from transpile.sym.ir import Call, Function, Leaf, Same, Tree, Var


def call(ctx: Context, value: Any, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """The result of `transpile.grad(f)(...)` and its like inside a decorated function."""
    try:
        bound = signature(value).bind(*args, **named)
    except TypeError as error:
        ctx.fail(str(error))
    given = {name: number(ctx, v) for name, v in bound.arguments.items()}
    for name, atom in given.items():
        if any(d.constant is None and d.symbol is None for d in atom.type.dims):
            ctx.fail(
                f"the length of {name} is an expression where a derivative is called",
                "pass an array whose lengths are those of arguments, or call it outside",
            )
    described = [Arg(name, ArgLeaf(atom.type)) for name, atom in given.items()]
    lowered = getattr(value, LOWERS)(described, ctx.shared.assume)
    if lowered.hidden:
        ctx.fail("a derivative that reads a global array", "pass the array as an argument")
    ctx.shared.guards.update({(id(g[0]), *g[1:-1]): g for g in lowered.guards})
    ctx.shared.sources.update(dict.fromkeys(lowered.sources))
    function: Function = lowered.function
    atoms = tuple(given.values())
    for first, i, second, j, _ in lowered.equal:
        ctx.build.same(atoms[first].type.dims[i], atoms[second].type.dims[j])
    types = walk.Substitution(walk.bound_sizes(function, atoms))
    outs = [Var("", types.type(result.type)) for result in function.body.results]
    return tree(ctx, function.tree, ctx.build.emit(Call(function, atoms), outs))


def tree(ctx: Context, found: Leaf | Same | Tree, outs: Sequence[Var]) -> Value:
    """The results in the structure that the caller gets."""
    match found:
        case Leaf(index=index):
            return ctx.made(outs[index])
        case Tree(kind="none"):
            return NONE
        case Tree(kind=kind, items=items, keys=keys):
            return Structure(kind, tuple(tree(ctx, item, outs) for item in items), keys)
    raise AssertionError("a derivative gives new arrays only")
