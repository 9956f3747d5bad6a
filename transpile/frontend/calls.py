"""Calls and attributes: Python's own functions, `math`, NumPy, methods, and users' helpers."""

from __future__ import annotations

import builtins
import dataclasses
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from transpile.frontend import (
    captures,
    custom,
    derived,
    numpy_calls,
    numpy_table,
    source,
    views,
)  # fmt: skip
from transpile.frontend.args import LOWERS, ORIGINAL, RULE
from transpile.frontend.context import Context
from transpile.frontend.iterables import item, items, length
from transpile.frontend.operands import (
    as_atom,
    as_python,
    compute,
    counted,
    described,
    integer,
    number,
    truth,
)  # fmt: skip
from transpile.frontend.values import (
    Array,
    Closure,
    Enumerate,
    Flat,
    Method,
    Range,
    Reshaped,
    Reversed,
    Static,
    Structure,
    Value,
    Zip,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Print, constant
from transpile.sym.ops import TABLE, arithmetic
from transpile.sym.types import INT

__all__ = ["call", "item", "items", "member"]

Args = Sequence[Value]
Named = Mapping[str, Value]


def call(ctx: Context, function: Value, args: Args, named: Named) -> Value:
    match function:
        case Closure():
            return ctx.hooks.inline(ctx, function, args, named)
        case Method(owner=owner, name=name):
            return method(ctx, owner, name, args, named)
        case Static(value=value):
            return static_call(ctx, value, args, named)
    ctx.fail(f"{described(function)} cannot be called")


def static_call(ctx: Context, value: Any, args: Args, named: Named) -> Value:
    if value is custom.stop_gradient:
        return custom.stopped(ctx, args, named)
    if hasattr(value, RULE):
        return custom.call(ctx, value, args, named)
    if hasattr(value, ORIGINAL):
        return ctx.hooks.inline(ctx, source.plain(value), args, named)
    if hasattr(value, LOWERS):
        return derived.call(ctx, value, args, named)
    name = getattr(value, "__name__", type(value).__name__)
    if getattr(builtins, name, None) is value:
        return builtin(ctx, name, args, named)
    if getattr(math, name, None) is value:
        return math_call(ctx, name, [number(ctx, a) for a in args])
    if numpy_table.is_numpy(value):
        return numpy_calls.call(ctx, value, args, named)
    if isinstance(value, FunctionType):
        return ctx.hooks.inline(ctx, value, args, named)
    if isinstance(value, type) and hasattr(value, "__dataclass_fields__"):
        return record(ctx, value, args, named)
    if isinstance(value, type) and value.__bases__ == (tuple,) and hasattr(value, "_fields"):
        return named_tuple(ctx, value, args, named)
    ctx.fail(
        f"{name} has no Python source that could be read",
        "write it in Python and NumPy, or call it outside the function",
    )


def record(ctx: Context, cls: type, args: Args, named: Named) -> Value:
    """A dataclass made from its fields by the `__init__` that `dataclass` wrote for it."""
    fields = dataclasses.fields(cls)
    code = getattr(inspect.getattr_static(cls, "__init__"), "__code__", None)
    written = code is not None and code.co_filename == "<string>"  # by `dataclass`, that is
    if not written or hasattr(cls, "__post_init__") or not all(field.init for field in fields):
        ctx.fail(
            f"{cls.__name__} does more than keep its fields when it is made",
            "make it outside, or use a dataclass without __post_init__ and an __init__ of its own",
        )
    try:
        bound = inspect.signature(cls).bind(*args, **named)
    except TypeError as error:
        ctx.fail(f"{cls.__name__}: {error}")
    found = dict(bound.arguments)
    for field in fields:
        if field.name not in found and field.default is dataclasses.MISSING:
            ctx.fail(f"{cls.__name__}.{field.name} has a default_factory", f"pass {field.name}")
        if field.name not in found:
            found[field.name] = captures.known(ctx, field.name, field.default)
    names = tuple(field.name for field in fields)
    return Structure("dataclass", tuple(found[name] for name in names), names, cls)


def named_tuple(ctx: Context, cls: Any, args: Args, named: Named) -> Value:
    """A tuple with names made from its fields."""
    try:
        found = dict(inspect.signature(cls).bind(*args, **named).arguments)
    except TypeError as error:
        ctx.fail(f"{cls.__name__}: {error}")
    for name, value in cls._field_defaults.items():
        if name not in found:
            found[name] = captures.known(ctx, name, value)
    return Structure("tuple", tuple(found[name] for name in cls._fields), cls._fields, cls)


# -- Python's own


def builtin(ctx: Context, name: str, args: Args, named: Named) -> Value:
    found = BUILTINS.get(name)
    if found is None:
        ctx.fail(f"the built-in {name} is not taken", help=REMEDIES.get(name))
    if named and name not in ("enumerate", "print", "max", "min", "sum", "zip"):
        ctx.fail(f"{name} takes no keywords here")
    return found(ctx, args, named)


REMEDIES = {
    "round": "write np.rint(x), or np.floor(x + 0.5)",
    "sorted": "sort before the call, or write the loops of a sort",
    "map": "write a `for` loop",
    "filter": "write a `for` loop with an `if`",
    "getattr": "write the attribute's name",
}


def arity(ctx: Context, name: str, args: Args, *counts: int) -> None:
    if len(args) not in counts:
        ctx.fail(f"{name} takes {' or '.join(map(str, counts))} arguments, not {len(args)}")


def len_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "len", args, 1)
    return length(ctx, args[0])


