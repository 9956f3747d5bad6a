"""One statement over arrays is one nest of loops; a sum over an index is a loop.

The right side is evaluated first, as NumPy has it: where the nest would read an element that it
has written already, the loops run the other way, or the value goes to scratch first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan

from transpile.loops import convert
from transpile.loops.around import loop_nest, symbol_of
from transpile.loops.context import Context, Int
from transpile.loops.element import ZERO, Index, element
from transpile.loops.nest import (
    Array,
    Assign,
    Binary,
    Choose,
    Elements,
    Expr,
    Lit,
    Load,
    Local,
    Stmt,
    Store,
    Unary,
)
from transpile.loops.walk import parts
from transpile.sym.affine import Affine, Symbol
from transpile.sym.ir import Apply, Atom, Var
from transpile.sym.ops import shape
from transpile.sym.ops.reduce import ALL, ANY, MAX, MIN
from transpile.sym.ops.table import Infix, Reduce
from transpile.sym.types import COMPLEX, FLOATS


def write(
    c: Context,
    target: Array,
    dims: Sequence[Int],
    locate: Callable[[Index], tuple[Int, ...]],
    value: Callable[[Index], Expr],
    op: str = "=",
) -> None:
    """`target[locate(i)] op value(i)` for all i, the right side evaluated first."""
    with c.scope():
        at = tuple(ZERO if d.constant == 1 else c.index_local() for d in dims)
        where = tuple(i.shown for i in locate(at))
        expr = convert.implicit(value(at), target.dtype)
    loops = [symbol_of(i) for i in at if i.constant is None]
    extents = [d.shown for d in dims if d.constant != 1]
    order = directions(target, where, expr, loops)
    if order is None:
        held = temporary(c, target, dims)
        store: Stmt = Store(held, tuple(i.shown for i in at), expr, "=", c.place)
        c.emit_nest(store, loops, extents, [1] * len(loops), worth_simd(expr))
        expr, order = Load(held, tuple(i.shown for i in at)), [1] * len(loops)
    once = all(isinstance(s, Local) for axis in where for s in axis.symbols())
    parallel = once and not any(is_of(part, target, where) for part in parts(expr))
    store = Store(target, where, expr, op, c.place)
    c.emit_nest(store, loops, extents, order, worth_simd(expr) if parallel else None)


def is_of(part: Expr, target: Array, where: tuple[Affine, ...]) -> bool:
    return isinstance(part, Load) and part.array is target and part.index != where


def worth_simd(expr: Expr) -> str | None:
    return None if isinstance(expr, Load | Lit | Local) else ""


def temporary(c: Context, target: Array, dims: Sequence[Int]) -> Array:
    name = c.fresh(f"{target.name}_new")
    return c.take(name, target.dtype, dims)


def directions(
    target: Array, where: tuple[Affine, ...], expr: Expr, loops: list[Local]
) -> list[int] | None:
    """Which way each loop has to run for reads to come before writes; None where neither does."""
    order = dict.fromkeys(loops, 0)
    for part in parts(expr):
        if not is_of(part, target, where) or pinned(where, part, loops):  # type: ignore[arg-type]
            continue
        assert isinstance(part, Load)
        found = ahead(where, part.index, loops)
        if found is None or order[found[0]] == -found[1]:
            return None
        order[found[0]] = found[1]
    return [order[i] or 1 for i in loops]


def pinned(where: tuple[Affine, ...], load: Load, loops: list[Local]) -> bool:
    """Do different steps of the loops never meet, since an axis of each is indexed alike?"""
    alike: set[Symbol] = set()
    for a, b in zip(where, load.index, strict=True):
        inside = [s for s in a.symbols() if s in loops]
        if a == b and len(inside) == 1:
            alike.update(inside)
    return alike == set(loops)


def ahead(
    where: tuple[Affine, ...], index: tuple[Affine, ...], loops: list[Local]
) -> tuple[Local, int] | None:
    """The loop by which a read is away from the write, and the way that loop has to run."""
    away: dict[Symbol, int] = {}
    seen: list[Symbol] = []
    for a, b in zip(where, index, strict=True):
        inside = [s for s in a.symbols() if s in loops]
        distance = (b - a).constant
        if distance is None or len(inside) > 1 or any(s in seen for s in inside):
            return None
        if not inside:
            if distance != 0:
                return None
            continue
        if abs(a.coefficient(inside[0])) != 1:
            return None
        seen += inside
        away[inside[0]] = distance * a.coefficient(inside[0])
    if len(seen) < len(loops):
        return None
    for loop in loops:
        if away[loop] != 0:
            return loop, 1 if away[loop] > 0 else -1
    return None


def fold(
    c: Context, rhs: Apply, dims: list[Int], value: Callable[[Index], Expr], total: Local
) -> None:
    """The loops that go over the elements of one result."""
    spelling = rhs.op.c.step if isinstance(rhs.op.c, Reduce) else Infix("+")
    if rhs.op in (MAX, MIN) and total.dtype in FLOATS:
        fold_extreme(c, ">" if rhs.op is MAX else "<", dims, value, total)
        return

    if is_truth(c, rhs):
        fold_truth(c, rhs.op is ALL, dims, value, total)
        return

    def body(index: Index) -> None:
        item = convert.implicit(value(index), total.dtype)
        product = total.dtype in COMPLEX and rhs.op.name == "prod"  # which C would look at twice
        if isinstance(spelling, Infix) and spelling.symbol in "+*" and not product:
            c.emit(Assign(total, item, f"{spelling.symbol}=", False, c.place))
        else:
            c.emit(Assign(total, convert.step(rhs.op, spelling, total, item, total.dtype),
                          "=", False, c.place))  # fmt: skip

    simd = None
    if isinstance(spelling, Infix) and total.dtype not in COMPLEX:
        simd = f"reduction({spelling.symbol}:{total.name})"
    loop_nest(c, dims, body, simd)


def is_truth(c: Context, rhs: Apply) -> bool:
    """Is it asked of truths that are computed here? Those that lie in memory are as narrow."""
    return rhs.op in (ALL, ANY) and isinstance(rhs.args[0], Var) and not c.is_stored(rhs.args[0])


def fold_truth(
    c: Context, every: bool, dims: list[Int], value: Callable[[Index], Expr], total: Local
) -> None:
    """Is one of them true, or every one? Asked in integers, which fill lanes as numbers do."""
    found = c.local("failing" if every else "holding", "int32")
    c.assign(found, Lit(0, "int32"))

    def body(index: Index) -> None:
        item = convert.implicit(value(index), "bool")
        c.emit(Assign(found, Unary("!", item, "bool") if every else item, "|=", False, c.place))

    loop_nest(c, dims, body, f"reduction(|:{found.name})")
    c.assign(total, Binary("==" if every else "!=", found, Lit(0, "int32"), "bool"))


def fold_extreme(
    c: Context, symbol: str, dims: list[Int], value: Callable[[Index], Expr], total: Local
) -> None:
    """The greatest or least of floats, in any order: whether one is NaN is counted beside it."""
    dtype = total.dtype
    missing = c.local("missing", dtype)
    c.assign(missing, convert.literal(0, dtype))

    def body(index: Index) -> None:
        item = convert.implicit(value(index), dtype)
        if not isinstance(item, Load):
            one = c.local("one", dtype)
            c.emit(Assign(one, item, "=", True, c.place))
            item = one
        is_nan = Choose(Binary("!=", item, item, "bool"), Lit(1.0, dtype), Lit(0.0, dtype), dtype)
        extreme = Choose(Binary(symbol, total, item, "bool"), total, item, dtype)
        c.emit(Assign(missing, is_nan, "+=", False, c.place))
        c.emit(Assign(total, extreme, "=", False, c.place))

    name = "max" if symbol == ">" else "min"
    loop_nest(c, dims, body, f"reduction({name}:{total.name}) reduction(+:{missing.name})")
    found = Binary(">", missing, Lit(0.0, dtype), "bool")
    c.emit(Assign(total, Choose(found, Lit(nan, dtype), total, dtype), "=", False, c.place))


def storage(c: Context, x: Atom) -> Array:
    """The array's elements in one stretch: where they lie, or a copy."""
    assert isinstance(x, Var)
    if c.is_stored(x):
        return c.array(x)
    dims = [c.dim(d) for d in x.type.dims]
    held = c.take(c.fresh("values"), x.type.dtype, dims)
    write(c, held, dims, tuple, lambda at: element(c, x, at))
    return held


def stretch(c: Context, x: Atom) -> Callable[[Index], Elements]:
    """The array's elements from an index of its first axes on, where they lie or in a copy.

    What is another shape of an array that is stored lies where that does.
    """
    inner = x
    while isinstance(inner, Var) and is_other_shape(c, inner):
        inner = c.defs[inner].rhs.args[0]  # type: ignore[union-attr]
    assert isinstance(inner, Var)
    if inner is x or not c.is_stored(inner):
        held = storage(c, x)
        return lambda index: Elements(held, tuple(i.shown for i in index))
    array = c.array(inner)

    def place(index: Index) -> Elements:
        if not index:
            return Elements(array)
        first = element(c, x, (*index, *(ZERO,) * (x.type.ndim - len(index))))
        assert isinstance(first, Load)
        return Elements(array, first.index)

    return place


def is_other_shape(c: Context, x: Var) -> bool:
    """Is it a function of the index that reads another array in its order?"""
    if c.is_stored(x) or x in c.ready or x not in c.defs:
        return False
    rhs = c.defs[x].rhs
    return isinstance(rhs, Apply) and rhs.op is shape.RESHAPE
