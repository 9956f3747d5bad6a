"""`print` of texts and numbers."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from transpile.frontend.context import Context
from transpile.frontend.operands import number
from transpile.frontend.values import NONE, Static, Text, Value
from transpile.sym.ir import Atom, Print


def print_(ctx: Context, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    if set(named) - {"sep", "end", "flush"}:
        ctx.fail("print takes sep, end and flush only", "leave the others out")
    sep, end = (named.get(key, Static(text)) for key, text in (("sep", " "), ("end", "\n")))
    if not isinstance(sep, Static) or not isinstance(end, Static):
        ctx.fail("sep and end have to be texts")
    if not any(isinstance(value, Text) for value in args) and not set(named) & {"sep", "end"}:
        ctx.build.emit(Print(tuple(map(functools.partial(printed, ctx), args))), [])
        return NONE
    parts: list[str | Atom] = []
    formats: list[str] = []
    for k, value in enumerate(args):
        if k:
            parts.append(str(sep.value))
            formats.append("")
        if isinstance(value, Text):
            parts.extend(value.parts)
            formats.extend(value.formats)
        else:
            parts.append(printed(ctx, value))
            formats.append("")
    ctx.build.emit(Print((*parts, str(end.value)), (*formats, "")), [])
    return NONE


def printed(ctx: Context, value: Value) -> str | Atom:
    if isinstance(value, Static):
        return str(value.value)
    atom = number(ctx, value)
    if atom.type.dims:
        ctx.fail("print of an array is not taken", "print its elements, or return it")
    if atom.type.is_complex:
        ctx.fail("print of a complex number is not taken", "print z.real and z.imag")
    return atom
