"""What is set and then added to is set once.

    d[i] = 0; d[i] += e                    d[i] = e
    d[i] = a; d[i] -= e                    d[i] = a - e
    d[i] = a; d[i] *= e                    d[i] = a * e

The cotangent of what is overwritten becomes zero, and is often added to next.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from transpile.loops.nest import (
    Assign,
    Binary,
    Expr,
    Kernel,
    Lit,
    Load,
    Stmt,
    Store,
    Unary,
)
from transpile.loops.walk import apart, assigned, parts, reads, with_bodies

ADDS = ("+=", "-=")
SCALES = ("*=", "/=")


def combine(kernel: Kernel) -> Kernel:
    """The kernel with such statements combined."""
    return replace(kernel, body=combined(kernel.body))


def combined(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    left = [with_bodies(stmt, combined) for stmt in body]
    done: list[Stmt] = []
    while left:
        stmt = left.pop(0)
        at = adding(stmt, left) if isinstance(stmt, Store) and stmt.op == "=" else None
        if at is None:
            done.append(stmt)
        elif isinstance(stmt, Store):
            left[at] = set_at_once(stmt, left[at])
    return tuple(done)


def adding(first: Store, left: Sequence[Stmt]) -> int | None:
    """Where what `first` set is added to or multiplied, before anything looks at it."""
    used = {part for expr in (*first.index, first.value) for part in parts(expr)}
    loaded = {part.array for part in used if isinstance(part, Load)}
    for k, stmt in enumerate(left):
        if not isinstance(stmt, Store | Assign):
            return None
        if any(isinstance(part, Load) and may_be(part, first) for part in reads((stmt,))):
            return None
        if isinstance(stmt, Store):
            if (stmt.array, stmt.index) == (first.array, first.index):
                ops = ADDS if isinstance(first.value, Lit) else ADDS + SCALES
                return k if stmt.op in ops else None
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
