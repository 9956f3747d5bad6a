"""From one dtype to another as NumPy does it, and the C spelling of the table's operators."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

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
from transpile.sym.ops import TABLE, arithmetic, elementary
from transpile.sym.ops.table import Call, Infix, Op, Prefix, Spelling
from transpile.sym.types import COMPLEX, FLOATS, INTEGERS, bounds, real_dtype

TRUTHS = ("<", "<=", ">", ">=", "==", "!=", "&&", "||", "!")
COMPARISONS = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
FORMULAS = {
    op.numpy.symbol: op for op in TABLE.values() if op.complex and isinstance(op.numpy, Infix)
}
NARROW = ("int8", "int16", "uint8", "uint16")  # C computes with these in int
WIDE = ("int64", "uint64")
BITS = ("&", "|", "^")


@lru_cache(maxsize=256)
def is_exact(have: str, dtype: str) -> bool:
    """Does C convert by itself, without loss and without a warning?"""
    return np.can_cast(have, dtype) and not (have in WIDE and dtype not in INTEGERS)


def literal(value: bool | int | float | complex, dtype: str) -> Expr:
    """A constant at the dtype it is used at."""
    with np.errstate(over="ignore"):
        return Lit(np.array(value).astype(dtype).item(), dtype)


def converted(expr: Expr, dtype: str) -> Expr:
    """The value at another dtype, written out even where C would convert by itself."""
    have = dtype_of(expr)
    if have == dtype:
        return expr
    number = constant_of(expr)
    if isinstance(number, int) or (number is not None and np.isfinite(number)):
        return literal(number, dtype)
    if dtype == "bool":
        return Binary("!=", expr, literal(0, have), "bool")
    if have in FLOATS and dtype in INTEGERS:
        return integer_of(expr, dtype)
    return Cast(expr, dtype)


def integer_of(expr: Expr, dtype: str) -> Expr:
    """A floating-point number cut off; NumPy has some integers by way of others."""
    by = {"uint32": "int64"}.get(dtype, "int32" if dtype in NARROW else dtype)
    found = Invoke(f"{by}_of", (expr,), by)
    return found if by == dtype else Cast(found, dtype)


def cut_off(expr: Expr) -> Expr:
    """The same where it has been checked that the number fits: then C's own conversion will do."""
    match expr:
        case Invoke(name="int64_of", args=(number,)):
            return Cast(number, "int64")
    return expr


def constant_of(expr: Expr) -> Any:
    match expr:
        case Lit():
            return expr.value
        case Affine():
            return expr.constant
        case _:
            return None


def implicit(expr: Expr, dtype: str) -> Expr:
    """The value where C expects `dtype`: as an argument, or on the right of `=`."""
    if constant_of(expr) is None and is_exact(dtype_of(expr), dtype):
        return expr
    return converted(expr, dtype)


def is_at(expr: Expr, dtype: str) -> bool:
    """Does C compute with it at this dtype? It takes literals of integers for ints."""
    if dtype in NARROW:
        return True
    if dtype in (*WIDE, "uint32") and constant_of(expr) is not None:
        return False
    return dtype_of(expr) == dtype


def converted_to(expr: Expr, dtype: str) -> Expr:
    """The value at a dtype, a literal too by a cast."""
    return Cast(expr, dtype) if constant_of(expr) is not None else converted(expr, dtype)


def infix(symbol: str, left: Expr, right: Expr, dtype: str, result: str) -> Expr:
    """`left symbol right` in arithmetic of `dtype`."""
    if dtype in COMPLEX:
        return of_complex(symbol, left, right, dtype)
    x, y = implicit(left, dtype), implicit(right, dtype)
    if not (is_at(x, dtype) or is_at(y, dtype)):
        whole = constant_of(x) is not None
        x, y = (x, converted_to(y, dtype)) if whole else (converted_to(x, dtype), y)
    if symbol not in TRUTHS and dtype == "int64" and result == "int64":
        total = integers(symbol, x, y)
        if total is not None:
            return total
    value = Binary(symbol, x, y, "bool" if symbol in TRUTHS else dtype)
    if dtype == "bool" and symbol not in TRUTHS:
        return Binary("!=", Binary(symbol, x, y, "int32"), Lit(0, "int32"), "bool")
    return narrowed(value, dtype) if symbol not in (*TRUTHS, *BITS) else value


def of_complex(symbol: str, x: Expr, y: Expr, dtype: str) -> Expr:
    """C adds and compares as NumPy does, and that is all."""
    result = "bool" if symbol in TRUTHS else dtype
    op = FORMULAS.get(symbol)
    if op is None:
        return Binary(symbol, converted(x, dtype), converted(y, dtype), result)
    return Invoke(f"{op.name}_{dtype}", (passed(x, dtype), passed(y, dtype)), result, op, dtype)


def narrowed(value: Expr, dtype: str) -> Expr:
    """What C computed in int, wrapped around as NumPy has it."""
    return Cast(value, dtype) if dtype in NARROW else value


