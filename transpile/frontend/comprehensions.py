"""Comprehensions and generators: written out over what is known, loops over what is not."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

import gast
from msgspec.structs import replace

from transpile.frontend import (
    cells,
    hashed,
    inlining,
    iterables,
    lists,
    scope,
    source,
    tables,
    views,
)
from transpile.frontend.context import Context, NotKnown
from transpile.frontend.join import mark
from transpile.frontend.library import numpy_args, python_dicts
from transpile.frontend.outside import Outside
from transpile.frontend.pieces import HOLE, form_of
from transpile.frontend.values import (
    NONE,
    Array,
    Closure,
    Generated,
    Listed,
    Range,
    Structure,
    Value,
    Yielded,
)
from transpile.sym.affine import Affine
from transpile.sym.build import scan_facts
from transpile.sym.ir import Atom, Const, Var
from transpile.sym.ops import shape
from transpile.sym.types import INT

MOST = 16  # so many items at most are written out where a loop would do


# -- over what is known


def written_out(ctx: Context, node: Any, over: Value, what: Callable[[], Value]) -> list[Value]:
    """What each round of a comprehension gives, in order, its rounds being known now."""

    def rounds(k: int, values: Sequence[Value]) -> Iterator[Value]:
        part = node.generators[k]
        for value in values:
            ctx.hooks.assign(ctx, part.target, value)
            if not all(holds(ctx, test) for test in part.ifs):
                continue
            if k + 1 == len(node.generators):
                yield what()
            else:
                inner = ctx.hooks.evaluate(ctx, node.generators[k + 1].iter)
                yield from rounds(k + 1, iterables.items(ctx, inner))

    return list(rounds(0, iterables.items(ctx, over)))


def holds(ctx: Context, test: Any) -> bool:
    found = ctx.hooks.condition(ctx, test)
    if not isinstance(found, bool):
        ctx.unknown(
            "how many items this list has depends on the running program",
            "make an array, and choose from it with x[mask]",
            test,
        )
    return found


def is_known(ctx: Context, over: Value) -> bool:
    """Is a comprehension over this written out?"""
    if iterables.unrolled(over):
        return True
    count = iterables.length(ctx, over)
    return isinstance(count, Const) and count.value <= MOST


def listed(ctx: Context, node: Any) -> Value:
    """`[value for target in iterable if test ...]`."""
    over = ctx.hooks.evaluate(ctx, node.generators[0].iter)
    if isinstance(over, Yielded):
        return appended(ctx, node, over)
    if is_known(ctx, over) and tests_known(ctx, node, over):
        with within(ctx, node):
            parts = written_out(ctx, node, over, lambda: ctx.hooks.evaluate(ctx, node.elt))
        return Structure("list", tuple(parts))
    return filled(ctx, node, over)


def tests_known(ctx: Context, node: Any, over: Value) -> bool:
    """Is what its `if`s say known now?"""
    if not any(part.ifs for part in node.generators):
        return True
    before, frozen = ctx.save(), dict(ctx.frozen)
    try:
        with ctx.inside(), within(ctx, node):
            written_out(ctx, node, over, lambda: NONE)
    except NotKnown:
        if iterables.unrolled(over):
            raise
        return False
    finally:
        ctx.restore(before)
        ctx.frozen = frozen
    return True


def dictionary(ctx: Context, node: Any) -> Value:
    """`{key: value for ...}`."""
    over = ctx.hooks.evaluate(ctx, node.generators[0].iter)
    before, frozen = ctx.save(), dict(ctx.frozen)
    try:
        return of_known_keys(ctx, node, over)
    except NotKnown:
        ctx.restore(before)
        ctx.frozen = frozen
    made = hashed.made(ctx, python_dicts.dict_of, ())
    filler = Closure("the comprehension", filling(node, STORED), ctx.frame, {})
    return ctx.hooks.inline(ctx, filler, (made, over), {})


def of_known_keys(ctx: Context, node: Any, over: Value) -> Value:
    found: dict[Any, Value] = {}

    def one() -> Value:
        key = iterables.key_of(ctx, ctx.hooks.evaluate(ctx, node.key))
        found[key] = ctx.hooks.evaluate(ctx, node.value)
        return found[key]

    with within(ctx, node):
        written_out(ctx, node, over, one)
    return Structure("dict", tuple(found.values()), tuple(found))


class outside:
    """Where a generator stands, which is read now."""

    def __init__(self, ctx: Context, generator: Generated) -> None:
        self.ctx, self.frame = ctx, generator.frame

    def __enter__(self) -> None:
        self.before, self.ctx.frame = self.ctx.frame, self.frame
        self.frame.names.update(cells.cells(self.before.names))

    def __exit__(self, *error: object) -> None:
        self.before.names.update(cells.cells(self.frame.names))
        self.ctx.frame = self.before


class within:
    """A comprehension's own names, as those of a nested function."""

    def __init__(self, ctx: Context, node: Any) -> None:
        self.ctx, self.node = ctx, node

    def __enter__(self) -> None:
        ctx = self.ctx
        self.caller, self.callers = ctx.frame, ctx.callers
        function = function_of(self.node)
        frame = scope.frame_of(ctx.frame.source, function, ctx.frame)
        frame.calls = ctx.frame.calls
        frame.names.update(cells.cells(ctx.frame.names))
        ctx.frame, ctx.callers = frame, (*ctx.callers, ctx.frame)

    def __exit__(self, *error: object) -> None:
        self.caller.names.update(cells.cells(self.ctx.frame.names))
        self.ctx.frame, self.ctx.callers = self.caller, self.callers


