"""Sets, and dicts whose keys only the running program knows: see `library.python_hashed`.

A dict that is made with keys that are known stands with one value for each, of any kind. Where a
key is asked for that is not known, the function is read again with a table from where the dict was
made.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import gast

from transpile.frontend import cells, iterables, lists
from transpile.frontend.context import Context, Keyed, NotKnown
from transpile.frontend.library import python_dicts
from transpile.frontend.library.python_hashed import is_set, is_table
from transpile.frontend.operands import as_atom, compute, described, truth
from transpile.frontend.values import (
    NONE,
    Enumerate,
    Letter,
    Letters,
    Listed,
    Mapped,
    Records,
    Reversed,
    Static,
    Structure,
    Value,
    View,
    Zip,
)  # fmt: skip

MAKERS: dict[Any, Callable[..., Any]] = {
    collections.Counter: python_dicts.counter,
    collections.defaultdict: python_dicts.defaultdict,
}
ORDERLESS = ("len", "sorted", "min", "max", "sum", "any", "all")
TEXTS = "a text that is a key beside those that only the running program knows"


def made(
    ctx: Context, maker: Callable[..., Any], args: Sequence[Value], named: Mapping[str, Value] = {}
) -> Value:
    """A table that a function of `python_hashed` makes."""
    given = [in_columns(ctx, one) for one in args]
    with ctx.quoting():
        return ctx.hooks.inline(ctx, maker, given, named)


def in_columns(ctx: Context, value: Value) -> Value:
    """A tuple or list of several items alike as one of running length, so that a loop goes over
    it."""
    if not isinstance(value, Structure) or value.kind not in ("tuple", "list"):
        return value
    row = Structure("list", tuple(cells.loaded(ctx, one) for one in value.items))
    item = lists.item_of(ctx, row) if len(row.items) > 1 else None
    if item is not None and not item.levels and item.kind != "array":
        return lists.in_array(ctx, row, item)
    return value


def of_known(ctx: Context, owner: Structure) -> Value:
    """The dict as a table."""
    keys = Structure("tuple", tuple(map(iterables.key_value, owner.keys)))
    return made(ctx, python_dicts.dict_with, (keys, Structure("tuple", owner.items)))


def key_of(ctx: Context, owner: Structure, key: Value) -> Any:
    """The key of a dict with known ones. Where it is not known, the dict becomes a table."""
    try:
        return iterables.key_of(ctx, key)
    except NotKnown as unknown:
        if owner.cell not in ctx.shared.made:
            raise
        raise Keyed(unknown, ctx.shared.made[owner.cell]) from None


def of_few(op: Any, node: Any) -> Any:
    """`{a, b}` after `in` is read as the tuple `(a, b)`, in which the same items are."""
    if isinstance(node, gast.Set) and isinstance(op, gast.In | gast.NotIn):
        return gast.copy_location(gast.Tuple(node.elts, gast.Load()), node)
    return node


def check_key(ctx: Context, key: Value) -> None:
    """Refuse what Python takes for a key and a table does not."""
    match key:
        case Static(value=str() | None) | Letter() | Letters(kind="str" | "bytes"):
            ctx.fail(
                f"{described(key)} is a key here, where others are not known before",
                "number the keys, or use two dicts",
            )
        case Static() | Structure(kind="dataclass"):
            ctx.fail(f"{described(key)} is a key here", "use numbers, or tuples of numbers")


def of_set(ctx: Context, name: str, args: Sequence[Value], named: Mapping[str, Value]) -> list[Any]:
    """The arguments of a function of Python's for which the order of a set does not matter."""
    found = list(args)
    for k, one in enumerate(found):
        alone = len(args) == 1 and named.get("key", NONE) == NONE
        if isinstance(one, Structure) and is_set(one) and alone and name in ORDERLESS:
            found[k] = one.items[0]
    return found


# -- loops


def gone_over(value: Value) -> Iterator[tuple[Value, str]]:
    """The lists that are gone over, and the error where one is of another length after a round."""
    match value:
        case Structure() if is_table(value):
            yield value.items[0], "RuntimeError: dictionary changed size during iteration"
        case Listed(cell=str()):
            yield value, "RuntimeError: a list changes its length in a loop over it: write list(x)"
        case Records(columns=parts) | Zip(parts=parts):
            for part in parts:
                yield from gone_over(part)
        case View(owner=part) | Enumerate(part=part) | Reversed(part=part) | Mapped(parts=part):
            yield from gone_over(part)


def dicts(value: Value) -> Iterator[Structure]:
    """The dicts with a table that are gone over."""
    match value:
        case Structure() if is_table(value):
            yield value
        case View(owner=part) | Enumerate(part=part) | Reversed(part=part) | Mapped(parts=part):
            yield from dicts(part)
        case Zip(parts=parts):
            for part in parts:
                yield from dicts(part)


def check_sizes(ctx: Context, over: Value) -> None:
    """Nothing that the loop goes over is of another length after a round."""
    for before, error in gone_over(over):
        now = cells.again(ctx, before)
        if now != before:
            sizes = [iterables.length(ctx, one) for one in (now, before)]
            same = as_atom(truth(ctx, compute(ctx, "==", *sizes)))
            name, _, message = error.partition(": ")
            ctx.check(same, name, message)
