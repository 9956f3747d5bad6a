"""What is set and then added to is set once.

    d[i] = 0; d[i] += e                    d[i] = e
    d[i] = a; d[i] -= e                    d[i] = a - e
    memset(d); for i: d[i] += e[i]         for i: d[i] = e[i]

The cotangent of what is overwritten becomes zero, and is often added to next.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from transpile.loops.fuse import nest_of
from transpile.loops.nest import (
    Array,
    Assign,
    Binary,
    Expr,
    Fill,
    Kernel,
    Lit,
    Load,
    Loop,
    Perform,
    Stmt,
    Store,
    Swap,
    Unary,
)
from transpile.loops.walk import apart, assigned, parts, reads, statements, with_bodies
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
            case Fill(source=None):
                at = covering(stmt.target, left)
            case _:
                at = None
        if at is None:
            done.append(stmt)
        elif isinstance(stmt, Store):
            left[at] = set_at_once(stmt, left[at])
        else:
            left[at] = setting(left[at])
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


def covering(array: Array, left: Sequence[Stmt]) -> int | None:
    """Where something is added to the whole of a zero array, before anything looks at it."""
    for k, stmt in enumerate(left):
        nest = nest_of(stmt)
        if nest is not None and len(nest.body) == 1:
            (store,) = nest.body
            whole = tuple(map(Affine.of, nest.indices))
            if isinstance(store, Store) and (store.array, store.index) == (array, whole):
                full = all(
                    (loop.start, loop.stop, loop.step) == (Affine(), extent, 1)
                    for loop, extent in zip(nest.loops, array.dims, strict=True)
                )
                fresh = not any(isinstance(p, Load) and p.array is array for p in reads((stmt,)))
                return k if full and fresh and store.op in ADDS else None
        if touches(stmt, array):
            return None
    return None


def touches(stmt: Stmt, array: Array) -> bool:
    for inner in statements((stmt,)):
        match inner:
            case Store():
                named: Sequence[Array] = (inner.array,)
            case Fill():
                named = (inner.target, inner.source or inner.target)
            case Swap():
                named = (*inner.targets, *inner.sources)
            case Perform():
                named = inner.arrays
            case _:
                named = ()
        if array in named:
            return True
    return any(isinstance(part, Load) and part.array is array for part in reads((stmt,)))


def setting(stmt: Stmt) -> Stmt:
    """A nest that adds to zeros, as one that sets."""
    if isinstance(stmt, Loop):
        return replace(stmt, body=tuple(map(setting, stmt.body)))
    assert isinstance(stmt, Store)
    value = stmt.value if stmt.op == "+=" else Unary("-", stmt.value, stmt.array.dtype)
    return replace(stmt, value=value, op="=")
