"""Iterators of `itertools`: what they go over is computed item by item, or is a tuple."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from transpile.frontend.context import Context
from transpile.frontend.iterables import items, length, unrolled
from transpile.frontend.library import python_calls, python_modules, python_statistics
from transpile.frontend.library.numpy_args import Args, Named, bound
from transpile.frontend.operands import CONSTANT, as_atom, compute, described, integer, truth
from transpile.frontend.values import (
    NONE,
    Mapped,
    Partial,
    Range,
    Static,
    Structure,
    Value,
    Zip,
)  # fmt: skip
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import arithmetic

Reader = Callable[[Context, dict[str, Value]], Value]
READERS: dict[Any, tuple[str, Reader]] = dict(python_statistics.READERS)
ENDLESS = constant(2**62)
FEW = 64  # so many tuples at most are written out


def reads(function: Any, signature: str) -> Callable[[Reader], Reader]:
    def note(reader: Reader) -> Reader:
        READERS[function] = signature, reader
        return reader

    return note


def of_modules(ctx: Context, value: Any, args: Args, named: Named) -> Value | None:
    """A call of one of Python's modules around arrays; None of what is none of theirs."""
    if isinstance(value, operator.itemgetter):
        return got(ctx, value, args)
    if value is functools.reduce:
        return python_calls.reduced(ctx, args)
    if value is operator.itemgetter:
        return getter(ctx, args)
    known = callable(value) and isinstance(value, Hashable)
    if known and value in READERS:
        return call(ctx, value, args, named)
    if known and value in python_modules.WRITTEN:
        with ctx.quoting():
            return ctx.hooks.inline(ctx, python_modules.WRITTEN[value], args, named)
    return None


def call(ctx: Context, function: Any, args: Args, named: Named) -> Value:
    signature, reader = READERS[function]
    name = getattr(function, "__qualname__", function.__name__)
    names = [one.strip() for one in signature.split(",")]
    module = getattr(function, "__module__", None) or "itertools"
    return reader(ctx, bound(ctx, f"{module}.{name}", names, args, named, True))


def mapped(function: Callable[..., Any], held: Sequence[Value], count: Atom) -> Mapped:
    """`function(*held, k)` for each k."""
    numbers = Range(constant(0), count, constant(1))
    return Mapped(Partial(Static(function), tuple(held), ()), Zip((numbers,)))


def parts_of(given: dict[str, Value], name: str) -> tuple[Value, ...]:
    found = given[name]
    assert isinstance(found, Structure)
    return found.items


def known(ctx: Context, value: Value, what: str) -> int:
    found = integer(ctx, value, what)
    if not isinstance(found, Const):
        ctx.unknown(f"{what} has to be known", CONSTANT)
    return int(found.value)


@reads(itertools.product, "*iterables, repeat")
def product(ctx: Context, given: dict[str, Value]) -> Value:
    times = known(ctx, given.get("repeat", constant(1)), "how often what is gone over repeats")
    parts = parts_of(given, "iterables") * times
    if all(map(unrolled, parts)):
        rows = itertools.product(*(items(ctx, part) for part in parts))
        return Structure("tuple", tuple(Structure("tuple", row) for row in rows))
    count: Atom = constant(1)
    for part in parts:
        count = compute(ctx, "*", count, length(ctx, part))
    return mapped(python_modules.of_product, [Structure("tuple", parts)], count)


def chosen(rows: Any, counted: Any, text: Callable[..., Any]) -> Reader:
    """Combinations or permutations: of few items the tuples themselves."""

    def reader(ctx: Context, given: dict[str, Value]) -> Value:
        pool, size = given["iterable"], length(ctx, given["iterable"])
        whole = given.get("r", NONE) == NONE
        width = known(ctx, size if whole else given["r"], "how many items are chosen")
        if isinstance(size, Const) and counted(int(size.value), width) <= FEW:
            found = rows(items(ctx, pool), width)
            return Structure("tuple", tuple(Structure("tuple", row) for row in found))
        count = numbered(ctx, counted, size, width)
        places = ctx.hooks.call(ctx, Static(text), (size, constant(width), count), {})
        picked = Partial(Static(python_modules.of_pool), (pool, constant(width)), ())
        return Mapped(picked, Zip((places,)))

    return reader


def numbered(ctx: Context, counted: Any, size: Atom, width: int) -> Atom:
    """How many there are."""
    if counted is with_repeats:
        size = compute(ctx, "+", size, constant(width - 1))
    name = math.perm if counted is math.perm else math.comb
    return as_number(ctx.hooks.call(ctx, Static(name), (size, constant(width)), {}))


def as_number(value: Value) -> Atom:
    assert isinstance(value, Atom)
    return value


def with_repeats(n: int, r: int) -> int:
    return math.comb(n + r - 1, r) if n + r > 0 else 1


