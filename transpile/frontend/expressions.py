"""Expressions of the user's: what each one is, evaluated in the order that Python has."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import gast
import numpy as np

from transpile.frontend import (
    absent,
    calls,
    captures,
    cells,
    comprehensions,
    hashed,
    inlining,
    iterables,
    join,
    listed,
    masked,
    objects,
    operands,
    scope,
    structures,
    subscripts,
    tables,
    texts,
)  # fmt: skip
from transpile.frontend.captures import captured
from transpile.frontend.context import Context, Unassigned
from transpile.frontend.library import (
    numpy_args,
    numpy_table,
    python_dicts,
    python_hashed,
    python_kinds,
)
from transpile.frontend.operands import as_atom, compute, described, number, truth
from transpile.frontend.values import (
    NONE,
    Above,
    Array,
    Closure,
    Frame,
    Generated,
    Generator,
    Letter,
    Letters,
    Listed,
    Maybe,
    Method,
    Option,
    Partial,
    Range,
    Records,
    Static,
    Structure,
    Text,
    Value,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Apply, Atom, Const, Eqn, Var, constant
from transpile.sym.types import INT

SYMBOLS = {
    gast.Add: "+", gast.Sub: "-", gast.Mult: "*", gast.Div: "/", gast.FloorDiv: "//",
    gast.Mod: "%", gast.Pow: "**", gast.MatMult: "@", gast.BitAnd: "&", gast.BitOr: "|",
    gast.BitXor: "^", gast.LShift: "<<", gast.RShift: ">>",
    gast.USub: "-", gast.UAdd: "+", gast.Not: "not", gast.Invert: "~",
    gast.Lt: "<", gast.LtE: "<=", gast.Gt: ">", gast.GtE: ">=", gast.Eq: "==", gast.NotEq: "!=",
}  # fmt: skip

SIGNS = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}


def evaluate(ctx: Context, node: Any) -> Value:
    """The value of an expression; a list that it makes is one of its own."""
    with ctx.at(node):
        return cells.owned(ctx, evaluated(ctx, node))


def evaluated(ctx: Context, node: Any) -> Value:
    match node:
        case gast.Constant(value=value):
            return captures.literal(ctx, value)
        case gast.Name(id=name):
            return variable(ctx, name)
        case gast.BinOp(left=left, op=op, right=right):
            found = masked.masked(ctx, node)
            if found is not None:
                return under_mask(ctx, node.op, *found)
            x, y = evaluate(ctx, left), evaluate(ctx, right)
            if isinstance(op, gast.Mod) and isinstance(x, Static) and isinstance(x.value, str):
                return texts.percent(ctx, x.value, y, sources(right))
            return binary(ctx, SYMBOLS[type(op)], cells.again(ctx, x), y)
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
            return subscripts.subscript(ctx, absent.subscripted(ctx, evaluate(ctx, owner)), index)
        case gast.Tuple(elts=items) | gast.List(elts=items):
            kind = "tuple" if isinstance(node, gast.Tuple) else "list"
            return Structure(kind, tuple(spread(ctx, items)))
        case gast.Dict(keys=keys, values=values):
            return dictionary(ctx, keys, values)
        case gast.Set() | gast.SetComp():
            return hashed.made(ctx, python_hashed.set_of, (in_set(ctx, node),))
        case gast.ListComp():
            return comprehensions.listed(ctx, node)
        case gast.DictComp():
            return comprehensions.dictionary(ctx, node)
        case gast.GeneratorExp():
            return Generated(node, ctx.frame)
        case gast.NamedExpr(target=target, value=value):
            ctx.hooks.assign(ctx, target, evaluate(ctx, value))
            return variable(ctx, target.id)
        case gast.Lambda():
            return Closure("the lambda", node, ctx.frame, inlining.defaults(ctx, node))
        case gast.Call(func=func, args=args, keywords=keywords):
            return call(ctx, evaluate(ctx, func), args, keywords)
        case gast.JoinedStr():
            return text(ctx, node)
    raise AssertionError(type(node).__name__)


def in_set(ctx: Context, node: Any) -> Value:
    """What stands in `{a, b}` or `{... for ...}`."""
    if isinstance(node, gast.SetComp):
        return comprehensions.listed(ctx, node)
    return Structure("tuple", tuple(spread(ctx, node.elts)))


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
            if found is tables.STALE:
                ctx.fail(f"{name} is no longer the list in a list that it was", tables.AGAIN)
            return cells.loaded(ctx, found)
        if name in frame.local:
            if ctx.loops and frame is ctx.frame and scope.may_come(frame, name):
                raise Unassigned(name)
            ctx.fail(f"{name} is read before it is assigned a value")
        if frame.parent is None:
            try:
                where, value = frame.source.look_up(name)
            except NameError as error:
                ctx.impossible("NameError", str(error), "define it before the first call")
            return captured(ctx, where, name, value)
        frame = frame.parent
    raise AssertionError(name)


def binary(ctx: Context, symbol: str, x: Value, y: Value) -> Value:
    found = objects.operator(ctx, symbol, x, y)
    if found is not None:
        return found
    match x, y:
        case (Structure(kind="tuple" | "list" as kind, items=a), Structure(items=b)) if (
            symbol == "+" and y.kind == kind
        ):
            return Structure(kind, a + b)
        case Const(value=int()), Structure(kind="tuple" | "list") if symbol == "*":
            return binary(ctx, symbol, y, x)
        case (Structure(kind="tuple" | "list" as kind, items=a), Const(value=int() as count)) if (
            symbol == "*"
        ):
            return Structure(kind, a * count)
        case (Listed() | Structure(kind="list"), Listed() | Structure(kind="list")) if (
            symbol == "+"
        ):
            return listed.joined(ctx, x, y)
        case (Var() | Const(), Listed() | Structure(kind="list")) if symbol == "*":
            return listed.repeated(ctx, y, operands.integer(ctx, x, "how often a list is repeated"))
        case (Listed() | Structure(kind="list"), Var() | Const()) if symbol == "*":
            return listed.repeated(ctx, x, operands.integer(ctx, y, "how often a list is repeated"))
        case (Text() | Static(value=str()), Text() | Static(value=str())) if symbol == "+":
            return texts.joined([x, y])
        case Static(value=str() as a), Const(value=int() as count) if symbol == "*":
            return Static(a * count)
        case Static(value=type() as a), Static(value=type() as b) if symbol == "|":
            return Static(a | b)
    return ctx.made(compute(ctx, symbol, *operands_of(ctx, x, y)))


def under_mask(ctx: Context, op: Any, work: masked.Operand, mask: Value) -> Value:
    """`work & mask`, its operands evaluated; where they are no integers, as it is written."""
    if masked.is_whole(work):
        return masked.left(ctx, work, mask, isinstance(op, gast.Mod))
    return binary(ctx, SYMBOLS[type(op)], worked(ctx, work), mask)


def worked(ctx: Context, work: masked.Operand) -> Value:
    if not isinstance(work, masked.Work):
        return cells.again(ctx, work)
    with ctx.at(work.node):
        parts = [worked(ctx, part) for part in work.parts]
        symbol = SYMBOLS[type(work.node.op)]
        return unary(ctx, symbol, parts[0]) if len(parts) == 1 else binary(ctx, symbol, *parts)


def operands_of(ctx: Context, x: Value, y: Value) -> tuple[Atom, Atom]:
    """Beside a value of NumPy's, a list or tuple is an array."""
    if operands.of_numpy(x) or operands.of_numpy(y):
        return numpy_args.operand(ctx, x), numpy_args.operand(ctx, y)
    return number(ctx, x), number(ctx, y)


