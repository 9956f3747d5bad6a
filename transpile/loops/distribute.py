"""A loop that adds to one cotangent at several places becomes loops that each add at one.

    for i: { d[i] += g[i]; d[n - i] -= g[i]; }     for i: d[n - i] -= g[i]
                                                   for i: d[i] += g[i]

Steps of the first may meet in an element and have to keep their order; those of the others do not.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from transpile.loops.nest import Array, Assign, Kernel, Load, Loop, Stmt, Store
from transpile.loops.parallel import independent, sums_of, touched
from transpile.loops.stencil import is_cotangent
from transpile.loops.walk import assigned, expressions, parts, reads, with_bodies
from transpile.sym.affine import Affine

ADDS = ("+=", "-=")
Place = tuple[Array, tuple[Affine, ...]]


def distribute(kernel: Kernel) -> Kernel:
    """The kernel with such loops distributed, where that makes all their steps independent."""
    return replace(kernel, body=distributed(kernel.body))


def distributed(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    done: list[Stmt] = []
    for stmt in body:
        stmt = with_bodies(stmt, distributed)
        done += parted(stmt) if isinstance(stmt, Loop) and stmt.simd is None else [stmt]
    return tuple(done)


def parted(loop: Loop) -> list[Loop]:
    """The loop, or the loops that it is made of."""
    if not all(isinstance(s, Assign | Store) for s in loop.body):
        return [loop]
    meeting = {
        array
        for array, found in touched(list(loop.body)).items()
        if not independent(loop.index, assigned(loop.body), found)
    }
    stores = [s for s in loop.body if isinstance(s, Store) and s.array in meeting]
    if any(s.op not in ADDS for s in stores):
        return [loop]
    places = [place_of(s) for s in stores]
    alone = [p for k, p in enumerate(places) if any(p[0] is q[0] for q in places[k + 1 :])]
    loops: list[Loop] = []
    rest = loop.body
    for place in dict.fromkeys(p for p in alone if p not in last_places(places)):
        mine = [s for s in rest if isinstance(s, Store) and place_of(s) == place]
        part = with_what_they_need(mine, loop.body)
        if part is None:
            return [loop]
        loops.append(replace(loop, body=part))
        rest = tuple(s for s in rest if s not in mine)
    loops.append(replace(loop, body=without_unread(rest)))
    fit = len(loops) > 1 and all(is_cotangent(array) for array in meeting)
    return loops if fit and all(map(is_independent, loops)) else [loop]


def place_of(store: Store) -> Place:
    return store.array, store.index


def last_places(places: Sequence[Place]) -> list[Place]:
    """For each array the place that stays with the rest of the loop."""
    return list({array: (array, index) for array, index in places}.values())


def with_what_they_need(stores: Sequence[Store], body: Sequence[Stmt]) -> tuple[Stmt, ...] | None:
    """The stores and the scalars that they read, if those may be read before the whole loop."""
    kept: list[Stmt] = []
    wanted = list(stores)
    needed = {part for s in wanted for part in reads((s,))}
    for at in reversed(range(len(body))):
        stmt = body[at]
        if stmt not in wanted and not (isinstance(stmt, Assign) and stmt.local in needed):
            continue
        before = {s.array for s in body[:at] if isinstance(s, Store)}
        inside = {part for expr in expressions(stmt) for part in parts(expr)}
        if any(isinstance(part, Load) and part.array in before for part in inside):
            return None
        if isinstance(stmt, Store) and stmt.op not in ADDS:
            return None
        if isinstance(stmt, Assign) and not stmt.declare:
            return None
        needed |= inside
        kept.insert(0, stmt)
    return tuple(kept)


def without_unread(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The statements without scalars of the loop's own that nothing reads any more."""
    read = set(reads(body))
    kept = tuple(s for s in body if not isinstance(s, Assign) or not s.declare or s.local in read)
    return kept if len(kept) == len(body) else without_unread(kept)


def is_independent(loop: Loop) -> bool:
    """May the loop's steps come in any order, but for sums?"""
    private = {s.local for s in loop.body if isinstance(s, Assign) and s.declare}
    found = touched(list(loop.body)).values()
    changed = assigned(loop.body)
    return sums_of(list(loop.body), private) is not None and all(
        independent(loop.index, changed, accesses) for accesses in found
    )
