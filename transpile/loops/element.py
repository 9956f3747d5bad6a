"""Values without storage: an elementwise or view expression is a function from index to scalar.

`prepare` writes what has to stand before a statement: checks of indices, sums, and products or
dear functions that would otherwise be computed again for every element. `element` then gives the
expression of one element, to be written where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from transpile.loops import convert
from transpile.loops.access import Pick, pick
from transpile.loops.context import Context, Int
from transpile.loops.nest import Binary, Expr, Invoke, Lit, Load
from transpile.loops.walk import affine
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Const, Var
from transpile.sym.ops.table import Host, Op, Reduce, Routine
from transpile.sym.types import Type

ZERO = Int.of(0)
DEAR = 8

Index = Sequence[Int]


def element(c: Context, atom: Atom, at: Index = ()) -> Expr:
    """The value of a scalar, or of an array's element at an index in range."""
    if isinstance(atom, Const):
        if atom.type.is_index:
            return Affine((), int(atom.value))
        return Lit(atom.value, atom.type.dtype)
    if atom in c.ready:
        return c.ready[atom]
    if atom.type.is_index:
        return c.shown(atom)
    if c.is_stored(atom):
        if atom.type.is_scalar:
            return c.variable(atom)
        return Load(c.array(atom), tuple(i.shown for i in at))
    rhs = c.defs[atom].rhs
    assert isinstance(rhs, Apply)
    return applied(c, atom, rhs, at)


def applied(c: Context, out: Var, rhs: Apply, at: Index) -> Expr:
    """The element of an operator's result at an index."""
    op, args = rhs.op, rhs.args
    dtype = out.type.dtype
    match op.name:
        case "index":
            return element(c, args[0], picked(c, out, rhs).at(at))
        case "transpose":
            axes = rhs.params["axes"]
            moved = tuple(at[axes.index(k)] for k in range(len(axes)))
            return element(c, args[0], moved)
        case "broadcast_to":
            return element(c, args[0], aligned(args[0].type, at))
        case "reshape":
            return element(c, args[0], reshaped(c, args[0].type, out.type, at))
        case "copy":
            return element(c, args[0], at)
        case "convert":
            found = convert.converted(element(c, args[0], at), dtype)
            checked = out.type.is_index and not at and out not in c.placed.inline
            return convert.cut_off(found) if checked and "entry" not in rhs.params else found
        case "zeros" | "empty":
            return Lit(convert.literal(0, dtype).value, dtype)  # type: ignore[union-attr]
        case "ones":
            return convert.literal(1, dtype)
        case "full":
            return convert.converted(element(c, args[0]), dtype)
        case "arange":
            return counted(c, args, dtype, at)
        case "slice_length":
            bounds = tuple(c.integer(a).shown for a in args)
            return Invoke("slice_length", bounds, "int64", op, "int64")
        case "floor_divide" | "remainder" if plain_division(c, out, args):
            x, y = (c.integer(a).shown for a in args)
            return Binary("/" if op.name == "floor_divide" else "%", x, y, "int64")
        case _ if op.elementwise:
            given = tuple(element(c, a, aligned(a.type, at)) for a in args)
            return elementwise(op, given, tuple(a.type for a in args), dtype)
    raise AssertionError(f"{op.name} has no C text")


def plain_division(c: Context, out: Var, args: tuple[Atom, ...]) -> bool:
    """Is C's division of these integers Python's?"""
    if not out.type.is_index:
        return False
    return c.facts.nonnegative(c.form(args[0])) and c.facts.positive(c.form(args[1]))


def elementwise(op: Op, args: tuple[Expr, ...], types: tuple[Type, ...], result: str) -> Expr:
    spelling = op.c
    if spelling is None or isinstance(spelling, Reduce | Routine | Host):
        raise AssertionError(f"{op.name} has no C text")
    return convert.spelled(op, spelling, args, op.operand_dtypes(types), result)


def counted(c: Context, args: tuple[Atom, ...], dtype: str, at: Index) -> Expr:
    """`arange`: `start + i * step`; of floats, with the step from the first element to the next."""
    begin, by = element(c, args[0]), element(c, args[2])
    i = at[0].shown
    if args[0].type.is_float and not (isinstance(begin, Lit) and begin.value == 0):
        by = convert.infix("+", begin, by, dtype, dtype)
        by = convert.infix("-", by, begin, dtype, dtype)
    if isinstance(begin, Affine) and isinstance(by, Affine) and by.constant is not None:
        return convert.converted(begin + i * by.constant, dtype)
    scaled = convert.infix("*", convert.converted(i, dtype), by, dtype, dtype)
    return convert.infix("+", begin, scaled, dtype, dtype)


def aligned(type: Type, at: Index) -> tuple[Int, ...]:
    """The index into an operand that is broadcast to what `at` goes over."""
    lead = len(at) - type.ndim
    return tuple(ZERO if dim.constant == 1 else at[lead + k] for k, dim in enumerate(type.dims))


def picked(c: Context, out: Var, rhs: Apply) -> Pick:
    if out not in c.picks:
        keep = out in c.placed.views
        c.picks[out] = pick(c, rhs.args[0], rhs.params, rhs.args[1:], partial(element, c), keep)
    return c.picks[out]


def reshaped(c: Context, old: Type, new: Type, at: Index) -> tuple[Int, ...]:
    """The old index of an element: that of the first and last axes that are alike as it is, the
    rest by its place in row-major order."""
    sizes = [k for k, d in enumerate(old.dims) if d.constant != 1]
    news = [k for k, d in enumerate(new.dims) if d.constant != 1]
    index: list[Int] = [ZERO] * old.ndim
    for end in (0, -1):
        while sizes and news and old.dims[sizes[end]] == new.dims[news[end]]:
            index[sizes.pop(end)] = at[news.pop(end)]
    flat: Expr = Affine()
    for k in news:
        extent = c.dim(new.dims[k]).shown
        flat = add(times(flat, extent), at[k].shown)
    for n, k in enumerate(reversed(sizes)):
        extent = c.dim(old.dims[k]).shown
        last = n == len(sizes) - 1
        index[k] = of(flat if last else Binary("%", flat, extent, "int64"))
        if not last:
            flat = Binary("/", flat, extent, "int64")
    return tuple(index)


def times(x: Expr, y: Affine) -> Expr:
    if isinstance(x, Affine) and x.constant == 0:
        return x
    if isinstance(x, Affine) and y.constant is not None:
        return x * y.constant
    return Binary("*", x, y, "int64")


def add(x: Expr, y: Affine) -> Expr:
    return x + y if isinstance(x, Affine) else affine(x) + y


def of(expr: Expr) -> Int:
    form = affine(expr)
    return Int(form, form)


def cost(c: Context, atom: Atom) -> int:
    """The work of one element, in additions."""
    if isinstance(atom, Const) or atom in c.ready or c.is_stored(atom):
        return 0
    rhs = c.defs[atom].rhs
    assert isinstance(rhs, Apply)
    own = 0 if not rhs.op.elementwise else rhs.op.cost
    return own + sum(cost(c, a) for a in rhs.args)
