"""Expressions of the user's: what each one is, evaluated in the order that Python has."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import gast
import numpy as np

from transpile.errors import UnsupportedError
from transpile.frontend import calls, join, operands, scope, subscripts
from transpile.frontend.captures import captured
from transpile.frontend.context import Context
from transpile.frontend.operands import as_atom, compute, described, number, truth
from transpile.frontend.values import (
    Array,
    Closure,
    Frame,
    Maybe,
    Method,
    Static,
    Structure,
    Value,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Apply, Atom, Const, Eqn, Var, constant
from transpile.sym.types import BOOL

SYMBOLS = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.Div: "/", gast.FloorDiv: "//",
    gast.Mod: "%", gast.Pow: "**", gast.MatMult: "@", gast.BitAnd: "&", gast.BitOr: "|",
    gast.BitXor: "^", gast.LShift: "<<", gast.RShift: ">>",
    gast.USub: "-", gast.UAdd: "+", gast.Not: "not", gast.Invert: "~",
    gast.Lt: "<", gast.LtE: "<=", gast.Gt: ">", gast.GtE: ">=", gast.Eq: "==", gast.NotEq: "!=",
}  # fmt: skip


def evaluate(ctx: Context, node: Any) -> Value:
    """The value of an expression."""
    with ctx.at(node):
        return evaluated(ctx, node)


def evaluated(ctx: Context, node: Any) -> Value:
    match node:
        case gast.Constant(value=value):
            return literal(ctx, value)
        case gast.Name(id=name):
            return variable(ctx, name)
        case gast.BinOp(left=left, op=op, right=right):
            return binary(ctx, SYMBOLS[type(op)], evaluate(ctx, left), evaluate(ctx, right))
        case gast.UnaryOp(op=op, operand=operand):
            return unary(ctx, SYMBOLS[type(op)], evaluate(ctx, operand))
        case gast.Compare(left=left, ops=ops, comparators=rest):
            return compare(ctx, evaluate(ctx, left), ops, rest)
        case gast.BoolOp(op=op, values=values):
            return decide(ctx, isinstance(op, gast.And), values)
        case gast.IfExp(test=test, body=body, orelse=orelse):
            return choose(ctx, condition(ctx, test), body, orelse)
        case gast.Attribute(value=owner, attr=name):
            return attribute(ctx, evaluate(ctx, owner), name)
        case gast.Subscript(value=owner, slice=index):
            return subscripts.subscript(ctx, evaluate(ctx, owner), index)
        case gast.Tuple(elts=items) | gast.List(elts=items):
            kind = "tuple" if isinstance(node, gast.Tuple) else "list"
            return Structure(kind, tuple(spread(ctx, items)))
        case gast.Dict(keys=keys, values=values):
            found = tuple(evaluate(ctx, value) for value in values)
            return Structure("dict", found, tuple(key.value for key in keys))
        case gast.Lambda():
            return Closure("the lambda", node, ctx.frame, defaults(ctx, node))
        case gast.Call(func=func, args=args, keywords=keywords):
            return call(ctx, evaluate(ctx, func), args, keywords)
        case gast.JoinedStr():
            return Static(text(ctx, node))
    ctx.fail(f"{type(node).__name__} is not taken here")


def literal(ctx: Context, value: Any) -> Value:
    if isinstance(value, bool | float):
        return constant(value)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            ctx.fail("this integer does not fit into 64 bits", "write it as a float")
        return constant(value)
    return Static(value)


def variable(ctx: Context, name: str) -> Value:
    """What a name is here: this function's, an enclosing one's, or the module's."""
    frame: Frame | None = ctx.frame
    while frame is not None:
        if name in frame.names:
            found = frame.names[name]
            if isinstance(found, Maybe):
                message = f"cannot access local variable '{name}' where it is not assigned a value"
                ctx.check(found.assigned, "UnboundLocalError", message)
                frame.names[name] = found = found.value
            return found
        if name in frame.local:
            ctx.fail(f"{name} is read before it is assigned a value")
        if frame.parent is None:
            try:
                where, value = frame.source.look_up(name)
            except NameError as error:
                ctx.fail(str(error), "define it before the first call")
            return captured(ctx, where, name, value)
        frame = frame.parent
    raise AssertionError(name)


def binary(ctx: Context, symbol: str, x: Value, y: Value) -> Value:
    match x, y:
        case (Structure(kind="tuple" | "list" as kind, items=a), Structure(items=b)) if (
            symbol == "+"
        ):
            return Structure(kind, a + b)
        case (Structure(kind="tuple" | "list" as kind, items=a), Const(value=int() as count)) if (
            symbol == "*"
        ):
            return Structure(kind, a * count)
        case Static(value=str() as a), Static(value=str() as b) if symbol == "+":
            return Static(a + b)
    return ctx.made(compute(ctx, symbol, number(ctx, x), number(ctx, y)))


