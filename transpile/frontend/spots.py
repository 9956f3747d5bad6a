"""Views that differ in their integers only: which row, from where to where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.values import Array, Indexed, Masked, Reshaped, Spread, Step
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, constant


def form(array: Array) -> tuple[Any, ...] | None:
    """What a view is but for its integers; None where it has others than those."""
    steps: list[Any] = [array.base]
    for step in array.path:
        match step:
            case Indexed(index=index) if "a" not in index:
                steps.append(index)
            case Reshaped(dims=dims) | Spread(dims=dims):
                steps.append((type(step), len(dims)))
            case Indexed() | Masked():
                return None
            case _:
                steps.append(step)
    return tuple(steps)


def written_out(ctx: Context, array: Array) -> Array:
    """The view with both ends of each slice given, where it goes forward one by one."""
    shorter, steps = Array(array.base), []
    for step in array.path:
        if isinstance(step, Indexed) and "a" not in step.index:
            step = ended(ctx, views.type_of(ctx, shorter).dims, step)
        steps.append(step)
        shorter = Array(array.base, tuple(steps))
    return shorter


def ended(ctx: Context, dims: tuple[Affine, ...], step: Indexed) -> Indexed:
    given, lengths = iter(step.at), iter(dims)
    index: list[Any] = []
    at: list[Atom] = []
    for item in step.index:
        mine = views.integers(item, given)
        length = None if item == "new" else next(lengths)
        if isinstance(item, tuple) and not item[3] and length is not None:
            start = mine.pop(0) if item[1] else constant(0)
            stop = mine.pop(0) if item[2] else ctx.build.extent(length)
            item, mine = ("slice", True, True, False), [start, stop]
        index.append(item)
        at += mine
    return Indexed(tuple(index), tuple(at))


def alike(a: Array, b: Array) -> bool:
    """Are two views of one array, that differ in their integers only?"""
    found = form(a)
    return bool(a.path) and found is not None and found == form(b)


def integers(array: Array) -> list[Atom]:
    """The integers of a view, in order."""
    found: list[Atom] = []
    for step in array.path:
        match step:
            case Indexed(at=atoms) | Reshaped(dims=atoms) | Spread(dims=atoms):
                found += atoms
    return found


def placed(array: Array, atoms: Iterator[Atom]) -> Array:
    """The view with other integers."""
    steps: list[Step] = []
    for step in array.path:
        match step:
            case Indexed(at=old):
                steps.append(replace(step, at=tuple(next(atoms) for _ in old)))
            case Reshaped(dims=old) | Spread(dims=old):
                steps.append(replace(step, dims=tuple(next(atoms) for _ in old)))
            case _:
                steps.append(step)
    return Array(array.base, tuple(steps))
