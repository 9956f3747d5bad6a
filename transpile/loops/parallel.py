"""Which innermost loops may run in lanes: no step reads what another writes, but for sums.

    for j: s -= a[j] * b[j]         #pragma omp simd reduction(+:s)
    for k < 3: s -= a[k] * b[k]     a few steps: it is the loop around them that is innermost
    for j down: a[j] -= b[j] * c    for j up

    for j: s += x[k[j]]             #pragma omp simd reduction(+:s) simdlen(4)

A processor gathers what lies apart one by one, in a wide lane no faster than in a narrow one, and
waits for the last.

A sum that the loop only adds to is added up in another order, unless `reassociate` is off; `max`
and products keep theirs.

A loop that writes down a column is left as it is: gathered element by element, lanes gain nothing
there, and take long to compile.
"""

from __future__ import annotations

from math import inf, prod

from msgspec.structs import replace

from transpile.loops.nest import (
    Array,
    Assign,
    Expr,
    If,
    Invoke,
    Kernel,
    Load,
    Local,
    Loop,
    Stmt,
    Store,
)
from transpile.loops.walk import assigned, expressions, parts, statements, with_bodies
from transpile.sym.affine import Affine, Symbol
from transpile.sym.types import COMPLEX, FLOATS

NEAR = 8  # elements; what lies in so short rows is loaded with its neighbours

Index = tuple[Affine, ...]
SHORT = 9  # two loops of three steps
NARROW = 4  # doubles that are gathered at once


def parallel(kernel: Kernel, reassociate: bool = True) -> Kernel:
    """The kernel with its innermost independent loops marked."""
    return replace(kernel, body=marked(kernel.body, reassociate))


def marked(body: tuple[Stmt, ...], reassociate: bool) -> tuple[Stmt, ...]:
    done = []
    for stmt in body:
        stmt = with_bodies(stmt, lambda b: marked(b, reassociate))
        if isinstance(stmt, Loop) and is_short(stmt):
            stmt = replace(stmt, simd=None)
        elif isinstance(stmt, Loop) and stmt.simd is None:
            stmt = unordered(stmt, reassociate)
        if isinstance(stmt, Loop) and (stmt.simd or "").startswith("reduction(+") and gathers(stmt):
            stmt = replace(stmt, simd=f"{stmt.simd} simdlen({NARROW})")
        done.append(stmt)
    return tuple(done)


def gathers(loop: Loop) -> bool:
    """Does it read doubles at places that are read themselves?"""
    inside = list(statements(loop.body))
    found = {s.local for s in inside if isinstance(s, Assign) and is_read(s.value)}
    loads = (p for s in inside for e in expressions(s) for p in parts(e) if isinstance(p, Load))
    return any(
        load.array.dtype == "float64" and any(p in found or isinstance(p, Load) for p in parts(i))
        for load in loads
        for i in load.index
    )


def is_read(value: Expr | None) -> bool:
    return value is not None and any(isinstance(part, Load) for part in parts(value))


def is_short(stmt: Stmt) -> bool:
    """Loops of so few steps that the compiler writes them one after the other."""
    return isinstance(stmt, Loop) and steps(stmt) <= SHORT


def steps(loop: Loop) -> float:
    """How often what is innermost runs; without end where that is not known."""
    count = ((loop.stop - loop.start) * loop.step).constant
    inner = [steps(s) for s in loop.body if isinstance(s, Loop)]
    return inf if count is None else count * max(inner, default=1)


def unordered(loop: Loop, reassociate: bool) -> Loop:
    """The loop, counting up and with its pragma's clause if its steps may come in any order."""
    inside = list(statements(loop.body))
    if not all(isinstance(s, Assign | Store | If) or is_short(s) for s in inside):
        return loop
    private = {s.local for s in inside if isinstance(s, Assign) and s.declare}
    sums = sums_of(inside, private)
    if sums is None or (sums and not reassociate):
        return loop
    accesses = touched(inside)
    changed = assigned(loop.body)
    if not all(independent(loop.index, changed, found) for found in accesses.values()):
        return loop
    if loop.step == -1:
        loop = replace(loop, start=loop.stop + 1, stop=loop.start + 1, step=1)
    if sums:
        return replace(loop, simd=f"reduction(+:{', '.join(local.name for local in sums)})")
    if any(isinstance(p, Invoke) for s in inside for e in expressions(s) for p in parts(e)):
        return replace(loop, simd="")
    written = {array: found for array, found in accesses.items() if stored(found)}
    several = any(len(set(found)) > 1 for found in written.values())
    moving = any(array.swapped for array in accesses)  # nothing else tells C that these are apart
    down = any(is_far(loop.index, a, index) for a, found in written.items() for index, _ in found)
    return replace(loop, simd="") if (several or moving) and not down else loop


def is_far(step: Local, array: Array, index: Index) -> bool:
    """Are the elements of two steps so far apart that each is loaded by itself?"""
    axes = [axis for axis, at in enumerate(index) if at.coefficient(step)]
    if not axes:
        return False
    rows = [dim.constant for dim in array.dims[axes[-1] + 1 :]]
    return any(length is None for length in rows) or prod(r for r in rows if r) > NEAR


def sums_of(inside: list[Stmt], private: set[Local]) -> list[Local] | None:
    """The locals from outside that are only added to; None if any is used in another way."""
    sums: dict[Local, None] = {}
    for stmt in inside:
        if isinstance(stmt, Assign) and stmt.local not in private:
            if stmt.op not in ("+=", "-=") or stmt.local.dtype not in (*FLOATS, *COMPLEX):
                return None
            sums[stmt.local] = None
    for stmt in inside:
        for expr in expressions(stmt):
            if any(part in sums for part in parts(expr) if isinstance(part, Local)):
                return None
    return list(sums)


def touched(inside: list[Stmt]) -> dict[Array, list[tuple[Index, bool]]]:
    """Every access of every array: where, and whether it writes."""
    found: dict[Array, list[tuple[Index, bool]]] = {}
    for stmt in inside:
        if isinstance(stmt, Store):
            found.setdefault(stmt.array, []).append((stmt.index, True))
        for expr in expressions(stmt):
            for part in parts(expr):
                if isinstance(part, Load):
                    found.setdefault(part.array, []).append((part.index, False))
    return found


def stored(accesses: list[tuple[Index, bool]]) -> bool:
    return any(write for _, write in accesses)


def independent(index: Local, changed: set[Local], accesses: list[tuple[Index, bool]]) -> bool:
    """Do two steps of the loop never touch the same element, if it is written at all?"""
    if not stored(accesses):
        return True
    first = accesses[0][0]
    return any(
        first[axis].coefficient(index) != 0
        and all(s is index or plain(s, changed) for s in first[axis].symbols())
        and all(other[axis] == first[axis] for other, _ in accesses)
        for axis in range(len(first))
    )


def plain(symbol: Symbol, changed: set[Local]) -> bool:
    """Is the symbol the same in all steps?"""
    return isinstance(symbol, Local) and symbol not in changed
