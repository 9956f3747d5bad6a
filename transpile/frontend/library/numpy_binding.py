"""Arguments bound as NumPy binds them: by its own signature, where a function tells it."""

from __future__ import annotations

import functools
import inspect
import operator
import sys
from collections.abc import Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import Args, Named, is_none, parameter, spelled
from transpile.frontend.operands import described, many
from transpile.frontend.values import Option, Static, Value
from transpile.sym.ir import Const, Var, constant

BY_PLACE = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
FLAGS = ("keepdims", "copy")  # for which None does not stand for False
STRICT = ("keepdims", "where", "prepend", "append")  # of which None is a value, and no good one
OPEN = ("dtype", "order")  # None stands for what NumPy takes without them


@functools.cache
def signature(name: str, method: bool) -> Signature | None:
    """What NumPy says of a function, or of the method; None where it says nothing, or takes any
    number of arguments."""
    whole = name.startswith("scipy.")
    path = name.removeprefix("scipy.") if whole else f"ndarray.{name}" if method else name
    try:
        function = operator.attrgetter(path)(sys.modules["scipy"] if whole else np)
        found = inspect.signature(function)
    except (AttributeError, TypeError, ValueError):
        return None
    if any(p.kind is Parameter.VAR_POSITIONAL for p in found.parameters.values()):
        return None
    return found


def rebound(
    ctx: Context, name: str, ours: Sequence[str], theirs: Signature, args: Args, named: Named
) -> dict[str, Value]:
    """All arguments by our names of NumPy's parameters; others may have their default."""
    parameters = list(theirs.parameters.values())
    places = [p for p in parameters if p.kind in BY_PLACE]
    if len(args) > len(places):
        taken = many(len(places), "argument")
        ctx.fail(
            f"{spelled(name)} takes at most {taken} by position, not {len(args)}",
            "give the others by name",
        )
    given = {p.name: value for p, value in zip(places, args, strict=False)}
    for key, value in named.items():
        if key in given or theirs.parameters.get(key, ANY).kind is Parameter.POSITIONAL_ONLY:
            ctx.fail(f"{spelled(name)} does not take {key} by name here", "give it by position")
        given[key] = value
    mine = [parameter(one) for one in ours]
    defaulted = [parameter(one) for one in ours if "=" in one]
    found: dict[str, Value] = {}
    for key, value in given.items():
        there = theirs.parameters.get(key)
        if there is None:  # a method hands it on to the function
            own = signature(name, False) if is_none(value) else None
            there = own.parameters.get(key) if own is not None else None
            found[key] = value if there is None else nothing(ctx, name, key, there.default)
            continue
        place = parameters.index(there)
        if key not in mine and place < len(mine) and mine[place] not in theirs.parameters:
            key = mine[place]  # the same by another name
        if key in mine:
            if is_none(value) and key not in defaulted:
                value = nothing(ctx, name, key, there.default)
            elif key in FLAGS or (isinstance(there.default, bool) and key != "where"):
                flag(ctx, name, key, value)
            found[key] = value
        elif not is_default(value, there.default):
            left = ", ".join(one for one in mine if one not in found)
            help = f"taken are {left}" if left else "leave it out"
            ctx.fail(f"{spelled(name)} does not take {key} here", help)
    return found


ANY = Parameter("any", Parameter.KEYWORD_ONLY)


def nothing(ctx: Context, name: str, key: str, default: Any) -> Value:
    """What None means where it is given: nothing, if that is NumPy's default; no, for a flag."""
    if default is None or default is Parameter.empty or key in OPEN:
        return Static(None)
    if default is np._NoValue and key not in STRICT:
        return Static(None)
    if isinstance(default, bool) and key not in FLAGS:
        return constant(False)
    ctx.fail(f"{key} of {spelled(name)} is None", "leave it out, or pass a value")


def flag(ctx: Context, name: str, key: str, value: Value) -> None:
    """See that it is one truth."""
    if not isinstance(value, Var | Const | Option) or (isinstance(value, Var) and value.type.dims):
        message = f"{key} of {spelled(name)} has to be True or False, this is {described(value)}"
        ctx.fail(message, "write True or False")


def is_default(value: Value, default: Any) -> bool:
    """Is what is given what NumPy takes without it?"""
    if not isinstance(value, Static | Const):
        return False
    return value.value is default or (type(value.value) is type(default) and value.value == default)


def by_names(
    ctx: Context, name: str, ours: Sequence[str], args: Args, named: Named, method: bool
) -> tuple[Args, Mapping[str, Value]]:
    """The arguments as `bound` takes them."""
    theirs = signature(name, method)
    if theirs is None or any(one.startswith("*") for one in ours):
        return args, named
    return (), rebound(ctx, name, ours, theirs, args, named)
