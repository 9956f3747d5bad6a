"""What is filled and then gone over by a loop is filled by that loop, where it comes first.

    memset(d); for i: d[i] += e[i]              for i: { d[i] = 0; d[i] += e[i]; }
    memcpy(x, a); for i from 1: x[i] *= x[i-1]  x[0] = a[0]; for i from 1: { x[i] = a[i]; ... }

One way through memory less. The loop touches elements of the array at fixed distances from its
index; the one furthest ahead is touched in no earlier step, and few lie outside of what it reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops.nest import (
    Array,
    Binary,
    Break,
    Expr,
    Fill,
    If,
    Kernel,
    Lit,
    Load,
    Loop,
    Perform,
    Stmt,
    Store,
)
from transpile.loops.walk import bodies, reads, statements, stored, with_bodies
from transpile.sym.affine import Affine, Facts

Index = tuple[Affine, ...]
MOST = 2  # elements that are filled one by one


class Place(Struct, frozen=True):
    """Where loops fill an array: at `index` in their innermost body; `first` and `last` elements of
    its one axis are not reached."""

    index: Index
    first: int = 0
    last: int = 0


def cover(kernel: Kernel) -> Kernel:
    """The kernel with fills inside the loops that come after them."""
    facts = Facts([Affine.of(size) for size in kernel.sizes])
    return replace(kernel, body=covered(kernel.body, facts))


def covered(body: tuple[Stmt, ...], facts: Facts) -> tuple[Stmt, ...]:
    left = [with_bodies(stmt, lambda inner: covered(inner, facts)) for stmt in body]
    done: list[Stmt] = []
    while left:
        stmt = left.pop(0)
        if isinstance(stmt, Fill) and not stmt.reshaped:
            at = loop_after(stmt, left)
            place = None if at is None else place_in(left[at], stmt.target)
            if at is not None and place is not None:
                done += outside(stmt, place, facts)
                left[at] = filling(stmt, place, left[at])
                continue
        done.append(stmt)
    return tuple(done)


def loop_after(fill: Fill, left: Sequence[Stmt]) -> int | None:
    """Where the array is touched next; None if its source changes before or there."""
    for k, stmt in enumerate(left):
        if fill.source is not None and writes(stmt, fill.source):
            return None
        if touches(stmt, fill.target):
            return k
    return None


def place_in(stmt: Stmt, array: Array) -> Place | None:
    """Where loops touch each element of the array first; None if that is not one place."""
    loops: list[Loop] = []
    body: tuple[Stmt, ...] = (stmt,)
    while len(body) == 1 and isinstance(body[0], Loop) and len(loops) < len(array.dims):
        loops.append(body[0])
        body = body[0].body
    if len(loops) != len(array.dims) or not loops or leaves(body) or array.role == "param":
        return None
    spoken = [s for inner in statements(body) for s in named_whole(inner)]
    found = list(dict.fromkeys(touched(body, array)))
    at_once = set(touched([s for s in body if not bodies(s)], array))
    if array in spoken or not found:
        return None
    if len(loops) == 1:
        if len(found) > 1 and only_adds(body, array):
            return None  # such a loop is better taken apart
        front = furthest(loops[0], found)
        return None if front not in at_once else within(loops[0], array, front)
    extents = {Affine.of(loop.index): full_extent(loop) for loop in loops}
    whole = [extents.get(i) for i in found[0]] == list(array.dims)
    if len(found) > 1 or not whole or len(set(found[0])) < len(loops) or not at_once:
        return None
    return Place(found[0])


def leaves(body: Sequence[Stmt]) -> bool:
    """Is there a way out of the loop of this body?"""
    return any(
        isinstance(s, Break) or (isinstance(s, If) and any(map(leaves, bodies(s)))) for s in body
    )


def touched(body: Sequence[Stmt], array: Array) -> Iterator[Index]:
    """Where single elements of the array are read and written."""
    for stmt in statements(tuple(body)):
        if isinstance(stmt, Store) and stmt.array is array:
            yield stmt.index
    for part in reads(tuple(body)):
        if isinstance(part, Load) and part.array is array:
            yield part.index


def only_adds(body: Sequence[Stmt], array: Array) -> bool:
    """Is all that happens to the array that something is added?"""
    stores = (s for s in statements(tuple(body)) if isinstance(s, Store) and s.array is array)
    read = any(isinstance(part, Load) and part.array is array for part in reads(tuple(body)))
    return not read and all(s.op in ("+=", "-=") for s in stores)


def furthest(loop: Loop, found: Sequence[Index]) -> Index | None:
    """Of places at fixed distances from the loop's index the one furthest ahead."""
    away = [(index[0] - Affine.of(loop.index)).constant for index in found]
    if abs(loop.step) != 1 or any(a is None for a in away):
        return None
    ahead = max(loop.step * a for a in away if a is not None)
    return (Affine.of(loop.index) + loop.step * ahead,)


