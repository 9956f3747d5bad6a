"""`with np.errstate(...)` and `with warnings.catch_warnings()`: no value changes by them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from transpile.errors import Quiet
from transpile.frontend.context import Context
from transpile.frontend.values import NONE, Ignored, Static, Value
from transpile.sym.ir import Const

KINDS = ("all", "divide", "over", "under", "invalid")
OUTSIDE = "do it outside the function"
IGNORE = 'write warnings.simplefilter("ignore", SomeWarning), or filter outside the function'


def opened(ctx: Context, block: Any) -> list[Any]:
    """The statements of a `with` that are to be read, once it is noted what it silences."""
    body = list(block.body)
    for one in block.items:
        node = one.context_expr
        function = ctx.hooks.evaluate(ctx, node.func) if isinstance(node, gast.Call) else NONE
        if one.optional_vars is None and function == Static(np.errstate):
            errstate(ctx, block, node)
        elif one.optional_vars is None and function == Static(warnings.catch_warnings):
            body = caught(ctx, block, node, body)
        else:
            ctx.fail("this `with` is not taken", OUTSIDE, node)
    return body


def errstate(ctx: Context, block: Any, node: Any) -> None:
    """C does not warn; generated Python has it."""
    kinds: list[tuple[str, str]] = []
    if node.args or any(keyword.arg not in KINDS for keyword in node.keywords):
        ctx.fail(f"np.errstate takes {', '.join(KINDS)}", None, node)
    for keyword in node.keywords:
        value = ctx.hooks.evaluate(ctx, keyword.value)
        if not isinstance(value, Static) or value.value not in ("ignore", "warn"):
            ctx.fail(
                "errors of NumPy's arithmetic that raise are not taken",
                'write "ignore", and test with np.isfinite',
                node,
            )
        kinds.append((keyword.arg, value.value))
    quiet(ctx, block, *kinds)


def quiet(ctx: Context, block: Any, *kinds: tuple[str, str]) -> None:
    span = ctx.span(block)
    if span is not None and not ctx.quoted and kinds:
        lines = lines_of(ctx, block)
        ctx.shared.quiet[Quiet(span.file, lines.start, lines.stop - 1, kinds)] = None


def lines_of(ctx: Context, block: Any) -> range:
    first = ctx.frame.source.span(block).line
    return range(first, first + block.end_lineno - block.lineno + 1)


# -- warnings.catch_warnings


def caught(ctx: Context, block: Any, node: Any, body: list[Any]) -> list[Any]:
    """`with warnings.catch_warnings():`, in whose first lines it is said what is ignored."""
    given = read(ctx, node, catch_warnings)
    if given["action"] is not None:
        ignore(ctx, block, node, {**given, "message": "", "module": ""})
    while body and (taken := taken_by(ctx, body[0])) is not None:
        with ctx.at(body[0]):
            ignore(ctx, block, body[0], read(ctx, body[0].value, taken))
        body = body[1:]
    return body


def taken_by(ctx: Context, node: Any) -> Callable[..., Any] | None:
    """The function of ours whose parameters this statement gives, if it filters warnings."""
    if not (isinstance(node, gast.Expr) and isinstance(node.value, gast.Call)):
        return None
    if not isinstance(node.value.func, gast.Attribute | gast.Name):
        return None
    found = ctx.hooks.evaluate(ctx, node.value.func)
    value = found.value if isinstance(found, Static) else None
    name = getattr(value, "__name__", "")
    return FILTERS.get(name) if getattr(warnings, name, None) is value else None


def catch_warnings(
    *, record: Any = False, module: Any = None, action: Any = None, category: Any = Warning,
    lineno: Any = 0, append: Any = False,
) -> Any:  # fmt: skip
    return locals()


def simplefilter(action: Any, category: Any = Warning, lineno: Any = 0, append: Any = False) -> Any:
    return {**locals(), "message": "", "module": ""}


def filterwarnings(
    action: Any, message: Any = "", category: Any = Warning, module: Any = "", lineno: Any = 0,
    append: Any = False,
) -> Any:  # fmt: skip
    return locals()


FILTERS: dict[str, Callable[..., Any]] = {f.__name__: f for f in (simplefilter, filterwarnings)}


def read(ctx: Context, node: Any, taken: Callable[..., Any]) -> dict[str, Any]:
    """What a call gives, all of it known while the program is read."""
    try:
        args = [known(ctx, ctx.hooks.evaluate(ctx, arg)) for arg in node.args]
        named = {k.arg: known(ctx, ctx.hooks.evaluate(ctx, k.value)) for k in node.keywords}
        given: dict[str, Any] = taken(*args, **named)
    except TypeError as error:
        ctx.fail(f"warnings are not filtered so: {error}", IGNORE, node)
    if given.get("record"):
        ctx.fail("warnings that are recorded are not taken", "record them outside", node)
    return given


def known(ctx: Context, value: Value) -> Any:
    if isinstance(value, Static | Const):
        return value.value
    ctx.unknown("how warnings are filtered has to be known", IGNORE)


def ignore(ctx: Context, block: Any, node: Any, given: dict[str, Any]) -> None:
    """Note a filter: warnings of the lines of the `with`, and NumPy's in generated Python."""
    if given["action"] != "ignore" or given["module"] or given["lineno"] or given["append"]:
        shown = f'"{given["action"]}"' if given["action"] != "ignore" else "a place or append"
        ctx.fail(f"a filter of warnings with {shown} is not taken", IGNORE, node)
    category = given["category"]
    if not (isinstance(category, type) and issubclass(category, Warning)):
        ctx.fail("what is ignored is no class of warnings", "write UserWarning", node)
    ctx.frame.ignored.append(Ignored(lines_of(ctx, block), category, given["message"]))
    if issubclass(RuntimeWarning, category):
        quiet(ctx, block, ("all", "ignore"))


def is_ignored(ctx: Context, category: type[Warning], text: str | None) -> bool:
    """Does a `with` around, here or where this was called, silence the warning? Its text is None
    where only the running program knows it."""
    span = ctx.build.span
    for frame in (ctx.frame, *reversed(ctx.callers)):
        for one in frame.ignored:
            if span is None or span.line not in one.lines or not issubclass(category, one.category):
                continue
            if one.message and text is None:
                ctx.fail("whether this warning is ignored depends on its text", IGNORE)
            if text is None or re.match(one.message, text, re.IGNORECASE):
                return True
        span = frame.called
    return False