def unary(ctx: Context, symbol: str, x: Value) -> Value:
    if symbol == "not":
        test = truth(ctx, x)
        return constant(not test) if isinstance(test, bool) else expr.unary(ctx.build, "not", test)
    name = SIGNS[symbol]
    if objects.written(x, name):
        return objects.call(ctx, x, name, ())
    atom = number(ctx, x)
    if (
        symbol == "~"
        and atom.type.kind == "python"
        and (atom.type.is_float or atom.type.is_complex)
    ):
        ctx.fail(f"~ is of integers, this is {described(atom)}")
    if isinstance(atom, Const) and atom.type.kind == "python":
        value = atom.value
        return constant(-value if symbol == "-" else +value if symbol == "+" else ~int(value))
    return ctx.made(expr.unary(ctx.build, symbol, operands.counted(ctx, atom)))


def compare(ctx: Context, left: Value, ops: list[Any], rest: list[Any]) -> Value:
    """`a < b < c`: each operand once, and none after the first that fails."""
    right = evaluate(ctx, hashed.of_few(ops[0], rest[0]))
    first = compared(ctx, ops[0], cells.again(ctx, left), right)
    if len(rest) == 1:
        return first
    return both(ctx, first, lambda: compare(ctx, right, ops[1:], rest[1:]))


