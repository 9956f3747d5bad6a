"""What the sizes of a kernel's room are computed by, before its checks have been made: a divisor
may be zero there, and a place may not be one of its array. Such a part is zero: the kernel itself
then ends at its check.

    x / y   ->   y == 0 ? 0 : x / y
    k[i]    ->   i >= 0 && i < n ? k[i] : 0
"""

from __future__ import annotations

from functools import partial

from transpile.loops.nest import Binary, Choose, Expr, Lit, Load, Local, Loop, Stmt
from transpile.loops.walk import rebuild, with_bodies, with_expressions
from transpile.sym.affine import Affine

ZERO = Affine((), 0)
Ranges = dict[Local, tuple[Affine, Affine]]


def total(body: tuple[Stmt, ...], ranges: Ranges | None = None) -> tuple[Stmt, ...]:
    """The same statements, each expression defined whatever the arguments are."""
    known = ranges or {}
    made: list[Stmt] = []
    for stmt in body:
        inside = {**known, stmt.index: (stmt.start, stmt.stop)} if isinstance(stmt, Loop) else known
        stmt = with_bodies(stmt, partial(total, ranges=inside))
        made.append(with_expressions(stmt, partial(defined, ranges=known)))
    return tuple(made)


def defined(expr: Expr, ranges: Ranges) -> Expr:
    expr = rebuild(expr, lambda part: defined(part, ranges))
    match expr:
        case Binary(symbol="/" | "%", right=right, dtype="int64") if not is_constant(right):
            none = Binary("==", right, Lit(0, "int64"), "bool")
            return Choose(none, Lit(0, "int64"), expr, "int64")
        case Load(array=array, index=index):
            tests = [
                Binary("&&", Binary(">=", i, ZERO, "bool"), Binary("<", i, n, "bool"), "bool")
                for i, n in zip(index, array.dims, strict=True)
                if not is_inside(i, n, ranges)
            ]
            zero = Lit(False if array.dtype == "bool" else 0, array.dtype)
            for test in tests:
                expr = Choose(test, expr, zero, array.dtype)
            return expr
        case _:
            return expr


def is_constant(expr: Expr) -> bool:
    """Is the divisor a number, which is not zero then?"""
    return isinstance(expr, Lit) or (isinstance(expr, Affine) and expr.constant is not None)


def is_inside(place: Affine, extent: Affine, ranges: Ranges) -> bool:
    """Is the place the index of a loop over the whole axis?"""
    bounds = ranges.get(place.symbol) if isinstance(place.symbol, Local) else None
    return bounds is not None and place.const == 0 and bounds == (ZERO, extent)
