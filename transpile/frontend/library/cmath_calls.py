"""The cmath module: Python's complex numbers in and out, and its errors."""

from __future__ import annotations

import cmath
from collections.abc import Mapping, Sequence

from transpile.frontend.context import Context
from transpile.frontend.operands import as_python, compute, number
from transpile.frontend.values import Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import TABLE, parts

SPELLED = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh",
           "acosh": "arccosh", "atanh": "arctanh"}  # fmt: skip
POLES = ("log", "log10", "atan", "atanh")  # where these are infinite, Python has a domain error
TESTS = ("isnan", "isinf", "isfinite")


def call(ctx: Context, name: str, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """A function of the cmath module."""
    atoms = [number(ctx, value) for value in args]
    if named or any(a.type.dims for a in atoms):
        ctx.fail(f"this call of cmath.{name} is not taken", "pass one number")
    if name == "rect" and len(atoms) == 2:
        size, angle = (ctx.build.convert(a, "float64", "python") for a in atoms)
        turned = (as_python(ctx, expr.call(ctx.build, f, [angle], {})) for f in ("cos", "sin"))
        return ctx.build.apply(parts.JOINED, *(compute(ctx, "*", size, t) for t in turned))
    if len(atoms) != 1:
        ctx.fail(f"cmath.{name} takes one number here", "divide by the logarithm of the base")
    if isinstance(atoms[0], Const):
        return known(ctx, name, atoms[0].value)
    z = ctx.build.convert(atoms[0], "complex128", "python")
    if name in ("phase", "polar"):
        angle = as_python(ctx, ctx.build.text("arctan2(imag(z), real(z))", {"z": z}))
        size = as_python(ctx, expr.call(ctx.build, "absolute", [z], {}))
        return angle if name == "phase" else Structure("tuple", (size, angle))
    op = TABLE.get(SPELLED.get(name, name))
    if op is None or op.math is None or not op.takes_complex:
        ctx.fail(f"cmath.{name} takes two numbers")
    found = as_python(ctx, ctx.build.apply(op, z))
    if name not in TESTS:
        checked(ctx, name, z, found)
    return found


def checked(ctx: Context, name: str, z: Atom, found: Atom) -> None:
    """No number that was not there before, and no infinity of a finite number."""
    env = {"z": z, "found": found}
    proper = ctx.build.text("logical_or(isnan(z), logical_not(isnan(found)))", env)
    ctx.check(as_python(ctx, proper), "ValueError", "math domain error")
    fits = ctx.build.text("logical_or(logical_not(isfinite(z)), isfinite(found))", env)
    error = ("ValueError", "math domain error") if name in POLES else (
        "OverflowError", "math range error"
    )  # fmt: skip
    ctx.check(as_python(ctx, fits), *error)


def known(ctx: Context, name: str, value: complex) -> Value:
    try:
        found = getattr(cmath, name)(value)
    except (ValueError, OverflowError) as error:
        ctx.check(constant(False), type(error).__name__, str(error))
        return constant(0j)
    if isinstance(found, tuple):
        return Structure("tuple", tuple(map(constant, found)))
    return constant(found)
