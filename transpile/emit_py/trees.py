"""Small pieces of Python's syntax tree, in gast's form."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import gast
import numpy as np

OPERATORS = {
    "+": gast.Add, "-": gast.Sub, "*": gast.Mult, "/": gast.Div, "//": gast.FloorDiv,
    "%": gast.Mod, "**": gast.Pow, "@": gast.MatMult, "&": gast.BitAnd, "|": gast.BitOr,
    "^": gast.BitXor, "<<": gast.LShift, ">>": gast.RShift,
}  # fmt: skip
COMPARISONS = {
    "<": gast.Lt, "<=": gast.LtE, ">": gast.Gt, ">=": gast.GtE, "==": gast.Eq, "!=": gast.NotEq,
}  # fmt: skip
PREFIXES = {"-": gast.USub, "+": gast.UAdd, "~": gast.Invert, "not": gast.Not}
CONSTANTS = {math.pi: "pi", math.e: "e", math.inf: "inf"}
MULTIPLES = {k * math.pi: k for k in (2.0, 3.0, 4.0, 8.0, 0.5, 0.25)}  # of pi, the same to the bit


def name(text: str) -> gast.Name:
    return gast.Name(text, gast.Load(), None, None)


def attribute(value: Any, text: str) -> gast.Attribute:
    return gast.Attribute(value, text, gast.Load())


def numpy(text: str) -> gast.Attribute:
    """`np.text`; what is SciPy's by its whole name."""
    whole = text if text.startswith(("np.", "scipy.")) else f"np.{text}"
    first, *rest = whole.split(".")
    found: Any = name(first)
    for part in rest:
        found = attribute(found, part)
    return found


def call(function: Any, *args: Any, **keywords: Any) -> gast.Call:
    return gast.Call(function, list(args), [gast.keyword(k, v) for k, v in keywords.items()])


def chosen(test: Any, value: Any, other: Any) -> Any:
    """`value if test else other`."""
    if isinstance(test, gast.Constant):
        return value if test.value else other
    return gast.IfExp(test, value, other)


def formatted(value: Any, how: str) -> gast.FormattedValue:
    """`{value:how}` of an f-string."""
    spec = gast.JoinedStr([gast.Constant(how, None)]) if how else None
    return gast.FormattedValue(value, -1, spec)


def literal(value: bool | int | float | complex | str) -> Any:
    """A constant, `np.inf` and `2.0 * np.pi` by name, a negative one with an operator before it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | str | None):
        return gast.Constant(value, None)
    if isinstance(value, complex):
        return complex_literal(value)
    if value != value:
        return numpy("nan")
    if value < 0 or (isinstance(value, float) and math.copysign(1.0, value) < 0):
        return gast.UnaryOp(gast.USub(), literal(-value))
    if isinstance(value, float) and value in CONSTANTS:
        return numpy(CONSTANTS[value])
    if isinstance(value, float) and value in MULTIPLES:
        return infix("*", gast.Constant(MULTIPLES[value], None), numpy("pi"))
    return gast.Constant(value, None)


class Filling(gast.NodeTransformer):
    """Puts values for names, and makes the choices that are then known."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def visit_Name(self, node: Any) -> Any:
        return self.values.get(node.id, node)

    def visit_Lambda(self, node: Any) -> Any:
        return node

    def visit_IfExp(self, node: Any) -> Any:
        test = self.visit(node.test)
        if not isinstance(test, gast.Constant):
            return self.generic_visit(node)
        return self.visit(node.body if test.value else node.orelse)


def filled(text: str, values: Mapping[str, Any]) -> Any:
    """The expression of this text with values for some of its names."""
    return Filling(values).visit(gast.parse(text, mode="eval").body)


def complex_literal(value: complex) -> Any:
    """`2j`, or `complex(1.0, 2.0)`, which gives every bit."""
    if str(value.real) == "0.0" and 0 < value.imag < math.inf:
        return gast.Constant(value, None)
    return call(name("complex"), literal(value.real), literal(value.imag))


