"""Loops around what is written for one index: over the elements of a result, or of an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transpile.loops import convert
from transpile.loops.access import Listed, Pick, joined, less, out_of_bounds
from transpile.loops.context import Context, Int
from transpile.loops.element import ZERO, Index
from transpile.loops.nest import Array, Binary, Fill, Local, Loop, Store
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom


def loop_nest(
    c: Context, dims: Sequence[Int], inner: Callable[[Index], None], simd: str | None = None
) -> None:
    """Loops over `dims`, the last innermost, around what `inner` writes."""
    indices: list[Int] = []

    def level(k: int) -> None:
        if k == len(dims):
            inner(tuple(indices))
            return
        if dims[k].constant == 1:
            indices.append(ZERO)
            level(k + 1)
            return
        last = all(d.constant == 1 for d in dims[k + 1 :])
        with c.scope() as body:
            i = c.index_local()
            c.facts = c.facts.having(i.form, dims[k].form - i.form - 1)
            indices.append(i)
            level(k + 1)
        loop = Loop(symbol_of(i), Affine(), dims[k].shown, 1, tuple(body), simd if last else None)
        c.emit(placed(loop, c))

    level(0)


def placed(loop: Loop, c: Context) -> Loop:
    return Loop(loop.index, loop.start, loop.stop, loop.step, loop.body, loop.simd, c.place)


def symbol_of(i: Int) -> Local:
    symbol = i.shown.symbol
    assert isinstance(symbol, Local)
    return symbol


def zeros(c: Context, target: Array, dims: Sequence[Int]) -> None:
    """The whole of an array zero."""
    if all(c.facts.nonnegative(d.form) for d in dims):
        c.emit(Fill(target, None, c.place))
        return
    zero = convert.literal(0, target.dtype)
    loop_nest(c, dims, lambda at: c.emit(Store(target, shown(at), zero, "=", c.place)))


def shown(index: Index) -> tuple[Affine, ...]:
    return tuple(i.shown for i in index)


def check_listed(c: Context, x: Atom, chosen: Pick) -> None:
    """One loop over each array of an index: all its integers have to be in range."""
    for axis, listed in chosen.listed.items():
        known = listed.array, listed.extent.form
        if known in c.in_range or listed.found:
            continue
        c.in_range.add(known)

        def body(index: Index, axis: int = axis, listed: Listed = listed) -> None:
            place, extent = listed.place(index), listed.extent.shown
            low, high = less(place, -extent), Binary(">=", place, extent, "bool")
            c.check(joined((low, high)), "IndexError", out_of_bounds(axis, x))

        loop_nest(c, [c.dim(d) for d in listed.array.type.dims], body)
