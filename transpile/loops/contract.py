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
from transpile.loops.element import ZERO, Index, element, times
from transpile.loops.nest import (
    Array,
    Binary,
    Elements,
    Expr,
    If,
    Lit,
    Load,
    Local,
    Perform,
    Store,
)
from transpile.loops.statement import fold, storage, write
from transpile.loops.walk import parts
from transpile.sym.ir import Apply, Atom, Var
from transpile.sym.ops import Host, linalg, shape
from transpile.sym.types import COMPLEX, FLOATS

MATRICES = linalg.ROW + linalg.SUMMED + linalg.COLUMN
LARGE = 1 << 10  # products of elements, from which BLAS is quicker than loops


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
        """The index of the axes of these letters, the first ones."""
        dims = zip(letters, atom.type.dims, strict=False)
        return tuple(ZERO if dim.constant == 1 else known[letter] for letter, dim in dims)

    def sum(self, known: Mapping[str, Int], total: Local) -> None:
        """`total` becomes one element of the result."""
        summed = self.letters.summed

        def value(index: Index) -> Expr:
            return self.element({**known, **dict(zip(summed, index, strict=True))}, total.dtype)

        self.c.assign(total, convert.literal(0, total.dtype))
        fold(self.c, self.rhs, self.dims(summed), value, total)

    def write(self, target: Array) -> None:
        """The whole result; large products of matrices are NumPy's, which has BLAS."""
        if not self.may_be_large(target):
            self.write_loops(target)
            return
        c = self.c
        m, k, n = self.dims(MATRICES)
        with c.scope() as large:
            self.call(target, [m, k, n])
        with c.scope() as loops:
            self.write_loops(target)
        work = times(times(m.shown, k.shown), n.shown)
        test = Binary(">", work, Lit(LARGE, "int64"), "bool")
        c.emit(If(test, tuple(large), tuple(loops), c.place))

    def may_be_large(self, target: Array) -> bool:
        """Are they products of two matrices of floats that are not all known to be small?"""
        matrices = all(a.type.ndim > 1 and a.type.dtype == target.dtype for a, _ in self.operands)
        taken = target.dtype in FLOATS or target.dtype in COMPLEX
        if self.rhs.op is not linalg.MATMUL or not matrices or not taken:
            return False
        work = 1
        for extent in self.dims(MATRICES):
            if extent.constant is None:
                return True
            work *= extent.constant
        return work > LARGE

    def call(self, target: Array, extents: list[Int]) -> None:
        """One call for each of a stack."""
        c, op = self.c, linalg.LARGE_PRODUCT
        assert isinstance(op.c, Host)
        c.host.update(name.format(t=target.dtype) for name in op.c.routines)
        name, stack = op.c.name.format(t=target.dtype), self.letters.out[:-2]
        lying = [(*self.lying(atom), atom, letters[:-2]) for atom, letters in self.operands]

        def one(index: Index) -> None:
            known = dict(zip(stack, index, strict=True))
            args: list[Expr | Elements] = [extent.shown for extent in extents]
            for array, flipped, atom, letters in lying:
                where = tuple(i.shown for i in self.at(atom, letters, known))
                args += [Elements(array, where), Lit(int(flipped), "int64")]
            result = Elements(target, tuple(i.shown for i in index))
            c.emit(Perform(name, tuple(args), result, None, op, target.dtype, c.place))

        loop_nest(c, self.dims(stack), one)

    def lying(self, atom: Atom) -> tuple[Array, bool]:
        """Where the matrices lie, and whether they do so column by column."""
        eqn = self.c.defs.get(atom) if isinstance(atom, Var) else None
        last = atom.type.ndim - 1
        columns = (*range(last - 1), last, last - 1)
        match eqn.rhs if eqn is not None else None:
            case Apply(op=shape.TRANSPOSE, args=(Var() as inner,), params={"axes": axes}) if (
                axes == columns and self.c.is_stored(inner)
            ):
                return self.c.array(inner), True
        return storage(self.c, atom), False

    def write_loops(self, target: Array) -> None:
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
