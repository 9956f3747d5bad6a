"""`for` and `while`: what a loop carries, found by reading its body until nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast

from transpile.frontend import iterables, join, scope, views
from transpile.frontend.context import Context, Moved, State
from transpile.frontend.join import hidden, leaves, rebuilt, same_form
from transpile.frontend.operands import as_atom, described
from transpile.frontend.values import Array, Base, Live, Maybe, Range, Reversed, Value
from transpile.sym import expr
from transpile.sym.build import scan_facts
from transpile.sym.ir import Atom, Block, Const, Scan, Var, While, constant
from transpile.sym.types import BOOL, INT, Type

NO = constant(False)


@dataclass
class Carry:
    """One value that a loop carries: a leaf of a name's value, or the content of a base."""

    name: str
    type: Type
    init: Atom | None  # None: not assigned before
    param: Var


@dataclass
class Name:
    """A name whose value changes from round to round."""

    form: Value  # the structure its leaves make up
    types: list[Type] | None  # None: as on entry
    assigned: bool = True  # before the loop, for certain


@dataclass
class Plan:
    """What is known to be carried so far."""

    names: dict[str, Name] = field(default_factory=dict)
    bases: dict[Base, None] = field(default_factory=dict)
    pure: bool = False  # names only change places among each other


class Grown(Exception):
    """The plan was too small: read the body again."""