def abs_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "abs", args, 1)
    atom = number(ctx, args[0])
    if isinstance(atom, Const) and atom.type.kind == "python":
        return constant(abs(atom.value))
    found = expr.call(ctx.build, "absolute", [counted(ctx, atom)], {})
    return as_python(ctx, found) if atom.type.kind == "python" else ctx.made(found)


def zip_(ctx: Context, args: Args, named: Named) -> Value:
    """`zip`; with `strict=True` all have to be of one length, before the first round."""
    strict = named.get("strict", constant(False))
    if not isinstance(strict, Const) or set(named) - {"strict"}:
        ctx.fail("zip takes strict=True or strict=False only")
    if strict.value:
        for other in args[1:]:
            fits = compute(ctx, "==", length(ctx, args[0]), length(ctx, other))
            ctx.check(as_atom(fits), "ValueError", "what is zipped differs in length")
    return Zip(tuple(args))


def extreme(name: str) -> Callable[[Context, Args, Named], Value]:
    symbol = {"max": ">", "min": "<"}[name]

    def found(ctx: Context, args: Args, named: Named) -> Value:
        if named:
            ctx.fail(f"{name} takes no keywords here", f"write np.{name}, or a loop")
        if len(args) == 1 and isinstance(args[0], Array):
            ctx.fail(f"{name} of an array", f"write np.{name}(...)")
        parts = items(ctx, args[0]) if len(args) == 1 else list(args)
        if not parts:
            ctx.fail(f"{name} of nothing")
        best = number(ctx, parts[0])
        for part in parts[1:]:
            other = number(ctx, part)
            if best.type.dims or other.type.dims:
                ctx.fail(f"{name} of arrays is ambiguous", f"write np.{name}imum(a, b)")
            better = truth(ctx, compute(ctx, symbol, other, best))
            if isinstance(better, bool):
                best = other if better else best
            else:
                best = ctx.build.apply(arithmetic.WHERE, better, other, best)
        return best

    return found


def sum_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "sum", args, 1, 2)
    start = args[1] if len(args) == 2 else named.get("start", constant(0))
    if isinstance(args[0], Array):
        total = expr.call(ctx.build, "sum", [number(ctx, args[0])], {"axis": 0})
        return ctx.made(compute(ctx, "+", number(ctx, start), total))
    atom = number(ctx, start)
    for part in items(ctx, args[0]):
        atom = compute(ctx, "+", atom, number(ctx, part))
    return ctx.made(atom)


def int_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "int", args, 0, 1)
    atom = number(ctx, args[0]) if args else constant(0)
    scalar(ctx, "int", atom)
    if isinstance(atom, Const) and math.isfinite(atom.value):
        return constant(int(atom.value))
    if atom.type.is_float:
        whole = compute(ctx, "==", atom, atom)
        ctx.check(as_python(ctx, whole), "ValueError", "cannot convert float NaN to integer")
        small = compute(ctx, "<", expr.call(ctx.build, "absolute", [atom], {}), constant(2.0**63))
        ctx.check(as_python(ctx, small), "OverflowError", "float is too large for an integer here")
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


def bool_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "bool", args, 0, 1)
    test = truth(ctx, args[0]) if args else False
    return constant(test) if isinstance(test, bool) else test


def scalar(ctx: Context, name: str, atom: Atom) -> None:
    if atom.type.dims:
        ctx.fail(f"{name} takes one number, this is an array", "pick an element, x[0]")


def range_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "range", args, 1, 2, 3)
    bounds = [integer(ctx, a, "a bound of range") for a in args]
    start, stop = (bounds[0], bounds[1]) if len(bounds) > 1 else (constant(0), bounds[0])
    step = bounds[2] if len(bounds) == 3 else constant(1)
    facts, form = ctx.build.facts, ctx.build.dim(step)
    if not (facts.positive(form) or facts.positive(-form)):
        proper = compute(ctx, "!=", step, constant(0))
        ctx.check(proper, "ValueError", "range() arg 3 must not be zero")
    return Range(start, stop, step)


def enumerate_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "enumerate", args, 1, 2)
    start = args[1] if len(args) == 2 else named.get("start", constant(0))
    return Enumerate(args[0], integer(ctx, start, "the start of enumerate"))


def reversed_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "reversed", args, 1)
    if isinstance(args[0], Zip | Enumerate):
        ctx.fail(f"{described(args[0])} cannot be reversed", "reverse its parts")
    return Reversed(args[0])


