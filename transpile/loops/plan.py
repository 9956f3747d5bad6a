"""How much scratch a kernel takes and how large its results are, from sizes and integers alone."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from transpile.loops import bounds
from transpile.loops.nest import (
    Arg,
    Array,
    Assign,
    Bind,
    Break,
    Check,
    If,
    Load,
    Local,
    Loop,
    Overflow,
    Reserve,
    Room,
    Signature,
    Stmt,
    While,
)
from transpile.loops.total import total
from transpile.loops.walk import assigned, bodies, expressions, parts, reads, statements
from transpile.sym.affine import Affine, Symbol
from transpile.sym.ir import Function, Var

if TYPE_CHECKING:
    from transpile.loops.context import Context


def plan(
    c: Context, function: Function
) -> tuple[tuple[Room, ...], tuple[bool, ...], tuple[Stmt, ...]]:
    """The rooms, which results are late, and the statements that compute the integers that the
    others are made of."""
    rooms = []
    known = {c.variable(v) for v in (*function.sizes, *function.params) if v.type.is_scalar}
    wanted: set[Local] = set()
    changed = later(c)
    unknown = functools.cache(lambda needed: is_unknown(c, set(needed), known))
    for number, room in enumerate(c.rooms):
        shown = tuple(written(c, bounds.greatest(d, c.ranges)) for d in room.dims)
        needed = {local for dim in shown for local in locals_of(dim)}
        late = room.late or bool(needed & changed.get(number, set()))
        late = late or unknown(frozenset(needed))
        rooms.append(replace(room, dims=shown, late=late))
        wanted |= set() if late else needed
    lates = []
    for atom in function.returned:
        needed = {local for dim in atom.type.dims for local in locals_of(c.dim(dim).shown)}
        lates.append(unknown(frozenset(needed)))
        wanted |= set() if lates[-1] else needed
    return tuple(rooms), tuple(lates), total(part_for(tuple(c.bodies[0]), wanted)[0])


def later(c: Context) -> dict[int, set[Local]]:
    """For each room, the locals that are assigned once it has been taken."""
    found: dict[int, set[Local]] = {}
    after: set[Local] = set()
    for stmt in reversed(c.bodies[0]):
        after = after | assigned((stmt,))
        if isinstance(stmt, Bind | Reserve) and stmt.room is not None:
            found[stmt.room] = after
    return found


def undeclared(body: Sequence[Stmt], outer: Sequence[Local] = ()) -> Iterator[Local]:
    """What is written here and declared further out."""
    known = set(outer)
    for stmt in body:
        if isinstance(stmt, Assign | Overflow):
            if not stmt.declare and stmt.local not in known:
                yield stmt.local
            known.add(stmt.local)
        for inner in bodies(stmt):
            yield from undeclared(inner, tuple(known))


def locals_of(form: Affine) -> set[Local]:
    """The locals that an extent is made of, those of its parts that are not affine included."""
    return {part for part in parts(form) if isinstance(part, Local)}


def written(c: Context, form: Affine) -> Affine:
    values: dict[Symbol, Affine] = {}
    for symbol in form.symbols():
        assert isinstance(symbol, Var)
        values[symbol] = c.symbol(symbol)
    return form.substitute(values)


def is_unknown(c: Context, wanted: set[Local], known: set[Local]) -> bool:
    """Do the wanted integers depend on more than parameters that are not written?"""
    kept, left = part_for(tuple(c.bodies[0]), wanted)
    arrays = (part.array for part in reads(kept) if isinstance(part, Load))
    return not left <= known or any(a.role != "param" or a.written for a in arrays)


def part_for(
    body: tuple[Stmt, ...], wanted: set[Local], looping: bool = False
) -> tuple[tuple[Stmt, ...], set[Local]]:
    """The statements that `wanted` depends on after `body`, and what those need before it.

    With `looping`, also what leaves the loop whose body this is, and its checks.
    """
    kept: list[Stmt] = []
    for stmt in reversed(body):
        stops = looping and any(isinstance(s, Break | Check) for s in statements((stmt,)))
        if not stops and not assigned((stmt,)) & wanted:
            match stmt:
                case Assign(local=local, declare=True) | Overflow(local=local, declare=True):
                    if local in undeclared(kept[::-1]):
                        kept.append(Assign(local, None, "=", True, stmt.place))
            continue
        match stmt:
            case Assign(op="=") | Overflow():
                wanted = wanted - {stmt.local}
            case Loop() | While():
                wanted, stmt = loop_for(stmt, wanted)
            case If():
                then, a = part_for(stmt.then, wanted, looping)
                orelse, b = part_for(stmt.orelse, wanted, looping)
                stmt, wanted = replace(stmt, then=then, orelse=orelse), wanted | a | b
            case _:
                pass
        own = {part for e in expressions(stmt) for part in parts(e) if isinstance(part, Local)}
        wanted = (wanted | own) - ({stmt.index} if isinstance(stmt, Loop) else set())
        kept.append(stmt)
    return tuple(kept[::-1]), wanted


def loop_for(stmt: Loop | While, wanted: set[Local]) -> tuple[set[Local], Loop | While]:
    """The part of a loop that `wanted` depends on: what a step needs, the one before gives."""
    test = {part for e in expressions(stmt) for part in parts(e) if isinstance(part, Local)}
    wanted = wanted | (test if isinstance(stmt, While) else set())
    body, needed = part_for(stmt.body, wanted, True)
    while not needed <= wanted:
        wanted = wanted | needed
        body, needed = part_for(stmt.body, wanted, True)
    if isinstance(stmt, Loop):
        return wanted - {stmt.index}, replace(stmt, body=body, simd=None)
    return wanted, replace(stmt, body=body)


def signature(c: Context, outs: Sequence[Array], host: tuple[str, ...]) -> Signature:
    """The kernel as its caller sees it."""
    function = c.function
    args = tuple(
        Arg(c.slots[p].name, p.type.dtype, p.type.kind, texts(c, p.type.dims),
            k in function.written)
        for k, p in enumerate(function.params)
    )  # fmt: skip
    results = tuple(
        Arg(out.name, atom.type.dtype, atom.type.kind, texts(c, atom.type.dims), True, out.late)
        for out, atom in zip(outs, function.returned, strict=True)
    )
    sizes = tuple(c.variable(s).name for s in function.sizes)
    return Signature(c.name, sizes, args, results, tuple(c.checks), host, tuple(c.tells))


def texts(c: Context, dims: Sequence[Affine]) -> tuple[str, ...]:
    return tuple(str(c.dim(d).shown) for d in dims)