class Loop:
    """One loop of the user's being lowered."""

    def __init__(self, ctx: Context, node: Any, target: Sequence[Any] = ()) -> None:
        self.ctx, self.node = ctx, node
        self.live: Live = ctx.frame.live[node]
        self.before = ctx.save()
        self.plan = Plan()
        self.carries: list[Carry] = []
        self.heads: dict[str, Value] = {}
        self.flags: dict[str, Var] = {}
        self.contents: dict[Base, Var] = {}
        self.wheres: dict[Base, Var] = {}
        self.slots: list[Base] = []
        body = [*target, *node.body]
        self.assigned = scope.assigned(body)
        self.rebound = scope.rebound(body) | set(scope.assigned(target))
        self.key = (id(node), tuple(map(id, ctx.frame.calls)))
        self.predict()

    # -- what is carried

    def predict(self) -> None:
        """A first plan from the text; reading the body corrects it."""
        ctx = self.ctx
        hint = ctx.shared.hints.get(self.key)
        for name in hint if hint is not None else scope.written(self.node.body):
            for leaf in leaves(join.plain(ctx.frame.names.get(name, NO))):
                if isinstance(leaf, Array) and name not in self.rebound:
                    self.plan.bases[leaf.base] = None
        for name in self.assigned:
            value = ctx.frame.names.get(name)
            if value is None or not self.wanted(name):
                continue
            plain = join.plain(value)
            if name in self.rebound or not isinstance(plain, Array):
                self.carry_name(name, value)

    def wanted(self, name: str) -> bool:
        return name in self.live.head or name in self.live.after

    def carry_name(self, name: str, value: Value) -> None:
        self.plan.names[name] = Name(join.plain(value), None, not isinstance(value, Maybe))

    def enter(self) -> list[Var]:
        """Put the carried values in place of those on entry; the parameters of the body."""
        ctx = self.ctx
        self.carries, self.heads, self.flags, self.contents = [], {}, {}, {}
        for name, known in self.plan.names.items():
            self.heads[name] = self.head(name, known)
        self.track()
        for base in self.plan.bases:
            content = self.before.bases[base]
            self.contents[base] = self.carry(base.name, content.type, content).param
        for name, head in self.heads.items():
            ctx.frame.names[name] = head
        ctx.bases.update(self.contents)
        params = {carry.param for carry in self.carries}
        self.slots = [
            leaf.base
            for head in self.heads.values()
            for leaf in leaves(join.plain(head))
            if isinstance(leaf, Array) and ctx.bases[leaf.base] in params
        ]
        for base, where in self.wheres.items():
            seen = None if self.plan.pure else tuple(ctx.bases[slot] for slot in self.slots)
            ctx.moved[base] = Moved(where, tuple(self.slots), seen)
        return [carry.param for carry in self.carries]

    def track(self) -> None:
        """Follow the arrays that others can see and that a carried name is bound to on entry."""
        self.wheres = {}
        place = 0
        for name in self.plan.names:
            before = self.before.names.get(name)
            for leaf in leaves(join.plain(before)) if before is not None else ():
                if not isinstance(leaf, Array):
                    continue
                place += 1
                base = leaf.base
                if not leaf.path and base not in self.wheres and base not in self.before.moved:
                    if join.references(self.ctx, base, ""):
                        self.wheres[base] = self.carry("", INT, constant(place)).param
            if before is None:
                form = self.plan.names[name].form
                place += sum(isinstance(leaf, Array) for leaf in leaves(form))

    def head(self, name: str, known: Name) -> Value:
        before = self.before.names.get(name)
        plain = None if before is None else join.plain(before)
        olds = [None] * len(known.types or ()) if plain is None else list(leaves(plain))
        types = known.types
        parts: list[Value] = []
        for k, old in enumerate(olds):
            init = None if old is None else self.entry(old)
            assert types is not None or init is not None
            type = types[k] if types is not None else init.type  # type: ignore[union-attr]
            carry = self.carry(name, type, init)
            parts.append(self.ctx.made(carry.param, name))
        value = rebuilt(known.form, iter(parts))
        if known.assigned or name.startswith("("):
            return value
        assigned = join.flag(before)
        self.flags[name] = self.carry("", BOOL, assigned).param
        return Maybe(value, self.flags[name])

    def entry(self, leaf: Atom | Array) -> Atom:
        """The value on entry of a leaf; it was read before the loop began."""
        if not isinstance(leaf, Array):
            return leaf
        content = self.before.bases[leaf.base]
        for step in leaf.path:
            content = self.outside(content, step)
        return content

    def outside(self, content: Atom, step: Any) -> Atom:
        inner = self.ctx.build
        assert inner.parent is not None
        self.ctx.build = inner.parent
        try:
            return views.viewed(self.ctx, content, step)
        finally:
            self.ctx.build = inner

    def carry(self, name: str, type: Type, init: Atom | None) -> Carry:
        shown = "" if name.startswith("(") else name
        self.carries.append(Carry(name, type, init, Var(shown, type)))
        return self.carries[-1]

    # -- after one round

    def leave(self) -> list[Atom]:
        """The carried values after a round. Raises Grown where the plan was too small."""
        results: list[Atom] = []
        self.check_written()
        grown = self.grow_names() | self.grow_bases()
        ends, moved = ({}, False) if grown else self.places()
        if grown or moved:
            raise Grown
        carries = iter(self.carries)
        for name in self.plan.names:
            end = self.ctx.frame.names[name]
            for leaf in leaves(join.plain(end)):
                results.append(self.fitted(next(carries), self.content(leaf)))
            if name in self.flags:
                next(carries)
                results.append(join.flag(end))
        for base in self.wheres:
            next(carries)
            results.append(ends[base])
        for base in self.plan.bases:
            results.append(self.fitted(next(carries), views.content(self.ctx, base)))
        return results

    def places(self) -> tuple[dict[Base, Atom], bool]:
        """Where the arrays that are followed are after a round; True if the plan grew."""
        ctx, finals, ends = self.ctx, {}, {}
        arrays = [
            leaf
            for name in self.plan.names
            for leaf in leaves(join.plain(ctx.frame.names[name]))
            if isinstance(leaf, Array)
        ]
        for k, leaf in enumerate(arrays, 1):
            if not leaf.path and leaf.base in finals and self.wheres:
                ctx.fail(
                    f"{leaf.base.name} has two names after a round of this loop",
                    "bind one of them to a copy, x.copy()",
                    self.node,
                )
            if not leaf.path:
                finals[leaf.base] = k
        grown = False
        for base in self.wheres:
            kept = all(views.located(ctx, slot, finals)[1] for slot in self.slots)
            ends[base] = views.located(ctx, base, finals)[0]
            dirty = views.content(ctx, base) is not ctx.bases[base]
            if dirty and kept and not self.plan.pure:
                self.plan.pure = grown = True
            if dirty and not kept and base not in self.plan.bases:
                self.plan.bases[base], self.plan.pure, grown = None, False, True
        return ends, grown

    def check_written(self) -> None:
        """A name that is bound to other arrays in the loop may not write into the first one."""
        for name, head in self.heads.items():
            before = self.before.names.get(name)
            if before is None:
                continue
            for new, old in zip(leaves(join.plain(head)), leaves(join.plain(before)), strict=True):
                if not isinstance(new, Array) or not isinstance(old, Array):
                    continue
                if old.base in self.wheres and not old.path:
                    continue
                changed = self.ctx.bases[new.base] not in [carry.param for carry in self.carries]
                if changed and join.references(self.ctx, old.base, name):
                    self.ctx.fail(
                        f"{name} is written in place and bound to another array in the same loop",
                        f"write {name} = {name}.copy() before the loop",
                        self.node,
                    )

    def content(self, leaf: Atom | Array) -> Atom:
        return views.read(self.ctx, leaf) if isinstance(leaf, Array) else leaf

    def fitted(self, carry: Carry, atom: Atom) -> Atom:
        return join.fit(self.ctx, carry.name, atom, carry.type)

    def grow_names(self) -> bool:
        """Add what changed to the plan, and widen the types."""
        grown = False
        now = self.ctx.frame.names
        for name in (*self.assigned, *map(hidden, ("broke", "returned", "value"))):
            if name not in now or not (name.startswith("(") or self.wanted(name)):
                continue
            grown |= self.widen(name) if name in self.plan.names else self.add(name)
        return grown

    def add(self, name: str) -> bool:
        end, before = self.ctx.frame.names[name], self.before.names.get(name)
        if before is not None and end == before:
            return False
        plain = join.plain(end)
        if before is not None:
            self.carry_name(name, before)
            self.check_form(name, join.plain(before), plain)
        else:
            types = [self.content(leaf).type for leaf in leaves(plain)]
            self.plan.names[name] = Name(plain, types, assigned=False)
        return True

    def widen(self, name: str) -> bool:
        known, end = self.plan.names[name], join.plain(self.ctx.frame.names[name])
        self.check_form(name, known.form, end)
        mine = [carry for carry in self.carries if carry.name == name]
        joined = []
        for carry, leaf in zip(mine, leaves(end), strict=True):
            joined.append(join.common(self.ctx, name, carry.type, self.content(leaf).type))
        if joined == [carry.type for carry in mine]:
            return False
        known.types = joined
        return True

    def check_form(self, name: str, form: Value, end: Value) -> None:
        if not same_form(form, end):
            self.ctx.fail(
                f"{join.label(name)} is {described(form)} before this loop and {described(end)} "
                "after a round of it",
                "use another name for each",
                self.node,
            )

    def grow_bases(self) -> bool:
        grown = False
        for base, content in self.before.bases.items():
            if base not in self.plan.bases and self.ctx.bases[base] is not content:
                self.plan.bases[base] = None
                grown = True
        return grown

    def run(self, attempt: Callable[[], None]) -> None:
        """Read the loop until the plan holds."""
        frozen = dict(self.ctx.frozen)
        while True:
            self.ctx.restore(self.before)
            self.ctx.frozen = dict(frozen)
            try:
                attempt()
                break
            except Grown:
                continue
        names = self.before.names
        written = [
            name
            for name, value in names.items()
            for leaf in leaves(join.plain(value))
            if isinstance(leaf, Array) and leaf.base in self.plan.bases
        ]
        self.ctx.shared.hints[self.key] = tuple(written)

    # -- the loop's end

    def inits(self) -> tuple[Atom, ...]:
        """The values on entry, with the types that are carried."""
        found = []
        for carry in self.carries:
            if carry.init is None:
                join.known_outside(self.ctx, join.label(carry.name), carry.type, self.since)
                found.append(join.placeholder(self.ctx, carry.type))
            else:
                found.append(join.fit(self.ctx, join.label(carry.name), carry.init, carry.type))
        return tuple(found)

    since = 0

    def finish(self, outs: Sequence[Var], runs: bool) -> None:
        """Names and contents after the loop."""
        ctx = self.ctx
        ends, state = dict(ctx.frame.names), State(dict(ctx.bases), {}, {})
        ctx.restore(self.before)
        for name in self.assigned:
            ctx.frame.names.pop(name, None)
        given = iter(outs)
        for name, known in self.plan.names.items():
            parts = [ctx.made(next(given), name) for _ in leaves(known.form)]
            value = rebuilt(known.form, iter(parts))
            if name in self.flags:
                assigned = next(given)
                if not (runs and join.flag(ends[name]) == constant(True)):
                    value = Maybe(value, assigned)
            ctx.frame.names[name] = value
            self.freeze(name)
        for name in self.assigned:
            if name not in self.plan.names and name in self.before.names:
                ctx.frame.names[name] = self.before.names[name]
        held = [
            leaf.base
            for name in self.plan.names
            for leaf in leaves(join.plain(ctx.frame.names[name]))
            if isinstance(leaf, Array)
        ]
        for base in self.wheres:
            seen = None if self.plan.pure else tuple(ctx.bases[one] for one in held)
            ctx.moved[base] = Moved(next(given), tuple(held), seen)
        for base in self.plan.bases:
            ctx.bases[base] = next(given)
        for base in state.bases:
            if base not in ctx.bases:
                ctx.bases[base] = state.bases[base]

    def freeze(self, name: str) -> None:
        """A name that was a view on entry may not be written after the loop."""
        before = self.before.names.get(name)
        new = leaves(join.plain(self.ctx.frame.names[name]))
        for old, now in zip(leaves(join.plain(before)) if before is not None else (), new):
            if isinstance(old, Array) and isinstance(now, Array) and old.base not in self.wheres:
                if join.references(self.ctx, old.base, name):
                    self.ctx.frozen[now.base] = self.ctx.build.span

    def outs(self) -> list[Var]:
        return [Var(carry.param.name, carry.type) for carry in self.carries]


