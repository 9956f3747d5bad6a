"""A counter that a loop only counts up or down is an index like the loop's own.

    for i in a..b: { x[kept] = y[i]; kept++; }     for i in a..b: x[kept + i - a] = y[i]
                                                   kept += b - a

So a step of the loop depends on nothing but its index.
"""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from transpile.loops.fuse import put
from transpile.loops.nest import Assign, If, Kernel, Loop, Stmt, Store
from transpile.loops.promote import inside
from transpile.loops.walk import assigned, statements, with_bodies, with_expressions
from transpile.sym.affine import Affine, Facts

ONE = Affine((), 1)


def induct(kernel: Kernel) -> Kernel:
    """The kernel with such counters in its innermost loops as indices."""
    facts = Facts([Affine.of(size) for size in kernel.sizes])
    return replace(kernel, body=inducted(kernel.body, facts))


def inducted(body: tuple[Stmt, ...], facts: Facts) -> tuple[Stmt, ...]:
    done: list[Stmt] = []
    for stmt in body:
        stmt = with_bodies(stmt, partial(inducted, facts=facts.having(*inside(stmt))))
        ends: list[Stmt] = []
        if isinstance(stmt, Loop) and is_plain(stmt) and facts.nonnegative(trips(stmt)):
            for count in counts(stmt):
                stmt = as_index(stmt, count)
                ends.append(replace(count, value=trips(stmt)))
        done += [stmt, *ends]
    return tuple(done)


def is_plain(loop: Loop) -> bool:
    """Is it an innermost loop that runs all of its steps?"""
    return abs(loop.step) == 1 and all(
        isinstance(s, Assign | Store | If) for s in statements(loop.body)
    )


def trips(loop: Loop) -> Affine:
    return (loop.stop - loop.start) * loop.step


def counts(loop: Loop) -> list[Assign]:
    """Each statement of every step that counts, and is alone in changing what it counts."""
    changes = [s.local for s in statements(loop.body) if isinstance(s, Assign)]
    if assigned(loop.body).intersection((*loop.start.symbols(), *loop.stop.symbols())):
        return []
    return [
        s
        for s in loop.body
        if isinstance(s, Assign)
        and s.op in ("+=", "-=")
        and s.value == ONE
        and changes.count(s.local) == 1
    ]


def as_index(loop: Loop, count: Assign) -> Loop:
    """The loop without the count: what it counts is known from the loop's own index."""
    sign = 1 if count.op == "+=" else -1
    before = (Affine.of(loop.index) - loop.start) * loop.step
    (at,) = (k for k, s in enumerate(loop.body) if isinstance(s, Assign) and s.local is count.local)

    def counted(body: tuple[Stmt, ...], steps: Affine) -> tuple[Stmt, ...]:
        change = partial(put, {count.local: Affine.of(count.local) + steps * sign})
        return tuple(
            with_bodies(with_expressions(s, change), partial(counted, steps=steps)) for s in body
        )

    body = (*counted(loop.body[:at], before), *counted(loop.body[at + 1 :], before + 1))
    return replace(loop, body=body)
