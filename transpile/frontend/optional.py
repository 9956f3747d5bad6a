"""Numbers that may be None: `best = None`, until there is one."""

from __future__ import annotations

from typing import Any, Protocol

from transpile.frontend import join
from transpile.frontend.carried import Plan
from transpile.frontend.context import Context, State
from transpile.frontend.forms import plain
from transpile.frontend.values import NONE, Option, Value
from transpile.sym.ir import Const, Var, constant
from transpile.sym.types import Type


class Loop(Protocol):
    """What is asked of a `carry.Loop`."""

    ctx: Context
    plan: Plan
    before: State

    def carry_name(self, name: str, value: Value) -> None: ...


def opens(loop: Loop, name: str, form: Value, end: Value) -> bool:
    """Is the name None or a number before the loop, and perhaps the other after a round? Then it is
    carried with whether it is there."""
    given = isinstance(form, Var | Const)
    other = isinstance(end, Option) or (end == NONE if given else isinstance(end, Var | Const))
    if not other or not (given or form == NONE):
        return False
    before: Any = plain(loop.before.names[name])
    if form == NONE:
        ctx, value = loop.ctx, end.value if isinstance(end, Option) else end
        assert isinstance(value, Var | Const)
        if value.type.dims:
            return False
        inner, outer = ctx.build, ctx.build.parent
        assert outer is not None
        ctx.build = outer
        before = join.placeholder(ctx, value.type)
        ctx.build = inner
    loop.before.names[name] = Option(before, constant(given))
    loop.carry_name(name, loop.before.names[name])
    return True


def option(ctx: Context, value: Value, type: Type) -> Value:
    """A number or None as a number that may be None."""
    if value == NONE:
        return Option(join.placeholder(ctx, type), constant(False))
    return Option(value, constant(True)) if isinstance(value, Var | Const) else value
