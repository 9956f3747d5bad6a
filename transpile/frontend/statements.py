"""Statements of the user's, one after the other, and the helpers that they call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import gast
import numpy as np

from transpile.frontend import (
    absent,
    calls,
    cells,
    expressions,
    imports,
    indices,
    inlining,
    join,
    letters,
    listed,
    lists,
    loops,
    objects,
    operands,
    quieting,
    raising,
    records,
    scope,
    structures,
    subscripts,
    tables,
    trying,
    unread,
    views,
)
from transpile.frontend.context import Context, Hooks, Unassigned
from transpile.frontend.expressions import SYMBOLS, evaluate
from transpile.frontend.inlining import NO, YES
from transpile.frontend.iterables import item, items, length
from transpile.frontend.join import hidden
from transpile.frontend.library import numpy_args  # fmt: skip
from transpile.frontend.library.python_deque import opened
from transpile.frontend.operands import as_atom, compute, described, number
from transpile.frontend.values import (
    NONE,
    Array,
    Closure,
    Generated,
    Letters,
    Listed,
    Records,
    Structure,
    Value,
    Yielded,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.types import Type


def block(ctx: Context, body: Sequence[Any], live: frozenset[str]) -> None:
    """Statements in order; what follows a possible leave runs only where control is still here."""
    for k, node in enumerate(body):
        rest = list(body[k + 1 :])
        with ctx.at(node):
            if isinstance(node, gast.With):
                block(ctx, [*quieting.opened(ctx, node), *rest], live)
                return
            depth = ctx.loops
            try:
                if isinstance(node, gast.If):
                    if branch(ctx, node, rest, live):
                        return
                else:
                    statement(ctx, node)
            except Unassigned as missing:
                ctx.loops = depth
                unassigned(ctx, str(missing))
        left = ctx.frame.names.get(hidden("left"), NO)
        if left == YES:
            return
        if left != NO and rest:
            assert isinstance(left, Var)
            join.Branch(ctx, left, live).rest(partial(block, ctx, rest, live))
            return


def unassigned(ctx: Context, name: str) -> None:
    """The error of Python's, where a name is not assigned yet, but may be in a later round."""
    message = f"cannot access local variable '{name}' where it is not assigned a value"
    ctx.check(constant(False), "UnboundLocalError", message)
    leave(ctx, "left", "until", "returned")


def branch(ctx: Context, node: Any, rest: list[Any], live: frozenset[str]) -> bool:
    """An `if`. True where the statements after it were read with it."""
    test = expressions.condition(ctx, node.test)
    if scope.is_check(node) and not isinstance(test, bool):
        raising.unless(ctx, test, node.body[0])
        absent.settle(ctx, test, False)
        return False
    after = ctx.frame.live[node].after
    if isinstance(test, bool):
        block(ctx, node.body if test else node.orelse, after)
        return False
    then, orelse = node.body, node.orelse
    ends = scope.leaves_always(then), scope.leaves_always(orelse)
    taken = any(ends)
    if taken:
        after = live
        then, orelse = (then if ends[0] else then + rest), (orelse if ends[1] else orelse + rest)
    join.Branch(ctx, test, after).run(
        lambda: block(ctx, then, after), lambda: block(ctx, orelse, after)
    )
    return taken


COMPOUND = {gast.For: loops.for_, gast.While: loops.while_, gast.Try: trying.try_}


def statement(ctx: Context, node: Any) -> None:
    match node:
        case gast.Assign(targets=targets, value=value):
            last = ctx.build.eqns[-1:]
            found = evaluate(ctx, value)
            plain = len(targets) == 1 or all(isinstance(t, gast.Name) for t in targets)
            ctx.held = last if plain else ctx.build.eqns[-1:]
            for target in targets:
                assign(ctx, target, found)
                if isinstance(target, gast.Name):  # it has this name now
                    found = cells.loaded(ctx, ctx.frame.names[target.id])
        case gast.AugAssign(target=target, op=op, value=value):
            augment(ctx, target, SYMBOLS[type(op)], value)
        case gast.AnnAssign(target=target, value=value):
            if value is not None:
                assign(ctx, target, evaluate(ctx, value))
        case gast.For() | gast.While() | gast.Try():
            COMPOUND[type(node)](ctx, node)
        case gast.Return(value=value):
            found = NONE if value is None else evaluate(ctx, value)
            ctx.frame.names[hidden("value")] = cells.stored(ctx, found)
            leave(ctx, "left", "until", "returned")
        case gast.Break():
            leave(ctx, "left", "until", "broke")
        case gast.Continue():
            leave(ctx, "left")
        case gast.Assert(test=test, msg=message):
            assert_(ctx, test, message)
        case gast.Raise():
            raising.raised(ctx, node)
        case gast.Delete(targets=targets):
            for target in targets:
                delete(ctx, target)
        case gast.Global(names=names):
            for name in names:
                if name in ctx.frame.local:
                    ctx.fail(f"the global {name} is assigned", "pass it in and return it", node)
        case gast.Import() | gast.ImportFrom():
            imports.bind(ctx, node)
        case gast.Expr(value=gast.Constant()) | gast.Pass():
            pass
        case gast.Expr(value=value):
            evaluate(ctx, value)
        case gast.FunctionDef():
            nested(ctx, node)
        case _:
            raise AssertionError(type(node).__name__)


