"""C expressions, with brackets only where C's precedence or the reader wants them."""

from __future__ import annotations

import math
import struct

from transpile.loops.nest import (
    Array,
    Binary,
    Cast,
    Choose,
    Elements,
    Expr,
    Invoke,
    Lit,
    Load,
    Local,
    Opaque,
    Unary,
)
from transpile.sym.affine import Affine
from transpile.sym.types import COMPLEX, INTEGERS, real_dtype

TYPES = {
    "bool": "bool", **{dtype: f"{dtype}_t" for dtype in INTEGERS},
    "float32": "float", "float64": "double",
    "complex64": "float complex", "complex128": "double complex",
}  # fmt: skip

PRIMARY, PREFIX = 15, 14
LEVELS = {
    "*": 13, "/": 13, "%": 13, "+": 12, "-": 12, "<<": 11, ">>": 11,
    "<": 10, "<=": 10, ">": 10, ">=": 10,
    "==": 9, "!=": 9, "&": 8, "^": 7, "|": 6, "&&": 5, "||": 4,
}  # fmt: skip
CHOICE = 3
ASSIGNED = 2
WARNED = {"&", "^", "|", "&&", "||", "<", "<=", ">", ">=", "==", "!="}


def text(expr: Expr, around: int = ASSIGNED) -> str:
    """The expression, in brackets where it binds less than what is around it."""
    words, level = written(expr)
    return f"({words})" if level < around else words


def written(expr: Expr) -> tuple[str, int]:
    """The expression's text and how tightly it binds."""
    match expr:
        case Lit():
            return literal(expr)
        case Local():
            return expr.name, PRIMARY
        case Affine():
            return affine(expr)
        case Load():
            return place(expr.array, expr.index), PRIMARY if expr.index else PREFIX
        case Binary():
            return binary(expr)
        case Unary():
            inner = text(expr.arg, PREFIX)
            return f"{expr.symbol}{' ' if inner.startswith(expr.symbol) else ''}{inner}", PREFIX
        case Invoke():
            return f"{expr.name}({', '.join(map(text, expr.args))})", PRIMARY
        case Choose():
            test, yes = text(expr.test, CHOICE + 1), text(expr.yes, CHOICE)
            return f"{test} ? {yes} : {text(expr.no, CHOICE)}", CHOICE
        case Cast():
            return f"({TYPES[expr.dtype]}){text(expr.arg, PREFIX)}", PREFIX


def binary(expr: Binary) -> tuple[str, int]:
    level = LEVELS[expr.symbol]
    left, right = level, level + 1
    if expr.symbol in "+*" and expr.dtype in INTEGERS:
        right = level
    words = f"{operand(expr, expr.left, left)} {expr.symbol} {operand(expr, expr.right, right)}"
    return words, level


def operand(expr: Binary, side: Expr, around: int) -> str:
    """One side, with the brackets that compilers ask for besides."""
    if isinstance(side, Binary) and side.symbol in WARNED and side.symbol != expr.symbol:
        if expr.symbol in ("&&", "||") and side.symbol not in ("&&", "||", "&", "|", "^"):
            return text(side, around)
        return f"({text(side)})"
    if expr.symbol in "&^|" and isinstance(side, Binary) and side.symbol != expr.symbol:
        return f"({text(side)})"
    return text(side, around)


def literal(lit: Lit) -> tuple[str, int]:
    value, dtype = lit.value, lit.dtype
    if dtype == "bool":
        return ("true" if value else "false"), PRIMARY
    if dtype in INTEGERS:
        words, level = integer(int(value))
        return (f"{words}u" if dtype in ("uint32", "uint64") else words), level
    if dtype in COMPLEX:
        real, imag = (literal(Lit(part, real_dtype(dtype)))[0]
                      for part in (complex(value).real, complex(value).imag))  # fmt: skip
        return f"{'CMPLXF' if dtype == 'complex64' else 'CMPLX'}({real}, {imag})", PRIMARY
    number = float(value.real)
    if math.isnan(number):
        return "NAN", PRIMARY
    negative = math.copysign(1.0, number) < 0
    if math.isinf(number):
        words = "INFINITY"
    else:
        words = shortest(abs(number), dtype) + ("f" if dtype == "float32" else "")
    return (f"-{words}", PREFIX) if negative else (words, PRIMARY)


def shortest(number: float, dtype: str) -> str:
    """The fewest digits that read back as the same number."""
    if dtype == "float32":
        for digits in range(1, 10):
            words = f"{number:.{digits}g}"
            if float32(float(words)) == float32(number):
                break
    else:
        words = repr(number)
    return words if any(mark in words for mark in ".e") else words + ".0"


def float32(number: float) -> bytes:
    return struct.pack("f", number)


def integer(value: int) -> tuple[str, int]:
    if value == -(1 << 63):
        return "INT64_MIN", PRIMARY
    return str(value), PRIMARY if value >= 0 else PREFIX


def affine(form: Affine) -> tuple[str, int]:
    """`2 * i + n - 1`: terms as they came, those that are added first."""
    if form.constant is not None:
        return integer(form.constant)
    words = ""
    for symbol, factor in sorted(form.terms, key=lambda term: term[1] < 0):
        sign = "-" if factor < 0 else "+"
        around = 12 if sign == "+" and abs(factor) == 1 else 13
        if abs(factor) != 1:
            around = 14
        part = symbol.name if isinstance(symbol, Local) else opaque(symbol, around)
        if abs(factor) != 1:
            part = f"{abs(factor)} * {part}"
        if words:
            words += f" {sign} {part}"
        else:
            words = part if sign == "+" else f"-{part}"
    single = len(form.terms) == 1 and form.const == 0
    if form.const:
        words += f" {'-' if form.const < 0 else '+'} {abs(form.const)}"
    if not single:
        return words, 12
    factor = form.terms[0][1]
    if factor == 1:
        symbol = form.terms[0][0]
        return words, PRIMARY if isinstance(symbol, Local) else written_level(symbol)
    return words, PREFIX if factor == -1 else 13


def opaque(symbol: object, around: int) -> str:
    assert isinstance(symbol, Opaque)
    return text(symbol.expr, around)


def written_level(symbol: object) -> int:
    assert isinstance(symbol, Opaque)
    return written(symbol.expr)[1]


def place(array: Array, index: tuple[Affine, ...]) -> str:
    """`A[i][j]`, or `*x` of an array without axes."""
    if not index:
        return f"*{array.name}"
    return array.name + "".join(f"[{text(i)}]" for i in index)


def stretch(elements: Elements) -> str:
    """The pointer to the first of the elements: `A[i]`, or `*A` of a matrix from its start."""
    array, index = elements.array, elements.index
    if index and len(index) == len(array.dims):
        return f"&{place(array, index)}"
    stars = "*" * max(0, len(array.dims) - 1 - len(index))
    return stars + array.name + "".join(f"[{text(i)}]" for i in index)


def pointer(array: Array, name: str, const: bool = True) -> str:
    """`const double (*restrict A)[m]`: restrict and const where they hold."""
    kind = "const " if const and not array.written else ""
    star = "*" if array.swapped or not const else "*restrict "
    words = f"{kind}{TYPES[array.dtype]}"
    if len(array.dims) < 2:
        return f"{words} {star}{name}"
    return f"{words} ({star}{name})" + "".join(f"[{text(d)}]" for d in array.dims[1:])