# -- over what the running program knows


def filled(ctx: Context, node: Any, over: Value) -> Value:
    """A list of numbers or of equal arrays, in an array that a loop fills; one of structures, which
    has columns, has them appended."""
    before = ctx.save()
    try:
        item, room, shared = first_item(ctx, node, over)
    except OfStructures:
        ctx.restore(before)
        return appended(ctx, node, over)
    type = item.type
    dims = (room, *map(ctx.build.atom, type.dims))
    made = ctx.made(ctx.build.apply(shape.EMPTY, *dims, dtype=type.dtype))
    filler = Closure("the comprehension", filling(node), ctx.frame, {})
    found = ctx.hooks.inline(ctx, filler, (made, over), {})
    array = made if found == NONE else found
    assert isinstance(array, Array)
    made = Listed(array, item.kind, item.tuples, item.both, levels=item.levels)
    found = tables.fresh(ctx, made)
    if shared:
        ctx.frozen[found.array.base] = ctx.appended[found.array.base] = ctx.build.span
    return found


def appended(ctx: Context, node: Any, over: Value) -> Value:
    """The list by one `append` after the other."""
    appender = Closure("the comprehension", filling(node, APPENDED), ctx.frame, {})
    with ctx.quoting():
        return ctx.hooks.inline(ctx, appender, (over,), {})


class OfStructures(Exception):
    """The items are tuples or the like whose parts differ in type."""


def first_item(ctx: Context, node: Any, over: Value) -> tuple[lists.Item, Atom, bool]:
    """What the items are, how many there are at most, and whether they are lists that something
    else holds: one is read, and forgotten."""
    first = extent(ctx, over)
    before, since, outer = ctx.save(), mark(), ctx.build
    loops: list[Affine] = []
    with ExitStack() as stack:
        stack.enter_context(within(ctx, node))
        for k, part in enumerate(node.generators):
            inner = over if k == 0 else ctx.hooks.evaluate(ctx, part.iter)
            count = Outside(ctx, outer, since).dim(first if k == 0 else extent(ctx, inner))
            loops.append(count)
            index = Var("", INT)
            ctx.tame.add(index)
            facts = scan_facts(index, Affine((), 0), count, Affine((), 1))
            stack.enter_context(ctx.inside(*facts, branch=True))
            ctx.hooks.assign(ctx, part.target, iterables.item(ctx, inner, index))
        value = ctx.hooks.evaluate(ctx, node.elt)
        if lists.of_one(ctx, value) is None and form_of(value) != HOLE:
            raise OfStructures
        item, type = lists.of_one(ctx, value), numpy_args.operand(ctx, value).type
        shared = lists.keep(ctx, value)
        type = type.having(dims=tuple(map(Outside(ctx, outer, since).dim, type.dims)))
    ctx.restore(before)
    item = lists.Item(type, type.kind, "mixed") if item is None else replace(item, type=type)
    most = views.product(ctx, [outer.extent(count) for count in loops])
    return item, most, shared and item.levels > 0


