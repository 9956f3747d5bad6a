"""Reductions of arrays, in the order that memory has their elements.

for i: total = sum over j of x[i][j]          a row has one result
for j: for i: out[i] += x[j][i]               a row has one element of each result
"""

from __future__ import annotations

from transpile.loops import convert
from transpile.loops.around import loop_nest, zeros
from transpile.loops.context import Context, Int
from transpile.loops.element import ZERO, Index, element
from transpile.loops.nest import Array, Expr, Load, Local, Store
from transpile.loops.statement import fold, is_truth, write
from transpile.loops.walk import parts
from transpile.sym.affine import Symbol
from transpile.sym.ir import Apply, Atom, Var
from transpile.sym.ops import Infix, Reduce


class Reduction:
    """One reduction: the axes that it goes over, and those that its result keeps."""

    def __init__(self, c: Context, rhs: Apply) -> None:
        spelling = rhs.op.c
        assert isinstance(spelling, Reduce)
        x, axes = rhs.args[0], rhs.params["axis"]
        if len(axes) == x.type.ndim:
            x = in_first_axes(c, x)
            axes = tuple(range(x.type.ndim))
        self.c, self.rhs, self.spelling = c, rhs, spelling
        self.x, self.axes = x, axes
        self.kept = [k for k in range(x.type.ndim) if k not in axes]
        self.dims = [c.dim(x.type.dims[k]) for k in axes]

    def element(self, outer: Index, inner: Index) -> Expr:
        """The element at these indices of the axes kept, and of those gone over."""
        known = {**dict(zip(self.kept, outer, strict=True)),
                 **dict(zip(self.axes, inner, strict=True))}  # fmt: skip
        return element(self.c, self.x, tuple(known[k] for k in range(self.x.type.ndim)))

    def start(self, outer: Index, dtype: str) -> Expr:
        """What the accumulator is before all: the first element, where no number is neutral."""
        if self.spelling.start is not None:
            return convert.literal(self.spelling.start, dtype)
        return convert.implicit(self.element(outer, (ZERO,) * len(self.axes)), dtype)

    def place(self, outer: Index) -> tuple[Int, ...]:
        """The index of the result."""
        if not self.rhs.params["keepdims"]:
            return tuple(outer)
        known = dict(zip(self.kept, outer, strict=True))
        return tuple(known.get(k, ZERO) for k in range(self.rhs.args[0].type.ndim))

    def single(self, outer: Index, total: Local) -> None:
        """`total` becomes one element of the result."""
        if not is_truth(self.c, self.rhs):
            self.c.assign(total, self.start(outer, total.dtype))
        fold(self.c, self.rhs, self.dims, lambda i: self.element(outer, i), total)

    def write_singles(self, target: Array) -> None:
        """One accumulator for each element of the result."""
        c = self.c

        def body(outer: Index) -> None:
            total = c.local(self.rhs.op.name, target.dtype)
            self.single(outer, total)
            where = tuple(i.shown for i in self.place(outer))
            c.emit(Store(target, where, total, "=", c.place))

        loop_nest(c, [c.dim(self.x.type.dims[k]) for k in self.kept], body)

    def write_rows(self, target: Array) -> None:
        """The elements of a row of the result are accumulated together."""
        c = self.c
        *outer, last = (c.dim(self.x.type.dims[k]) for k in self.kept)

        def rows(lead: Index) -> None:
            def locate(at: Index) -> tuple[Int, ...]:
                return self.place((*lead, *at))

            def step(at: Index, inner: Index) -> Expr:
                item = convert.implicit(self.element((*lead, *at), inner), target.dtype)
                if self.adds:
                    return item
                held = Load(target, tuple(i.shown for i in locate(at)))
                op, spelling = self.rhs.op, self.spelling.step
                return convert.step(op, spelling, held, item, target.dtype)

            if outer or self.spelling.start != 0:
                write(c, target, [last], locate, lambda at: self.start((*lead, *at), target.dtype))
            else:
                zeros(c, target, [last])
            loop_nest(
                c,
                self.dims,
                lambda inner: write(
                    c, target, [last], locate, lambda at: step(at, inner), "+=" * self.adds or "="
                ),
            )

        loop_nest(c, outer, rows)

    @property
    def adds(self) -> bool:
        return self.spelling.step == Infix("+")

    def by_rows(self, target: Array) -> bool:
        """Do the elements lie along the last axis kept rather than along those gone over?"""
        c = self.c
        if not self.kept or c.dim(self.x.type.dims[self.kept[-1]]).constant == 1:
            return False
        with c.scope():
            outer, inner = (tuple(c.index_local() for _ in k) for k in (self.kept, self.axes))
            found = [p for p in parts(self.element(outer, inner)) if isinstance(p, Load)]
        over: set[Symbol] = {s for i in inner for s in i.shown.symbols()}
        own = set(outer[-1].shown.symbols())
        lasts = [set(load.index[-1].symbols()) for load in found if load.index]
        return (
            all(load.array is not target for load in found)
            and not any(over & symbols for symbols in lasts)
            and any(own & symbols for symbols in lasts)
        )


def single(c: Context, rhs: Apply, outer: Index, total: Local) -> None:
    """`total` becomes the reduction of the elements that belong to the result's index."""
    Reduction(c, rhs).single(outer, total)


def write_all(c: Context, rhs: Apply, target: Array) -> None:
    """An array of reductions."""
    made = Reduction(c, rhs)
    if made.by_rows(target):
        made.write_rows(target)
    else:
        made.write_singles(target)


def in_first_axes(c: Context, x: Atom) -> Atom:
    """The same elements in the same order, in the axes that they were made with."""
    while isinstance(x, Var) and not c.is_stored(x) and x not in c.ready:
        rhs = c.defs[x].rhs
        if not isinstance(rhs, Apply) or rhs.op.name != "reshape":
            break
        x = rhs.args[0]
    return x
