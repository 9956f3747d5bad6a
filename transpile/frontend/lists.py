"""What a loop does to lists, dicts and dataclasses."""

from __future__ import annotations

from typing import Any, Protocol

from transpile.frontend import cells
from transpile.frontend.carried import Plan
from transpile.frontend.context import Context, State
from transpile.frontend.forms import same_form
from transpile.frontend.operands import described
from transpile.frontend.values import Maybe, Value


class Loop(Protocol):
    """What is asked of a `carry.Loop`."""

    ctx: Context
    node: Any
    plan: Plan
    before: State

    def carry_name(self, name: str, value: Value) -> None: ...


def opens(loop: Loop, name: str, before: Value | None, end: Value) -> bool:
    """Is the name bound to other lists in a round, so that it is carried by value from now?"""
    refs = set(cells.references(end))
    mine = set() if before is None else set(cells.references(plain(before)))
    if name in loop.plan.opened or refs == mine:
        return False
    loop.plan.opened[name] = None
    loop.plan.frozen.update(dict.fromkeys((refs | mine) & loop.before.names.keys()))
    if before is None:
        loop.plan.names.pop(name, None)
        return True
    value = by_value(loop.ctx, loop.before.names, name)
    loop.before.names[name] = value
    loop.carry_name(name, value)
    return True


def plain(value: Value) -> Value:
    return value.value if isinstance(value, Maybe) else value


def by_value(ctx: Context, names: dict[str, Value], name: str) -> Value:
    return cells.opened(ctx, names, names[name])


def open_all(loop: Loop) -> None:
    """Put what is in them in place of the lists that are carried by value."""
    names = loop.ctx.frame.names
    for name in loop.plan.opened:
        names[name] = by_value(loop.ctx, names, name)


def check_form(loop: Loop, name: str, label: str, form: Value, end: Value) -> None:
    """Refuse what is another kind of value after a round."""
    if same_form(form, end):
        return
    if cells.is_cell(name):
        loop.ctx.unknown(
            "a list or dict has other items after a round of this loop than before it",
            "make an array that is large enough, and fill it",
            loop.node,
        )
    loop.ctx.fail(
        f"{label} is {described(form)} before this loop and {described(end)} after a round of it",
        "use another name for each",
        loop.node,
    )
