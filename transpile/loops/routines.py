"""Operators with a C function of their own, which goes over the elements of whole arrays."""

from __future__ import annotations

from transpile.loops import convert
from transpile.loops.around import loop_nest
from transpile.loops.arrays import prepare
from transpile.loops.context import Context
from transpile.loops.element import Index, element
from transpile.loops.nest import Array, Elements, Expr, Perform
from transpile.loops.statement import write
from transpile.sym.ir import Apply, Atom, Eqn, Var
from transpile.sym.ops import Routine


def perform(c: Context, eqn: Eqn, rhs: Apply, routine: Routine) -> None:
    """One call, or one for each row."""
    (out,) = eqn.outs
    for arg in rhs.args:
        prepare(c, arg)
    at = rhs.args[0].type.dtype
    name = routine.name.format(t=at)
    given = [storage(c, arg) if arg.type.dims else convert.implicit(element(c, arg), arg.type.dtype)
             for arg in rhs.args]  # fmt: skip
    target = c.array(out)
    last = c.dim(rhs.args[0].type.dims[-1])
    spare = c.take(c.fresh("spare"), "int64", [last]) if routine.spare else None
    if routine.rows:
        (x,) = given
        assert isinstance(x, Array)

        def row(index: Index) -> None:
            where = tuple(i.shown for i in index)
            args = (last.shown, Elements(x, where))
            c.emit(Perform(name, args, Elements(target, where), spare, rhs.op, at, c.place))

        loop_nest(c, [c.dim(d) for d in out.type.dims[:-1]], row)
        return
    args: list[Expr | Elements] = []
    for one in given:
        args += [*one.dims, Elements(one)] if isinstance(one, Array) else [one]
    c.emit(Perform(name, tuple(args), Elements(target), spare, rhs.op, at, c.place))


def storage(c: Context, x: Atom) -> Array:
    """The array's elements in one stretch: where they lie, or a copy."""
    assert isinstance(x, Var)
    if c.is_stored(x):
        return c.array(x)
    dims = [c.dim(d) for d in x.type.dims]
    held = c.take(c.fresh("values"), x.type.dtype, dims)
    write(c, held, dims, tuple, lambda at: element(c, x, at))
    return held