COMBINATIONS = (
    (itertools.combinations, math.comb, python_modules.combined),
    (itertools.permutations, math.perm, python_modules.permuted),
    (itertools.combinations_with_replacement, with_repeats, python_modules.repeated),
)
for _rows, _counted, _text in COMBINATIONS:
    reads(_rows, "iterable*, r")(chosen(_rows, _counted, _text))


@reads(itertools.chain.from_iterable, "iterable*")
def from_iterable(ctx: Context, given: dict[str, Value]) -> Value:
    chain = python_modules.chain
    return ctx.hooks.call(ctx, Static(chain), items(ctx, given["iterable"]), {})


@reads(itertools.count, "start, step")
def count(ctx: Context, given: dict[str, Value]) -> Value:
    start = integer(ctx, given.get("start", constant(0)), "the start of count")
    step = known(ctx, given.get("step", constant(1)), "the step of count")
    return Range(start, constant(2**62 if step > 0 else -(2**62)), constant(step))


@reads(itertools.repeat, "object*, times")
def repeat(ctx: Context, given: dict[str, Value]) -> Value:
    times = given.get("times", NONE)
    count = ENDLESS if times == NONE else integer(ctx, times, "how often a value is repeated")
    return mapped(python_modules.of_repeat, [given["object"]], count)


@reads(itertools.cycle, "iterable*")
def cycle(ctx: Context, given: dict[str, Value]) -> Value:
    some = as_atom(truth(ctx, compute(ctx, ">", length(ctx, given["iterable"]), constant(0))))
    count: Atom = ENDLESS
    if not isinstance(some, Const):
        count = ctx.build.apply(arithmetic.WHERE, some, ENDLESS, constant(0))
    return mapped(python_modules.of_cycle, [given["iterable"]], count)


@reads(itertools.pairwise, "iterable*")
def pairwise(ctx: Context, given: dict[str, Value]) -> Value:
    count = compute(ctx, "-", length(ctx, given["iterable"]), constant(1))
    return mapped(python_modules.of_pair, [given["iterable"]], count)


@reads(itertools.islice, "iterable*, *bounds")
def islice(ctx: Context, given: dict[str, Value]) -> Value:
    over, bounds = given["iterable"], list(parts_of(given, "bounds"))
    start, stop, step = ([NONE, *bounds, NONE] if len(bounds) == 1 else [*bounds, NONE])[:3]
    whole = length(ctx, over)
    first = constant(0) if start == NONE else integer(ctx, start, "a bound of islice")
    last = whole if stop == NONE else integer(ctx, stop, "a bound of islice")
    fewer = as_atom(truth(ctx, compute(ctx, "<", whole, last)))
    last = whole if fewer == constant(True) else last
    if not isinstance(fewer, Const):
        last = ctx.build.apply(arithmetic.WHERE, fewer, whole, last)
    by = constant(1) if step == NONE else constant(known(ctx, step, "the step of islice"))
    for bound_, least in ((first, 0), (last, 0), (by, 1)):
        fits = as_atom(truth(ctx, compute(ctx, ">=", bound_, constant(least))))
        ctx.check(fits, "ValueError", "the bounds of islice() must be None or not negative")
    picked = Partial(Static(python_modules.of_slice), (over,), ())
    return Mapped(picked, Zip((Range(first, last, by),)))


@reads(itertools.zip_longest, "*iterables, fillvalue")
def zip_longest(ctx: Context, given: dict[str, Value]) -> Value:
    parts = parts_of(given, "iterables")
    count: Atom = constant(0)
    for part in parts:
        other = length(ctx, part)
        more = as_atom(truth(ctx, compute(ctx, ">", other, count)))
        if isinstance(more, Const):
            count = other if more.value else count
        else:
            count = ctx.build.apply(arithmetic.WHERE, more, other, count)
    held = [Structure("tuple", parts), given.get("fillvalue", NONE)]
    return mapped(python_modules.of_longest, held, count)


@reads(itertools.starmap, "function*, iterable*")
def starmap(ctx: Context, given: dict[str, Value]) -> Value:
    star = Partial(Static(python_modules.of_star), (given["function"],), ())
    return Mapped(star, Zip((given["iterable"],)))


# -- getters


def getter(ctx: Context, args: Args) -> Value:
    """`operator.itemgetter(...)` of keys that are known."""
    keys = [one.value for one in args if isinstance(one, Static | Const)]
    if len(keys) < len(args) or not keys:
        ctx.fail(f"itemgetter of {described(args[0]) if args else 'nothing'}", "write a lambda")
    return Static(operator.itemgetter(*keys))


def got(ctx: Context, value: Any, args: Args) -> Value:
    """`operator.itemgetter(k)(x)`: `x[k]`, or a tuple of such items."""
    keys = value.__reduce__()[1]
    (owner,) = args
    given = [Static(key) if isinstance(key, str) else constant(key) for key in keys]
    found = [ctx.hooks.call(ctx, Static(python_modules.getitem), (owner, k), {}) for k in given]
    return found[0] if len(found) == 1 else Structure("tuple", tuple(found))
