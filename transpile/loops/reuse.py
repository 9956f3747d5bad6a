"""What a step has just stored, it reads from a scalar.

    t[j] = a[j] * c;  d[j] += t[j] * t[j]      t_j = a[j] * c;  t[j] = t_j;  d[j] += t_j * t_j

C would load it again wherever something else was stored in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from transpile.loops.fuse import put as renamed
from transpile.loops.nest import Assign, Expr, Kernel, Lit, Load, Local, Stmt, Store
from transpile.loops.promote import element_name, names_of
from transpile.loops.walk import assigned, parts, reads, rebuild, with_bodies, with_expressions


def reuse(kernel: Kernel) -> Kernel:
    """The kernel with such elements in scalars."""
    names = names_of(kernel)
    return replace(kernel, body=reused(kernel.body, names))


def reused(body: tuple[Stmt, ...], names: set[str]) -> tuple[Stmt, ...]:
    left = [with_bodies(stmt, lambda inner: reused(inner, names)) for stmt in body]
    done: list[Stmt] = []
    while left:
        stmt = left.pop(0)
        if isinstance(stmt, Store) and stmt.op == "=":
            count = readers(stmt, left)
            if count > 0:
                stmt, held = in_scalar(stmt, names)
                done += held
                change = partial(put, Load(stmt.array, stmt.index), stmt.value)
                left[:count] = [with_expressions(s, change) for s in left[:count]]
                left = without_aliases(left, stmt.value)
            if is_set_again(stmt, left):
                continue
        done.append(stmt)
    return tuple(done)


def in_scalar(stmt: Store, names: set[str]) -> tuple[Store, list[Stmt]]:
    """The store of a scalar, and what that is where the store has another value."""
    if isinstance(stmt.value, Local | Lit):
        return stmt, []
    local = Local(element_name(names, stmt.array, stmt.index), stmt.array.dtype)
    return replace(stmt, value=local), [Assign(local, stmt.value, "=", True, stmt.place)]


def without_aliases(left: Sequence[Stmt], value: Expr) -> list[Stmt]:
    """The statements without those that give the scalar another name."""
    changed = assigned(tuple(left))
    names = [
        stmt.local
        for stmt in left
        if isinstance(stmt, Assign) and stmt.declare and stmt.value is value
    ]
    once = [n for n in names if sum(n in assigned((s,)) for s in left) == 1]
    if value in changed or not once:
        return list(left)
    kept = [s for s in left if not (isinstance(s, Assign) and s.local in once)]
    return list(everywhere(tuple(kept), dict.fromkeys(once, value)))


def everywhere(body: tuple[Stmt, ...], names: dict[Expr, Expr]) -> tuple[Stmt, ...]:
    """The statements, and those inside them, with locals replaced."""
    change = partial(renamed, names)
    return tuple(
        with_bodies(with_expressions(s, change), lambda inner: everywhere(inner, names))
        for s in body
    )


def is_set_again(stored: Store, left: Sequence[Stmt]) -> bool:
    """Does the element get another value before anything reads the array?"""
    for stmt in left:
        if not isinstance(stmt, Store | Assign):
            return False
        if any(isinstance(part, Load) and part.array is stored.array for part in reads((stmt,))):
            return False
        if isinstance(stmt, Store) and (stmt.array, stmt.index) == (stored.array, stored.index):
            return stmt.op == "="
        if {part for i in stored.index for part in parts(i)} & assigned((stmt,)):
            return False
    return False


def readers(stored: Store, left: Sequence[Stmt]) -> int:
    """How many statements come until the last that reads the element while it is what it was."""
    own = Load(stored.array, stored.index)
    used = {part for i in stored.index for part in parts(i)} | {stored.value}
    last = 0
    for k, stmt in enumerate(left, 1):
        if not isinstance(stmt, Store | Assign):
            break
        if own in reads((stmt,)):
            last = k
        if used & assigned((stmt,)) or (isinstance(stmt, Store) and stmt.array is stored.array):
            break
    return last


def put(own: Load, value: Expr, expr: Expr) -> Expr:
    """The expression with the element replaced."""
    return value if expr == own else rebuild(expr, partial(put, own, value))