def unary(ctx: Context, symbol: str, x: Value) -> Value:
    if symbol == "not":
        test = truth(ctx, x)
        return constant(not test) if isinstance(test, bool) else expr.unary(ctx.build, "not", test)
    atom = number(ctx, x)
    if isinstance(atom, Const) and atom.type.kind == "python":
        value = atom.value
        return constant(-value if symbol == "-" else +value if symbol == "+" else ~int(value))
    return ctx.made(expr.unary(ctx.build, symbol, operands.counted(ctx, atom)))


def compare(ctx: Context, left: Value, ops: list[Any], rest: list[Any]) -> Value:
    """`a < b < c`: each operand once, and none after the first that fails."""
    right = evaluate(ctx, rest[0])
    first = compared(ctx, ops[0], left, right)
    if len(rest) == 1:
        return first
    return both(ctx, first, lambda: compare(ctx, right, ops[1:], rest[1:]))


def compared(ctx: Context, op: Any, x: Value, y: Value) -> Value:
    known = {*map(type, (x, y))} & {Static, Structure}
    if isinstance(op, gast.Is | gast.IsNot):
        same = x == y
        arrays = [v for v in (x, y) if isinstance(v, Array)]
        truths = [v for v in (x, y) if isinstance(v, Const) and v.type == BOOL]
        sure = len(arrays) == 2 and not any(v.base in ctx.frozen or v.path for v in arrays)
        sure = sure or (len(truths) > 0 and len(truths) + len(arrays) == 2)
        if not known and not sure:
            ctx.fail("`is` between numbers or views", "write ==")
        return constant(same == isinstance(op, gast.Is))
    symbol = SYMBOLS[type(op)]
    if isinstance(x, Structure) and isinstance(y, Structure) and symbol in ("==", "!="):
        parts = as_atom(equal_parts(ctx, x, y))
        return parts if symbol == "==" else unary(ctx, "not", parts)
    if known and symbol in ("==", "!="):
        return constant((alike(x) == alike(y)) == (symbol == "=="))
    return ctx.made(compute(ctx, symbol, number(ctx, x), number(ctx, y)))


def equal_parts(ctx: Context, x: Structure, y: Structure) -> Atom | bool:
    """`x == y` of two tuples or lists, such as two shapes."""
    if (x.kind, x.keys, len(x.items)) != (y.kind, y.keys, len(y.items)):
        return False
    found: Atom | bool = True
    for a, b in zip(x.items, y.items, strict=True):
        part = truth(ctx, compared(ctx, gast.Eq(), a, b))
        found = operands.logic(ctx, "&", as_atom(found), as_atom(part))
    return found


def alike(value: Value) -> Any:
    """A value known now, as Python compares it: dtypes by what they mean."""
    match value:
        case Static(value=np.dtype() as found):
            return Static(found)
        case Static(value=type() as found) if issubclass(found, np.generic | bool | int | float):
            return Static(np.dtype(found))
    return value


def both(ctx: Context, first: Value, rest: Any) -> Value:
    """`first and rest()`, where the rest is only evaluated if the first holds."""
    test = truth(ctx, first)
    if isinstance(test, bool):
        return rest() if test else first
    return chosen(ctx, test, rest, lambda: first)


def decide(ctx: Context, conjunction: bool, nodes: Sequence[Any]) -> Value:
    """`a and b and c`, or with `or`."""
    first = evaluate(ctx, nodes[0])
    if len(nodes) == 1:
        return first

    def rest() -> Value:
        return decide(ctx, conjunction, nodes[1:])

    if conjunction:
        return both(ctx, first, rest)
    test = truth(ctx, first)
    if isinstance(test, bool):
        return first if test else rest()
    return chosen(ctx, test, lambda: first, rest)


def condition(ctx: Context, node: Any) -> Atom | bool:
    """What a test decides: `and`, `or` and `not` of numbers become logic of Python bools."""
    match node:
        case gast.UnaryOp(op=gast.Not(), operand=operand):
            with ctx.at(node):
                test = condition(ctx, operand)
                return not test if isinstance(test, bool) else expr.unary(ctx.build, "not", test)
        case gast.BoolOp(op=op, values=values):
            with ctx.at(node):
                return connected(ctx, isinstance(op, gast.And), values)
    found = evaluate(ctx, node)
    with ctx.at(node):
        return truth(ctx, found)


