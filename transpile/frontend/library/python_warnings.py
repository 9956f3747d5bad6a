"""`warnings.warn`: the text of a warning is told to the caller, for the line that it is of."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from transpile.errors import Span, Warned
from transpile.frontend import quieting, raising
from transpile.frontend.context import Context
from transpile.frontend.operands import CONSTANT, described
from transpile.frontend.source import WRITTEN
from transpile.frontend.values import NONE, Frame, Partial, Static, Text, Value
from transpile.sym.ir import Const, Print, constant

ONE = constant(1)


def warn(
    message: Value, category: Value = NONE, stacklevel: Value = ONE, source: Value = NONE
) -> dict[str, Value]:
    """The parameters of `warnings.warn`."""
    return locals()


def is_of_warnings(value: Any) -> bool:
    """Is it one of the functions of `warnings`, or a class of warnings?"""
    is_class = isinstance(value, type) and issubclass(value, Warning)
    return is_class or any(value is getattr(warnings, name) for name in ("warn", *quieting.FILTERS))


def call(ctx: Context, value: Any, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    if isinstance(value, type):
        return Partial(Static(value), tuple(args), tuple(named.items()))
    if value is not warnings.warn:
        help = "write it in the first lines of a `with warnings.catch_warnings():`"
        ctx.fail(f"warnings.{value.__name__} is called here", help)
    try:
        given = warn(*args, **named)
    except TypeError as error:
        ctx.fail(f"warnings.{error}", "take message, category and stacklevel")
    text, category = message(ctx, given)
    name = raising.name_of(ctx, category, None)
    if ctx.catches(name):
        ctx.fail("a `try` around this would catch the warning, were it an error", "warn after it")
    is_known = all(isinstance(part, str) for part in text.parts)
    shown = "".join(map(str, text.parts)) if is_known else None
    if not quieting.is_ignored(ctx, category, shown):
        warned = place(ctx, name, given["stacklevel"])
        ctx.build.emit(Print(text.parts, text.formats, warned), [])
    return NONE


def message(ctx: Context, given: Mapping[str, Value]) -> tuple[Text, type[Warning]]:
    """The text, and the class of the warning, which may be given as one that is made."""
    text, category = given["message"], given["category"]
    if isinstance(text, Partial) and len(text.args) == 1 and not text.named:
        category, text = text.function, text.args[0]
    cls: Any = category.value if isinstance(category, Static) else category
    cls = UserWarning if cls is None else cls
    if not (isinstance(cls, type) and issubclass(cls, Warning)):
        ctx.fail("what is warned of is no class of warnings", 'write warnings.warn("...")')
    if isinstance(text, Static) and isinstance(text.value, str):
        text = Text((text.value,), ("",), ("",))
    if not isinstance(text, Text):
        ctx.fail(f"the text of a warning is {described(text)}", 'write warnings.warn("...")')
    if given["source"] != NONE:
        ctx.fail("warnings.warn takes no source here", "leave it out")
    return text, cls


def place(ctx: Context, category: str, level: Value) -> Warned:
    """The line that the warning is of: here, where this function was called, or further out."""
    if not isinstance(level, Const) or not isinstance(level.value, int):
        ctx.unknown("the stacklevel of a warning has to be known", CONSTANT)
    found: list[tuple[Frame, Span | None]] = []
    span = ctx.build.span
    for frame in (ctx.frame, *reversed(ctx.callers)):
        if not frame.source.globals.get("__name__", "").startswith(WRITTEN):
            found.append((frame, span))
        span = frame.called
    places = max(1, level.value)
    if places > len(found):
        return Warned(category, None, "", places - len(found))
    frame, span = found[places - 1]
    return Warned(category, span, frame.source.globals.get("__name__", ""))
