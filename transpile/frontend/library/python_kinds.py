"""What kind of value it is: `isinstance`, `type` and their like; how many arguments there are."""

from __future__ import annotations

import collections
import functools
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.python_deque import is_deque
from transpile.frontend.library.python_dicts import SAMPLES, Dict
from transpile.frontend.operands import described, number
from transpile.frontend.values import (
    Array,
    Closure,
    Enumerate,
    Letter,
    Letters,
    Listed,
    Mapped,
    Method,
    Option,
    Partial,
    Range,
    Records,
    Reversed,
    Static,
    Structure,
    Text,
    Value,
    View,
    Zip,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import constant
from transpile.sym.types import PYTHON_TYPES

Args = Sequence[Value]
Named = Mapping[str, Value]


def arity(ctx: Context, name: str, args: Args, *counts: int) -> None:
    if len(args) not in counts:
        shown = " or ".join(map(str, counts))
        ctx.fail(f"{name} takes {shown} argument{'s' * (counts != (1,))}, not {len(args)}")


def sample(ctx: Context, value: Value) -> Any:
    """A Python object of the class that the value has."""
    match value:
        case Static(value=found):
            return found
        case Structure() if is_deque(value):
            return collections.deque()
        case Structure(cls=cls, items=items) if cls in SAMPLES:
            missing = cls is Dict and items[-1] != Static(None)
            return collections.defaultdict() if missing else SAMPLES[cls]()
        case Structure(kind="tuple", cls=cls):
            return tuple.__new__(cls or tuple)
        case Structure(kind=kind, cls=cls):
            return {"list": list, "dict": dict}[kind]() if cls is None else object.__new__(cls)
        case Array():
            return np.empty(0)
        case Range():
            return range(0)
        case Listed() | Records():
            return []
        case Zip() | Enumerate() | Reversed() | Mapped():
            return iter(())
        case View():
            return {}.keys()
        case Text() | Letter() | Letters(kind="str"):
            return ""
        case Letters(kind=kind):
            return b"" if kind == "bytes" else bytearray()
        case Closure():
            return sample
        case Partial():
            return functools.partial(sample)
    atom = number(ctx, value)
    if atom.type.kind == "python":
        return PYTHON_TYPES[atom.type.dtype]()
    return np.empty(0) if atom.type.dims else np.dtype(atom.type.dtype).type(0)


def isinstance_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "isinstance", args, 2)
    if isinstance(args[0], Option):
        there = isinstance(sample(ctx, args[0].value), classes(ctx, args[1]))
        if there == isinstance(None, classes(ctx, args[1])):
            return constant(there)
        given = args[0].given
        return given if there else expr.unary(ctx.build, "not", given)
    return constant(isinstance(sample(ctx, args[0]), classes(ctx, args[1])))


def issubclass_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "issubclass", args, 2)
    return constant(issubclass(classes(ctx, args[0]), classes(ctx, args[1])))


def classes(ctx: Context, value: Value) -> Any:
    if isinstance(value, Structure):
        return tuple(classes(ctx, part) for part in value.items)
    if not (isinstance(value, Static) and isinstance(value.value, type | UnionType)):
        message = f"a class is expected here, this is {described(value)}"
        ctx.fail(message, "name a class of Python's or NumPy's")
    return value.value


def type_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "type", args, 1)
    return Static(type(sample(ctx, args[0])))


def callable_(ctx: Context, args: Args, named: Named) -> Value:
    arity(ctx, "callable", args, 1)
    code = isinstance(args[0], Closure | Partial | Method)
    return constant(code or callable(sample(ctx, args[0])))
