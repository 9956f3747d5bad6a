"""`for` and `while` loops, `break`, `continue` and `else`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from transpile.frontend import absent, cells, generators, hashed, iterables, join, scope
from transpile.frontend.carry import NO, Loop
from transpile.frontend.context import Context, NotKnown
from transpile.frontend.join import hidden
from transpile.frontend.operands import as_atom, compute, truth
from transpile.frontend.values import Live, Range, Reversed, Structure, Value
from transpile.sym import expr
from transpile.sym.build import scan_facts
from transpile.sym.ir import Atom, Block, Const, Scan, Var, While, constant
from transpile.sym.types import BOOL, INT


def for_(ctx: Context, node: Any) -> None:
    """`for target in iterable: ...`"""
    over = absent.iterated(ctx, ctx.hooks.evaluate(ctx, node.iter))
    if generators.is_yielded(over):
        generators.loop(ctx, node, over)
        return
    if iterables.unrolled(over):
        unroll(ctx, node, over)
        return
    before, frozen, depth, outer = ctx.save(), dict(ctx.frozen), ctx.loops, ctx.short
    count = iterables.length(ctx, over)
    short = isinstance(count, Const) and count.value <= MOST
    ctx.short += isinstance(count, Const) and count.value <= FEW
    try:
        rolled(ctx, node, over, count)
        ctx.short = outer
    except NotKnown:
        ctx.short = outer
        if not short:
            raise
        ctx.restore(before)
        ctx.frozen, ctx.loops = frozen, depth
        unroll(ctx, node, Structure("tuple", tuple(iterables.items(ctx, over))))


FEW = 16  # rounds of a loop that is written out rather than that a list in it is an array
MOST = 64  # so many rounds at most are written out where one has to know its number


def rolled(ctx: Context, node: Any, over: Value, count: Atom) -> None:
    """A loop of the running program."""
    flags_before(ctx, node)
    held = cells.stored(ctx, over)
    bounds, get, reverse = plan_range(ctx, over, lambda: cells.loaded(ctx, held))
    loop = Loop(ctx, node, [node.target], count)

    def attempt() -> None:
        build = ctx.build
        start, stop, step = (build.dim(b) for b in bounds)
        name = node.target.id if get is None and isinstance(node.target, gast.Name) else ""
        index = Var(name, INT)
        ctx.tame.add(index)
        with ctx.inside(*scan_facts(index, start, stop, step)) as inner:
            ctx.loops += 1
            params = loop.enter()
            reset_flags(ctx)
            value = index if get is None else get(index)
            ctx.hooks.assign(ctx, node.target, value)
            ctx.hooks.block(ctx, node.body, loop.live.head | loop.live.after)
            until = ctx.frame.names[hidden("until")]
            going_on(ctx, until, lambda: hashed.check_sizes(ctx, over))
            results = loop.leave()
            ctx.loops -= 1
        leaving = until != NO
        if leaving:
            results.append(until)  # type: ignore[arg-type]
        emit_scan(loop, bounds, inner.block([index, *params], results), reverse, leaving)

    counted(ctx, loop, attempt)
    after(ctx, node)


def going_on(ctx: Context, until: Value, then: Callable[[], None]) -> None:
    """What is done at the end of a round after which the loop goes on."""
    if until == NO:
        then()
    elif isinstance(until, Var):
        join.Branch(ctx, until, frozenset()).run(lambda: None, lambda: then())


def emit_scan(
    loop: Loop, bounds: tuple[Atom, Atom, Atom], body: Block, reverse: bool, until: bool
) -> None:
    ctx = loop.ctx
    outs = loop.outs()
    trips = [Var("", INT)] if until else []
    scan = Scan(*bounds, loop.inits(), body, reverse, until)
    ctx.build.emit(scan, [*outs, *trips])
    start, stop, step = (ctx.build.dim(b) for b in bounds)
    length = stop - start if step.constant == 1 else start - stop if step.constant == -1 else None
    runs = length is not None and ctx.build.facts.positive(length)
    loop.finish(outs, runs)
    if loop.plan.widened and not runs:
        has_round(loop, expr.range_length(ctx.build, *bounds))


def has_round(loop: Loop, rounds: Atom) -> None:
    """Check that the loop has a round: what its rounds make an array is a number without them."""
    some = as_atom(truth(loop.ctx, compute(loop.ctx, ">", rounds, constant(0))))
    name = join.label(loop.plan.widened[0])
    message = f"{name} would be a number after a loop of no rounds, and is an array after others"
    loop.ctx.check(some, "ValueError", message)


def counted(ctx: Context, loop: Loop, attempt: Callable[[], None]) -> None:
    """Run `attempt`, keeping the count of loops right when it begins anew."""
    depth = ctx.loops

    def once() -> None:
        ctx.loops = depth
        attempt()

    loop.run(once)


def plan_range(
    ctx: Context, over: Value, now: Callable[[], Value]
) -> tuple[tuple[Atom, Atom, Atom], Callable[[Atom], Value] | None, bool]:
    """The bounds of the scan, what an item is of its index (None: the index), and its direction."""
    match over:
        case Range(start=start, stop=stop, step=step):
            return (start, stop, step), None, False
        case Reversed(part=Range(start=start, stop=stop, step=step)):
            return (start, stop, step), None, True
        case Reversed(part=part):
            length = iterables.length(ctx, part)
            return (constant(0), length, constant(1)), lambda i: iterables.item(ctx, part, i), True
    length = iterables.length(ctx, over)
    return (constant(0), length, constant(1)), lambda i: iterables.item(ctx, now(), i), False


def unroll(ctx: Context, node: Any, over: Value) -> None:
    """A loop over a tuple: its body once for each item. A list may change meanwhile."""
    held, known = cells.stored(ctx, over), iterables.items(ctx, over)
    changes = any(cells.references(over))
    dicts = (isinstance(over, Structure) and over.kind == "dict") or any(hashed.dicts(over))
    size = len(known) if dicts else None
    outer = dict(ctx.frame.names)
    flags_before(ctx, node)
    ctx.frame.names[hidden("until")] = NO

    def rest(k: int) -> None:
        left = iterables.items(ctx, cells.loaded(ctx, held))[k:] if changes else known[k:]
        if size is not None and len(left) + k != size:
            message = "dictionary changed size during iteration"
            ctx.check(constant(False), "RuntimeError", message)
            return
        if not left:
            return
        ctx.frame.names[hidden("left")] = NO
        ctx.hooks.assign(ctx, node.target, left[0])
        live = ctx.frame.live[node]
        ctx.hooks.block(ctx, node.body, live.head | live.after)
        until = ctx.frame.names[hidden("until")]
        if until == NO:
            rest(k + 1)
        elif until != constant(True):
            assert isinstance(until, Var)
            join.Branch(ctx, until, live.head | live.after).rest(lambda: rest(k + 1))

    rest(0)
    for name in ("left", "until"):
        ctx.frame.names[hidden(name)] = outer.get(hidden(name), NO)
    after(ctx, node)


# -- while


class TestWrites(Exception):
    """The test of a `while` does more than give its value."""


def while_(ctx: Context, node: Any) -> None:
    """`while test: ...`; a `break` ends it by a carried flag."""
    before, frozen, depth = ctx.save(), dict(ctx.frozen), ctx.loops
    try:
        tested_first(ctx, node)
    except TestWrites:
        ctx.restore(before)
        ctx.frozen, ctx.loops = frozen, depth
        tested_first(ctx, with_test_inside(ctx, node))


def with_test_inside(ctx: Context, node: Any) -> Any:
    """`while True:`, with the test where a round begins: `if not test: break`."""
    if scope.may_leave(node.orelse):
        ctx.fail(
            "the test of this `while` writes into an array or a list",
            "write `while True:`, compute the test in the loop and `break`",
            node.test,
        )

    def here(made: Any) -> Any:
        return gast.copy_location(made, node.test)

    leave = [*node.orelse, here(gast.Break())]
    branch = here(gast.If(here(gast.UnaryOp(gast.Not(), node.test)), leave, []))
    made = gast.While(here(gast.Constant(True, None)), [branch, *node.body], [])
    live = ctx.frame.live[node]
    later = live.head | live.after
    ctx.frame.live[made], ctx.frame.live[branch] = live, Live(later, later)
    return gast.copy_location(made, node)


def tested_first(ctx: Context, node: Any) -> None:
    flags_before(ctx, node)
    if never(ctx, node.test):
        ctx.hooks.condition(ctx, node.test)
        after(ctx, node)
        return
    leaving = scope.may_leave(node.body)
    loop = Loop(ctx, node)
    going = hidden("until")

    def attempt() -> None:
        tests = tested(ctx, node, loop, leaving)
        with ctx.inside() as inner:
            ctx.loops += 1
            params = loop.enter()
            flags = [Var("", BOOL)] if leaving else []
            reset_flags(ctx)
            ctx.hooks.block(ctx, node.body, loop.live.head | loop.live.after)
            until = ctx.frame.names[going]
            results = loop.leave()
            ctx.loops -= 1
        results += [until] if leaving else []  # type: ignore[list-item]
        body = inner.block([*params, *flags], results)
        outs = loop.outs()
        init = (*loop.inits(), *([NO] if leaving else []))
        ends = [Var("", BOOL)] if leaving else []
        ctx.build.emit(While(init, tests, body), [*outs, *ends, Var("", INT)])
        loop.finish(outs, False)

    counted(ctx, loop, attempt)
    if endless(node):
        ctx.frame.names[hidden("returned")] = constant(True)
    after(ctx, node)


def never(ctx: Context, test: Any) -> bool:
    """Is it known that the test fails where the loop begins?"""
    before, frozen = ctx.save(), dict(ctx.frozen)
    with ctx.inside():
        found = ctx.hooks.condition(ctx, test)
    ctx.restore(before)
    ctx.frozen = frozen
    return found is False


def endless(node: Any) -> bool:
    """Is a return the only way out of this `while`?"""
    forever = isinstance(node.test, gast.Constant) and bool(node.test.value)
    return forever and not scope.breaks(node.body)


def tested(ctx: Context, node: Any, loop: Loop, leaving: bool) -> Block:
    """The block that decides on another round."""
    with ctx.inside() as build:
        params = loop.enter()
        contents, held = dict(ctx.bases), cells.cells(ctx.frame.names)
        left = Var("", BOOL)
        if not leaving:
            test = as_atom(ctx.hooks.condition(ctx, node.test))
            found = build.block(params, [test])
        else:
            branch = join.Branch(ctx, left, frozenset())
            go = branch.run(lambda: NO, lambda: as_atom(ctx.hooks.condition(ctx, node.test)))
            assert isinstance(go, Var | Const)
            found = build.block([*params, left], [go])
    changed = any(ctx.frame.names[cell] != value for cell, value in held.items())
    if changed or any(ctx.bases[base] is not content for base, content in contents.items()):
        raise TestWrites
    ctx.restore(loop.before)
    return found


# -- flags of leaving


def flags_before(ctx: Context, node: Any) -> None:
    if node.orelse:
        ctx.frame.names[hidden("broke")] = NO


def reset_flags(ctx: Context) -> None:
    """At the head of a round nothing has been left yet."""
    for name in ("left", "until", "returned", "broke"):
        ctx.frame.names[hidden(name)] = NO
    ctx.frame.names.pop(hidden("value"), None)


def after(ctx: Context, node: Any) -> None:
    """A return inside the loop leaves what is around it too; `else` runs unless it was broken."""
    names = ctx.frame.names
    returned = names.get(hidden("returned"), NO)
    broke = names.pop(hidden("broke"), NO)
    names[hidden("left")] = names[hidden("until")] = returned
    if not node.orelse:
        return
    left = broke
    if returned != NO:
        left = expr.binary(ctx.build, "|", as_atom_of(broke), as_atom_of(returned))
    live = ctx.frame.live[node].after
    if left == NO:
        ctx.hooks.block(ctx, node.orelse, live)
        return
    assert isinstance(left, Var | Const)
    join.Branch(ctx, left, live).rest(lambda: ctx.hooks.block(ctx, node.orelse, live))


def as_atom_of(value: Value) -> Atom:
    assert isinstance(value, Var | Const)
    return value
