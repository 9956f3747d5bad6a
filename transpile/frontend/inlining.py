"""Calls of users' helpers: their bodies are read where they are called, with names of their own."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from transpile.frontend import absent, accept, captures, cells, scope, source
from transpile.frontend.context import Context
from transpile.frontend.join import hidden
from transpile.frontend.operands import as_atom, logic, many
from transpile.frontend.source import Source
from transpile.frontend.values import (
    NONE,
    Closure,
    Frame,
    Generated,
    Option,
    Structure,
    Value,
    Yielded,
)
from transpile.sym.ir import Var, constant

YES, NO = constant(True), constant(False)


def inline(ctx: Context, callee: Any, given: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """A call of a user's function: its body is read here, with names of its own."""
    if isinstance(callee, Closure):
        parent, text, node = callee.frame, callee.frame.source, callee.node
        outside = callee.defaults
        name = callee.name
    else:
        parent, (text, node) = None, read_helper(ctx, callee)
        outside = None
        name = callee.__name__
    check_recursion(ctx, node, name)
    frame = scope.frame_of(text, node, parent)
    frame.calls, frame.called = (*ctx.frame.calls, node), ctx.build.span
    passed = arguments(ctx, name, node, given, named)
    passed = {key: cells.stored(ctx, value) for key, value in passed.items()}
    if outside is None:
        outside = default_values(ctx, callee, passed)
    frame.names = {**cells.cells(ctx.frame.names), **outside, **passed}
    missing = [one for one in scope.parameters(node) if one not in frame.names]
    if missing:
        ctx.fail(f"{name} is called without {', '.join(missing)}")
    caller, callers = ctx.frame, ctx.callers
    span = ctx.build.span
    ctx.frame, ctx.callers = frame, (*callers, caller)
    try:
        return body_of(ctx, frame)
    finally:
        ctx.frame, ctx.callers = caller, callers
        caller.names.update(cells.cells(frame.names))
        ctx.build.span = span


def body_of(ctx: Context, frame: Frame) -> Value:
    """Read a function's body in its frame; what it returns."""
    for name in ("left", "until", "returned"):
        frame.names[hidden(name)] = NO
    ctx.hooks.block(ctx, scope.statements(frame.node), scope.captured(frame.node))
    returned = frame.names[hidden("returned")]
    if returned == NO:
        return NONE
    value = frame.names.get(hidden("value"), NONE)  # there is none where all ways raise
    if returned != YES and absent.can_be(value):  # None where control comes to the end
        assert isinstance(returned, Var)
        maybe = value if isinstance(value, Option) else Option(value, constant(True))
        given = as_atom(logic(ctx, "&", returned, maybe.given))
        return cells.loaded(ctx, Option(maybe.value, given))
    if returned != YES and value != NONE:
        ctx.fail(
            f"{frame.source.name} returns a value on some of its ways only",
            "end it with a return of the same kind",
            frame.node,
        )
    return cells.loaded(ctx, value)


def read_helper(ctx: Context, callee: Any) -> tuple[Source, Any]:
    found = source.read(callee)
    if found not in ctx.shared.sources:
        accept.check(found, helper=True)
        ctx.shared.sources[found] = None
    return found, found.tree


def default_values(ctx: Context, callee: Any, passed: Container[str]) -> dict[str, Value]:
    """The defaults of a helper for what is not passed, as they are now."""
    code = callee.__code__
    names, values = code.co_varnames[: code.co_argcount], callee.__defaults__ or ()
    by_name = callee.__kwdefaults__ or {}
    at = [(name, by_name, name) for name in by_name]
    at += [(name, values, k) for k, name in enumerate(names[len(names) - len(values) :])]
    return {
        name: captures.default(ctx, where, key, name)
        for name, where, key in at
        if name not in passed
    }


DEEPEST = 16  # so often a function may be read inside itself, where what is known ends it


def check_recursion(ctx: Context, node: Any, name: str) -> None:
    places = [k for k, one in enumerate(ctx.frame.calls) if one is node]
    if len(places) >= DEEPEST:
        cycle = [getattr(one, "name", "the lambda") for one in ctx.frame.calls]
        start = places[-1]
        ctx.unknown(
            f"{name} calls itself: {' -> '.join([*cycle[start:], name])}",
            "write it as a loop",
        )


def arguments(
    ctx: Context, name: str, node: Any, given: Sequence[Value], named: Mapping[str, Value]
) -> dict[str, Value]:
    """Parameters' names and what is passed for them."""
    signature, positional = node.args, scope.positional(node)
    if len(given) > len(positional) and signature.vararg is None:
        ctx.fail(f"{name} takes {many(len(positional), 'argument')}, not {len(given)}")
    if any(isinstance(value, Generated) for value in (*given, *named.values())):
        ctx.fail("a generator is passed to a function", "pass a list, [... for ...]")
    if not ctx.quoted and any(isinstance(v, Yielded) for v in (*given, *named.values())):
        ctx.fail("a generator is passed to a function", "pass list(...) of it")
    found = dict(zip(positional, given, strict=False))
    only = {arg.id for arg in getattr(signature, "posonlyargs", ())}
    by_name = [*positional, *scope.keyword_only(node)]
    more: dict[str, Value] = {}
    for key, value in named.items():
        taken = key in by_name and key not in only
        if key in found or not (taken or signature.kwarg is not None):
            ctx.fail(f"{name} got an argument {key} too many")
        (found if taken else more)[key] = value
    if signature.vararg is not None:
        found[signature.vararg.id] = Structure("tuple", tuple(given[len(positional) :]))
    if signature.kwarg is not None:
        found[signature.kwarg.id] = Structure("dict", tuple(more.values()), tuple(more))
    return found


def defaults(ctx: Context, node: Any) -> dict[str, Value]:
    """The default values of a nested function, evaluated where it is defined."""
    args = node.args
    found = {}
    given = getattr(args, "defaults", ())
    for name, default in zip(reversed(scope.positional(node)), reversed(given), strict=False):
        found[name] = cells.stored(ctx, ctx.hooks.evaluate(ctx, default))
    only, keyword = getattr(args, "kwonlyargs", ()), getattr(args, "kw_defaults", ())
    for arg, default in zip(only, keyword, strict=True):
        if default is not None:
            found[arg.id] = cells.stored(ctx, ctx.hooks.evaluate(ctx, default))
    return found
