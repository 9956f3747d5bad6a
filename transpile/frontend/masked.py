"""Python's integers under a mask: `(h * 31 + b) & 0xFFFFFFFF`, `x * a % 2**32`.

Python's integers have no bounds, ours have 64 bits. But the low bits of a sum, a product or a left
shift are those of its operands' low bits, so what a mask leaves is computed without bounds.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import gast
from msgspec import Struct

from transpile.errors import Quiet
from transpile.frontend.context import Context
from transpile.frontend.operands import as_atom, compute, truth
from transpile.frontend.values import Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.types import BOOL, INT, LARGE, Type

WRAPS: dict[Any, str] = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.LShift: "<<",
    gast.BitAnd: "&", gast.BitOr: "|", gast.BitXor: "^",
}  # fmt: skip
GROWS = (gast.Add, gast.Sub, gast.Mult, gast.LShift)
KNOWN = (
    gast.Constant, gast.Name, gast.Attribute, gast.BinOp, gast.UnaryOp, gast.operator,
    gast.unaryop, gast.expr_context,
)  # fmt: skip
WORD = Type("int64", (), "numpy")  # whose arithmetic has no check


class Work(Struct, frozen=True):
    """What is under the mask, its operands evaluated."""

    node: Any
    parts: tuple[Operand, ...]


Operand: TypeAlias = "Work | Value"


def masked(ctx: Context, node: Any) -> tuple[Operand, Value] | None:
    """The two sides of `work & mask` or `work % modulus`, where the first is one that may grow."""
    sides = [(node.left, node.right)]
    if isinstance(node.op, gast.BitAnd):
        sides.append((node.right, node.left))
    elif not isinstance(node.op, gast.Mod):
        return None
    for work, limit in sides:
        if not grows(work) or not all(isinstance(one, KNOWN) for one in gast.walk(limit)):
            continue
        with ctx.inside():
            mask = ctx.hooks.evaluate(ctx, limit)
        if low_bits(mask, isinstance(node.op, gast.Mod)) is not None:
            return operand(ctx, work), mask
    return None


def low_bits(value: Value, modulus: bool) -> int | None:
    """The mask; of a modulus that is a power of two what it leaves."""
    if not isinstance(value, Const) or value.type not in (INT, LARGE):
        return None
    bits = int(value.value) - modulus
    if bits < 0 or bits >= 2**63 or (modulus and bits & (bits + 1)):
        return None
    return bits


def grows(node: Any) -> bool:
    if isinstance(node, gast.UnaryOp):
        return isinstance(node.op, gast.USub | gast.Invert) and grows(node.operand)
    if not isinstance(node, gast.BinOp) or type(node.op) not in WRAPS:
        return False
    return isinstance(node.op, GROWS) or grows(node.left) or grows(node.right)


def operand(ctx: Context, node: Any) -> Operand:
    if grows(node):
        if isinstance(node, gast.UnaryOp):
            return Work(node, (operand(ctx, node.operand),))
        return Work(node, (operand(ctx, node.left), operand(ctx, node.right)))
    return ctx.hooks.evaluate(ctx, node)


def is_whole(part: Operand) -> bool:
    """Are these all Python's integers?"""
    if isinstance(part, Work):
        return all(map(is_whole, part.parts))
    return isinstance(part, Var | Const) and part.type in (INT, BOOL)


def left(ctx: Context, work: Operand, mask: Value, modulus: bool) -> Atom:
    """What the mask leaves of the work."""
    bits = low_bits(mask, modulus)
    assert bits is not None
    found = ctx.build.convert(word(ctx, work), INT.dtype, INT.kind)
    return compute(ctx, "&", found, constant(bits))


def word(ctx: Context, part: Operand) -> Atom:
    """The low 64 bits."""
    if isinstance(part, Const):
        low = (int(part.value) + 2**63) % 2**64 - 2**63
        return Const(low, WORD)
    if not isinstance(part, Work):
        assert isinstance(part, Var)
        return ctx.build.convert(part, WORD.dtype, WORD.kind)
    with ctx.at(part.node):
        quiet(ctx)
        if isinstance(part.node, gast.UnaryOp):
            symbol = "-" if isinstance(part.node.op, gast.USub) else "~"
            return expr.unary(ctx.build, symbol, word(ctx, part.parts[0]))
        symbol = WRAPS[type(part.node.op)]
        x, y = part.parts
        if symbol != "<<":
            return expr.binary(ctx.build, symbol, word(ctx, x), word(ctx, y))
        count = exact(ctx, y)
        enough = as_atom(truth(ctx, compute(ctx, ">=", count, constant(0))))
        ctx.check(enough, "ValueError", "negative shift count")
        return expr.binary(ctx.build, "<<", word(ctx, x), word(ctx, count))


def exact(ctx: Context, part: Operand) -> Atom:
    """The number itself, which has to fit."""
    if not isinstance(part, Work):
        assert isinstance(part, Var | Const)
        return part
    with ctx.at(part.node):
        found = [exact(ctx, one) for one in part.parts]
        if isinstance(part.node, gast.BinOp):
            return compute(ctx, WRAPS[type(part.node.op)], found[0], found[1])
        return expr.unary(ctx.build, "-" if isinstance(part.node.op, gast.USub) else "~", found[0])


def quiet(ctx: Context) -> None:
    """NumPy, in generated Python, is not to warn of what runs over."""
    span = ctx.build.span
    if span is not None:
        ctx.shared.quiet[Quiet(span.file, span.line, span.line, (("over", "ignore"),))] = None
