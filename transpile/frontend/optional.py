"""What may be None in a loop: `best = None`, until there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from transpile.frontend import join, lists
from transpile.frontend.carried import Plan
from transpile.frontend.context import Context, State
from transpile.frontend.forms import leaves, plain, rebuilt
from transpile.frontend.lists import Item
from transpile.frontend.values import NONE, Array, Option, Structure, Value
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.types import Type


class Loop(Protocol):
    """What is asked of a `carry.Loop`."""

    ctx: Context
    plan: Plan
    before: State
    outer: Builder
    since: int

    def carry_name(self, name: str, value: Value) -> None: ...
    def content(self, leaf: Atom | Array) -> Atom: ...


def opens(loop: Loop, name: str, form: Value, end: Value) -> bool:
    """Is the name None or something else before the loop, and perhaps the other after a round?
    Then it is carried with whether it is there."""
    given = is_carried(form)
    other = isinstance(end, Option) or (end == NONE if given else is_carried(end))
    if not other or not (given or form == NONE):
        return False
    before: Any = plain(loop.before.names[name])
    if form == NONE:
        before = made_before(loop, end.value if isinstance(end, Option) else end)
        if before is None:
            return False
    loop.before.names[name] = Option(before, constant(given))
    loop.carry_name(name, loop.before.names[name])
    return True


def is_carried(value: Value) -> bool:
    """Is it a number, an array or a tuple of these?"""
    if isinstance(value, Structure):
        return value.kind == "tuple" and all(map(is_carried, value.items))
    return isinstance(value, Var | Const | Array)


def made_before(loop: Loop, value: Value) -> Value | None:
    """Any value of this form, made before the loop; None where only a round knows its lengths."""
    types = list(outside(loop, value)) if is_carried(value) else [None]
    if None in types:
        return None
    ctx, inner, parts = loop.ctx, loop.ctx.build, list[Value]()
    ctx.build = loop.outer
    for type in types:
        assert type is not None
        parts.append(ctx.made(join.placeholder(ctx, type)))
        if isinstance(part := parts[-1], Array):
            loop.before.bases[part.base] = ctx.bases[part.base]
    ctx.build = inner
    return rebuilt(value, iter(parts))


def outside(loop: Loop, value: Value) -> Iterator[Type | None]:
    """The types of the leaves, their lengths computed before the loop."""
    for leaf in leaves(value):
        item = Item(loop.content(leaf).type, "array")
        found = lists.same_outside(loop.ctx, item, loop.outer, loop.since)
        yield None if found is None else found.type


def option(ctx: Context, value: Value, known: Option) -> Value:
    """What may be None, or is, or is not, as one of this form that may be None."""
    if value == NONE:
        there = known.value
        if isinstance(there, Var | Const):
            there = join.placeholder(ctx, there.type)
        return Option(there, constant(False))
    return value if isinstance(value, Option) else Option(value, constant(True))