def struct_of(kind: str) -> Callable[[Context, Args, Named], Value]:
    def found(ctx: Context, args: Args, named: Named) -> Value:
        arity(ctx, kind, args, 0, 1)
        return Structure(kind, tuple(items(ctx, args[0])) if args else ())

    return found


def print_(ctx: Context, args: Args, named: Named) -> Value:
    if named:
        ctx.fail("print takes no keywords here")
    parts: list[str | Atom] = []
    for value in args:
        if isinstance(value, Static):
            parts.append(str(value.value))
            continue
        atom = number(ctx, value)
        if atom.type.dims:
            ctx.fail("print of an array is not taken", "print its elements, or return it")
        parts.append(atom)
    ctx.build.emit(Print(tuple(parts)), [])
    return Static(None)


def pow_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "pow", args, 2)
    return ctx.made(compute(ctx, "**", number(ctx, args[0]), number(ctx, args[1])))


def slice_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "slice", args, 1, 2, 3)
    bounds = (Static(None), args[0]) if len(args) == 1 else tuple(args)
    whole = (*bounds, Static(None))[:3]
    return Structure("slice", whole, ("start", "stop", "step"), slice)


def divmod_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "divmod", args, 2)
    x, y = number(ctx, args[0]), number(ctx, args[1])
    pair = [ctx.made(compute(ctx, symbol, x, y)) for symbol in ("//", "%")]
    return Structure("tuple", tuple(pair))


BUILTINS: dict[str, Callable[[Context, Args, Named], Value]] = {
    "len": len_, "abs": abs_, "max": extreme("max"), "min": extreme("min"), "sum": sum_,
    "int": int_, "float": float_, "bool": bool_, "range": range_, "enumerate": enumerate_,
    "zip": zip_, "reversed": reversed_,
    "tuple": struct_of("tuple"), "list": struct_of("list"), "print": print_, "pow": pow_,
    "divmod": divmod_, "slice": slice_,
}  # fmt: skip


# -- math

MATH = {op.math: op for op in TABLE.values() if op.math is not None}
WHOLE = {"floor": "floor", "ceil": "ceil", "trunc": "trunc"}


def math_call(ctx: Context, name: str, args: list[Atom]) -> Value:
    """A function of the math module: Python floats in and out, and its errors."""
    if not any(a.type.dims for a in args) and all(isinstance(a, Const) for a in args):
        return math_constant(ctx, name, [a.value for a in args if isinstance(a, Const)])
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
        ctx.fail(f"math.{name} is not in the operator table", f"try np.{name}")
    op = MATH[name]
    if len(floats) != len(op.args):
        ctx.fail(f"math.{name} takes {len(op.args)} arguments, not {len(floats)}")
    if op.math_needs is not None:
        inside = ctx.build.text(op.math_needs, dict(zip(op.args, floats, strict=True)))
        nan = compute(ctx, "!=", floats[0], floats[0])
        inside = compute(ctx, "|", as_python(ctx, inside), nan)
        ctx.check(inside, "ValueError", DOMAIN)
    if name in ("sin", "cos", "tan"):
        ctx.check(compute(ctx, "!=", size(ctx, floats[0]), INFINITE), "ValueError", DOMAIN)
    found = as_python(ctx, ctx.build.apply(op, *floats))
    if name in ("exp", "exp2", "expm1", "sinh", "cosh", "hypot"):
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
        ctx.fail(f"math.{name} does not give a number")
    return constant(found)


# -- attributes and methods


def member(ctx: Context, owner: Array | Atom, name: str) -> Value:
    """`x.shape` and its like."""
    type = views.type_of(ctx, owner) if isinstance(owner, Array) else owner.type
    match name:
        case "shape":
            return Structure("tuple", tuple(ctx.build.extent(d) for d in type.dims))
        case "ndim":
            return constant(type.ndim)
        case "size":
            return views.extent_of(ctx, type.dims)
        case "dtype":
            return Static(np.dtype(type.dtype))
        case "T":
            return views.transposed(ctx, owner) if isinstance(owner, Array) else owner
        case "flat" if isinstance(owner, Array):
            row = Reshaped((views.extent_of(ctx, type.dims),))
            return Array(owner.base, (*owner.path, row, Flat()))
        case "real":
            return owner
    if not hasattr(np.ndarray, name):
        ctx.fail(f"an array has no {name}")
    return Method(owner, name)


def method(ctx: Context, owner: Any, name: str, args: Args, named: Named) -> Value:
    if isinstance(owner, Structure):
        names = Structure("tuple", tuple(Static(key) for key in owner.keys))
        pairs = [Structure("tuple", pair) for pair in zip(names.items, owner.items, strict=True)]
        parts = {"keys": names.items, "values": owner.items, "items": tuple(pairs)}
        return Structure("tuple", parts[name])
    return numpy_calls.method(ctx, owner, name, args, named)
