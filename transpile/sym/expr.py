"""NumPy expressions to equations: the same reader for users' code and for the table's rules."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import TABLE, Infix, Op, Prefix, arithmetic, parts, reduce, shape
from transpile.sym.ops.table import Call, Reduce
from transpile.sym.types import Mismatch, promote


class Writer(Protocol):
    """What reading needs of `sym.build.Builder`."""

    facts: Any

    def apply(self, op: Op, *args: Atom, name: str = "", **params: Any) -> Atom: ...
    def convert(self, x: Atom, dtype: str, kind: str = "array") -> Atom: ...
    def transpose(self, x: Atom, axes: tuple[int, ...]) -> Atom: ...
    def check(self, test: Atom, error: str, message: str) -> None: ...
    def atom(self, form: Affine) -> Atom: ...
    def extent(self, form: Affine) -> Atom: ...
    def dim(self, atom: Atom) -> Affine: ...


INFIX = {op.numpy.symbol: op for op in TABLE.values() if isinstance(op.numpy, Infix)}
PREFIX = {op.numpy.symbol: op for op in TABLE.values() if isinstance(op.numpy, Prefix)}
SYMBOLS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>",
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.USub: "-", ast.UAdd: "+", ast.Not: "not", ast.Invert: "~",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
SPECIAL = ("index", "update", "increment", "convert", "slice_length", "not_", "contract")


def numpy_names() -> dict[str, Op]:
    """Every name under which NumPy has an operator of the table."""
    names: dict[str, Op] = {}
    for entry in TABLE.values():
        if entry.name not in SPECIAL:
            for name in (entry.name, *entry.aliases):
                names[name] = entry
            if isinstance(entry.numpy, Call):
                names[entry.numpy.name.removeprefix("np.")] = entry
    return names


NAMES = numpy_names()


def unary(build: Writer, symbol: str, x: Atom) -> Atom:
    """`-x`, `+x`, `not x`, `~x`."""
    if symbol == "~" and x.type.kind != "python":
        return build.apply(arithmetic.LOGICAL_NOT if x.type.dtype == "bool" else PREFIX["~"], x)
    if symbol == "~":
        return build.apply(arithmetic.SUBTRACT, build.apply(arithmetic.NEGATIVE, x), constant(1))
    if symbol == "-" and isinstance(x, Const) and x.type.kind == "python":
        return constant(-x.value)
    return build.apply(PREFIX[symbol], x)


def binary(build: Writer, symbol: str, x: Atom, y: Atom, name: str = "") -> Atom:
    """`x + y` and its like, comparisons included, with NumPy's types."""
    return build.apply(INFIX[symbol], x, y, name=name)


