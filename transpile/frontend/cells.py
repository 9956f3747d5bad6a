"""Lists, dicts and dataclasses that change: what a name holds is which one, not what is in it.

Each has a cell, a hidden variable of the function being read, whose value is the structure as it
is now. So branches join what they did to it and loops carry it as they do any variable. A name, and
an item of another structure, holds a Ref to the cell (the stored form); an expression gives the
structure as it is now, with its cell (the loaded form).

    pair = [x, y]; other = pair    ->   (cell 1) = [x, y]; pair, other = Ref(cell 1), Ref(cell 1)
    other[0] = z                   ->   (cell 1) = [z, y]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from transpile.frontend import iterables
from transpile.frontend.context import Context
from transpile.frontend.values import (
    CALLERS,
    EITHER,
    MUTABLE,
    Above,
    Closure,
    Enumerate,
    Frame,
    Listed,
    Mapped,
    Maybe,
    Method,
    Option,
    Partial,
    Records,
    Ref,
    Reversed,
    Site,
    Structure,
    Value,
    View,
    Zip,
    is_cell,
)  # fmt: skip


def cells(names: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in names.items() if is_cell(name)}


def is_mutable(value: Value) -> bool:
    if isinstance(value, Listed):
        return not value.fixed
    if not isinstance(value, Structure) or value.kind not in MUTABLE:
        return False
    params = getattr(value.cls, "__dataclass_params__", None)
    return params is None or not params.frozen


def owned(ctx: Context, value: Value) -> Value:
    """The value; a structure that was made just now gets a cell."""
    if not (isinstance(value, Structure | Listed) and value.cell is None and is_mutable(value)):
        return value
    site = Site(ctx.build.span, tuple(map(id, ctx.frame.calls)))
    if isinstance(value, Structure) and site in ctx.shared.sites:
        found = ctx.hooks.settled(ctx, value, site)
        if found is not value:
            return owned(ctx, found)
    ctx.shared.cells += 1
    cell = f"(cell {ctx.shared.cells})"
    ctx.shared.made[cell] = site
    ctx.frame.names[cell] = over_parts(value, lambda part: stored(ctx, part))
    return replace(value, cell=cell)


def stored(ctx: Context, value: Value) -> Value:
    """The value as names hold it."""
    value = owned(ctx, value)
    if isinstance(value, Structure | Listed | Records) and value.cell not in (
        None,
        CALLERS,
        EITHER,
    ):
        assert value.cell is not None
        return Ref(value.cell, value.at if isinstance(value, Listed) else ())
    return over_parts(value, lambda part: stored(ctx, part))


def loaded(ctx: Context, value: Value) -> Value:
    """The value as it is now."""
    if isinstance(value, Ref):
        found = ctx.frame.names.get(value.cell)
        if found is None:
            ctx.unknown(
                "a list or dict has other items on each way through a branch before this",
                "give it items of one kind, as many on both ways",
            )
        now = loaded(ctx, found)
        if not isinstance(found, Ref) and (is_mutable(found) or isinstance(found, Records)):
            now = replace(now, cell=value.cell)
        for at in value.at:
            assert isinstance(now, Listed)
            now = iterables.row_of(ctx, now, at)
        return now
    return over_parts(value, lambda part: loaded(ctx, part))


def again(ctx: Context, value: Value) -> Value:
    """The value as it is now, after it was loaded before something else was evaluated."""
    return loaded(ctx, stored(ctx, value)) if any(references(value)) else value


def references(value: Value) -> Iterator[str]:
    """The cells in a value, in either form."""
    match value:
        case Ref(cell=cell) | Structure(cell=str() as cell) | Listed(cell=str() as cell) if (
            cell not in (CALLERS, EITHER)
        ):
            yield cell
            return
        case Records(cell=str() as cell):
            yield cell
    found: list[Value] = []

    def noted(part: Value) -> Value:
        found.append(part)
        return part

    over_parts(value, noted)
    for part in found:
        yield from references(part)


def over_parts(value: Value, change: Callable[[Value], Value]) -> Value:
    """The same value over other parts; the value itself where none is another."""

    def all_of(parts: Sequence[Value]) -> tuple[Value, ...]:
        made = tuple(map(change, parts))
        same = all(a is b for a, b in zip(made, parts, strict=True))
        return tuple(parts) if same else made

    match value:
        case Structure(items=parts):
            made = all_of(parts)
            return value if made is parts else replace(value, items=made)
        case Records(columns=parts):
            made = all_of(parts)
            return value if made is parts else replace(value, columns=made)
        case Zip(parts=parts):
            return Zip(all_of(parts))
        case Enumerate(part=part) | Reversed(part=part):
            return replace(value, part=change(part))
        case Mapped(function=function, parts=zipped):
            whole = change(zipped)
            assert isinstance(whole, Zip)
            return Mapped(change(function), whole)
        case Method(owner=owner) | View(owner=owner) | Above(owner=owner):
            return replace(value, owner=change(owner))
        case Partial(function=function, args=args, named=named):
            given = tuple((name, change(part)) for name, part in named)
            return Partial(change(function), all_of(args), given)
        case Closure(defaults=defaults) if defaults:
            return replace(value, defaults={k: change(part) for k, part in defaults.items()})
        case Maybe(value=inner) | Option(value=inner):
            return replace(value, value=change(inner))
    return value


# -- writing


def write(
    ctx: Context, owner: Structure, items: Sequence[Value], keys: tuple[Any, ...] | None = None
) -> None:
    """The structure has these items from now on."""
    made = replace(owner, items=tuple(items), keys=owner.keys if keys is None else keys)
    put(ctx, owner, owner.kind, made)


def put(ctx: Context, owner: Structure | Listed, kind: str, now: Structure | Listed) -> None:
    """What `owner` is from now on."""
    cell = owner.cell
    if cell == CALLERS:
        ctx.fail(
            f"{NAMED.get(kind, f'a {kind}')} that comes from outside is changed",
            f"make one of your own first, {COPIES[kind]}",
        )
    if cell is None or cell == EITHER or cell in ctx.frozen or cell not in ctx.frame.names:
        ctx.fail(
            f"which {NAMED.get(kind, kind)} is changed here depends on the running program",
            f"make a new one, {COPIES[kind]}",
        )
    ctx.frame.names[cell] = over_parts(replace(now, cell=None), lambda part: stored(ctx, part))


def title(names: Mapping[str, Value], name: str, whole: bool = False) -> str:
    """What a variable is called in generated text: a list by the name that holds it, what stands in
    columns by that and its place in the items, but as a `whole` by that alone; nothing where no
    name does."""
    if not name.startswith("("):
        return name
    for holder, value in names.items():
        if value == Ref(name) and not holder.startswith("("):
            return holder
        if isinstance(value, Records) and Ref(name) in value.columns:
            found, place = title(names, holder), value.columns.index(Ref(name))
            keys = value.form.keys if isinstance(value.form, Structure) else ()
            part = keys[place] if len(keys) == len(value.columns) else place
            return f"{found}_{part}" if found and not whole else found
    return ""


def is_named(ctx: Context, cell: str) -> bool:
    """Can the structure in the cell be reached by some name?"""
    frames: list[Frame] = [ctx.frame, *ctx.callers]
    for frame in frames:
        while frame.parent is not None and frame.parent not in frames:
            frames.append(frame.parent)
            break
    values = (value for frame in frames for value in frame.names.values())
    return any(cell in references(value) for value in values)


NAMED = {"dataclass": "an object"}
COPIES = {
    "list": "y = list(x)",
    "dict": "y = dict(x)",
    "dataclass": "or return what is new",
    "tuple": "y = list(x)",
}


# -- by value


def opened(
    ctx: Context, names: Mapping[str, Value], value: Value, keep: frozenset[str] = frozenset()
) -> Value:
    """The stored value with what its cells have in `names` in their place, but those in `keep`;
    such a structure is written no more, nor are they.
    """
    if isinstance(value, Ref):
        if value.cell in keep:
            return value
        if value.at:
            ctx.unknown(
                "which list in a list this is depends on the running program",
                "take a copy of it before, row[:]",
            )
        ctx.frozen[value.cell] = ctx.build.span
        found = names.get(value.cell)
        if found is None:
            return value
        return replace(opened(ctx, names, found, keep), cell=EITHER)
    return over_parts(value, lambda part: opened(ctx, names, part, keep))
