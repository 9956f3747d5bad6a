"""How much scratch a kernel takes and how large its results are, from sizes and integers alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from transpile.errors import Span, UnsupportedError
from transpile.loops.nest import Arg, Array, Room, Signature, Stmt
from transpile.loops.walk import parts
from transpile.loops.nest import Assign, Load, Local
from transpile.sym.affine import Affine, Symbol
from transpile.sym.ir import Function, Var

if TYPE_CHECKING:
    from transpile.loops.context import Context


def plan(c: Context, function: Function) -> tuple[tuple[Room, ...], tuple[Stmt, ...]]:
    """The rooms, and the statements that compute the integers they are made of."""
    rooms = []
    for dtype, dims, span in c.rooms:
        most = [greatest(c, d, span) for d in dims]
        rooms.append(Room(dtype, tuple(written(c, d) for d in most)))
    known: set[Local] = {c.variable(v) for v in (*function.sizes, *function.params)
                         if v.type.is_index}  # fmt: skip
    wanted: set[Local] = set()
    for room in rooms:
        wanted |= {s for d in room.dims for s in d.symbols() if isinstance(s, Local)}
    for atom in function.returned:
        for dim in atom.type.dims:
            wanted |= {s for s in c.dim(dim).shown.symbols() if isinstance(s, Local)}
    return tuple(rooms), tuple(computed(c, wanted - known, known))


def written(c: Context, form: Affine) -> Affine:
    values: dict[Symbol, Affine] = {}
    for symbol in form.symbols():
        assert isinstance(symbol, Var)
        values[symbol] = c.symbol(symbol)
    return form.substitute(values)


def greatest(c: Context, form: Affine, span: Span | None) -> Affine:
    """The most a dim can be, in integers known on entry: indices at the ends of their loops."""
    inside = [(s, k) for s, k in form.terms if s in c.ranges]
    while inside:
        symbol, factor = inside[-1]
        assert isinstance(symbol, Var)
        low, high = c.ranges[symbol]
        form = form.substitute({symbol: high if factor > 0 else low})
        inside = [(s, k) for s, k in form.terms if s in c.ranges]
    return form


def computed(c: Context, wanted: set[Local], known: set[Local]) -> Sequence[Stmt]:
    """The assignments at the function's top level that give the wanted integers, in order."""
    kept: list[Stmt] = []
    for stmt in reversed(c.bodies[0]):
        if not isinstance(stmt, Assign) or stmt.local not in wanted or stmt.value is None:
            continue
        inside = list(parts(stmt.value))
        if any(isinstance(part, Load) for part in inside):
            break
        kept.append(stmt)
        wanted = wanted - {stmt.local}
        wanted |= {part for part in inside if isinstance(part, Local)} - known
    if wanted:
        names = ", ".join(sorted(local.name for local in wanted))
        raise UnsupportedError(
            f"the size of an array depends on {names}, which is not known on entry",
            c.function.span,
            "make the array of a size that follows from the arguments' shapes and integers",
        )
    return kept[::-1]


def signature(c: Context, outs: Sequence[Array]) -> Signature:
    """The kernel as its caller sees it."""
    function = c.function
    args = tuple(
        Arg(c.slots[p].name, p.type.dtype, p.type.kind, texts(c, p.type.dims),
            k in function.written)
        for k, p in enumerate(function.params)
    )  # fmt: skip
    results = tuple(
        Arg(out.name, atom.type.dtype, atom.type.kind, texts(c, atom.type.dims), True)
        for out, atom in zip(outs, function.returned, strict=True)
    )
    sizes = tuple(c.variable(s).name for s in function.sizes)
    return Signature(c.name, sizes, args, results, tuple(c.checks))


def texts(c: Context, dims: Sequence[Affine]) -> tuple[str, ...]:
    return tuple(str(c.dim(d).shown) for d in dims)
