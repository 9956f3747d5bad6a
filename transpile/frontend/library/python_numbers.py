"""Python's own functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from transpile.frontend import letters
from transpile.frontend.context import Context
from transpile.frontend.library import python_written
from transpile.frontend.library.python_kinds import arity
from transpile.frontend.operands import (
    CONSTANT,
    as_python,
    compute,
    counted,
    integer,
    number,
    truth,
    whole,
)  # fmt: skip
from transpile.frontend.values import NONE, Letter, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import parts
from transpile.sym.types import INT

Args = Sequence[Value]
Named = Mapping[str, Value]


def abs_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "abs", args, 1)
    atom = number(ctx, args[0])
    if isinstance(atom, Const) and atom.type.kind == "python":
        return constant(abs(atom.value))
    found = expr.call(ctx.build, "absolute", [counted(ctx, atom)], {})
    return as_python(ctx, found) if atom.type.kind == "python" else ctx.made(found)


def int_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "int", args, 0, 1)
    if args and isinstance(args[0], Letter):
        return letters.digit(ctx, args[0])
    atom = number(ctx, args[0]) if args else constant(0)
    scalar(ctx, "int", atom)
    if isinstance(atom, Const) and math.isfinite(atom.value):
        return constant(int(atom.value))
    if atom.type.is_float:
        real = compute(ctx, "==", atom, atom)
        ctx.check(as_python(ctx, real), "ValueError", "cannot convert float NaN to integer")
        small = compute(ctx, "<", expr.call(ctx.build, "absolute", [atom], {}), constant(2.0**63))
        ctx.check(as_python(ctx, small), "OverflowError", "float is too large for an integer here")
    if atom.type.is_integer:
        return whole(ctx, atom)
    return ctx.build.convert(atom, INT.dtype, INT.kind)


def float_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "float", args, 0, 1)
    if args and isinstance(args[0], Static) and isinstance(args[0].value, str):
        return constant(float(args[0].value))
    atom = number(ctx, args[0]) if args else constant(0.0)
    scalar(ctx, "float", atom)
    if isinstance(atom, Const):
        return constant(float(atom.value))
    return ctx.build.convert(atom, "float64", "python")


def complex_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "complex", args, 0, 1, 2)
    atoms = [number(ctx, value) for value in args] or [constant(0.0)]
    for atom in atoms:
        if atom.type.dims:
            scalar(ctx, "complex", atom)
    if all(isinstance(atom, Const) for atom in atoms):
        return constant(complex(*(atom.value for atom in atoms if isinstance(atom, Const))))
    if len(atoms) == 1:
        return ctx.build.convert(atoms[0], "complex128", "python")
    for atom in atoms:
        scalar(ctx, "a part", atom)
    return ctx.build.apply(
        parts.JOINED, *(ctx.build.convert(a, "float64", "python") for a in atoms)
    )


def bool_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "bool", args, 0, 1)
    test = truth(ctx, args[0]) if args else False
    return constant(test) if isinstance(test, bool) else test


def round_(ctx: Context, args: Args, named: Named) -> Value:
    """`round(x)`: to the even neighbour. With digits only NumPy's numbers, as NumPy does it."""
    arity(ctx, "round", args, 1, 2)
    digits = args[1] if len(args) == 2 else named.get("ndigits", NONE)
    x = number(ctx, args[0])
    scalar(ctx, "round", x)
    if x.type.kind == "array":
        ctx.impossible("TypeError", "type numpy.ndarray doesn't define __round__ method")
    if isinstance(x, Const) and x.type.kind == "python" and isinstance(digits, Static | Const):
        if digits != NONE:
            integer(ctx, digits, "the number of digits")
        return constant(round(x.value, digits.value))
    if digits == NONE:
        if not x.type.is_float:
            return as_python(ctx, x) if x.type.dtype != "bool" else counted(ctx, x)
        return int_(ctx, [expr.call(ctx.build, "rint", [x], {})], {})
    if x.type.kind == "python" or not x.type.is_float:
        ctx.fail("round to digits of Python's own numbers", "write np.round(x, digits)")
    if not isinstance(digits, Const):
        ctx.unknown("the digits of round have to be known", CONSTANT)
    scale = constant(10.0 ** abs(int(digits.value)))
    first, second = ("*", "/") if digits.value >= 0 else ("/", "*")
    whole = expr.call(ctx.build, "rint", [compute(ctx, first, x, scale)], {})
    return compute(ctx, second, whole, scale)


def pow_(ctx: Context, args: Args, named: Named) -> Value:
    if len(args) == 3:
        with ctx.quoting():
            given = [integer(ctx, value, "an argument of pow with a modulus") for value in args]
            return ctx.hooks.inline(ctx, python_written.power, given, {})
    arity(ctx, "pow", args, 2)
    return ctx.made(compute(ctx, "**", number(ctx, args[0]), number(ctx, args[1])))


def divmod_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "divmod", args, 2)
    x, y = number(ctx, args[0]), number(ctx, args[1])
    pair = [ctx.made(compute(ctx, symbol, x, y)) for symbol in ("//", "%")]
    return Structure("tuple", tuple(pair))


def scalar(ctx: Context, name: str, atom: Atom) -> None:
    if atom.type.is_complex:
        ctx.fail(f"{name} of a complex number", "take z.real, or abs(z)")
    if atom.type.dims:
        ctx.fail(f"{name} takes one number, this is an array", "pick an element, x[0]")