def within(loop: Loop, array: Array, front: Index) -> Place | None:
    """The place, if the loop reaches all of the array's axis but a few elements."""
    away = front[0] - Affine.of(loop.index)
    up = loop.step > 0
    low, high = (loop.start, loop.stop) if up else (loop.stop + 1, loop.start + 1)
    first, last = (low + away).constant, (array.dims[0] - high - away).constant
    if first is None or last is None or min(first, last) < 0 or first + last > MOST:
        return None
    return Place(front, first, last)


def full_extent(loop: Loop) -> Affine | None:
    """The extent all of which the loop goes over, in either direction."""
    if loop.step == 1 and loop.start == Affine():
        return loop.stop
    return loop.start + 1 if loop.step == -1 and loop.stop == Affine((), -1) else None


def outside(fill: Fill, place: Place, facts: Facts) -> Iterator[Stmt]:
    """The elements that the loop does not reach, as far as the array has them."""
    extent = fill.target.dims[0]
    ends = [(k, Affine((), k)) for k in range(place.first)]
    ends += [(k, extent - 1 - k) for k in range(place.last)]
    for k, at in ends:
        store = element(fill, (at,))
        if facts.positive(extent - k):
            yield store
        else:
            yield If(Binary(">", extent, Affine((), k), "bool"), (store,), (), fill.place)


def element(fill: Fill, index: Index) -> Store:
    value: Expr = Lit(0.0, fill.target.dtype)
    if not fill.target.dtype.startswith("float"):
        value = Lit(0, fill.target.dtype)
    if fill.source is not None:
        value = Load(fill.source, index)
    return Store(fill.target, index, value, "=", fill.place)


def filling(fill: Fill, place: Place, stmt: Stmt, depth: int = 0) -> Stmt:
    """The loops, in each innermost step the element filled before anything touches the array."""
    assert isinstance(stmt, Loop)
    if depth + 1 < len(fill.target.dims):
        return replace(stmt, body=(filling(fill, place, stmt.body[0], depth + 1),))
    at = next(k for k, s in enumerate(stmt.body) if touches(s, fill.target))
    return replace(stmt, body=(*stmt.body[:at], element(fill, place.index), *stmt.body[at:]))


def writes(stmt: Stmt, array: Array) -> bool:
    """May the statement change the array?"""
    return any(array in stored(inner) for inner in statements((stmt,)))


def touches(stmt: Stmt, array: Array) -> bool:
    """Does anything in the statement write or read the array?"""
    spoken = [a for inner in statements((stmt,)) for a in named_whole(inner)]
    return array in spoken or next(touched((stmt,), array), None) is not None


def named_whole(stmt: Stmt) -> Sequence[Array]:
    """The arrays of which the statement speaks as a whole."""
    match stmt:
        case Fill(source=source):
            return (stmt.target, *(() if source is None else (source,)))
        case Perform():
            return stmt.arrays
        case Store():
            return ()
        case _:
            return stored(stmt)
