"""Room for what grows without a bound that is known before: one more argument, larger on demand.

A list or array whose length depends on its own elements has the room that a hidden argument says.
Where that is too little, the program stops with a `BufferError`, and whoever called it calls again
with more. What is larger once stays so.
"""

from __future__ import annotations

from typing import Any

from transpile.errors import Span, UnsupportedError
from transpile.frontend.context import Again, Context
from transpile.frontend.values import Base
from transpile.sym import walk
from transpile.sym.ir import Atom, Function, Print, Var, constant
from transpile.sym.ops import arithmetic
from transpile.sym.types import INT

FIRST = 1024
MESSAGE = "what grows here needs more room"


class Capacity:
    """How many items there is room for, and the line for which there has to be."""

    def __init__(self, span: Span | None) -> None:
        self.room, self.span = FIRST, span

    def __call__(self) -> Any:
        return self.room

    def grow(self) -> None:
        self.room *= 2


def room(ctx: Context) -> Atom:
    """The argument. Raises Again where there is none yet: the function is read anew with it."""
    hidden = ctx.shared.hidden
    if Capacity not in hidden:
        hidden[Capacity] = Capacity(ctx.build.span), Base("room"), Var("room", INT)
        raise Again
    return ctx.bases[hidden[Capacity][1]]


def given(ctx: Context) -> Atom:
    """The argument, or no room at all where there is none."""
    return room(ctx) if Capacity in ctx.shared.hidden else constant(-1)


def check(ctx: Context, length: Atom, room: Atom) -> None:
    """Stop where so many items have no room."""
    fits = ctx.build.apply(arithmetic.LESS_EQUAL, length, room)
    ctx.build.check(fits, "BufferError", MESSAGE)


def is_over(error: BufferError) -> bool:
    """Is it a program's that has to be called again with more room?"""
    return str(error).endswith(MESSAGE)


def check_repeatable(function: Function, capacity: Capacity) -> None:
    """Refuse a program that may be called twice and prints or warns."""
    if any(isinstance(eqn.rhs, Print) for eqn in walk.equations(function.body)):
        raise UnsupportedError(
            "a program that prints or warns has a list here whose length depends on its elements",
            capacity.span,
            "return what it tells, and print it or warn outside",
        )
