"""What is set and then added to is set once.

    d[i] = 0; d[i] += e                    d[i] = e
    d[i] = a; d[i] -= e                    d[i] = a - e
    memset(d); for i: d[i] += e[i]         for i: d[i] = e[i]
    memcpy(d, c); for i: d[i] += e[i]      for i: d[i] = c[i] + e[i]

The cotangent of what is overwritten becomes zero, and is often added to next.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from transpile.loops.nest import (
    Array,
    Assign,
    Binary,
    Break,
    Expr,
    Fill,
    Kernel,
    Lit,
    Load,
    Loop,
    Perform,
    Stmt,
    Store,
    Unary,
)
from transpile.loops.walk import apart, assigned, parts, reads, statements, stored, with_bodies
from transpile.sym.affine import Affine

ADDS = ("+=", "-=")


def combine(kernel: Kernel) -> Kernel:
    """The kernel with such statements combined."""
    return replace(kernel, body=combined(kernel.body))


def combined(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    left = [with_bodies(stmt, combined) for stmt in body]
    done: list[Stmt] = []
    while left:
        stmt = left.pop(0)
        match stmt:
            case Store(op="="):
                at = adding(stmt, left)
            case Fill():
                at = covering(stmt, left)
            case _:
                at = None
        if at is None:
            done.append(stmt)
        elif isinstance(stmt, Store):
            left[at] = set_at_once(stmt, left[at])
        elif isinstance(stmt, Fill):
            left[at] = setting(stmt, left[at])
    return tuple(done)


def adding(first: Store, left: Sequence[Stmt]) -> int | None:
    """Where something is added to what `first` set, before anything looks at it."""
    used = {part for expr in (*first.index, first.value) for part in parts(expr)}
    loaded = {part.array for part in used if isinstance(part, Load)}
    for k, stmt in enumerate(left):
        if not isinstance(stmt, Store | Assign):
            return None
        if any(isinstance(part, Load) and may_be(part, first) for part in reads((stmt,))):
            return None
        if isinstance(stmt, Store):
            if (stmt.array, stmt.index) == (first.array, first.index):
                return k if stmt.op in ADDS else None
            if may_be(stmt, first) or stmt.array in loaded:
                return None
        if used & assigned((stmt,)):
            return None
    return None


def may_be(other: Load | Store, first: Store) -> bool:
    """May the two be the same element?"""
    return other.array is first.array and not apart(other.index, first.index)


def set_at_once(first: Store, second: Stmt) -> Store:
    assert isinstance(second, Store)
    dtype = first.array.dtype
    value: Expr
    if isinstance(first.value, Lit) and first.value.value == 0:
        value = second.value if second.op == "+=" else Unary("-", second.value, dtype)
    else:
        value = Binary(second.op[0], first.value, second.value, dtype)
    return replace(second, value=value, op="=")


def covering(fill: Fill, left: Sequence[Stmt]) -> int | None:
    """Where something is added to the whole of a filled array, before anything looks at it."""
    for k, stmt in enumerate(left):
        if adds_to_all(stmt, fill.target):
            spoiled = fill.source is not None and writes((stmt,), fill.source)
            return None if spoiled else k
        if touches(stmt, fill.target) or (fill.source and writes((stmt,), fill.source)):
            return None
    return None


def adds_to_all(stmt: Stmt, array: Array) -> bool:
    """Do loops add to each element of the array once, and not look at it otherwise?"""
    loops: list[Loop] = []
    body: tuple[Stmt, ...] = (stmt,)
    while len(body) == 1 and isinstance(body[0], Loop):
        loops.append(body[0])
        body = body[0].body
    own = [s for s in body if touches(s, array)]
    if len(own) != 1 or not isinstance(own[0], Store) or own[0].op not in ADDS:
        return False
    extents = {Affine.of(loop.index): full_extent(loop) for loop in loops}
    return (
        own[0].array is array
        and [extents.get(i) for i in own[0].index] == list(array.dims)
        and len(set(own[0].index)) == len(loops)
        and not any(isinstance(p, Load) and p.array is array for p in reads((own[0],)))
        and not any(isinstance(s, Break) for s in statements(body))
    )


def full_extent(loop: Loop) -> Affine | None:
    """The extent all of which the loop goes over, in either direction."""
    if loop.step == 1 and loop.start == Affine():
        return loop.stop
    return loop.start + 1 if loop.step == -1 and loop.stop == Affine((), -1) else None


def writes(body: Sequence[Stmt], array: Array) -> bool:
    """May some statement change the array?"""
    return any(array in stored(inner) for inner in statements(tuple(body)))


def touches(stmt: Stmt, array: Array) -> bool:
    """Does anything in the statement write or read the array?"""
    read = [part.array for part in reads((stmt,)) if isinstance(part, Load)]
    for inner in statements((stmt,)):
        if isinstance(inner, Fill) and inner.source is not None:
            read.append(inner.source)
        elif isinstance(inner, Perform):
            read += inner.arrays
    return writes((stmt,), array) or array in read


def setting(fill: Fill, stmt: Stmt) -> Stmt:
    """The loops that add to what is filled, as loops that set."""
    if isinstance(stmt, Loop):
        return replace(stmt, body=tuple(setting(fill, s) for s in stmt.body))
    if not isinstance(stmt, Store) or stmt.array is not fill.target:
        return stmt
    if fill.source is not None:
        filled: Expr = Load(fill.source, stmt.index)
    else:
        filled = Lit(0.0, stmt.array.dtype)
    return set_at_once(replace(stmt, value=filled, op="="), stmt)