def extent(ctx: Context, over: Value) -> Affine:
    """How many items there are, none where it is negative."""
    match over:
        case Range(start=start, stop=stop, step=Const(value=1)):
            return ctx.build.dim(stop) - ctx.build.dim(start)
    return ctx.build.dim(iterables.length(ctx, over))


@lru_cache(maxsize=1024)
def filling(node: Any, text: str = "") -> Any:
    """A function that goes over the same and puts what it finds into an array, or a list."""
    counted = bool(text) or any(part.ifs for part in node.generators) or len(node.generators) > 1
    made = parsed(text or (COUNTED if counted else FILLED))
    rename(made, renaming(made, node))
    at = 0 if text is STORED else int(counted)
    loop = made.body[at]
    if text is STORED:
        loop.body[0].targets[0].slice, loop.body[0].value = node.key, node.value
    elif text:
        loop.body[0].value.args = [node.elt]
    else:
        loop.body[0].value = node.elt
    if counted:
        made.body[at : at + 1] = loops_of(node.generators, loop.body)
        made.body[at].iter = loop.iter
    else:
        loop.target.elts[1] = node.generators[0].target
    return placed(made, node.value if text is STORED else node.elt)


FILLED = """
def comprehension(array, over):
    for k, target in enumerate(over):
        array[k] = item
"""
COUNTED = """
def comprehension(array, over):
    k = 0
    for target in over:
        array[k] = item
        k += 1
    return array[:k]
"""


APPENDED = """
def comprehension(over):
    made = []
    for target in over:
        made.append(item)
    return made
"""


STORED = """
def comprehension(made, over):
    for target in over:
        made[key] = value
    return made
"""


def loops_of(generators: Sequence[Any], body: list[Any]) -> list[Any]:
    """The loops of a comprehension around some statements."""
    for part in reversed(generators):
        for test in reversed(part.ifs):
            body = [gast.If(test, body, [])]
        body = [gast.For(part.target, part.iter, body, [], None)]
    return body


# -- generators


def consumed(
    ctx: Context, consumer: Callable[..., Any], generator: Generated, named: Mapping[str, Value]
) -> Value:
    """`consumer(... for ...)`: its loop over the items becomes the generator's own loops."""
    name, node = consumer.__name__.rstrip("_"), spliced(generator.node, consumer)
    callee = Closure(name, node, generator.frame, inlining.defaults(ctx, node))
    return ctx.hooks.inline(ctx, callee, (), named)


@lru_cache(maxsize=1024)
def spliced(node: Any, consumer: Callable[..., Any]) -> Any:
    """The consumer's text without its first parameter, whose items the generator makes."""
    made = copy.deepcopy(source.read(consumer).tree)
    items = made.args.args.pop(0).id
    made.decorator_list, made.returns = [], None
    (at,) = (
        k for k, s in enumerate(made.body)
        if isinstance(s, gast.For) and isinstance(s.iter, gast.Name) and s.iter.id == items
    )  # fmt: skip
    rename(made, renaming(made, node))
    loop = made.body[at]
    body = [gast.Assign([loop.target], node.elt, None), *loop.body]
    made.body[at : at + 1] = loops_of(node.generators, body)
    return placed(made, node)


def parsed(text: str) -> Any:
    return gast.parse(text).body[0]


@lru_cache(maxsize=1024)
def function_of(node: Any) -> Any:
    """A function that has the comprehension's names: what it assigns are its targets."""
    made = parsed("def comprehension(): pass")
    targets = gast.Tuple([part.target for part in node.generators], gast.Store())
    made.body = [gast.Assign([targets], gast.Constant(None, None), None)]
    return placed(made, node)


def renaming(made: Any, node: Any) -> dict[str, str]:
    """Names of ours that the user's text does not have."""
    taken = {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}
    ours = {*scope.parameters(made), *scope.assigned(made.body)}
    found = {}
    for name in sorted(ours):
        new = name
        while new in taken:
            new += "_"
        found[name] = new
    return found


def rename(made: Any, names: Mapping[str, str]) -> None:
    for node in gast.walk(made):
        if isinstance(node, gast.Name):
            node.id = names.get(node.id, node.id)


def placed(made: Any, node: Any) -> Any:
    """The made text, standing where the user's does; what is the user's own stays."""
    theirs = set(map(id, gast.walk(node)))
    for one in gast.walk(made):
        if id(one) not in theirs:
            gast.copy_location(one, node)
    return made
