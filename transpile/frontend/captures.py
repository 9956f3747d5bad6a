"""Globals and closures: numbers are constants that are guarded, arrays are hidden parameters."""

from __future__ import annotations

import copy
import dataclasses
import functools
from collections.abc import Callable
from types import CellType, ModuleType
from typing import Any

import numpy as np

from transpile.errors import ArgumentError
from transpile.frontend import args
from transpile.frontend.context import Again, Context
from transpile.frontend.values import (
    CALLERS,
    MUTABLE,
    Array,
    Base,
    Letters,
    Partial,
    Static,
    Structure,
    Value,
)
from transpile.sym.ir import Const, Var, constant
from transpile.sym.types import DTYPES, Type

Where = dict[str, Any] | CellType | None
Place = Where | tuple[Any, ...]


def captured(
    ctx: Context, where: Where, name: str, value: Any, module: ModuleType | None = None
) -> Value:
    """A value found outside the function. `where` is None for Python's own names."""
    if isinstance(value, np.ndarray):
        return hidden(ctx, where, name)
    found = known(ctx, name, value)
    package = "" if module is None else module.__name__.split(".")[0]
    if (
        where is not None
        and package not in ("numpy", "math", "cmath")
        and not isinstance(value, ModuleType)
    ):
        guard(ctx, where, name, value)
    return found


def guard(ctx: Context, where: Where, name: str, value: Any) -> None:
    """Remember to compare the value on each call; of a dataclass, every field."""
    kept = value
    if isinstance(value, list | dict | tuple):
        try:
            kept = copy.deepcopy(value)
        except TypeError:
            message = f"{name} has objects in it that cannot be copied, to be compared later"
            ctx.fail(message, "pass in what is needed of it")
    if is_object(value):
        if not hasattr(value, "__dict__"):
            ctx.fail(f"{name} is a dataclass with slots", "pass it in as an argument")
        for field, part in vars(value).items():
            guard(ctx, vars(value), field, part)
    if isinstance(where, CellType):
        ctx.shared.guards[id(where)] = (where, kept)
    elif where is not None:
        ctx.shared.guards[id(where), name] = (where, name, kept)


def is_object(value: Any) -> bool:
    """Is it an object that is a structure of its attributes?"""
    if isinstance(value, type):
        return False
    return dataclasses.is_dataclass(value) or args.is_object(value)


def known(ctx: Context, name: str, value: Any) -> Value:
    """A Python object as a value of the program."""
    if type(value) in (bool, float, complex):
        return constant(value)
    if type(value) is int:
        return constant(value)
    if isinstance(value, np.generic):
        if value.dtype.name not in DTYPES:
            help = args.converted(value.dtype)
            ctx.fail(f"{name} has dtype {value.dtype}, which is not taken", help)
        return Const(value.item(), Type(value.dtype.name, (), "numpy"))
    bracketed = any(value is one for one in (np.mgrid, np.ogrid, np.r_, np.c_))
    if isinstance(value, bytes | bytearray):
        return letters(ctx, name, value)
    code = callable(value) and not is_object(value)
    if isinstance(value, ModuleType) or code or args.is_static(value) or bracketed:
        return Static(value)
    try:
        parts = keyed(ctx, name, value) if type(value) is dict else args.children(value)
    except ArgumentError as error:
        ctx.fail(error.message, error.help)
    if parts is None:
        ctx.fail(
            f"{name} is a {type(value).__name__}, which has no array form",
            "pass in the numbers and arrays that are needed of it",
        )
    kind, keys, items = parts
    if any(isinstance(item, np.ndarray) for item in items):
        ctx.fail(f"{name} is a {kind} with an array in it", "pass it in as an argument")
    values = tuple(known(ctx, name, item) for item in items)
    names, cls = args.labels(value, keys)
    return Structure(kind, values, names, cls, CALLERS if kind in MUTABLE else None)


def letters(ctx: Context, name: str, value: str | bytes | bytearray) -> Letters:
    """A text or bytes that are known, as an array that is passed with each call."""
    if isinstance(value, bytearray):
        ctx.fail(f"{name} is a bytearray, which may change", "pass it in as an argument")
    array = hidden(ctx, codes(value), name, 0)
    assert isinstance(array, Array)
    return Letters("str" if isinstance(value, str) else "bytes", array)


@functools.lru_cache(maxsize=1024)
def codes(value: str | bytes) -> tuple[np.ndarray]:
    return (args.codes_of(value),)


def keyed(ctx: Context, name: str, value: dict[Any, Any]) -> tuple[str, Any, Any]:
    """Kind, keys and items of a dict."""
    if not all(map(is_key, value)):
        ctx.fail(f"{name} has keys that are no texts or integers", "give it texts as keys")
    return "dict", tuple(value), tuple(value.values())


def is_key(key: Any) -> bool:
    """Can a dict of the program have this key?"""
    return all(map(is_key, key)) if type(key) is tuple else isinstance(key, str | int | None)


def partial(ctx: Context, value: functools.partial[Any]) -> Partial:
    """A partial made outside: its function, and the arguments that it has already."""
    args = tuple(known(ctx, "an argument of a partial", one) for one in value.args)
    named = tuple((name, known(ctx, name, one)) for name, one in value.keywords.items())
    return Partial(Static(value.func), args, named)


def default(ctx: Context, where: dict[str, Any] | tuple[Any, ...], at: Any, name: str) -> Value:
    """The default of a helper's parameter, as it is now."""
    if isinstance(where[at], np.ndarray):
        return hidden(ctx, where, name, at)
    return known(ctx, name, where[at])


def hidden(ctx: Context, where: Place, name: str, at: Any = None) -> Value:
    """A global array, or a helper's default: one more parameter, read at each call.

    It is found in `where` at `at`, which is its name unless another is given.
    Raises Again where it is new: the function is read anew with the parameter there from the start.
    """
    at = name if at is None else at
    key = (id(where), None if isinstance(where, CellType) else at)
    shared = ctx.shared
    if key not in shared.hidden:
        read = reader(where, at)
        stretch = args.in_one_stretch(read())
        sizes: list[Var] = []
        try:
            type = args.leaf_type(read(), name, sizes)
        except ArgumentError as error:
            ctx.fail(error.message.replace("argument", "the global", 1), error.help)
        shared.sizes = (*shared.sizes, *sizes)
        base = Base(name, shared.first_hidden + len(shared.hidden), stretch)
        shared.hidden[key] = (read, base, Var(name, type))
        raise Again
    return Array(shared.hidden[key][1])


def reader(where: Place, at: Any) -> Callable[[], np.ndarray]:
    if isinstance(where, CellType):
        return lambda: where.cell_contents
    assert where is not None
    return lambda: where[at]


def literal(ctx: Context, value: Any) -> Value:
    if isinstance(value, bool | int | float | complex):
        return constant(value)
    if isinstance(value, bytes):
        return letters(ctx, "text", value)
    return Static(value)
