"""Structures as trees of numbers and arrays, however they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from transpile.frontend.context import Context
from transpile.frontend.values import (
    Array,
    Base,
    Closure,
    Enumerate,
    Frame,
    Generator,
    Letter,
    Letters,
    Listed,
    Mapped,
    Maybe,
    Option,
    Partial,
    Records,
    Ref,
    Reversed,
    Structure,
    Value,
    Zip,
    is_cell,
)  # fmt: skip
from transpile.sym.ir import Atom, Const, Var


def leaves(value: Value) -> Iterator[Atom | Array]:
    """The numbers and arrays in a value."""
    match value:
        case Var() | Const() | Array():
            yield value
        case Structure(items=items):
            for item in items:
                yield from leaves(item)
        case Listed(array=array) | Generator(state=array) | Letters(array=array):
            yield array
        case Letter(code=code):
            yield code
        case Ref(at=places):
            yield from places
        case Records(columns=columns):
            for column in columns:
                yield from leaves(column)
        case Option(value=inner, given=given):
            yield from (*leaves(inner), given)


def rebuilt(value: Value, parts: Iterator[Value]) -> Value:
    """The same structure over other numbers and arrays."""
    match value:
        case Var() | Const() | Array():
            return next(parts)
        case Structure():
            return replace(value, items=tuple(rebuilt(item, parts) for item in value.items))
        case Records():
            return replace(value, columns=tuple(rebuilt(one, parts) for one in value.columns))
        case Listed() | Letters():
            array = next(parts)
            assert isinstance(array, Array)
            return replace(value, array=array)
        case Letter():
            code = next(parts)
            assert isinstance(code, Var | Const)
            return Letter(code)
        case Option():
            inner, given = rebuilt(value.value, parts), next(parts)
            assert isinstance(given, Var | Const)
            return Option(inner, given)
        case Ref(at=places) if places:
            made = tuple(next(parts) for _ in places)
            return replace(value, at=made)
        case Generator():
            state = next(parts)
            assert isinstance(state, Array)
            return Generator(state)
    return value


def same_form(a: Value, b: Value) -> bool:
    """Are two values the same structure, over whatever numbers and arrays?"""
    match a, b:
        case Structure(), Structure():
            return (a.kind, a.keys, a.cls, len(a.items)) == (
                b.kind, b.keys, b.cls, len(b.items)
            ) and all(map(same_form, a.items, b.items))  # fmt: skip
        case (Var() | Const(), Var() | Const()):
            return True
        case (Array(), Array()) | (Generator(), Generator()):
            return True
        case Option(), Option():
            return same_form(a.value, b.value)
        case (Letter(), Letter()):
            return True
        case Letters(), Letters():
            return a.kind == b.kind
        case Ref(), Ref():
            return (a.cell, len(a.at)) == (b.cell, len(b.at))
        case Listed(), Listed():
            return manner(a) == manner(b)
        case Records(), Records():
            return a.form == b.form and all(map(same_form, a.columns, b.columns))
        case (Var() | Const(), Array()) | (Array(), Var() | Const()):
            return False
    return a == b


def manner(value: Listed) -> tuple[Any, ...]:
    """What a list is but for its items."""
    return value.kind, value.tuples, value.both, value.levels, value.fixed


def owns(value: Value | None) -> bool:
    """Is it a list whose array nothing else sees?"""
    return isinstance(value, Listed) and not value.fixed


def reached(value: Value) -> Iterator[Base]:
    """The arrays that can be got at by way of a value."""
    match value:
        case Array(base=base):
            yield base
        case (
            Structure(items=parts) | Records(columns=parts) | Zip(parts=parts) | Partial(args=parts)
        ):
            for part in parts:
                yield from reached(part)
        case Enumerate(part=part) | Reversed(part=part) | Mapped(parts=part) | Option(value=part):
            yield from reached(part)
        case Listed(array=part) | Generator(state=part) | Letters(array=part):
            yield from reached(part)
    match value:
        case Partial(function=function, named=named):
            for part in (function, *(part for _, part in named)):
                yield from reached(part)
        case Mapped(function=function):
            yield from reached(function)
        case Closure(defaults=defaults):
            for part in defaults.values():
                yield from reached(part)


def references(ctx: Context, base: Base, besides: str) -> bool:
    """Can the array be reached other than by the name `besides` of this frame?

    A cell is the same in all frames.
    """
    if base.param is not None or any(base in moved.holders for moved in ctx.moved.values()):
        return True
    frame: Frame | None = ctx.frame
    seen: list[Frame] = []
    while frame is not None:
        seen.append(frame)
        frame = frame.parent
    for one in (*seen, *ctx.callers):
        for name, value in one.names.items():
            same = name == besides and (one is ctx.frame or is_cell(name))
            if not same and base in reached(plain(value)):
                return True
    return False


def outlives(ctx: Context, base: Base) -> bool:
    """Can the array be reached when the function that is being read has returned?"""
    if base.param is not None or any(base in moved.holders for moved in ctx.moved.values()):
        return True
    own = ctx.frame.names.items()
    known = [value for name, value in own if name.startswith("(cell")]
    frame = ctx.frame.parent
    while frame is not None:
        known += frame.names.values()
        frame = frame.parent
    known += [value for one in ctx.callers for value in one.names.values()]
    return any(base in reached(plain(value)) for value in known)


def plain(value: Value) -> Value:
    return value.value if isinstance(value, Maybe) else value
