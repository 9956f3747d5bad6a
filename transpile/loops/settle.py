"""A size that a check has settled is that number in the loops that run only then.

    check not (steps > 0 and n != 2)            check not (steps > 0 and n != 2)
    for step in 0..steps: for i in 0..n: ...    for step in 0..steps: for i in 0..2: ...

C unrolls a loop of two steps; one of n steps it prepares for any number.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops.cover import element
from transpile.loops.fuse import put
from transpile.loops.hoist import either, form, split
from transpile.loops.names import INDICES
from transpile.loops.nest import Binary, Check, Expr, Fill, Kernel, Local, Loop, Stmt, While
from transpile.loops.promote import inside
from transpile.loops.walk import with_bodies, with_expressions
from transpile.sym.affine import Affine, Facts

SMALL = 16  # elements that are not worth a call of memset


class Settled(Struct, frozen=True):
    """`size` is `value` where all of `when` is not negative."""

    when: tuple[Affine, ...]
    size: Local
    value: int


def settle(kernel: Kernel) -> Kernel:
    """The kernel with settled sizes as numbers inside loops."""
    facts = Facts([Affine.of(size) for size in kernel.sizes])
    return replace(kernel, body=settled(kernel.body, frozenset(kernel.sizes), facts, []))


def settled(
    body: Sequence[Stmt], sizes: frozenset[Local], facts: Facts, known: list[Settled]
) -> tuple[Stmt, ...]:
    known = list(known)
    done: list[Stmt] = []
    for stmt in body:
        if isinstance(stmt, Check):
            known += said(stmt, sizes)
        inner = facts.having(*inside(stmt)) if isinstance(stmt, Loop) else facts
        if isinstance(stmt, Loop | While):
            numbers: dict[Expr, Expr] = {
                k.size: Affine((), k.value) for k in known if all(map(inner.nonnegative, k.when))
            }
            stmt = replace(stmt, body=tuple(with_numbers(s, numbers) for s in stmt.body))
        done.append(with_bodies(stmt, partial(settled, sizes=sizes, facts=inner, known=known)))
    return tuple(done)


def said(check: Check, sizes: frozenset[Local]) -> list[Settled]:
    """The sizes that are settled where the check has not failed."""
    found = []
    for fails in either(check.fails):
        affine, others = split(fails)
        match others:
            case (Binary(symbol="!=", left=left, right=right),):
                x, y = form(left), form(right)
                away = None if x is None or y is None else x - y
                if away is None or len(away.terms) != 1:
                    continue
                ((size, factor),) = away.terms
                if size in sizes and abs(factor) == 1 and isinstance(size, Local):
                    found.append(Settled(affine, size, -away.const * factor))
    return found


def with_numbers(stmt: Stmt, numbers: dict[Expr, Expr]) -> Stmt:
    if not numbers:
        return stmt
    if isinstance(stmt, Fill):
        return filled(stmt, numbers)
    stmt = with_expressions(stmt, partial(put, numbers))
    return with_bodies(stmt, lambda body: tuple(with_numbers(s, numbers) for s in body))


def filled(fill: Fill, numbers: dict[Expr, Expr]) -> Stmt:
    """The fill of a small array as loops."""
    dims = [put(numbers, dim) for dim in fill.target.dims]
    total = 1
    for dim in dims:
        count = dim.constant if isinstance(dim, Affine) else None
        total *= SMALL + 1 if count is None else count
    if total > SMALL or not dims or fill.reshaped:
        return fill
    indices = [Local(INDICES[k], "int64") for k in range(len(dims))]
    stmt: Stmt = element(fill, tuple(map(Affine.of, indices)))
    for index, dim in reversed(list(zip(indices, dims, strict=True))):
        assert isinstance(dim, Affine)
        stmt = Loop(index, Affine(), dim, 1, (stmt,), None, fill.place)
    return stmt
