"""Calls of derivatives: what has no text of its own gives its symbolic form, and that is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any, cast

from transpile.frontend.args import (
    LOWERS,
    Arg,
    ArgLeaf,
    ArgStatic,
    ArgTree,
    ArgValue,
    is_knowable,
)
from transpile.frontend.capacity import Capacity
from transpile.frontend.context import Context
from transpile.frontend.operands import number
from transpile.frontend.values import Static, Structure, Value
from transpile.sym import walk
from transpile.sym.ir import Atom, Call, Const, Fixed, Function, Leaf, Result, Tree, Var


def call(ctx: Context, value: Any, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """The result of `transpile.grad(f)(...)` and its like inside a decorated function."""
    try:
        bound = signature(value).bind(*args, **named)
    except TypeError as error:
        ctx.fail(str(error))
    atoms: list[Atom] = []
    described = [Arg(name, passed(ctx, name, v, atoms)) for name, v in bound.arguments.items()]
    lowered = getattr(value, LOWERS)(described, ctx.shared.assume)
    if any(isinstance(read, Capacity) for read in lowered.hidden):
        ctx.fail(
            "a derivative of a program with a list whose length depends on its own elements",
            "make an array that is large enough before the loop, and fill it",
        )
    if lowered.hidden:
        ctx.fail("a derivative that reads a global array", "pass the array as an argument")
    ctx.shared.guards.update({(id(g[0]), *g[1:-1]): g for g in lowered.guards})
    ctx.shared.sources.update(dict.fromkeys(lowered.sources))
    function: Function = lowered.function
    for first, i, second, j, _ in lowered.equal:
        ctx.build.same(atoms[first].type.dims[i], atoms[second].type.dims[j])
    types = walk.Substitution(walk.bound_sizes(function, atoms))
    outs = [Var("", types.type(result.type)) for result in function.body.results]
    return tree(ctx, function.tree, ctx.build.emit(Call(function, tuple(atoms)), outs))


def passed(ctx: Context, name: str, value: Value, atoms: list[Atom]) -> ArgValue:
    """What is passed for one parameter; its numbers and arrays are put into `atoms`."""
    match value:
        case Static(value=found):
            return ArgStatic(found)
        case Structure(kind=kind, items=items, keys=keys, cls=cls):
            parts = [passed(ctx, name, item, atoms) for item in items]
            return ArgTree(kind, tuple(parts), keys, cls)
    atom = number(ctx, value)
    if any(d.constant is None and d.symbol is None for d in atom.type.dims):
        ctx.fail(
            f"the length of {name} is an expression where a derivative is called",
            "pass an array whose lengths are those of arguments, or call it outside",
        )
    atoms.append(atom)
    if isinstance(atom, Const) and atom.type.kind == "python" and is_knowable(atom.value):
        return ArgLeaf(atom.type, known=cast("int", atom.value))
    return ArgLeaf(atom.type)


def tree(ctx: Context, found: Result, outs: Sequence[Var]) -> Value:
    """The results in the structure that the caller gets."""
    match found:
        case Leaf(index=index):
            return ctx.made(outs[index])
        case Fixed(value=value):
            return Static(value)
        case Tree(kind=kind, items=items, keys=keys, cls=cls):
            return Structure(kind, tuple(tree(ctx, item, outs) for item in items), keys, cls)
    raise AssertionError("a derivative gives new arrays only")