def compared(ctx: Context, op: Any, x: Value, y: Value) -> Value:
    match op:
        case gast.In() | gast.NotIn():
            found = structures.contains(ctx, y, x)
            if isinstance(op, gast.NotIn):
                return unary(ctx, "not", as_atom(found))
            return as_atom(found)
        case gast.Is() | gast.IsNot() if isinstance(x, Option) and y == NONE:
            return x.given if isinstance(op, gast.IsNot) else absent.is_none(ctx, x)
        case gast.Is() | gast.IsNot() if operands.is_flag(x) and operands.is_flag(y):
            return ctx.made(compute(ctx, "==" if isinstance(op, gast.Is) else "!=", x, y))
        case gast.Is() | gast.IsNot():
            return constant(structures.same(ctx, x, y) == isinstance(op, gast.Is))
    for one, other in ((x, y), (y, x)):
        if operands.of_numpy(one) and isinstance(other, Structure | Listed | Range):
            return ctx.made(compute(ctx, SYMBOLS[type(op)], *operands_of(ctx, x, y)))
        if isinstance(one, Array) and isinstance(other, Static):
            ctx.fail(f"an array is compared with {described(other)}", "write `is`, or a number")
    return structures.compared(ctx, SYMBOLS[type(op)], x, y)


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
    with absent.tested(ctx, first, conjunction), ctx.inside(branch=True) as inner:
        second = as_atom(connected(ctx, conjunction, nodes[1:]))
    same = ctx.bases == before.bases and ctx.frame.names == before.names
    if same and all(harmless(eqn) for eqn in inner.eqns):
        ctx.build.eqns.extend(inner.eqns)
        return operands.logic(ctx, "&" if conjunction else "|", first, second)
    ctx.restore(before)
    rest = nodes[1:]
    ways: list[Any] = [
        lambda: as_atom(connected(ctx, conjunction, rest)), lambda: constant(not conjunction)
    ]  # fmt: skip
    branch = join.Branch(ctx, first, ctx.frame.local)
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
    branch = join.Branch(ctx, test, ctx.frame.local)
    return branch.run(then, orelse)


def spread(ctx: Context, nodes: Sequence[Any]) -> list[Value]:
    """The values of a list of expressions, `*x` taken apart."""
    found: list[Value] = []
    for node in nodes:
        if isinstance(node, gast.Starred):
            found.extend(calls.items(ctx, evaluate(ctx, node.value)))
        else:
            found.append(evaluate(ctx, node))
    return [cells.again(ctx, value) for value in found]


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
    given, named = (
        [cells.again(ctx, v) for v in given],
        {name: cells.again(ctx, v) for name, v in named.items()},
    )
    return called(ctx, cells.again(ctx, function), given, named)