def nested(ctx: Context, node: Any) -> None:
    """A function inside the function."""
    if node.decorator_list:
        ctx.fail("a decorator inside the function", "call the plain function", node)
    defaults = inlining.defaults(ctx, node)
    ctx.frame.names[node.name] = Closure(node.name, node, ctx.frame, defaults)


def leave(ctx: Context, *flags: str) -> None:
    for flag in flags:
        ctx.frame.names[hidden(flag)] = YES


def assert_(ctx: Context, test: Any, message: Any) -> None:
    holds = as_atom(expressions.condition(ctx, test))
    text = "" if message is None else raising.text_of(ctx, message)
    ctx.check(holds, "AssertionError", text)
    absent.settle(ctx, holds, True)


def delete(ctx: Context, target: Any) -> None:
    if isinstance(target, gast.Subscript):
        owner = evaluate(ctx, target.value)
        if isinstance(owner, Listed | Records):
            calls.method(ctx, owner, "pop", [subscripts.key(ctx, target.slice)], {})
            return
        if objects.written(owner, "__delitem__"):
            objects.call(ctx, owner, "__delitem__", (subscripts.key(ctx, target.slice),))
            return
        if not isinstance(owner, Structure):
            ctx.fail("only items of lists and dicts can be deleted", None, target)
        structures.del_item(ctx, owner, subscripts.key(ctx, target.slice))
        return
    if not isinstance(target, gast.Name):
        ctx.fail("only names and items can be deleted", None, target)
    expressions.variable(ctx, target.id)
    del ctx.frame.names[target.id]


# -- assignment


def assign(ctx: Context, target: Any, value: Value) -> None:
    match target:
        case gast.Name(id=name):
            if isinstance(value, Generated):
                ctx.fail("a generator with a name is not taken", "make a list, [... for ...]")
            if isinstance(value, Yielded) and not ctx.quoted:
                ctx.fail("a generator with a name is not taken", "make a list of it, list(...)")
            ctx.frame.names[name] = cells.stored(ctx, bound(ctx, name, value))
        case gast.Tuple(elts=targets) | gast.List(elts=targets):
            unpack(ctx, target, targets, value)
        case gast.Subscript(value=owner, slice=index):
            with ctx.at(target):
                array = holder(ctx, owner)
                if not isinstance(array, Array):
                    key = subscripts.key(ctx, index)
                    set_item(ctx, array, key, cells.again(ctx, value))
                    return
                if isinstance(value, Listed):
                    value = value.array
                atom = numpy_args.operand(ctx, value)
                parts = subscripts.parts_of(ctx, index)
                view = indices.target(ctx, array, parts, atom.type.ndim)
                with unread.noting(ctx):
                    views.write(ctx, view, indices.fitting(ctx, view, atom))
        case gast.Attribute(value=owner, attr="flat"):
            with ctx.at(target):
                array = array_of(ctx, target)
                views.write(ctx, array, indices.fitting(ctx, array, numpy_args.operand(ctx, value)))
        case gast.Attribute(value=owner, attr=name):
            with ctx.at(target):
                structures.set_field(ctx, evaluate(ctx, owner), name, cells.again(ctx, value))
        case _:
            raise AssertionError(type(target).__name__)


def bound(ctx: Context, name: str, value: Value) -> Value:
    """The value under the user's name, if it has none yet."""
    match value:
        case Var() | Const():
            return ctx.named(value, name)
        case Array(base=base, path=()) | Listed(array=Array(base=base, path=()), fixed=True) if (
            not base.name
        ):
            base.name = name
            ctx.bases[base] = ctx.named(ctx.bases[base], name)
    return value