def ordered(symbol: str, args: Sequence[Expr], dtypes: Sequence[str]) -> Expr:
    """A comparison of integers of which one has a sign and the other a bit more."""
    if dtypes[0] == "uint64":
        symbol, args, dtypes = COMPARISONS[symbol], args[::-1], dtypes[::-1]
    given = tuple(converted(a, d) for a, d in zip(args, dtypes, strict=True))
    return Binary(symbol, Invoke("order", given, "int32"), Lit(0, "int32"), "bool")


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
        case Infix(symbol) if dtypes[0] != dtypes[1]:
            return ordered(symbol, args, dtypes)
        case Infix(symbol):
            return infix(symbol, args[0], args[1], dtypes[0], result)
        case Prefix(symbol):
            arg = converted(args[0], dtypes[0])
            if symbol == "-":
                return negated(arg)
            if symbol == "~" and dtypes[0] != "bool":
                return narrowed(Unary(symbol, arg, dtypes[0]), dtypes[0])
            return Unary("!", arg, "bool") if symbol in "!~" else arg
        case Call("?:"):
            test, yes, no = (converted(a, d) for a, d in zip(args, dtypes, strict=True))
            return Choose(test, yes, no, result)
        case Call(name):
            if op is arithmetic.POWER:
                return power(args, dtypes, result)
            if dtypes[0] in COMPLEX:
                return complex_call(op, name, args, dtypes, result)
            if "{f}" in name and result not in FLOATS:  # what rounds leaves integers as they are
                return converted(args[0], result)
            at = dtypes[0]
            fit = converted if name == "fabs{f}" else implicit  # compilers warn of integers there
            given = tuple(fit(a, d) for a, d in zip(args, dtypes, strict=True))
            text = name.format(t=at, f="f" if at == "float32" else "")
            return Invoke(text, given, result, op if op.helper else None, at)


def complex_call(
    op: Op, name: str, args: Sequence[Expr], dtypes: Sequence[str], result: str
) -> Expr:
    """An operator at a complex dtype: our function, or C's of that name with a `c` before it."""
    given = tuple(passed(a, d) for a, d in zip(args, dtypes, strict=True))
    if "(" in op.complex:
        return Invoke(f"{op.name}_{dtypes[0]}", given, result, op, dtypes[0])
    f = "f" if dtypes[0] == "complex64" else ""
    return Invoke((op.complex or f"c{name}").format(f=f), given, result)


def passed(expr: Expr, dtype: str) -> Expr:
    """A complex argument of a function, to which C converts real numbers by itself."""
    number = constant_of(expr)
    if number is not None and not isinstance(number, complex):
        return literal(number, real_dtype(dtype))
    return implicit(expr, dtype)


def negated(arg: Expr) -> Expr:
    match arg:
        case Affine():
            return -arg
        case Lit(value=value, dtype=dtype) if dtype in FLOATS:
            return Lit(-value, dtype)
        case Lit(value=value, dtype="int64") if value != bounds("int64")[0]:
            return Lit(-value, "int64")
        case _:
            return narrowed(Unary("-", arg, dtype_of(arg)), dtype_of(arg))


def power(args: Sequence[Expr], dtypes: Sequence[str], result: str) -> Expr:
    """`x ** 2` is `x * x`, as in NumPy, and `x ** 3` one product more; without a special case,
    constant exponents are `pow`."""
    dtype = dtypes[0]
    base, exponent = converted(args[0], dtype), converted(args[1], dtype)
    number = constant_of(exponent)
    if dtype in COMPLEX:
        return complex_power(base, exponent, number, dtype)
    f = "f" if dtype == "float32" else ""
    if number == 2:
        if isinstance(base, Local | Load | Affine):
            return narrowed(Binary("*", base, base, dtype), dtype)
        return Invoke(f"square_{dtype}", (base,), result, elementary.SQUARE, dtype)
    if number == 1:
        return base
    if dtype in FLOATS and number is not None:
        if number == 0.5:
            return Invoke(f"sqrt{f}", (base,), dtype)
        if number == -1:
            return Binary("/", literal(1, dtype), base, dtype)
        if number == 3 and isinstance(base, Local | Load):
            return Binary("*", Binary("*", base, base, dtype), base, dtype)
        if number != 3:
            return Invoke(f"pow{f}", (base, exponent), dtype)
    return Invoke(f"power_{dtype}", (base, exponent), result, arithmetic.POWER, dtype)


def complex_power(base: Expr, exponent: Expr, number: Any, dtype: str) -> Expr:
    short = {2: elementary.SQUARE, -1: elementary.RECIPROCAL, 0.5: elementary.SQRT}
    for known, op in short.items():
        if number == known:
            assert isinstance(op.c, Call)
            return complex_call(op, op.c.name, (base,), (dtype,), dtype)
    if number == 1:
        return base
    return complex_call(arithmetic.POWER, "", (base, exponent), (dtype, dtype), dtype)


def step(op: Op, spelling: Infix | Call, total: Expr, value: Expr, dtype: str) -> Expr:
    """One step of a reduction, `total` with one more `value`."""
    match spelling:
        case Infix(symbol):
            return infix(symbol, total, value, dtype, dtype)
        case Call(name):
            base = arithmetic.MAXIMUM if name.startswith("maximum") else arithmetic.MINIMUM
            return Invoke(name.format(t=dtype), (total, value), dtype, base, dtype)
    raise AssertionError(f"{op.name} has no C text")
