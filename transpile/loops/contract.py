"""Contractions: products of elements, summed over some indices, in the order that memory has them.

for i, j: out[i][j] = x[i] * y[j]                      nothing is summed
for i, j: total = sum over k of x[i][k] * y[j][k]      both run along the summed index
for i, k: for j: out[i][j] += x[i][k] * y[k][j]        they run along the result's last one
"""

from __future__ import annotations

from collections.abc import Mapping

from transpile.loops import convert
from transpile.loops.around import loop_nest, symbol_of, zeros
from transpile.loops.context import Context, Int
from transpile.loops.element import ZERO, Index, element
from transpile.loops.nest import Array, Expr, Load, Local, Store
from transpile.loops.statement import fold, write
from transpile.loops.walk import parts
from transpile.sym.ir import Apply, Atom
from transpile.sym.ops import linalg


class Product:
    """One contraction: its letters, the extent of each, and the elements of its operands."""

    def __init__(self, c: Context, rhs: Apply) -> None:
        self.c, self.rhs = c, rhs
        self.letters = linalg.letters(rhs.op, rhs.args, rhs.params)
        self.operands = list(zip(rhs.args, (self.letters.x, self.letters.y), strict=True))
        self.extents: dict[str, Int] = {}
        for atom, letters in self.operands:
            for letter, dim in zip(letters, atom.type.dims, strict=True):
                if letter not in self.extents or dim.constant != 1:
                    self.extents[letter] = c.dim(dim)

    def dims(self, letters: str) -> list[Int]:
        return [self.extents[letter] for letter in letters]

    def element(self, known: Mapping[str, Int], dtype: str) -> Expr:
        """The product of the two elements at these indices."""
        left, right = (element(self.c, a, self.at(a, k, known)) for a, k in self.operands)
        return convert.infix("*", left, right, dtype, dtype)

    def at(self, atom: Atom, letters: str, known: Mapping[str, Int]) -> Index:
        dims = zip(letters, atom.type.dims, strict=True)
        return tuple(ZERO if dim.constant == 1 else known[letter] for letter, dim in dims)

    def sum(self, known: Mapping[str, Int], total: Local) -> None:
        """`total` becomes one element of the result."""
        summed = self.letters.summed

        def value(index: Index) -> Expr:
            return self.element({**known, **dict(zip(summed, index, strict=True))}, total.dtype)

        self.c.assign(total, convert.literal(0, total.dtype))
        fold(self.c, self.rhs, self.dims(summed), value, total)

    def write(self, target: Array) -> None:
        """The whole result."""
        out, summed = self.letters.out, self.letters.summed
        if not summed:
            self.row(target, "", {}, "=")
        elif self.by_rows(summed[-1], out[-1]):
            zeros(self.c, target, self.dims(out))
            outer = out[:-1] + summed
            loop_nest(
                self.c,
                self.dims(outer),
                lambda at: self.row(target, out[:-1], dict(zip(outer, at, strict=True)), "+="),
            )
        else:
            loop_nest(self.c, self.dims(out), lambda at: self.single(target, at))

    def row(self, target: Array, fixed: str, known: Mapping[str, Int], op: str) -> None:
        """The elements of the result over the letters that are not fixed."""
        free = self.letters.out[len(fixed) :]
        where = tuple(known[k] for k in fixed)

        def value(at: Index) -> Expr:
            return self.element({**known, **dict(zip(free, at, strict=True))}, target.dtype)

        write(self.c, target, self.dims(free), lambda at: (*where, *at), value, op)

    def single(self, target: Array, at: Index) -> None:
        total = self.c.local("total", target.dtype)
        self.sum(dict(zip(self.letters.out, at, strict=True)), total)
        place = tuple(i.shown for i in at)
        self.c.emit(Store(target, place, total, "=", self.c.place))

    def by_rows(self, summed: str, last: str) -> bool:
        """Do the operands lie along the result's last index rather than along the summed one?"""
        across = any(summed in k and not self.runs_along(a, k, summed) for a, k in self.operands)
        return across and all(
            self.runs_along(a, k, last) for a, k in self.operands if last in k
        )  # fmt: skip

    def runs_along(self, x: Atom, letters: str, letter: str) -> bool:
        """Are the elements that differ in this index next to one another?"""
        c = self.c
        with c.scope():
            known = {k: c.index_local() for k in letters}
            own = symbol_of(known[letter])
            loads = [p for p in parts(element(c, x, self.at(x, letters, known)))
                     if isinstance(p, Load) and p.index]  # fmt: skip
        return all(load.index[-1].coefficient(own) != 0 for load in loads)