# -- for


def for_(ctx: Context, node: Any) -> None:
    """`for target in iterable: ...`"""
    over = ctx.hooks.evaluate(ctx, node.iter)
    if iterables.unrolled(over):
        unroll(ctx, node, iterables.items(ctx, over))
        return
    flags_before(ctx, node)
    bounds, get, reverse = plan_range(ctx, over)
    loop = Loop(ctx, node, [node.target])

    def attempt() -> None:
        build = ctx.build
        start, stop, step = (build.dim(b) for b in bounds)
        loop.since = join.mark()
        name = node.target.id if get is None and isinstance(node.target, gast.Name) else ""
        index = Var(name, INT)
        with ctx.inside(*scan_facts(index, start, stop, step)) as inner:
            ctx.loops += 1
            params = loop.enter()
            reset_flags(ctx)
            value = index if get is None else get(index)
            ctx.hooks.assign(ctx, node.target, value)
            ctx.hooks.block(ctx, node.body, loop.live.head | loop.live.after)
            until = ctx.frame.names[hidden("until")]
            results = loop.leave()
            ctx.loops -= 1
        leaving = until != NO
        if leaving:
            results.append(until)  # type: ignore[arg-type]
        emit_scan(loop, bounds, inner.block([index, *params], results), reverse, leaving)

    counted(ctx, loop, attempt)
    after(ctx, node)


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


