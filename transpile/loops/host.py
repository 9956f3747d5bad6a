"""Operators that LAPACK computes: one call for a matrix, one for each of a stack."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transpile.loops import convert
from transpile.loops.around import loop_nest
from transpile.loops.context import Context, Int, located
from transpile.loops.element import Index, element, times
from transpile.loops.nest import Array, Elements, Expr, Perform
from transpile.loops.statement import is_other_shape, stretch, write
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Var
from transpile.sym.ops import Host, lapack
from transpile.sym.types import Type

Stretch = Callable[[Index], Elements]


def call(c: Context, rhs: Apply, type: Type, target: Array) -> None:
    """`target` becomes the result, of this type; what it reads is prepared."""
    spelling, at = rhs.op.c, rhs.args[0].type.dtype
    assert isinstance(spelling, Host)
    left, _, right = spelling.axes.replace("*", "").partition("->")
    axes = [k[: a.type.ndim] for a, k in zip(rhs.args, left.split(","), strict=True)]
    known = {letter: Int.of(1) for letter in left if letter != ","}
    for arg, letters in zip(rhs.args, axes, strict=True):
        dims = arg.type.dims[arg.type.ndim - len(letters) :]
        known.update(zip(letters, map(c.dim, dims), strict=True))
    if spelling.in_place and not lies(c, rhs.args[0]):
        given: list[Stretch | Expr] = [copied(c, rhs.args[0], target)]
    else:
        given = [stretch(c, a) if a.type.dims else number(c, a) for a in rhs.args]
    work = None
    if spelling.work is not None:
        sizes = {**known, **integers(c, rhs)}
        shown = spelling.work(**{key: size.shown for key, size in sizes.items()})
        forms = spelling.work(**{key: size.form for key, size in sizes.items()})
        work = c.take(c.fresh("work"), at, list(map(Int, shown, forms)))
    c.host.update(name.format(t=at, **lapack.words(at)) for name in spelling.routines)
    failing = 0
    if spelling.failure:
        failing = c.site(spelling.error, located(c.place, spelling.failure))

    def one(index: Index) -> None:
        args = [found(index[: arg.type.ndim - len(k)]) if callable(found) else found
                for found, arg, k in zip(given, rhs.args, axes, strict=True)]  # fmt: skip
        args = [*(extent.shown for extent in known.values()), *args]
        result = Elements(target, tuple(i.shown for i in index))
        name = spelling.name.format(t=at)
        c.emit(Perform(name, tuple(args), result, work, rhs.op, at, c.place, failing))

    stack = [c.dim(d) for d in type.dims[: type.ndim - min(len(right), type.ndim)]]
    if spelling.axes.startswith("*"):
        whole(c, rhs, [count(stack), *(e.shown for e in known.values())], given, target, failing)
    else:
        loop_nest(c, stack, one)


def lies(c: Context, x: Atom) -> bool:
    """Does the array lie in memory as it is, or in another shape?"""
    return isinstance(x, Var) and (c.is_stored(x) or is_other_shape(c, x))


def copied(c: Context, x: Atom, target: Array) -> Stretch:
    """The array is written where its result will be, which is then made of it in place."""
    dims = [c.dim(d) for d in x.type.dims]
    write(c, target, dims, tuple, lambda at: element(c, x, at))
    return lambda index: Elements(target, tuple(i.shown for i in index))


def whole(c: Context, rhs: Apply, extents: Sequence[Expr], given: Sequence[Stretch | Expr],
          target: Array, failing: int) -> None:  # fmt: skip
    """One call for all of a stack."""
    spelling, at = rhs.op.c, rhs.args[0].type.dtype
    assert isinstance(spelling, Host)
    args = [found(()) if callable(found) else found for found in given]
    name = spelling.name.format(t=at)
    call_ = Perform(name, (*extents, *args), Elements(target), None, rhs.op, at, c.place, failing)
    c.emit(call_)


def count(stack: Sequence[Int]) -> Expr:
    """How many there are in a stack."""
    total: Expr = Affine((), 1)
    for extent in stack:
        one = isinstance(total, Affine) and total.constant == 1
        total = extent.shown if one else times(total, extent.shown)
    return total


def number(c: Context, x: Atom) -> Expr:
    return convert.implicit(element(c, x), x.type.dtype)


def integers(c: Context, rhs: Apply) -> dict[str, Int]:
    """The arguments that are integers, by their names."""
    pairs = zip(rhs.op.args, rhs.args, strict=True)
    return {name: c.integer(arg) for name, arg in pairs if arg.type.is_index}
