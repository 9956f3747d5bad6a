"""Lets sums wait: what only adds to a local that the step does not read goes to the step's end.

    ll += f(log(F));  K = P / F;  P = g(K)    ->    K = P / F;  P = g(K);  ll += f(log(F))

A recurrence is as slow as its longest chain, and a call in the middle of it costs the chain its
registers. Compilers do not move work across a call; so the call comes last.
"""

from __future__ import annotations

from msgspec.structs import replace

from transpile.loops.nest import (
    Assign,
    Break,
    Expr,
    Invoke,
    Kernel,
    Load,
    Local,
    Loop,
    Stmt,
    Swap,
    While,
)
from transpile.loops.walk import assigned, parts, reads, statements, stored, with_bodies

Body = tuple[Stmt, ...]


def sink(kernel: Kernel) -> Kernel:
    """The kernel with such sums at the end of their loops."""
    return replace(kernel, body=settled(kernel.body))


def settled(body: Body) -> Body:
    return tuple(settled_loop(s) if isinstance(s, Loop | While) else with_bodies(s, settled)
                 for s in body)  # fmt: skip


def settled_loop(loop: Loop | While) -> Stmt:
    body = settled(loop.body)
    if any(isinstance(stmt, Swap) for stmt in body):
        return replace(loop, body=body)
    tested = tuple(parts(loop.test)) if isinstance(loop, While) else ()
    return replace(loop, body=waiting_last(body, tested))


def waiting_last(body: Body, tested: tuple[Expr, ...]) -> Body:
    """A loop's body with the statements that may wait behind the others."""
    waiting = [
        stmt
        for k, stmt in enumerate(body)
        if isinstance(stmt, Assign)
        and stmt.local not in tested
        and may_wait(stmt, body[:k], body[k + 1 :])
    ]
    return (*(stmt for stmt in body if stmt not in waiting), *waiting)


def may_wait(stmt: Assign, before: Body, after: Body) -> bool:
    """Does the statement call something, and does nothing notice if it comes last?"""
    if stmt.declare or stmt.value is None or not after:
        return False
    inside = list(parts(stmt.value))
    if not any(isinstance(part, Invoke) for part in inside):
        return False
    if stmt.local in reads((*before, *after)):
        return False
    operands = {part for part in inside if isinstance(part, Local)} | {stmt.local}
    loaded = {part.array for part in inside if isinstance(part, Load)}
    if operands & assigned(after):
        return False
    later = list(statements(after))
    changed = {array for s in later for array in stored(s)}
    return not (loaded & changed) and not any(isinstance(s, Break) for s in later)
