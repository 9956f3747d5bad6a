"""The most that a computed length can be: of what is counted, sliced, halved or chosen."""

from __future__ import annotations

from transpile.sym.affine import Affine, Facts, Symbol
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Const, constant
from transpile.sym.ops import arithmetic


def definition(build: Builder, symbol: object) -> Apply | None:
    """The operator whose result an integer is, where it is written in this block or around it."""
    eqn = build.maker(symbol)
    return eqn.rhs if eqn is not None and isinstance(eqn.rhs, Apply) else None


def outside(dim: Affine, since: int) -> bool:
    """Are all the integers in a dim older than this moment?"""
    return all(symbol.serial <= since for symbol in dim.symbols())


def at_most(build: Builder, dim: Affine, most: Affine) -> bool:
    """Is `dim <= most` certain?"""
    made = definition(build, dim.symbol)
    if made is not None and made.op is arithmetic.WHERE:
        return all(at_most(build, build.dim(a), most) for a in made.args[1:])
    known: list[Affine] = []
    explain(build, dim, known, set())
    return Facts((*build.facts.known, *known)).nonnegative(most - dim)


# -- lengths that may turn out to be 1


def spread(build: Builder, args: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """Operands to be broadcast: one whose length is at most 1 is spread to that of the others."""
    rank = max(a.type.ndim for a in args)
    for axis in range(-rank, 0):
        dims = {a.type.dims[axis] for a in args if a.type.ndim >= -axis}
        dims = {dim for dim in dims if dim.constant != 1}
        if len(dims) < 2:
            continue
        short = {dim for dim in dims if dim.terms and at_most(build, dim, ONE)}
        others = [dim for dim in dims if dim not in short]
        if len(others) == 1:
            args = tuple(spread_to(build, a, axis, others[0], short) for a in args)
    return args


ONE = Affine((), 1)


def spread_to(build: Builder, x: Atom, axis: int, length: Affine, short: set[Affine]) -> Atom:
    """The one element of an axis, so often; where it has none, the length has to be 0 too."""
    if x.type.ndim < -axis or x.type.dims[axis] not in short:
        return x
    mine, whole = build.extent(x.type.dims[axis]), build.extent(length)
    one = build.apply(arithmetic.EQUAL, mine, constant(1))
    fits = build.apply(arithmetic.BITWISE_OR, one, build.apply(arithmetic.EQUAL, mine, whole))
    build.check(fits, "ShapeError", f"lengths {x.type.dims[axis]} and {length} do not fit here")
    places = build.broadcast_to(build.convert(constant(0), "int64", "numpy"), (length,))
    return build.index(x, (*":" * (x.type.ndim + axis), "a"), (places,))


def common(build: Builder, dims: list[Affine]) -> tuple[Affine, list[Atom]]:
    """The length that several are broadcast to, and for each whether it is that or 1."""
    extents = [build.extent(dim) for dim in dims]
    whole = extents[0]
    for other in extents[1:]:
        one = build.apply(arithmetic.EQUAL, whole, constant(1))
        whole = build.apply(arithmetic.WHERE, one, other, whole)
    fits = []
    for mine in extents:
        one = build.apply(arithmetic.EQUAL, mine, constant(1))
        alike = build.apply(arithmetic.EQUAL, mine, whole)
        fits.append(build.apply(arithmetic.BITWISE_OR, one, alike))
    return build.dim(whole), fits


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
        case "slice_length", [Affine() as start, Affine() as stop, Affine() as step, Affine() as n]:
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
    across = -(start.constant or 0) if stop == n else (stop - start).constant
    if by == 1 and across is not None and across >= (stop == n):
        found.append(Affine((), across) - value)
    return found


def bound(build: Builder, dim: Affine, since: int) -> Affine | None:
    """The most that a dim can be, in integers older than this moment; None where unknown."""
    for symbol in dim.symbols():
        if symbol.serial <= since:
            continue
        most = None if dim.coefficient(symbol) < 0 else greatest(build, symbol, since)
        if most is None:
            return None
        dim = dim.substitute({symbol: most})
    return dim


def greatest(build: Builder, symbol: Symbol, since: int) -> Affine | None:
    made = definition(build, symbol)
    if made is None:
        return told(build, symbol, since)
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


def told(build: Builder, symbol: Symbol, since: int) -> Affine | None:
    """The most that the facts say an integer is, such as a length that a loop carries."""
    for fact in build.facts.known:
        most = fact + Affine.of(symbol)
        if fact.coefficient(symbol) == -1 and outside(most, symbol.serial - 1):
            found = bound(build, most, since)
            if found is not None:
                return found
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