def infix(symbol: str, x: Any, y: Any) -> Any:
    if symbol in COMPARISONS:
        return gast.Compare(x, [COMPARISONS[symbol]()], [y])
    return gast.BinOp(x, OPERATORS[symbol](), y)


CONNECTIVES = {"bitwise_and": gast.And, "bitwise_or": gast.Or}


def connected(name: str, parts: Sequence[Any]) -> gast.BoolOp:
    """`x and y` for Python's truths, whose bits are themselves."""
    return gast.BoolOp(CONNECTIVES[name](), list(parts))


def prefix(symbol: str, x: Any) -> gast.UnaryOp:
    return gast.UnaryOp(PREFIXES[symbol](), x)


OPPOSITE = {"==": "!=", "!=": "=="}
OPPOSITE_INTEGER = {**OPPOSITE, "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def negated(test: Any, integers: bool = False) -> Any:
    """`not test`, by the opposite comparison where there is one (of integers: NaN has none)."""
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        return test.operand
    if isinstance(test, gast.Compare) and len(test.ops) == 1:
        symbols = {kind: symbol for symbol, kind in COMPARISONS.items()}
        table = OPPOSITE_INTEGER if integers else OPPOSITE
        other = table.get(symbols[type(test.ops[0])])
        if other is not None:
            return infix(other, test.left, test.comparators[0])
    return prefix("not", test)


def sequence(items: Sequence[Any]) -> gast.Tuple:
    return gast.Tuple(list(items), gast.Load())


def subscript(value: Any, items: Sequence[Any]) -> gast.Subscript:
    index = items[0] if len(items) == 1 else sequence(items)
    return gast.Subscript(value, index, gast.Load())


def shape(extents: Sequence[Any]) -> Any:
    """`n` or `(n, m)`, as np.zeros takes it."""
    return extents[0] if len(extents) == 1 else sequence(extents)


def dictionary(items: Mapping[str, Any]) -> gast.Dict:
    return gast.Dict([literal(key) for key in items], list(items.values()))


def assign(target: Any, value: Any) -> gast.Assign:
    return gast.Assign([target], value, None)


def augment(target: Any, symbol: str, value: Any) -> gast.AugAssign:
    return gast.AugAssign(target, OPERATORS[symbol](), value)


def same(a: Any, b: Any) -> bool:
    """Are two expressions the same text?"""
    return bool(gast.dump(a) == gast.dump(b))


def listed(items: Any, kind: str, each: str, levels: int) -> Any:
    """The list of an array's items, so many levels of lists below: `x.tolist()`, `list(x)`,
    `[np.array(item) for item in x]`, `[list(row) for row in x]`."""
    if kind == "python" and not each:
        return gast.Call(attribute(items, "tolist"), [], [])
    if levels:
        inner = listed(name("row" if levels == 1 else f"row_{levels}"), kind, each, levels - 1)
        return over(items, inner, "row" if levels == 1 else f"row_{levels}")
    if kind != "array" and not each:
        return gast.Call(name("list"), [items], [])
    made = gast.Call(attribute(items, "tolist"), [], []) if kind == "python" else items
    convert = numpy("array") if kind == "array" else name(each)
    return over(made, gast.Call(convert, [name("item")], []), "item")


def over(items: Any, value: Any, item: str) -> gast.ListComp:
    """`[value for item in items]`."""
    target = gast.Name(item, gast.Store(), None, None)
    return gast.ListComp(value, [gast.comprehension(target, items, [], 0)])


TEXTS = ("chr", "str", "bytes", "bytearray")


def text(kind: str, codes: Any) -> Any:
    """The text or bytes of these code points, in an array; `chr` of one."""
    if kind == "chr":
        return call(name("chr"), codes)
    raw = call(attribute(codes, "tobytes"))
    if kind == "str":
        how = (gast.Constant("utf-32-le", None), gast.Constant("surrogatepass", None))
        return call(attribute(raw, "decode"), *how)
    return raw if kind == "bytes" else call(name(kind), raw)
