"""The math module: Python floats in and out, and its errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from transpile.frontend import comprehensions
from transpile.frontend.context import Context
from transpile.frontend.library import python_written
from transpile.frontend.library.python_numbers import int_, scalar
from transpile.frontend.operands import as_python, compute, integer, many, number
from transpile.frontend.values import Generated, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import TABLE

MATH = {op.math: op for op in TABLE.values() if op.math is not None}
WHOLE = {"floor": "floor", "ceil": "ceil", "trunc": "trunc"}


def call(ctx: Context, name: str, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """A function of the math module: Python floats in and out, and its errors."""
    known = [constant_of(value) for value in args]
    if ABSENT not in known and not named:
        return math_constant(ctx, name, known)
    if name in python_written.MATH and (name, len(args)) not in (("log", 1), ("hypot", 2)):
        return written(ctx, name, args, named)
    if named:
        ctx.fail(f"this call of math.{name} is not taken", "leave the names out")
    return of_floats(ctx, name, [number(ctx, value) for value in args])


ABSENT = object()


def constant_of(value: Value) -> Any:
    """The Python object that the value is in every run."""
    match value:
        case Const(value=found):
            return found
        case Structure(kind="tuple" | "list", items=parts):
            made = [constant_of(part) for part in parts]
            return ABSENT if ABSENT in made else made
    return ABSENT


def written(ctx: Context, name: str, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    consumer = python_written.MATH[name]
    if args and isinstance(args[0], Generated):
        return comprehensions.consumed(ctx, consumer, args[0], named)
    with ctx.quoting():
        return ctx.hooks.inline(ctx, consumer, args, named)


def of_floats(ctx: Context, name: str, args: list[Atom]) -> Value:
    for a in args:
        scalar(ctx, f"math.{name}", a)
    floats = [ctx.build.convert(a, "float64", "python") for a in args]
    if name in WHOLE:
        if not args[0].type.is_float:
            return integer(ctx, args[0])
        return int_(ctx, [expr.call(ctx.build, WHOLE[name], floats, {})], {})
    if name == "pow":
        return compute(ctx, "**", *floats)
    if name == "fabs":
        return size(ctx, floats[0])
    if name not in MATH:
        other = f"write np.{name}" if hasattr(np, name) else "write it with what is taken"
        ctx.fail(f"math.{name} is not in the operator table", other)
    op = MATH[name]
    if len(floats) != len(op.args):
        ctx.fail(f"math.{name} takes {many(len(op.args), 'argument')}, not {len(floats)}")
    if op.math_needs is not None:
        inside = ctx.build.text(op.math_needs, dict(zip(op.args, floats, strict=True)))
        nan = compute(ctx, "!=", floats[0], floats[0])
        inside = compute(ctx, "|", as_python(ctx, inside), nan)
        ctx.check(inside, "ValueError", DOMAIN)
    if name in ("sin", "cos", "tan"):
        ctx.check(compute(ctx, "!=", size(ctx, floats[0]), INFINITE), "ValueError", DOMAIN)
    found = as_python(ctx, ctx.build.apply(op, *floats))
    if name in ("exp", "exp2", "expm1", "sinh", "cosh", "hypot", "gamma", "lgamma"):
        fits = compute(ctx, "!=", size(ctx, found), INFINITE)
        for a in floats:
            fits = compute(ctx, "|", fits, compute(ctx, "==", size(ctx, a), INFINITE))
        ctx.check(fits, "OverflowError", "math range error")
    return found


DOMAIN = "math domain error"
INFINITE = constant(math.inf)


def size(ctx: Context, atom: Atom) -> Atom:
    """`abs(x)` of a Python float."""
    return as_python(ctx, expr.call(ctx.build, "absolute", [atom], {}))


def math_constant(ctx: Context, name: str, values: list[Any]) -> Value:
    try:
        found = getattr(math, name)(*values)
    except (ValueError, OverflowError) as error:
        ctx.check(constant(False), type(error).__name__, str(error))
        return constant(math.nan)
    except TypeError as error:
        ctx.fail(str(error))
    if not isinstance(found, bool | int | float):
        ctx.fail(f"math.{name} does not give a number", f"write np.{name}")
    return constant(found)