def unpack(ctx: Context, target: Any, targets: Sequence[Any], value: Value) -> None:
    value = absent.iterated(ctx, value)
    starred = [k for k, one in enumerate(targets) if isinstance(one, gast.Starred)]
    if isinstance(value, Array) and not starred:
        parts = rows(ctx, value, len(targets))
    else:
        parts = items(ctx, value)
    if starred:
        k, after = starred[0], len(targets) - starred[0] - 1
        if len(parts) >= len(targets) - 1:
            middle = Structure("list", tuple(parts[k : len(parts) - after]))
            parts = [*parts[:k], middle, *parts[len(parts) - after :]]
            targets = [*targets[:k], targets[k].value, *targets[k + 1 :]]
    if len(parts) != len(targets):
        with ctx.at(target):
            message = f"{len(targets)} names for {len(parts)} values"
            ctx.impossible("ValueError", message, "name each value once")
    if exchanged(ctx, targets, parts):
        return
    for k, one in enumerate(targets):
        part = parts[k]
        assign(ctx, one, part)
        if isinstance(one, gast.Name):
            named = cells.loaded(ctx, ctx.frame.names[one.id])
            parts = [named if other is part else other for other in parts]


def exchanged(ctx: Context, targets: Sequence[Any], parts: Sequence[Value]) -> bool:
    """Are these rows of tables that only change places, as now they did?"""
    rows = [one for one in parts if isinstance(one, Listed) and one.fixed and one.array.path]
    if len(rows) < len(parts) or not all(isinstance(one, gast.Subscript) for one in targets):
        return False
    slots = []
    for one in targets:
        with ctx.at(one):
            owner = evaluate(ctx, one.value)
            if not (isinstance(owner, Listed) and owner.levels):
                return False
            slots.append((owner, operands.integer(ctx, evaluate(ctx, one.slice))))
    return tables.exchanged(ctx, slots, rows)


def rows(ctx: Context, array: Array, count: int) -> list[Value]:
    """The items of an array that has to have so many."""
    fits = compute(ctx, "==", length(ctx, array), constant(count))
    ctx.check(as_atom(fits), "ValueError", f"there are {count} names for the items of an array")
    return [item(ctx, array, constant(k)) for k in range(count)]


def set_item(
    ctx: Context, owner: Structure | Listed | Records | Letters, key: Value, value: Value
) -> None:
    """`owner[key] = value`, as the owner is now."""
    if isinstance(owner, Letters):
        letters.set_item(ctx, owner, key, value)
        return
    if objects.written(owner, "__setitem__"):
        objects.call(ctx, cells.again(ctx, owner), "__setitem__", (key, value))
        return
    now = tables.opened(ctx, cells.again(ctx, owner), key)
    if isinstance(now, Structure):
        item = lists.item_of(ctx, now) if ctx.shared.by_place and isinstance(key, Var) else None
        if item is None:
            structures.set_item(ctx, now, key, value)
            return
        cells.put(ctx, now, "list", lists.in_array(ctx, now, item))
        set_item(ctx, now, key, value)
    elif isinstance(now, Records):
        records.set_item(ctx, now, key, value)
    else:
        assert isinstance(now, Listed)
        listed.set_item(ctx, now, key, value)


def holder(ctx: Context, node: Any) -> Array | Structure | Listed | Records | Letters:
    """What elements of are assigned."""
    found = absent.subscripted(ctx, opened(evaluate(ctx, node)))
    if not isinstance(found, Array | Structure | Listed | Records | Letters):
        with ctx.at(node):
            message = f"only elements of arrays can be assigned, this is {described(found)}"
            wrong = isinstance(found, Var | Const) or found == NONE
            ctx.impossible("TypeError" if wrong else "", message)
    return found


def array_of(ctx: Context, node: Any) -> Array:
    found = holder(ctx, node)
    assert isinstance(found, Array)
    return found


VALUE_FIRST = "compute the value before, in a statement of its own"


