"""Texts and bytes whose content only the running program knows, and the characters in them.

A text is an array of code points that nothing writes into, `bytes` one of uint8; a `bytearray` is
written through its items. What is asked of a text that is known, where only the running program
knows the place, is asked of an array of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from transpile.frontend import captures, indices, operands, views
from transpile.frontend.context import Context
from transpile.frontend.library import letters_written
from transpile.frontend.operands import as_atom, as_python, compute, described, truth
from transpile.frontend.values import (
    NONE,
    Array,
    Indexed,
    Letter,
    Letters,
    Reversed,
    Static,
    Structure,
    Value,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import arithmetic, shape

BYTES = ("bytes", "bytearray")


def texts_of(ctx: Context, value: Value) -> Letters | None:
    """The value as a text of the running program, or bytes; None where it is neither."""
    match value:
        case Letters():
            return value
        case Letter(code=code):
            made = ctx.build.apply(shape.EMPTY, constant(1), dtype="uint32")
            found = ctx.made(made)
            assert isinstance(found, Array)
            views.write(ctx, views.stepped(ctx, found, Indexed(("i",), (constant(0),))), code)
            return Letters("str", found)
        case Static(value=str() as text):
            return captures.letters(ctx, "text", text)
    return None


def copied(ctx: Context, array: Array) -> Array:
    made = ctx.made(ctx.build.apply(shape.COPY, views.read(ctx, array)))
    assert isinstance(made, Array)
    return made


def written(ctx: Context, text: Callable[..., Any], *args: Value) -> Value:
    with ctx.quoting():
        return ctx.hooks.inline(ctx, text, args, {})


# -- items and slices


def subscript(ctx: Context, owner: Letters, key: Value) -> Value:
    """`owner[key]`: a character or a byte, or a part, which is a copy of what can change."""
    if isinstance(key, Structure) and key.kind == "slice":
        view = part(ctx, owner.array, key)
        return Letters(owner.kind, copied(ctx, view) if owner.kind == "bytearray" else view)
    return character(ctx, owner, place(ctx, owner, key))


def part(ctx: Context, array: Array, key: Value) -> Array:
    where = indices.indexed(ctx, views.type_of(ctx, array).dims, [indices.part(ctx, key)])
    return views.stepped(ctx, array, where)


def place(ctx: Context, owner: Letters, key: Value) -> Array:
    """Where one item stands."""
    at = operands.integer(ctx, key, f"the index of {described(owner)}")
    return part(ctx, owner.array, at)


def character(ctx: Context, owner: Letters, at: Array) -> Value:
    code = as_python(ctx, views.read(ctx, at))
    return Letter(code) if owner.kind == "str" else code


def set_item(ctx: Context, owner: Letters, key: Value, value: Value) -> None:
    """`owner[key] = value` of a bytearray."""
    if owner.kind != "bytearray":
        ctx.fail(f"an item of {described(owner)} is assigned", "make a bytearray of it first")
    if not (isinstance(key, Structure) and key.kind == "slice"):
        views.write(ctx, place(ctx, owner, key), byte(ctx, value))
        return
    view = part(ctx, owner.array, key)
    given = made(ctx, "bytearray", value)
    here, there = (views.extent_of(ctx, views.type_of(ctx, a).dims) for a in (view, given.array))
    fits = as_atom(truth(ctx, compute(ctx, "==", here, there)))
    ctx.check(fits, "NotImplementedError", "a slice of a bytearray gets another length here")
    views.write(ctx, view, views.read(ctx, given.array))


def byte(ctx: Context, value: Value) -> Atom:
    """An integer as a byte."""
    code = operands.integer(ctx, value, "a byte")
    for symbol, bound in ((">=", 0), ("<", 256)):
        fits = as_atom(truth(ctx, compute(ctx, symbol, code, constant(bound))))
        ctx.check(fits, "ValueError", "byte must be in range(0, 256)")
    return ctx.build.convert(code, "uint8", "numpy")


# -- making


def made(ctx: Context, kind: str, value: Value) -> Letters:
    """`bytes(value)` and `bytearray(value)`."""
    match value:
        case Letters(kind="bytes" | "bytearray", array=array):
            same = kind == value.kind == "bytes"
            return value if same else Letters(kind, copied(ctx, array))
        case Array() if views.type_of(ctx, value).dtype == "uint8":
            if views.type_of(ctx, value).ndim != 1:
                ctx.fail(f"{kind} of an array of several axes", "write x.ravel()")
            return Letters(kind, copied(ctx, value))
        case Array():
            dtype = views.type_of(ctx, value).dtype
            ctx.fail(f"{kind} of an array of {dtype}", "write x.astype(np.uint8)")
        case Static() | Letters():
            ctx.fail(f"{kind} of {described(value)}", "write the bytes themselves")
    number = isinstance(value, Var | Const) and not value.type.dims
    text = letters_written.zeros if number else letters_written.gathered
    found = written(ctx, text, value)
    assert isinstance(found, Array)
    return Letters(kind, found)


def to_bytes(ctx: Context, number: Atom, length: Value, order: Value, signed: Value) -> Value:
    """`number.to_bytes(length, order)`."""
    little = is_little(ctx, order)
    given = (number, length, constant(little), signed)
    found = written(ctx, letters_written.to_bytes, *given)
    assert isinstance(found, Array)
    return Letters("bytes", found)


def from_bytes(ctx: Context, args: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """`int.from_bytes(data, order)`."""
    given = dict(zip(("bytes", "byteorder"), args, strict=False)) | dict(named)
    data, signed = given.pop("bytes", NONE), given.pop("signed", constant(False))
    little = is_little(ctx, given.pop("byteorder", Static("big")))
    if given or data == NONE:
        ctx.fail("int.from_bytes takes bytes, byteorder and signed")
    if isinstance(data, Letters) and data.kind == "str":
        ctx.fail("int.from_bytes of a text", "pass bytes")
    source = data if isinstance(data, Letters) else made(ctx, "bytes", data)
    ordered: Value = Reversed(source.array) if little else source.array
    text = letters_written.whole_signed if truth(ctx, signed) is True else letters_written.whole
    return written(ctx, text, ordered)


def is_little(ctx: Context, order: Value) -> bool:
    if not isinstance(order, Static) or order.value not in ("little", "big"):
        ctx.fail("the order of bytes has to be known", 'write "little" or "big"')
    return bool(order.value == "little")


def of_integers(
    ctx: Context, name: str, args: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    """`int.from_bytes(...)` and its like, and `n.bit_length()` and its like."""
    found = dict(named)
    if name == "from_bytes":
        return from_bytes(ctx, args, named)
    number = operands.integer(ctx, args[0])
    if name == "to_bytes":
        found.update(zip(("length", "byteorder"), args[1:], strict=False))
        length, order = found.pop("length", constant(1)), found.pop("byteorder", Static("big"))
        return to_bytes(ctx, number, length, order, found.pop("signed", constant(False)))
    if name in ("bit_length", "bit_count") and len(args) == 1 and not named:
        return written(ctx, getattr(letters_written, name), number)
    ctx.fail(f"int.{name} is not taken", "write it with what is taken")


# -- comparisons


def compared(ctx: Context, symbol: str, x: Value, y: Value) -> Value:
    """`x == y`, `x < y` and their like, one of them a text or bytes."""
    one, other = code_of(x), code_of(y)
    if one is not None and other is not None:
        return ctx.made(compute(ctx, symbol, one, other))
    kinds = {kind_of(x), kind_of(y)}
    if kinds not in ({"str"}, {"bytes"}):
        if symbol in ("==", "!="):
            return constant(symbol == "!=")
        ctx.fail(f"{described(x)} and {described(y)} have no order", "compare texts, or numbers")
    for value, flag in ((x, y), (y, x)):
        if is_whole(value) and isinstance(flag, Static):
            ctx.unknown(
                "a text that is an argument is compared with one that is known",
                "compare its characters",
            )
    a, b = texts_of(ctx, x), texts_of(ctx, y)
    assert a is not None and b is not None
    if symbol in ("==", "!="):
        found = written(ctx, letters_written.equal, a.array, b.array)
        test = truth(ctx, found)
        if symbol == "==":
            return as_atom(test)
        return constant(not test) if isinstance(test, bool) else negated(ctx, test)
    order = written(ctx, letters_written.order, a.array, b.array)
    return ctx.made(compute(ctx, symbol, operands.number(ctx, order), constant(0)))


def negated(ctx: Context, test: Atom) -> Atom:
    return expr.unary(ctx.build, "not", test)


def is_whole(value: Value) -> bool:
    """Is it a text that is an argument, and may be one of few that the program is built for?"""
    if not isinstance(value, Letters) or value.kind != "str":
        return False
    return value.array.base.param is not None and not value.array.path


def kind_of(value: Value) -> str:
    match value:
        case Letters(kind="bytearray"):
            return "bytes"
        case Letters(kind=kind):
            return kind
        case Letter() | Static(value=str()):
            return "str"
    return ""


def code_of(value: Value) -> Atom | None:
    """The code point of a text of one character."""
    match value:
        case Letter(code=code):
            return code
        case Static(value=str() as text) if len(text) == 1:
            return constant(ord(text))
    return None


def contains(ctx: Context, owner: Value, value: Value) -> Atom | bool:
    """`value in owner`, of texts or bytes one of which only the running program knows."""
    match owner, value:
        case Static(value=str() as text), Letter(code=code) if len(text) <= MOST:
            return one_of(ctx, code, text)
        case (Letters(kind="bytes" | "bytearray", array=array), Var() | Const()):
            byte(ctx, value)
            return in_array(ctx, array, value)
    if kind_of(value) != kind_of(owner):
        ctx.fail(f"`in` of {described(owner)} of {described(value)}", "compare in a loop")
    point, whole = code_of(value), texts_of(ctx, owner)
    assert whole is not None
    if point is not None:
        return in_array(ctx, whole.array, point)
    found = operands.number(ctx, searched(ctx, whole, value, constant(0)))
    return truth(ctx, compute(ctx, ">=", found, constant(0)))


MOST = 64  # characters that one is compared with one by one
SHORT = 16


def one_of(ctx: Context, code: Atom, text: str) -> Atom | bool:
    """Is it one of these characters? Neighbours are tested by their bounds."""
    found: Atom | bool = False
    points = sorted(set(map(ord, text)))
    while points:
        first = last = points.pop(0)
        while points and points[0] == last + 1:
            last = points.pop(0)
        inside: Atom | bool = True
        for symbol, bound in ((">=", first), ("<=", last)) if last > first else (("==", first),):
            test = as_atom(truth(ctx, compute(ctx, symbol, code, constant(bound))))
            inside = operands.logic(ctx, "&", as_atom(inside), test)
        found = operands.logic(ctx, "|", as_atom(found), as_atom(inside))
    return found


def in_array(ctx: Context, array: Array, code: Atom) -> Atom | bool:
    same = compute(ctx, "==", views.read(ctx, array), code)
    return truth(ctx, expr.call(ctx.build, "any", [same], {"axis": None, "keepdims": False}))


def place_in(ctx: Context, text: str, code: Atom) -> Atom:
    """Where the character is first in a short text that is known, -1 where it is not there."""
    found: Atom = constant(-1)
    for k, one in reversed(list(enumerate(text))):
        same = compute(ctx, "==", code, constant(ord(one)))
        found = ctx.build.apply(arithmetic.WHERE, same, constant(k), found)
    return found


def searched(ctx: Context, text: Value, value: Value, start: Value) -> Value:
    """Where the part is first, -1 where it is not there."""
    code = code_of(value)
    if isinstance(text, Static) and len(text.value) <= SHORT and code and start == constant(0):
        return place_in(ctx, text.value, code)
    whole, wanted = texts_of(ctx, text), texts_of(ctx, value)
    assert whole is not None
    if wanted is None and isinstance(value, Var | Const):
        wanted = made(ctx, "bytes", Structure("tuple", (value,)))
    if wanted is None or kind_of(wanted) != kind_of(whole):
        ctx.fail(f"{described(value)} is looked for in {described(text)}", "pass another like it")
    return written(ctx, letters_written.find, whole.array, wanted.array, start)


# -- Python's own functions


def ord_(ctx: Context, value: Value) -> Value:
    code = code_of(value)
    if isinstance(value, Letters):
        count = views.extent_of(ctx, views.type_of(ctx, value.array).dims)
        single = compute(ctx, "==", count, constant(1))
        ctx.check(as_atom(truth(ctx, single)), "TypeError", "ord() expected a character")
        return as_python(ctx, views.read(ctx, place(ctx, value, constant(0))))
    if code is None:
        ctx.fail("ord takes one character", "write ord(text[0])")
    return code


def chr_(ctx: Context, value: Value) -> Value:
    code = operands.integer(ctx, value, "the argument of chr")
    if isinstance(code, Const) and 0 <= code.value < 0x110000:
        return Static(chr(int(code.value)))
    for symbol, bound in ((">=", 0), ("<", 0x110000)):
        fits = as_atom(truth(ctx, compute(ctx, symbol, code, constant(bound))))
        ctx.check(fits, "ValueError", "chr() arg not in range(0x110000)")
    return Letter(code)


def digit(ctx: Context, value: Letter) -> Value:
    """`int(ch)`."""
    return written(ctx, letters_written.digit, value.code)


# -- methods


def method(
    ctx: Context, owner: Letters | Letter | Static, name: str, args: Sequence[Value]
) -> Value:
    """`owner.name(...)`."""
    if isinstance(owner, Letter) and name in OF_CHARACTERS and not args:
        found = written(ctx, getattr(letters_written, name), owner.code)
        if name not in ("upper", "lower"):
            return found
        return Letter(operands.number(ctx, found))
    match name, args:
        case "find", [value]:
            return searched(ctx, owner, value, constant(0))
        case "find", [value, start]:
            return searched(ctx, owner, value, start)
        case "index", [value]:
            found = searched(ctx, owner, value, constant(0))
            there = compute(ctx, ">=", operands.number(ctx, found), constant(0))
            ctx.check(as_atom(truth(ctx, there)), "ValueError", "substring not found")
            return found
        case (("startswith" | "endswith" | "count"), [value]):
            text, wanted = texts_of(ctx, owner), texts_of(ctx, value)
            if text is not None and wanted is not None and kind_of(wanted) == kind_of(text):
                return written(ctx, OF_PARTS[name], text.array, wanted.array)
        case (("upper" | "lower"), []) if isinstance(owner, Letters) and owner.kind == "str":
            found = written(ctx, OF_CASES[name], owner.array)
            assert isinstance(found, Array)
            return Letters("str", found)
    ctx.fail(f"the method {name} of {described(owner)} is not taken here", "write it with a loop")


OF_CHARACTERS = (
    "isdigit", "isupper", "islower", "isalpha", "isalnum", "isspace", "upper", "lower",
)  # fmt: skip
OF_CASES = {"upper": letters_written.uppers, "lower": letters_written.lowers}
OF_PARTS: dict[str, Callable[..., Any]] = {
    "startswith": letters_written.begins, "endswith": letters_written.ends,
    "count": letters_written.count,
}  # fmt: skip