def connected(ctx: Context, conjunction: bool, nodes: Sequence[Any]) -> Atom | bool:
    """`and` or `or` of tests; a later one is only computed where the earlier ones leave it open."""
    first = condition(ctx, nodes[0])
    if len(nodes) == 1:
        return first
    if isinstance(first, bool):
        return connected(ctx, conjunction, nodes[1:]) if first == conjunction else first
    before = ctx.save()
    with ctx.inside(branch=True) as inner:
        second = as_atom(connected(ctx, conjunction, nodes[1:]))
    if all(harmless(eqn) for eqn in inner.eqns) and ctx.bases == before.bases:
        ctx.build.eqns.extend(inner.eqns)
        return operands.logic(ctx, "&" if conjunction else "|", first, second)
    ctx.restore(before)
    rest = nodes[1:]
    ways: list[Any] = [
        lambda: as_atom(connected(ctx, conjunction, rest)), lambda: constant(not conjunction)
    ]  # fmt: skip
    branch = join.Branch(ctx, first, frozenset(ctx.frame.names))
    found = branch.run(*(ways if conjunction else ways[::-1]))
    assert isinstance(found, Var | Const)
    return bool(found.value) if isinstance(found, Const) else found


def harmless(eqn: Eqn) -> bool:
    """Can the equation be computed where its value is not asked for?"""
    return isinstance(eqn.rhs, Apply) and (eqn.rhs.op.elementwise or eqn.rhs.op.name == "convert")


def choose(ctx: Context, test: Atom | bool, body: Any, orelse: Any) -> Value:
    if isinstance(test, bool):
        return evaluate(ctx, body if test else orelse)
    return chosen(ctx, test, lambda: evaluate(ctx, body), lambda: evaluate(ctx, orelse))


def chosen(ctx: Context, test: Atom, then: Any, orelse: Any) -> Value:
    """A value by condition."""
    branch = join.Branch(ctx, test, frozenset(ctx.frame.names))
    return branch.run(then, orelse)


def spread(ctx: Context, nodes: Sequence[Any]) -> list[Value]:
    """The values of a list of expressions, `*x` taken apart."""
    found: list[Value] = []
    for node in nodes:
        if isinstance(node, gast.Starred):
            found.extend(calls.items(ctx, evaluate(ctx, node.value)))
        else:
            found.append(evaluate(ctx, node))
    return found


def defaults(ctx: Context, node: Any) -> dict[str, Value]:
    """The default values of a nested function, evaluated where it is defined."""
    args = node.args
    found = {}
    given = getattr(args, "defaults", ())
    for name, default in zip(reversed(scope.positional(node)), reversed(given), strict=False):
        found[name] = evaluate(ctx, default)
    only, keyword = getattr(args, "kwonlyargs", ()), getattr(args, "kw_defaults", ())
    for arg, default in zip(only, keyword, strict=True):
        if default is not None:
            found[arg.id] = evaluate(ctx, default)
    return found


def call(ctx: Context, function: Value, args: Sequence[Any], keywords: Sequence[Any]) -> Value:
    given = spread(ctx, args)
    named: dict[str, Value] = {}
    for keyword in keywords:
        value = evaluate(ctx, keyword.value)
        if keyword.arg is not None:
            named[keyword.arg] = value
        elif isinstance(value, Structure) and value.kind == "dict":
            named.update(zip(value.keys, value.items, strict=True))
        else:
            ctx.fail("** takes a dict", "write the keywords out")
    return calls.call(ctx, function, given, named)


def attribute(ctx: Context, owner: Value, name: str) -> Value:
    match owner:
        case Static(value=ModuleType() as module):
            if not hasattr(module, name):
                ctx.fail(f"module {module.__name__} has no {name}")
            return captured(ctx, vars(module), name, getattr(module, name), module)
        case Structure(keys=keys, items=items, cls=type()) if name in keys:
            return items[keys.index(name)]
        case Array() | Var() | Const():
            return calls.member(ctx, owner, name)
        case Structure(kind="dict") if name in ("keys", "values", "items"):
            return Method(owner, name)  # type: ignore[arg-type]
        case Static(value=value) if isinstance(value, np.ufunc | np.dtype) and hasattr(value, name):
            return captured(ctx, None, name, getattr(value, name))
        case Static(value=type()):
            ctx.fail("attributes of classes are not taken", "make it a global of the module")
    ctx.fail(f"{described(owner)} has no {name} here")


def text(ctx: Context, node: Any) -> str:
    """An f-string of what is known now, as in the message of an assert."""
    parts = []
    for piece in node.values:
        if isinstance(piece, gast.Constant):
            parts.append(str(piece.value))
            continue
        value = evaluate(ctx, piece.value)
        known = value.value if isinstance(value, Static | Const) else None
        if known is None or piece.format_spec is not None:
            raise UnsupportedError(
                "a text made of values of the running program is not taken",
                ctx.span(piece.value),
                "write a plain text",
            )
        parts.append(str(known))
    return "".join(parts)
