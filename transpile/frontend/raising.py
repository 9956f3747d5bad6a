"""Errors that the user raises: checks of the running program, with the user's own message."""

from __future__ import annotations

import builtins
from typing import Any

import gast

from transpile.frontend.context import Context, Raised
from transpile.frontend.join import hidden
from transpile.frontend.values import Static, Text, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant


def unless(ctx: Context, test: Atom, node: Any) -> None:
    """`if test: raise ...`."""
    error, message = named(ctx, node)
    ctx.check(expr.unary(ctx.build, "not", test), error, message)


def raised(ctx: Context, node: Any) -> None:
    """`raise ...`: nothing is read that comes after it."""
    error, message = named(ctx, node)
    ctx.check(constant(False), error, message)
    if not (ctx.branches or ctx.loops):
        raise Raised
    for flag in ("left", "until", "returned"):
        ctx.frame.names[hidden(flag)] = constant(True)


def named(ctx: Context, node: Any) -> tuple[str, str]:
    """The name of the error's class, and its message."""
    exc = node.exc
    if exc is None and ctx.handled is not None:
        return ctx.handled
    if exc is None:
        ctx.fail("there is no error to raise anew", 'write raise ValueError("...")', node)
    called = isinstance(exc, gast.Call)
    found = ctx.hooks.evaluate(ctx, exc.func if called else exc)
    cls: Any = found.value if isinstance(found, Static) else None
    if not (isinstance(cls, type) and issubclass(cls, Exception)):
        ctx.fail("what is raised is no class of errors", 'write raise ValueError("...")', node)
    name = name_of(ctx, cls, node)
    args = exc.args if called else []
    if len(args) > 1 or (called and exc.keywords):
        ctx.fail("an error has one message here", 'write raise ValueError("...")', node)
    return name, text_of(ctx, args[0]) if args else ""


def name_of(ctx: Context, cls: type[Exception], node: Any) -> str:
    """How a check names a class of errors: a user's with its module, where it is to be found."""
    if getattr(builtins, cls.__name__, None) is cls:
        return cls.__name__
    name = f"{cls.__module__}:{cls.__qualname__}"
    users = [one for one in cls.__mro__ if getattr(builtins, one.__name__, None) is not one]
    if any("__init__" in vars(one) or "__new__" in vars(one) for one in users):
        ctx.fail(
            f"{cls.__name__} does more than keep its message when it is made",
            "raise one without an __init__ of its own",
            node,
        )
    path = cls.__qualname__.split(".")
    if not all(part.isidentifier() for part in (*cls.__module__.split("."), *path)):
        ctx.fail(f"{cls.__name__} is made in a function", "define it in the module", node)
    return name


def text_of(ctx: Context, node: Any) -> str:
    """The message of an error. What only the running program knows stands there by its name."""
    before, ctx.naming = ctx.naming, True
    try:
        found: Value = ctx.hooks.evaluate(ctx, node)
    finally:
        ctx.naming = before
    match found:
        case Text(parts=parts, sources=sources):
            return "".join(
                part if isinstance(part, str) else f"{{{source}}}"
                for part, source in zip(parts, sources, strict=True)
            )
        case Static() | Const():
            return str(found.value)
    return "{" + gast.unparse(node).strip() + "}"
