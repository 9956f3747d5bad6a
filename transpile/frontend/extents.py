"""The most that a computed length can be: of what is counted, sliced, halved or chosen."""

from __future__ import annotations

from transpile.frontend.context import Context
from transpile.sym.affine import Affine, Facts
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Const
from transpile.sym.ops import arithmetic


def definition(build: Builder, symbol: object) -> Apply | None:
    """The operator whose result an integer is, where it is written in this block or around it."""
    scope: Builder | None = build
    while scope is not None:
        for eqn in reversed(scope.eqns):
            if eqn.outs and eqn.outs[0] is symbol:
                return eqn.rhs if isinstance(eqn.rhs, Apply) else None
        scope = scope.parent
    return None


def outside(dim: Affine, since: int) -> bool:
    """Are all the integers in a dim older than this moment?"""
    return all(symbol.serial <= since for symbol in dim.symbols())


def at_most(ctx: Context, dim: Affine, most: Affine) -> bool:
    """Is `dim <= most` certain?"""
    made = definition(ctx.build, dim.symbol)
    if made is not None and made.op is arithmetic.WHERE:
        return all(at_most(ctx, ctx.build.dim(a), most) for a in made.args[1:])
    known: list[Affine] = []
    explain(ctx.build, dim, known, set())
    return Facts((*ctx.build.facts.known, *known)).nonnegative(most - dim)


def explain(build: Builder, dim: Affine, known: list[Affine], seen: set[object]) -> None:
    """What the definitions of the integers in a dim say of them, as facts."""
    for symbol in dim.symbols():
        made = None if symbol in seen else definition(build, symbol)
        seen.add(symbol)
        if made is None:
            continue
        known.extend(said(build, Affine.of(symbol), made))
        for arg in made.args:
            if arg.type.is_index:
                explain(build, build.dim(arg), known, seen)


def said(build: Builder, value: Affine, made: Apply) -> list[Affine]:
    forms = [build.dim(a) if a.type.is_index else None for a in made.args]
    match made.op.name, forms:
        case "slice_length", [start, stop, step, n] if start and stop and step and n:
            return [value, *part(value, start, stop, step, n)]
        case "count_nonzero", [None]:
            return [value, made.args[0].type.dims[0] - value]
        case "floor_divide", [x, y] if x is not None and y is not None and (y.constant or 0) > 0:
            by = y.constant or 1
            return [x - value * by, value * by - x + (by - 1)]
        case "remainder", [_, y] if y is not None and build.facts.positive(y):
            return [value, y - value - 1]
    return []


def part(value: Affine, start: Affine, stop: Affine, step: Affine, n: Affine) -> list[Affine]:
    """What is certain of the length of `start:stop:step` over n elements."""
    found, by = [n - value], step.constant or 0
    if by > 0 and start.constant == 0 and stop == n:
        return [n - value * by + (by - 1)]
    if by == 1 and (start.constant or -1) >= 0 and (stop.constant or -1) >= 0:
        found.append(Affine((), max(0, (stop - start).const)) - value)
    return found


def bound(build: Builder, dim: Affine, since: int) -> Affine | None:
    """The most that a dim can be, in integers older than this moment; None where unknown."""
    for symbol in dim.symbols():
        if symbol.serial <= since:
            continue
        made = definition(build, symbol)
        most = None if made is None or dim.coefficient(symbol) < 0 else greatest(build, made, since)
        if most is None:
            return None
        dim = dim.substitute({symbol: most})
    return dim


def greatest(build: Builder, made: Apply, since: int) -> Affine | None:
    match made.op.name:
        case "slice_length":
            return bound(build, build.dim(made.args[3]), since)
        case "count_nonzero":
            return bound(build, made.args[0].type.dims[0], since)
        case "floor_divide" if isinstance(made.args[1], Const) and made.args[1].value > 0:
            return bound(build, build.dim(made.args[0]), since)
        case "where":
            first, second = (bound(build, build.dim(a), since) for a in made.args[1:])
            if first is None or second is None:
                return None
            if (first - second).constant is not None:
                return first if (first - second).const >= 0 else second
            return next((d for d, o in ((first, second), (second, first)) if o == Affine()), None)
    return None


def larger(build: Builder, a: Affine, b: Affine) -> Affine:
    """`max(a, b)`, at least 0, as a dim."""
    if build.facts.nonnegative(a - b):
        return a
    if build.facts.nonnegative(b - a):
        return b
    x, y = build.extent(a), build.extent(b)
    return build.dim(maximum(build, x, y))


def maximum(build: Builder, x: Atom, y: Atom) -> Atom:
    return build.apply(arithmetic.WHERE, build.apply(arithmetic.LESS, x, y), y, x)
