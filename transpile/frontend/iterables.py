"""What a `for` goes over: how many items there are, and what each one is."""

from __future__ import annotations

from typing import Any, TypeGuard

from msgspec.structs import replace

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.library import python_deque, python_dicts, python_hashed
from transpile.frontend.operands import as_atom, as_python, compute, described, truth
from transpile.frontend.pieces import item_with
from transpile.frontend.values import (
    NONE,
    Array,
    Enumerate,
    Indexed,
    Letter,
    Letters,
    Listed,
    Mapped,
    Method,
    Range,
    Records,
    Reversed,
    Static,
    Structure,
    Value,
    View,
    Zip,
    is_cell,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import arithmetic, shape


def opened(value: Value) -> Value:
    """The list in a deque or dict, or in a view of a dict; another value as it is."""
    return python_dicts.opened(python_deque.opened(value))


def length(ctx: Context, value: Value) -> Atom:
    """`len(value)`, a Python integer."""
    build, value = ctx.build, opened(value)
    match value:
        case Array():
            type = views.type_of(ctx, value)
            if not type.dims:
                ctx.impossible("TypeError", "a 0-dimensional array has no length")
            return build.extent(type.dims[0])
        case Structure(items=parts) if value.kind != "dataclass":
            return constant(len(parts))
        case Structure(items=(keys, *_)) if python_hashed.is_table(value):
            return length(ctx, keys)
        case Static(value=str() as text):
            return constant(len(text))
        case Range(start=start, stop=stop, step=step):
            if step == constant(1):
                return build.extent(build.dim(stop) - build.dim(start))
            return expr.range_length(build, start, stop, step)
        case Enumerate(part=part) | Reversed(part=part):
            return length(ctx, part)
        case Zip(parts=parts):
            return shortest(ctx, [length(ctx, part) for part in parts])
        case Mapped(parts=part) | View(owner=part):
            return length(ctx, part)
        case Listed(array=array) | Letters(array=array):
            return length(ctx, array)
        case Letter():
            return constant(1)
        case Records(columns=(column, *_)):
            return length(ctx, column)
    missing = isinstance(value, Var | Const) or value == NONE
    ctx.impossible("TypeError" if missing else "", f"{described(value)} has no length")


def shortest(ctx: Context, lengths: list[Atom]) -> Atom:
    if not lengths:
        return constant(0)
    best = lengths[0]
    for other in lengths[1:]:
        if ctx.build.dim(other) == ctx.build.dim(best):
            continue
        less = truth(ctx, compute(ctx, "<", other, best))
        best = ctx.build.apply(arithmetic.WHERE, as_atom(less), other, best)
    return best


def item(ctx: Context, value: Value, at: Atom) -> Value:
    """Item number `at`, which is certainly there."""
    build, value = ctx.build, opened(value)
    match value:
        case Array():
            view = views.stepped(ctx, value, Indexed(("i",), (at,)))
            return view if views.type_of(ctx, view).dims else views.read(ctx, view)
        case Range(start=start, stop=_, step=step):
            return expr.binary(build, "+", start, expr.binary(build, "*", at, step))
        case Enumerate(part=part, start=start):
            number = expr.binary(build, "+", start, at)
            return Structure("tuple", (number, item(ctx, part, at)))
        case Reversed(part=part):
            last = expr.binary(build, "-", length(ctx, part), constant(1))
            return item(ctx, part, expr.binary(build, "-", last, at))
        case Zip(parts=parts):
            return Structure("tuple", tuple(item(ctx, part, at) for part in parts))
        case Mapped(function=function, parts=zipped):
            given = [item(ctx, part, at) for part in zipped.parts]
            return ctx.hooks.call(ctx, function, given, {})
        case Listed():
            return listed_item(ctx, value, at)
        case Letters(kind=kind, array=array):
            found = item(ctx, array, at)
            assert is_atom(found)
            code = as_python(ctx, found)
            return Letter(code) if kind == "str" else code
        case Letter():
            return value
        case Records(form=form, columns=columns):
            first, *others = (build.dim(length(ctx, column)) for column in columns)
            equal = (fact for other in others for fact in (other - first, first - other))
            build.facts = build.facts.having(*equal)
            return item_with(form, (item(ctx, column, at) for column in columns))
        case Structure() | View() | Static(value=str()) if isinstance(at, Const):
            return items(ctx, value)[int(at.value)]
    raise AssertionError(type(value).__name__)


def listed_item(ctx: Context, value: Listed, at: Atom) -> Value:
    """An item of a list whose length is not known: as it was put there."""
    if value.tuples == "mixed":
        ctx.fail(
            "an item of a list of unknown length whose items are empty, or hold numbers of several "
            "types",
            "make an array of it; of lists that differ in length keep pairs (row, item) in one",
        )
    if value.levels:
        return row_of(ctx, value, at)
    found = item(ctx, whole(ctx, value.array, at), at)
    if value.tuples:
        count = length(ctx, found)
        assert isinstance(count, Const)
        parts = [item(ctx, found, constant(k)) for k in range(int(count.value))]
        if value.kind == "python":
            parts = [as_python(ctx, part) if is_atom(part) else part for part in parts]
        return Structure(value.tuples, tuple(parts))
    if isinstance(found, Array):
        row = ctx.made(ctx.build.apply(shape.COPY, views.read(ctx, found)))
        assert isinstance(row, Array)
        ctx.frozen[row.base] = ctx.build.span  # the item itself would be written
        return row
    return as_python(ctx, found) if value.kind == "python" and is_atom(found) else found


def place(ctx: Context, at: Atom, count: Atom, message: str = "list index out of range") -> Atom:
    """An index counted from the left, where there is such an item."""
    build, facts = ctx.build, ctx.build.facts
    index, length = build.dim(at), build.dim(count)
    if not facts.positive(length - index):
        test = truth(ctx, compute(ctx, "<", at, count))
        ctx.check(as_atom(test), "IndexError", message)
    if facts.nonnegative(index):
        return at
    test = truth(ctx, compute(ctx, ">=", at, compute(ctx, "-", constant(0), count)))
    ctx.check(as_atom(test), "IndexError", message)
    found = build.text("where(k < 0, k + n, k)", {"k": at, "n": count})
    build.facts = build.facts.having(build.dim(found), length - build.dim(found) - 1)
    return found


def whole(ctx: Context, array: Array, at: Atom) -> Array:
    """The array of which this is a first part, where the place is certainly in that part."""
    match array.path[-1:]:
        case (Indexed(index=(("slice", False, True, False),), at=(length,)),):
            place, facts = ctx.build.dim(at), ctx.build.facts
            if facts.nonnegative(place) and facts.positive(ctx.build.dim(length) - place):
                return Array(array.base, array.path[:-1])
    return array


def row_of(ctx: Context, owner: Listed, at: Atom) -> Listed:
    """An item of a table: a view of it; of one that is not known, a copy that is not written."""
    known = owner.fixed and not owner.at
    if not known:
        at = place(ctx, at, length(ctx, owner.array))
    view = views.stepped(ctx, owner.array, Indexed(("i",), (at,)))
    found = replace(owner, array=view, levels=owner.levels - 1, fixed=True, loan=False)
    if known:
        return found
    if owner.cell is not None and is_cell(owner.cell):
        return replace(found, at=(*owner.at, at))
    found = replace(found, cell=None)
    copied = ctx.made(ctx.build.apply(shape.COPY, views.read(ctx, view)))
    assert isinstance(copied, Array)
    ctx.frozen[copied.base] = ctx.build.span
    return replace(found, array=copied)


def check_ordered(ctx: Context, value: Value) -> None:
    """Refuse what comes in an order that only CPython knows."""
    if python_hashed.is_set(value):
        ctx.fail("a set is gone over, in the order that its hashes have", "write sorted(s)")


def is_atom(value: Value) -> TypeGuard[Atom]:
    return isinstance(value, Var | Const)


def unrolled(value: Value) -> bool:
    """Is the loop over this written out, since its items differ in kind?"""
    match opened(value):
        case Structure() | View() | Static(value=str()):
            return True
        case Enumerate(part=part) | Reversed(part=part) | Mapped(parts=part):
            return unrolled(part)
        case Zip(parts=parts):
            return any(map(unrolled, parts))
    return False


def items(ctx: Context, value: Value) -> list[Value]:
    """All items, where their number is known now."""
    value = opened(value)
    check_ordered(ctx, value)
    match value:
        case Structure(kind="dict", keys=keys):
            return [key_value(key) for key in keys]
        case Structure(items=parts) if value.kind != "dataclass":
            return list(parts)
        case View(owner=Structure() as owner, name=name):
            names = [key_value(key) for key in owner.keys]
            pairs = zip(names, owner.items, strict=True)
            found: list[Value] = [Structure("tuple", pair) for pair in pairs]
            return {"keys": names, "values": list(owner.items), "items": found}[name]
        case Static(value=str() as text):
            return list(map(Static, text))
        case Mapped(function=function, parts=zipped):
            rounds = items(ctx, zipped)
            return [ctx.hooks.call(ctx, function, items(ctx, one), {}) for one in rounds]
    if isinstance(value, Static | Method | Structure):
        ctx.fail(f"{described(value)} has no items here")
    if isinstance(value, Zip) and any(map(unrolled, value.parts)):
        counts = [len(items(ctx, part)) for part in value.parts if unrolled(part)]
        return [item(ctx, value, constant(k)) for k in range(known_count(ctx, value, min(counts)))]
    count = length(ctx, value)
    if not isinstance(count, Const):
        ctx.unknown(
            f"the number of items of {described(value)} is not known here",
            "take it apart by index, or write a `for` loop",
        )
    return [item(ctx, value, constant(k)) for k in range(int(count.value))]


def key_of(ctx: Context, value: Value) -> Any:
    """A key of a dict: known, as Python has it."""
    match value:
        case Static(value=str() | None as found) | Const(value=found):
            return found
        case Structure(kind="tuple", items=parts, cls=None):
            return tuple(key_of(ctx, part) for part in parts)
    ctx.unknown("the key of a dict has to be known", "write a text or a number, or use an array")


def key_value(key: Any) -> Value:
    """A key of a dict as a value."""
    if isinstance(key, tuple):
        return Structure("tuple", tuple(map(key_value, key)))
    return Static(key) if key is None or isinstance(key, str) else constant(key)


def known_count(ctx: Context, value: Zip, count: int) -> int:
    """The items of a zip with a tuple in it; arrays beside it have to be long enough."""
    for part in value.parts:
        if not unrolled(part):
            other = length(ctx, part)
            if isinstance(other, Const):
                count = min(count, int(other.value))
                continue
            enough = expr.binary(ctx.build, ">=", other, constant(count))
            ctx.check(
                enough, "ValueError", f"an array that is zipped with {count} items is shorter"
            )
    return count