def augment(ctx: Context, target: Any, symbol: str, node: Any) -> None:
    """`target += value`: arrays in place, names of numbers bound anew."""
    match target:
        case gast.Name(id=name):
            old = evaluate(
                ctx, gast.copy_location(gast.Name(name, gast.Load(), None, None), target)
            )
            value = evaluate(ctx, node)
            added = augmented(ctx, cells.again(ctx, old), symbol, value)
            if added is not None:
                assign(ctx, target, added)
        case gast.Subscript(value=owner, slice=index):
            array = holder(ctx, owner)
            if not isinstance(array, Array):
                key = subscripts.key(ctx, index)
                item = subscripts.found(ctx, cells.again(ctx, array), key)
                added = augmented(ctx, item, symbol, evaluate(ctx, node))
                if added is not None:
                    set_item(ctx, array, key, added)
                return
            parts = subscripts.parts_of(ctx, index)
            content = ctx.bases[array.base]
            if any(item in ("a", "mask") for item, _ in parts):
                value = numpy_args.operand(ctx, evaluate(ctx, node))
                if ctx.bases[array.base] is not content:
                    ctx.fail("the value writes into what it is to be added to", VALUE_FIRST)
                update(ctx, indices.target(ctx, array, parts, value.type.ndim), symbol, value)
                return
            view = indices.target(ctx, array, parts)
            old = subscripts.element(ctx, view)
            value = numpy_args.operand(ctx, evaluate(ctx, node))
            with unread.noting(ctx):
                if ctx.bases[array.base] is not content and not isinstance(old, Array):
                    views.write(ctx, view, compute(ctx, symbol, number(ctx, old), value))
                else:
                    update(ctx, view, symbol, value)
        case gast.Attribute(value=owner, attr=name):
            place = evaluate(ctx, owner)
            item = expressions.attribute(ctx, place, name)
            added = augmented(ctx, item, symbol, evaluate(ctx, node))
            if added is not None:
                structures.set_field(ctx, cells.again(ctx, place), name, added)
        case _:
            raise AssertionError(type(target).__name__)


def augmented(ctx: Context, old: Value, symbol: str, value: Value) -> Value | None:
    """What is to be assigned; None where what was there is changed itself."""
    if isinstance(old, Array):
        update(ctx, old, symbol, numpy_args.operand(ctx, value), whole=True)
        return None
    if isinstance(old, Structure) and old.kind == "list" and symbol == "+":
        structures.method(ctx, old, "extend", (value,), {})
        return None
    if isinstance(old, Listed | Records) and symbol == "+":
        calls.method(ctx, old, "extend", [value], {})
        return None
    if objects.written(old, objects.in_place(symbol)):
        return objects.call(ctx, old, objects.in_place(symbol), (value,))
    return expressions.binary(ctx, symbol, old, value)


def update(ctx: Context, view: Array, symbol: str, value: Atom, whole: bool = False) -> None:
    """`view[...] += value`; sums that keep the array's dtype are increments.

    A view that has a name is the whole of an array, though it may have no axes.
    """
    build, place = ctx.build, views.type_of(ctx, view)
    value = indices.fitting(ctx, view, value)
    if symbol == "@" and (place.ndim < 1 or value.type.ndim < 2):
        ctx.misfit("@= takes an array on the left and a matrix on the right")
    if value.type.ndim > place.ndim:
        given, there = views.shown(value.type.dims), views.shown(place.dims)
        ctx.misfit(f"the result of shapes {there} and {given} does not fit into {there}")
    element = subscripts.element(ctx, view)
    once = not indices.is_gather(view)  # `x[k] += v` adds once to what k names twice
    if once and symbol in "+-" and place.dtype != "bool" and keeps_dtype(symbol, place, value):
        if symbol == "-":
            if place.is_integer or (value.type.is_integer and value.type.kind != "python"):
                value = views.converted(ctx, value, place.dtype)
            value = expr.unary(build, "-", value)
        views.write(ctx, view, value, add=True)
        return
    old = number(ctx, element)
    new = compute(ctx, symbol, old, value)
    whole = whole or isinstance(element, Array)
    if whole and not np.can_cast(new.type.dtype, place.dtype, "same_kind"):
        ctx.fail(
            f"the result has dtype {new.type.dtype} and cannot go into an array of {place.dtype}",
            f"write x = x.astype(np.{new.type.dtype}) first",
        )
    views.write(ctx, view, new)


def keeps_dtype(symbol: str, place: Type, value: Atom) -> bool:
    """Is the sum of an element and the value of the array's own dtype?"""
    kind = "array" if place.dims else "numpy"
    found = expr.INFIX[symbol].operand_dtypes((place.having(kind=kind), value.type))
    return found[0] == place.dtype and value.type.dtype != "bool"


HOOKS = Hooks(
    evaluate,
    expressions.condition,
    inlining.inline,
    expressions.called,
    assign,
    block,
    tables.settled,
)
