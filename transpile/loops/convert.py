"""From one dtype to another as NumPy does it, and the C spelling of the table's operators."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transpile.errors import UnsupportedError
from transpile.loops.nest import (
    Binary,
    Cast,
    Choose,
    Expr,
    Invoke,
    Lit,
    Load,
    Local,
    Unary,
    dtype_of,
)
from transpile.sym.affine import Affine
from transpile.sym.ops import arithmetic, elementary
from transpile.sym.ops.table import Call, Infix, Op, Prefix, Spelling

TRUTHS = ("<", "<=", ">", ">=", "==", "!=", "&&", "||", "!")
EXACT = {  # what C converts by itself, without loss and without a warning
    ("bool", "int32"), ("bool", "int64"), ("bool", "float32"), ("bool", "float64"),
    ("int32", "int64"), ("int32", "float64"), ("float32", "float64"),
}  # fmt: skip


def literal(value: bool | int | float, dtype: str) -> Expr:
    """A constant at the dtype it is used at."""
    with np.errstate(over="ignore"):
        return Lit(np.array(value).astype(dtype).item(), dtype)


def converted(expr: Expr, dtype: str) -> Expr:
    """The value at another dtype, written out even where C would convert by itself."""
    have = dtype_of(expr)
    if have == dtype:
        return expr
    number = constant_of(expr)
    if number is not None and np.isfinite(number):
        return literal(number, dtype)
    if dtype == "bool":
        return Binary("!=", expr, literal(0, have), "bool")
    if have.startswith("float") and dtype.startswith("int"):
        return Invoke(f"{dtype}_of", (expr,), dtype)
    return Cast(expr, dtype)


def constant_of(expr: Expr) -> bool | int | float | None:
    match expr:
        case Lit():
            return expr.value
        case Affine():
            return expr.constant
        case _:
            return None


def implicit(expr: Expr, dtype: str) -> Expr:
    """The value where C expects `dtype`: as an argument, or on the right of `=`."""
    if constant_of(expr) is None and (dtype_of(expr), dtype) in EXACT:
        return expr
    return converted(expr, dtype)


def infix(symbol: str, left: Expr, right: Expr, dtype: str, result: str) -> Expr:
    """`left symbol right` in arithmetic of `dtype`."""
    x, y = implicit(left, dtype), implicit(right, dtype)
    if dtype_of(x) != dtype and dtype_of(y) != dtype:
        x = converted(left, dtype)
    if symbol not in TRUTHS and dtype == "int64" and result == "int64":
        total = integers(symbol, x, y)
        if total is not None:
            return total
    value = Binary(symbol, x, y, "bool" if symbol in TRUTHS else dtype)
    if dtype == "bool" and symbol not in TRUTHS:
        return Binary("!=", Binary(symbol, x, y, "int32"), Lit(0, "int32"), "bool")
    return value


def integers(symbol: str, x: Expr, y: Expr) -> Expr | None:
    """Affine where both are."""
    if not isinstance(x, Affine) or not isinstance(y, Affine):
        return None
    match symbol:
        case "+":
            return x + y
        case "-":
            return x - y
        case "*" if x.constant is not None:
            return y * x.constant
        case "*" if y.constant is not None:
            return x * y.constant
        case _:
            return None


def spelled(op: Op, spelling: Spelling, args: Sequence[Expr], dtypes: Sequence[str],
            result: str) -> Expr:  # fmt: skip
    """An elementwise operator in C; `dtypes` are those its arguments are taken at."""
    match spelling:
        case Infix(symbol):
            return infix(symbol, args[0], args[1], dtypes[0], result)
        case Prefix(symbol):
            arg = converted(args[0], dtypes[0])
            if symbol == "-":
                return negated(arg)
            return Unary(symbol, arg, "bool") if symbol == "!" else arg
        case Call("?:"):
            test, yes, no = (converted(a, d) for a, d in zip(args, dtypes, strict=True))
            return Choose(test, yes, no, result)
        case Call(name):
            if op is arithmetic.POWER:
                return power(args, dtypes, result)
            at = dtypes[0]
            given = tuple(implicit(a, d) for a, d in zip(args, dtypes, strict=True))
            text = name.format(t=at, f="f" if at == "float32" else "")
            return Invoke(text, given, result, op if op.helper else None, at)


def negated(arg: Expr) -> Expr:
    match arg:
        case Affine():
            return -arg
        case Lit(value=value, dtype=dtype) if dtype != "bool":
            return Lit(-value, dtype)
        case _:
            return Unary("-", arg, dtype_of(arg))


def power(args: Sequence[Expr], dtypes: Sequence[str], result: str) -> Expr:
    """`x ** 2` is `x * x`, as in NumPy, and `x ** 3` one product more; without a special case,
    constant exponents are `pow`."""
    dtype = dtypes[0]
    base, exponent = converted(args[0], dtype), converted(args[1], dtype)
    number = constant_of(exponent)
    f = "f" if dtype == "float32" else ""
    if number == 2:
        if isinstance(base, Local | Load | Affine):
            return Binary("*", base, base, dtype)
        return Invoke(f"square_{dtype}", (base,), result, elementary.SQUARE, dtype)
    if number == 1:
        return base
    if dtype.startswith("float") and number is not None:
        if number == 0.5:
            return Invoke(f"sqrt{f}", (base,), dtype)
        if number == -1:
            return Binary("/", literal(1, dtype), base, dtype)
        if number == 3 and isinstance(base, Local | Load):
            return Binary("*", Binary("*", base, base, dtype), base, dtype)
        if number != 3:
            return Invoke(f"pow{f}", (base, exponent), dtype)
    return Invoke(f"power_{dtype}", (base, exponent), result, arithmetic.POWER, dtype)


def step(op: Op, spelling: Infix | Call, total: Expr, value: Expr, dtype: str) -> Expr:
    """One step of a reduction, `total` with one more `value`."""
    match spelling:
        case Infix(symbol):
            return Binary(symbol, total, value, dtype)
        case Call(name):
            base = arithmetic.MAXIMUM if name.startswith("maximum") else arithmetic.MINIMUM
            return Invoke(name.format(t=dtype), (total, value), dtype, base, dtype)
    raise UnsupportedError(f"{op.name} has no C text")
