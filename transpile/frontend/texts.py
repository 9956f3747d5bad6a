"""Texts with values of the running program in them: f-strings, `%`, and what is added to them."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from transpile.frontend.context import Context
from transpile.frontend.operands import described, number
from transpile.frontend.values import Static, Structure, Text, Value
from transpile.sym.ir import Atom, Const, Var
from transpile.sym.types import Type

FIELD = re.compile(r"%([-+ 0]*\d*(?:\.\d+)?)([sdifgeGE%])")


def joined(pieces: Sequence[Static | Text]) -> Static | Text:
    """One text after the other; known now if all are."""
    parts: list[str | Atom] = []
    formats: list[str] = []
    sources: list[str] = []
    for piece in pieces:
        if isinstance(piece, Static):
            piece = Text((str(piece.value),), ("",), ("",))
        parts += piece.parts
        formats += piece.formats
        sources += piece.sources
    if all(isinstance(part, str) for part in parts):
        return Static("".join(map(str, parts)))
    return Text(tuple(parts), tuple(formats), tuple(sources))


def shown(
    ctx: Context, value: Value, how: str, source: str, convert: Callable[[Any], str] | None = None
) -> Static | Text:
    """A value in a text, as `{value!convert:how}` has it; `source` is how it is written.

    In the message of an error, what only the running program knows stands by how it is written.
    """
    if isinstance(value, Static | Const):
        known = value.value if convert is None else convert(value.value)
        try:
            return Static(format(known, how))
        except (TypeError, ValueError) as error:
            ctx.fail(str(error))
    if isinstance(value, Text) and not how:
        return value
    if ctx.naming:
        return Static("{" + source + (f":{how}" if how else "") + "}")
    if isinstance(value, Structure) and value.kind in BRACKETS and value.cls is None and not how:
        first, last = BRACKETS[value.kind]
        last = "," + last if value.kind == "tuple" and len(value.items) == 1 else last
        parts = [shown(ctx, plain(ctx, one), "", source, repr) for one in value.items]
        between = [part for one in parts for part in (Static(", "), one)][1:]
        return joined([Static(first), *between, Static(last)])
    if convert is not None and convert is not str and not is_plain(value):
        ctx.fail(f"{described(value)} is put into a text by !r", "leave !r out")
    return piece(ctx, value, how, source)


BRACKETS = {"tuple": ("(", ")"), "list": ("[", "]")}


def is_plain(value: Value) -> bool:
    """Is it a number of Python's own, which repr shows as str does?"""
    return isinstance(value, Var | Const) and value.type.kind == "python"


def plain(ctx: Context, value: Value) -> Value:
    """An item of a list or tuple that is put into a text."""
    if isinstance(value, Var) and not is_plain(value):
        ctx.fail(f"{described(value)} of NumPy's is put into a text by its list", "put float(x) in")
    return value


def filled(
    ctx: Context, template: str, args: Sequence[Value], named: Mapping[str, Value]
) -> Static | Text:
    """`"... {} {name:.3f} ...".format(...)`."""
    pieces: list[Static | Text] = []
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError as error:
        ctx.fail(str(error))
    count = 0
    for before, name, how, convert in fields:
        pieces.append(Static(before))
        if name is None:
            continue
        key, count = (name, count) if name else (str(count), count + 1)
        given = dict(enumerate(args)).get(int(key)) if key.isdigit() else named.get(key)
        if given is None or "{" in (how or ""):
            ctx.fail(f"the field {{{name}}} of a text is not taken here", "write an f-string")
        pieces.append(shown(ctx, given, how or "", key, CONVERSIONS[convert]))
    return joined(pieces)


CONVERSIONS = {None: None, "s": str, "r": repr, "a": ascii}


def piece(ctx: Context, value: Value, how: str, source: str) -> Text:
    """A number of the running program in a text, under a format; `source` is how it is written."""
    atom = number(ctx, value)
    if atom.type.dims:
        ctx.fail(f"{described(value)} is put into a text", "put its elements in, one by one")
    if not is_format(how, atom):
        ctx.fail(f"the format {how!r} of {described(value)}", "write .3f, .2e, g or 5d")
    if atom.type == Type("float32", (), "numpy"):
        atom = ctx.build.convert(atom, "float64", "python")  # as NumPy formats it
    return Text((atom,), (how,), (source + (f":{how}" if how else ""),))


def is_format(how: str, atom: Atom) -> bool:
    """Does C print the number as Python does, under the same format?"""
    if atom.type.dtype == "bool":
        return not how
    pattern = r"[-+ ]?\d*(\.\d+)?[feEgG]" if atom.type.is_float else r"[-+ ]?0?\d*d"
    return not how or re.fullmatch(pattern, how) is not None


def percent(ctx: Context, template: str, given: Value, sources: Sequence[str]) -> Static | Text:
    """`"... %d ..." % values`."""
    is_tuple = isinstance(given, Structure) and given.kind == "tuple"
    values = given.items if is_tuple and isinstance(given, Structure) else (given,)
    plain = FIELD.split(template)[::3]  # what is between the formats
    asked = [found.groups() for found in FIELD.finditer(template)]
    if any("%" in part for part in plain):
        ctx.fail("this format of a text is not taken", "write an f-string")
    if sum(kind != "%" for _, kind in asked) != len(values):
        ctx.fail(f"a text takes other values than these {len(values)}", "write one for each format")
    left = iter(zip(values, [*sources, *["..."] * (len(values) - len(sources))], strict=True))
    pieces: list[Static | Text] = [Static(plain[0])]
    for (how, kind), after in zip(asked, plain[1:], strict=True):
        found = Static("%") if kind == "%" else field(ctx, *next(left), how, kind)
        pieces += [found, Static(after)]
    return joined(pieces)


def field(ctx: Context, value: Value, source: str, how: str, kind: str) -> Static | Text:
    """One value of `%`."""
    match value:
        case Static(value=known) | Const(value=known):
            return Static(f"%{how}{kind}" % (known,))
        case Text() if kind == "s" and not how:
            return value
    if kind == "s" or ctx.naming:
        return shown(ctx, value, how + kind * (kind != "s"), source)
    atom = number(ctx, value)
    if (kind in "di" and atom.type.is_float) or "-" in how:
        ctx.fail(f"%{how}{kind} does not take {described(value)} here", "write an f-string")
    if kind not in "di" and not atom.type.is_float and not atom.type.dims:
        atom = ctx.build.convert(atom, "float64", "python")
    return piece(ctx, atom, how + kind.replace("i", "d"), source)
