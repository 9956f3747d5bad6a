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
    name = getattr(cls, "__name__", "")
    ours = isinstance(cls, type) and issubclass(cls, Exception)
    if not ours or getattr(builtins, name, None) is not cls:
        ctx.fail("only Python's own errors can be raised", 'write raise ValueError("...")', node)
    args = exc.args if called else []
    if len(args) > 1 or (called and exc.keywords):
        ctx.fail("an error has one message here", 'write raise ValueError("...")', node)
    return name, text_of(ctx, args[0]) if args else ""


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