def call(build: Writer, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Atom:
    """`np.name(*args, **kwargs)`, a name of the table. Raises Mismatch where shapes do not fit.

    Arguments are atoms, or, where NumPy takes them so, tuples of atoms, integers, bools, None and
    names of dtypes.
    """
    if name == "mean":
        return mean(build, *args, **kwargs)
    if name == "mT":
        return matrix_transpose(build, args[0])
    if name == "mH":
        return matrix_transpose(build, conjugate(build, args[0]))
    entry = NAMES[name]
    if isinstance(entry.c, Reduce):
        return reduction(build, entry, *args, **kwargs)
    if entry in (shape.ZEROS, shape.ONES, shape.EMPTY):
        return made(build, entry, *args, **kwargs)
    if entry is shape.FULL:
        return full(build, *args, **kwargs)
    if entry is shape.ARANGE:
        return arange(build, *args, **kwargs)
    if entry is shape.TRANSPOSE:
        return transpose(build, *args, **kwargs)
    assert not kwargs and len(args) == len(entry.args), name
    return function(build, entry, args)


def function(build: Writer, entry: Op, args: Sequence[Atom]) -> Atom:
    """An operator called by its NumPy name: of Python scalars too it gives a NumPy scalar."""
    if isinstance(entry.numpy, Infix | Prefix) and all(a.type.kind == "python" for a in args):
        first = build.convert(args[0], args[0].type.dtype, "numpy")
        return build.apply(entry, first, *args[1:])
    if entry is arithmetic.WHERE and all(a.type.kind == "python" for a in args[1:]):
        first = build.convert(args[1], promote([a.type for a in args[1:]]), "numpy")
        return build.apply(entry, args[0], first, args[2])
    return build.apply(entry, *args)


def axes_of(x: Atom, axis: Any) -> tuple[int, ...]:
    """`axis` as a tuple of axes counted from the left."""
    if axis is None:
        return tuple(range(x.type.ndim))
    given = axis if isinstance(axis, tuple) else (axis,)
    for k in given:
        if not -x.type.ndim <= k < x.type.ndim:
            raise Mismatch(f"axis {k} is out of bounds for an array of {x.type.ndim} dimensions")
    if len({k % x.type.ndim for k in given}) < len(given):
        raise Mismatch("an axis is named twice")
    return tuple(sorted(k % x.type.ndim for k in given))


def reduction(build: Writer, entry: Op, x: Atom, axis: Any = None, keepdims: bool = False) -> Atom:
    """`np.sum(x, axis, keepdims=...)` and its like."""
    axes = axes_of(x, axis)
    assert isinstance(entry.c, Reduce)
    if entry.c.start is None:
        for k in axes:
            extent = x.type.dims[k]
            if not build.facts.positive(extent):
                some = build.apply(arithmetic.GREATER, build.atom(extent), constant(0))
                build.check(some, "ValueError", EMPTY_REDUCTION.format(entry.name + "imum"))
    return build.apply(entry, x, axis=axes, keepdims=bool(keepdims))


EMPTY_REDUCTION = "zero-size array to reduction operation {} which has no identity"


def mean(build: Writer, x: Atom, axis: Any = None, keepdims: bool = False) -> Atom:
    """The sum over the count; integers are averaged as float64."""
    axes = axes_of(x, axis)
    if not x.type.is_smooth:
        x = build.convert(x, "float64")
    total = reduction(build, reduce.SUM, x, axis, keepdims)
    count: Atom = constant(1)
    for k in axes:
        count = build.apply(arithmetic.MULTIPLY, count, build.extent(x.type.dims[k]))
    return build.apply(arithmetic.TRUE_DIVIDE, total, count)


def dims_of(shape_: Any) -> tuple[Atom, ...]:
    return tuple(shape_) if isinstance(shape_, tuple | list) else (shape_,)


def made(build: Writer, entry: Op, shape: Any, dtype: str = "float64") -> Atom:
    """`np.zeros(shape, dtype)`, `np.ones`, `np.empty`."""
    return build.apply(entry, *extents(build, shape), dtype=dtype)


def full(build: Writer, shape_: Any, value: Atom, dtype: str | None = None) -> Atom:
    return build.apply(shape.FULL, value, *extents(build, shape_), dtype=dtype or value.type.dtype)


def extents(build: Writer, shape: Any) -> tuple[Atom, ...]:
    """The dims of an array to be made, each checked not to be negative."""
    found = dims_of(shape)
    for atom in found:
        assert atom.type.is_index, atom.type
        dim = build.dim(atom)
        if not build.facts.nonnegative(dim):
            proper = build.apply(arithmetic.GREATER_EQUAL, atom, constant(0))
            build.check(proper, "ValueError", "negative dimensions are not allowed")
            build.facts = build.facts.having(dim)
    return found


def arange(build: Writer, *bounds: Atom, dtype: str | None = None) -> Atom:
    """`np.arange` of Python integers."""
    start: Atom = constant(0)
    step: Atom = constant(1)
    stop = bounds[0]
    if len(bounds) > 1:
        start, stop = bounds[:2]
    if len(bounds) > 2:
        step = bounds[2]
    assert all(b.type.is_index for b in (start, stop, step))
    if step == constant(1):
        length = build.extent(build.dim(stop) - build.dim(start))
    else:
        length = range_length(build, start, stop, step)
    return build.apply(shape.ARANGE, start, stop, step, length, dtype=dtype or "int64")


def range_length(build: Writer, start: Atom, stop: Atom, step: Atom) -> Atom:
    """`len(range(start, stop, step))`: floor of (stop - start + step -+ 1) / step, not below 0."""
    toward = build.apply(
        arithmetic.WHERE,
        build.apply(arithmetic.GREATER, step, constant(0)),
        constant(-1),
        constant(1),
    )
    span = build.apply(arithmetic.SUBTRACT, stop, start)
    rounded = build.apply(arithmetic.ADD, build.apply(arithmetic.ADD, span, step), toward)
    count = build.apply(arithmetic.FLOOR_DIVIDE, rounded, step)
    below = build.apply(arithmetic.LESS, count, constant(0))
    return build.apply(arithmetic.WHERE, below, constant(0), count)


def transpose(build: Writer, x: Atom, axes: tuple[int, ...] | None = None) -> Atom:
    return build.transpose(x, axes_of(x, None)[::-1] if axes is None else tuple(axes))


def matrix_transpose(build: Writer, x: Atom) -> Atom:
    """The transpose of a matrix, or of each of a stack."""
    ndim = x.type.ndim
    return build.transpose(x, (*range(ndim - 2), ndim - 1, ndim - 2))


def conjugate(build: Writer, x: Atom) -> Atom:
    """A real number is its own."""
    return build.apply(parts.CONJ, x) if x.type.is_complex else x


@cache
def parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def read(text: str, env: Mapping[str, Atom], build: Writer, name: str = "") -> Atom:
    """The value of a rule's text, such as `g * (1 - out * out)`; of an infix one with a name.

    >>> from transpile.sym.build import Builder
    >>> str(read("2 * 3", {}, Builder()).value)
    '6'
    """
    return value(parsed(text), env, build, name)


def value(node: ast.expr, env: Mapping[str, Atom], build: Writer, name: str = "") -> Atom:
    match node:
        case ast.Constant(value=bool() | int() | float() | complex() as number):
            return constant(number)
        case ast.Name(id=known):
            return env[known]
        case ast.BinOp(left=left, op=op, right=right):
            x, y = value(left, env, build), value(right, env, build)
            return binary(build, SYMBOLS[type(op)], x, y, name)
        case ast.UnaryOp(op=op, operand=operand):
            return unary(build, SYMBOLS[type(op)], value(operand, env, build))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            x, y = value(left, env, build), value(right, env, build)
            return binary(build, SYMBOLS[type(op)], x, y)
        case ast.Call(func=ast.Name(id=called), args=args):
            found = [value(a, env, build) for a in args]
            if called in ("where", "minimum", "maximum", "sqrt"):
                return build.apply(NAMES[called], *found, name=name)
            return call(build, called, found, {})
    raise ValueError(f"a rule cannot have {ast.unparse(node)}")