def called(
    ctx: Context, function: Value, args: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    match function, args:
        case Static(value=maker), [owner, Static(value=str() as name), *rest] if (
            maker is getattr or maker is hasattr or maker is setattr
        ):
            return by_name(ctx, maker, owner, name, rest)
    return calls.call(ctx, function, args, named)


def by_name(ctx: Context, what: Any, owner: Value, name: str, rest: Sequence[Value]) -> Value:
    """`getattr`, `hasattr` and `setattr` with a name that is known now."""
    if what is setattr and len(rest) == 1:
        structures.set_field(ctx, owner, name, rest[0])
        return NONE
    there = hasattr(python_kinds.sample(ctx, owner), name)
    if isinstance(owner, Structure) and name in owner.keys:
        there = owner.kind != "dict"
    if what is hasattr:
        return constant(there)
    return rest[0] if rest and not there else attribute(ctx, owner, name)


DESCRIBED = np.ufunc | np.dtype | np.finfo | np.iinfo  # NumPy's objects whose attributes are read
OF_INTEGERS = ("to_bytes", "bit_length", "bit_count")


def attribute(ctx: Context, owner: Value, name: str) -> Value:
    owner = absent.owning(ctx, owner, name)
    match owner:
        case Static(value=ModuleType() as module):
            if not hasattr(module, name):
                ctx.impossible("AttributeError", f"module {module.__name__} has no {name}")
            return captured(ctx, vars(module), name, getattr(module, name), module)
        case Structure(keys=keys, items=items, cls=type()) if name in keys:
            return items[keys.index(name)]
        case Var() | Const() if owner.type == INT and name in OF_INTEGERS:
            return Partial(Static(getattr(int, name)), (owner,), ())
        case Array() | Var() | Const():
            return calls.member(ctx, owner, name)
        case Generator() | Letters() | Letter():
            return Method(owner, name)
        case Structure() if structures.has_method(owner, name):
            return Method(owner, name)
        case Structure(cls=type() as cls) if objects.holds(cls, name):
            return objects.of_class(ctx, owner, cls, name)
        case Above():
            return objects.of_above(ctx, owner, name)
        case Listed() | Records() if callable(getattr(list, name, None)):
            return Method(owner, name)
        case Static(value=str() as found) if callable(getattr(found, name, None)):
            return Method(owner, name)
        case Static(value=value) if isinstance(value, DESCRIBED) and hasattr(value, name):
            return captured(ctx, None, name, getattr(value, name))
        case Static(value=value) if numpy_table.is_distribution(value) and hasattr(value, name):
            return Static(getattr(value, name))
        case Static(value=found) if found is int and name in ("from_bytes", *OF_INTEGERS):
            return Static(getattr(int, name))
        case Static(value=found) if found is dict and name == "fromkeys":
            return Static(python_dicts.fromkeys)
        case Static(value=enum.EnumMeta() as cls) if name in cls.__members__:
            return Static(cls[name])
        case Static(value=type() as cls) if objects.is_own(cls) and objects.holds(cls, name):
            return objects.of_type(ctx, cls, name)
        case Static(value=type()):
            ctx.fail(f"{name} of {described(owner)} is not taken", "do it outside the function")
    ctx.fail(f"{described(owner)} has no {name} here", "do without it, or outside the function")


def sources(node: Any) -> list[str]:
    """How the items of a tuple are written, or what is none."""
    items = node.elts if isinstance(node, gast.Tuple) else [node]
    return [gast.unparse(one).strip() for one in items]


def text(ctx: Context, node: Any) -> Value:
    """An f-string: a text that is known now, or one with values of the running program in it."""
    return texts.joined(
        [
            Static(str(piece.value)) if isinstance(piece, gast.Constant) else formatted(ctx, piece)
            for piece in node.values
        ]
    )


CONVERSIONS = {-1: None, ord("s"): str, ord("r"): repr, ord("a"): ascii}


def formatted(ctx: Context, piece: Any) -> Static | Text:
    """One `{value!r:format}` of an f-string."""
    value = evaluate(ctx, piece.value)
    how = Static("") if piece.format_spec is None else text(ctx, piece.format_spec)
    convert = CONVERSIONS[piece.conversion]
    with ctx.at(piece.value):
        if not isinstance(how, Static):
            ctx.fail("a format that only the running program knows", "write the format out")
        return texts.shown(ctx, value, how.value, gast.unparse(piece.value).strip(), convert)


def dictionary(ctx: Context, keys: Sequence[Any], values: Sequence[Any]) -> Value:
    """`{key: value, **more}`."""
    found: dict[Any, Value] = {}
    for key, node in zip(keys, values, strict=True):
        name = None if key is None else iterables.key_of(ctx, evaluate(ctx, key))
        value = evaluate(ctx, node)
        if key is not None:
            found[name] = value
        elif isinstance(value, Structure) and value.kind == "dict":
            found.update(zip(value.keys, value.items, strict=True))
        else:
            ctx.fail("** takes a dict", "write the keys out", node)
    return Structure("dict", tuple(cells.again(ctx, v) for v in found.values()), tuple(found))