def counted(ctx: Context, loop: Loop, attempt: Callable[[], None]) -> None:
    """Run `attempt`, keeping the count of loops right when it begins anew."""
    depth = ctx.loops

    def once() -> None:
        ctx.loops = depth
        attempt()

    loop.run(once)


def plan_range(
    ctx: Context, over: Value
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
    return (constant(0), length, constant(1)), lambda i: iterables.item(ctx, over, i), False


def unroll(ctx: Context, node: Any, values: Sequence[Value]) -> None:
    """A loop over a tuple: its body once for each item."""
    outer = dict(ctx.frame.names)
    flags_before(ctx, node)
    ctx.frame.names[hidden("until")] = NO

    def rest(left: Sequence[Value]) -> None:
        if not left:
            return
        ctx.frame.names[hidden("left")] = NO
        ctx.hooks.assign(ctx, node.target, left[0])
        live = ctx.frame.live[node]
        ctx.hooks.block(ctx, node.body, live.head | live.after)
        until = ctx.frame.names[hidden("until")]
        if until == NO:
            rest(left[1:])
        elif until != constant(True):
            assert isinstance(until, Var)
            join.Branch(ctx, until, live.head | live.after).rest(lambda: rest(left[1:]))

    rest(values)
    for name in ("left", "until"):
        ctx.frame.names[hidden(name)] = outer.get(hidden(name), NO)
    after(ctx, node)


# -- while


def while_(ctx: Context, node: Any) -> None:
    """`while test: ...`; a `break` ends it by a carried flag."""
    flags_before(ctx, node)
    leaving = scope.may_leave(node.body)
    loop = Loop(ctx, node)
    going = hidden("until")

    def attempt() -> None:
        loop.since = join.mark()
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


def endless(node: Any) -> bool:
    """Is a return the only way out of this `while`?"""
    forever = isinstance(node.test, gast.Constant) and bool(node.test.value)
    return forever and not scope.breaks(node.body)


def tested(ctx: Context, node: Any, loop: Loop, leaving: bool) -> Block:
    """The block that decides on another round."""
    with ctx.inside() as build:
        params = loop.enter()
        left = Var("", BOOL)
        if not leaving:
            test = as_atom(ctx.hooks.condition(ctx, node.test))
            found = build.block(params, [test])
        else:
            branch = join.Branch(ctx, left, frozenset())
            go = branch.run(lambda: NO, lambda: as_atom(ctx.hooks.condition(ctx, node.test)))
            assert isinstance(go, Var | Const)
            found = build.block([*params, left], [go])
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
