"""Operators that are not one nest: a C function over whole arrays, and two stretches that swap."""

from __future__ import annotations

from transpile.loops import convert
from transpile.loops.arrays import prepare
from transpile.loops.context import Context, Int
from transpile.loops.element import ZERO, Index, element
from transpile.loops.nest import Array, Binary, Elements, Expr, Invoke, Perform
from transpile.loops.statement import storage, write
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Eqn
from transpile.sym.ops import Routine, arithmetic


def perform(c: Context, eqn: Eqn, rhs: Apply, routine: Routine) -> None:
    """One call."""
    (out,) = eqn.outs
    for arg in rhs.args:
        prepare(c, arg)
    at = rhs.args[0].type.dtype
    name = routine.name.format(t=at)
    given = [storage(c, arg) if arg.type.dims else convert.implicit(element(c, arg), arg.type.dtype)
             for arg in rhs.args]  # fmt: skip
    args: list[Expr | Elements] = []
    for one in given:
        args += [count(one), Elements(one)] if isinstance(one, Array) else [one]
    c.emit(Perform(name, tuple(args), Elements(c.array(out)), None, rhs.op, at, c.place))


def count(array: Array) -> Expr:
    """How many elements an array has."""
    total: Expr = array.dims[0]
    for extent in array.dims[1:]:
        total = Binary("*", total, extent, "int64")
    return total


def roll(c: Context, eqn: Eqn, rhs: Apply) -> None:
    """The end of the axis goes to its start, and what is before it behind that."""
    (out,), (x, shift) = eqn.outs, rhs.args
    axis = rhs.params["axis"]
    for arg in rhs.args:
        prepare(c, arg, True)
    dims = [c.dim(d) for d in out.type.dims]
    length = dims[axis]
    steps = convert.implicit(element(c, shift), "int64")
    first = c.local("first", "int64")
    rest = Invoke("remainder_int64", (steps, length.shown), "int64", arithmetic.REMAINDER, "int64")
    c.assign(first, rest)
    moved = Int(Affine.of(first), Affine.of(c.value_of(first)))
    last = length - moved

    def stretch(extent: Int, start: Int, to: Int) -> None:
        def shifted(at: Index, by: Int) -> tuple[Int, ...]:
            return tuple(i + by if k == axis else i for k, i in enumerate(at))

        parts = [extent if k == axis else d for k, d in enumerate(dims)]
        write(c, c.array(out), parts, lambda at: shifted(at, to),
              lambda at: element(c, x, shifted(at, start)))  # fmt: skip

    stretch(last, ZERO, moved)
    stretch(moved, last, ZERO)
