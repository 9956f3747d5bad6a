"""Contractions: products of elements, summed over some indices, in the order that memory has them.

for i, j: out[i][j] = x[i] * y[j]                      nothing is summed
for i, j: total = sum over k of x[i][k] * y[j][k]      both run along the summed index
for i, k: for j: out[i][j] += x[i][k] * y[k][j]        they run along the result's last one
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from msgspec import Struct

from transpile.loops import convert
from transpile.loops.around import loop_nest, symbol_of, zeros
from transpile.loops.context import Context, Int
from transpile.loops.element import ZERO, Index, element, times
from transpile.loops.nest import (
    Array,
    Binary,
    Choose,
    Elements,
    Expr,
    If,
    Lit,
    Load,
    Local,
    Perform,
    Store,
)
from transpile.loops.statement import fold, is_other_shape, stretch, write
from transpile.loops.walk import parts
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Var
from transpile.sym.ops import Host, linalg, shape
from transpile.sym.types import COMPLEX, FLOATS

LARGE = 1 << 10  # products of elements, from which BLAS is quicker than loops


class Matrices(Struct, frozen=True):
    """A contraction as products of matrices: the letters of the stack, and of the three extents.

    An operand that is flipped lies column by column.
    """

    stack: str
    rows: str
    summed: str
    columns: str
    flipped: tuple[bool, bool]

    @staticmethod
    def of(out: str, depth: int, x: str, y: str) -> Matrices | None:
        """With a stack of so many axes, if the letters of each matrix lie together."""
        stack, rest = out[:depth], out[depth:]
        x, y = (without(k, stack) for k in (x, y))
        rows, columns = ("".join(k for k in rest if k in own) for own in (x, y))
        summed = "".join(k for k in x if k not in out)
        if not (rows and summed and columns) or rows + columns != rest:
            return None
        if x not in (rows + summed, summed + rows) or y not in (summed + columns, columns + summed):
            return None
        return Matrices(stack, rows, summed, columns, (x != rows + summed, y != summed + columns))


def without(letters: str, stack: str) -> str:
    """The letters behind those of the stack that they begin with, in its order."""
    shared = "".join(k for k in stack if k in letters)
    return letters.removeprefix(shared)


def multiplied(x: Expr, y: Expr) -> Expr:
    if x == Affine((), 1):
        return y
    return times(x, y) if isinstance(y, Affine) else Binary("*", x, y, "int64")


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
        found = self.matrices(target)
        if found is None:
            self.write_loops(target)
            return
        c = self.c
        extents = [self.size(k) for k in (found.rows, found.summed, found.columns)]
        with c.scope() as large:
            self.call(target, found, extents)
        with c.scope() as loops:
            self.write_loops(target)
        m, k, n = extents
        test = Binary(">", multiplied(multiplied(m, k), n), Lit(LARGE, "int64"), "bool")
        c.emit(If(test, tuple(large), tuple(loops), c.place))

    def matrices(self, target: Array) -> Matrices | None:
        """How these are products of two matrices of floats, if not all known to be small."""
        taken = target.dtype in FLOATS or target.dtype in COMPLEX
        if not taken or any(atom.type.dtype != target.dtype for atom, _ in self.operands):
            return None
        first, second = map(self.varying, self.operands)
        for depth in range(len(self.letters.out) - 1):
            found = Matrices.of(self.letters.out, depth, first, second)
            if found is not None:
                extents = self.dims(found.rows + found.summed + found.columns)
                sizes = [extent.constant for extent in extents]
                known = prod(size for size in sizes if size is not None)
                return found if None in sizes or known > LARGE else None
        return None

    def size(self, letters: str) -> Expr:
        """How many elements these axes have; an extent that may be negative counts as none."""
        total: Expr = Affine((), 1)
        for extent in self.dims(letters):
            if self.c.facts.nonnegative(extent.form):
                total = multiplied(total, extent.shown)
            else:
                some = Binary(">", extent.shown, Affine(), "bool")
                total = multiplied(total, Choose(some, extent.shown, Affine(), "int64"))
        return total

    def varying(self, operand: tuple[Atom, str]) -> str:
        """The letters of the axes as they lie, without those of length 1 that are longer in all."""
        atom, letters = self.source(*operand)
        dims = zip(letters, atom.type.dims, strict=True)
        return "".join(k for k, d in dims if d.constant != 1 or self.extents[k].constant == 1)

    def source(self, atom: Atom, letters: str) -> tuple[Atom, str]:
        """What the operand is with its axes as they lie in memory."""
        eqn = self.c.defs.get(atom) if isinstance(atom, Var) else None
        match eqn.rhs if eqn is not None else None:
            case Apply(op=shape.TRANSPOSE, args=(Var() as inner,), params={"axes": axes}) if (
                self.c.is_stored(inner) or is_other_shape(self.c, inner)
            ):
                places = sorted(range(len(axes)), key=lambda k: axes[k])
                return inner, "".join(letters[k] for k in places)
        return atom, letters

    def call(self, target: Array, found: Matrices, extents: list[Expr]) -> None:
        """One call for each of a stack."""
        c, op = self.c, linalg.LARGE_PRODUCT
        assert isinstance(op.c, Host)
        c.host.update(name.format(t=target.dtype) for name in op.c.routines)
        name, stack = op.c.name.format(t=target.dtype), found.stack
        lying = [(atom, letters, stretch(c, atom))
                 for atom, letters in (self.source(*o) for o in self.operands)]  # fmt: skip

        def one(index: Index) -> None:
            known = dict(zip(stack, index, strict=True))
            args: list[Expr | Elements] = [*extents]
            for (atom, letters, place), flipped in zip(lying, found.flipped, strict=True):
                first = self.first(atom, letters, stack)
                where = self.at(atom, letters[:first], known)
                args += [place(where), Lit(int(flipped), "int64")]
            result = Elements(target, tuple(i.shown for i in index))
            c.emit(Perform(name, tuple(args), result, None, op, target.dtype, c.place))

        loop_nest(c, self.dims(stack), one)

    def first(self, atom: Atom, letters: str, stack: str) -> int:
        """How many axes lie before those of the matrices."""
        inside = [k not in stack and (d.constant != 1 or self.extents[k].constant == 1)
                  for k, d in zip(letters, atom.type.dims, strict=True)]  # fmt: skip
        return (*inside, True).index(True)

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
