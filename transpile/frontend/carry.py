"""What a loop carries from round to round, found by reading its body until nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from transpile.frontend import (
    aliases,
    cells,
    forms,
    growing,
    join,
    lists,
    rooms,
    scope,
    spots,
    tables,
    views,
)
from transpile.frontend.carried import NOWHERE, Carry, Grown, Name, Plan
from transpile.frontend.context import Context, Moved, State
from transpile.frontend.forms import leaves, rebuilt
from transpile.frontend.values import Array, Base, Live, Maybe, Value
from transpile.sym.ir import Atom, Var, constant
from transpile.sym.types import BOOL, INT, Type

NO = constant(False)
BROKE = join.hidden("broke")


class Loop:
    """One loop of the user's being lowered."""

    def __init__(
        self, ctx: Context, node: Any, target: Sequence[Any] = (), trips: Atom | None = None
    ) -> None:
        self.ctx, self.node, self.trips, self.shrunk = ctx, node, trips, ctx.shrunk
        self.live: Live = ctx.frame.live[node]
        self.before, self.outer = ctx.save(), ctx.build
        self.plan = Plan()
        self.since, self.placed = join.mark(), frozenset(ctx.placed)
        self.carries: list[Carry] = []
        self.heads: dict[str, Value] = {}
        self.flags: dict[str, Var] = {}
        self.contents: dict[Base, Var] = {}
        self.wheres: dict[Base, Var] = {}
        self.slots: list[Base] = []
        self.watched: dict[Base, None] = {}
        self.aimed: set[Base] = set()  # what the text shows to be written
        self.results: dict[tuple[str, int], Sequence[Var]] = {}
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
            for leaf in leaves(forms.plain(ctx.frame.names.get(name, NO))):
                if isinstance(leaf, Array) and name not in self.rebound:
                    self.plan.bases[leaf.base] = None
        for name in scope.written(self.node.body):
            values = leaves(forms.plain(ctx.frame.names.get(name, NO)))
            self.aimed |= {leaf.base for leaf in values if isinstance(leaf, Array)}
        for name in self.assigned:
            value = ctx.frame.names.get(name)
            if value is None or not self.wanted(name):
                continue
            plain = forms.plain(value)
            if name in self.rebound or not isinstance(plain, Array):
                self.carry_name(name, value)

    def shrinks(self) -> bool:
        """Does some list become shorter in a round?"""
        return self.ctx.shrunk > self.shrunk

    def wanted(self, name: str) -> bool:
        return name in self.live.head or name in self.live.after

    def carry_name(self, name: str, value: Value) -> None:
        for k, leaf in enumerate(leaves(forms.plain(value))):
            aimed = isinstance(leaf, Array) and leaf.base in self.aimed
            if isinstance(leaf, Array) and aimed and not forms.owns(value):
                aliases.sight(self, name, k, leaf)
        self.plan.names[name] = Name(forms.plain(value), None, not isinstance(value, Maybe))

    def enter(self) -> list[Var]:
        """Put the carried values in place of those on entry; the parameters of the body."""
        ctx = self.ctx
        self.carries, self.heads, self.flags, self.contents = [], {}, {}, {}
        ctx.frozen.update(dict.fromkeys(self.plan.frozen, ctx.build.span))
        for name in self.plan.lost:
            ctx.frame.names.pop(name, None)
        for name, known in self.plan.names.items():
            self.heads[name] = self.head(name, known)
        aliases.track(self)
        for base in self.plan.bases:
            content = self.before.bases[base]
            self.contents[base] = self.carry(base.name, content.type, content).param
        for name, head in self.heads.items():
            ctx.frame.names[name] = head
        ctx.bases.update(self.contents)
        params = {carry.param for carry in self.carries}
        self.slots = [
            slot
            for name, head in self.heads.items()
            for slot in self.held(name, head)
            if slot is NOWHERE or ctx.bases[slot] in params
        ]
        for base, where in self.wheres.items():
            seen = None if self.plan.pure else self.seen(self.slots)
            ctx.moved[base] = Moved(
                where, tuple(self.slots), seen, self.plan.pure, self.plan.places[base]
            )
        return [carry.param for carry in self.carries]

    def held(self, name: str, value: Value) -> list[Base]:
        """The arrays that a name holds, in order; what stands for one that it has a view of."""
        return [
            leaf.base if self.plan.spots.get((name, k)) is None else NOWHERE
            for k, leaf in enumerate(leaves(forms.plain(value)))
            if isinstance(leaf, Array)
        ]

    def seen(self, slots: Sequence[Base]) -> tuple[Atom, ...]:
        return tuple(self.ctx.bases.get(slot, NO) for slot in slots)

    def head(self, name: str, known: Name) -> Value:
        before = self.before.names.get(name)
        plain = None if before is None else forms.plain(before)
        olds = [None] * len(known.types or ()) if plain is None else list(leaves(plain))
        types = known.types
        parts: list[Value] = []
        for k, old in enumerate(olds):
            init = None if old is None else self.entry(old)
            assert types is not None or init is not None
            type = types[k] if types is not None else init.type  # type: ignore[union-attr]
            if (name, k) in self.plan.rooms:
                parts.append(rooms.head(self, name, k, type, init))
                continue
            spot = self.plan.spots.get((name, k))
            if spot is not None:
                starts = [at if old is not None else None for at in spots.integers(spot)]
                mine = [self.carry("", INT, at).param for at in starts]
                parts.append(spots.placed(spot, iter(mine)))
                continue
            carry = self.carry(name, type, init)
            carry.leaf = True
            parts.append(self.ctx.made(carry.param, carry.param.name))
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
        inner = self.ctx.build
        assert inner.parent is not None
        self.ctx.build = inner.parent
        try:
            return views.read(self.ctx, leaf)
        finally:
            self.ctx.build = inner

    def carry(self, name: str, type: Type, init: Atom | None) -> Carry:
        shown = cells.title(self.before.names, name)
        self.carries.append(Carry(name, type, init, Var(shown, type)))
        return self.carries[-1]

    # -- after one round

    def leave(self) -> list[Atom]:
        """The carried values after a round. Raises Grown where the plan was too small."""
        results: list[Atom] = []
        if BROKE in self.plan.names:  # an inner loop with an `else` takes the flag away
            self.ctx.frame.names.setdefault(BROKE, NO)
        lists.open_all(self)
        grown = growing.names(self) | growing.bases(self)
        ends, moved = ({}, False) if grown else aliases.places(self)
        if grown or moved:
            raise Grown
        aliases.watch(self)
        lists.check_kept(self)
        tables.check_rows(self)
        carries = iter(self.carries)
        for name in self.plan.names:
            end = self.ctx.frame.names[name]
            for k, leaf in enumerate(leaves(forms.plain(end))):
                mine = [next(carries) for _ in range(rooms.count(self, name, k))]
                if (name, k) in self.plan.rooms:
                    assert isinstance(leaf, Array)
                    results += rooms.after(self, name, k, leaf, mine)
                elif self.plan.spots.get((name, k)) is not None:
                    assert isinstance(leaf, Array)
                    results += spots.integers(spots.written_out(self.ctx, leaf))
                else:
                    results.append(self.fitted(mine[0], self.content(leaf)))
            if name in self.flags:
                next(carries)
                results.append(join.flag(end))
        for base in self.wheres:
            next(carries)
            results.append(ends[base])
        for base in self.plan.bases:
            results.append(self.fitted(next(carries), views.content(self.ctx, base)))
        return results

    def content(self, leaf: Atom | Array) -> Atom:
        return views.read(self.ctx, leaf) if isinstance(leaf, Array) else leaf

    def fitted(self, carry: Carry, atom: Atom) -> Atom:
        return join.fit(self.ctx, atom, carry.type)

    def leaf_at(self, name: str, k: int) -> Array:
        """Leaf number k of a name at the head of a round, which is an array."""
        found = list(leaves(forms.plain(self.heads[name])))[k]
        assert isinstance(found, Array)
        return found

    def run(self, attempt: Callable[[], None]) -> None:
        """Read the loop until the plan holds."""
        frozen, first = dict(self.ctx.frozen), len(self.ctx.build.eqns)
        self.shrunk = self.ctx.shrunk
        while True:
            self.ctx.restore(self.before)
            self.ctx.frozen = dict(frozen)
            try:
                attempt()
                rooms.rehearse(self, first, self.shrinks())
                break
            except Grown:
                continue
            except tables.Early as early:
                if not growing.early(self, early.cell, early.build):
                    raise
        names = self.before.names
        written = [
            name
            for name, value in names.items()
            for leaf in leaves(forms.plain(value))
            if isinstance(leaf, Array) and leaf.base in self.plan.bases
        ]
        self.ctx.shared.hints[self.key] = tuple(written)

    # -- the loop's end

    def inits(self) -> tuple[Atom, ...]:
        """The values on entry, with the types that are carried."""
        found = []
        for carry in self.carries:
            if carry.init is None:
                if not carry.room:
                    join.known_outside(self.ctx, join.label(carry.name), carry.type, self.since)
                found.append(join.placeholder(self.ctx, carry.type))
            else:
                found.append(join.fit(self.ctx, carry.init, carry.type))
        return tuple(found)

    def finish(self, outs: Sequence[Var], runs: bool) -> None:
        """Names and contents after the loop."""
        ctx = self.ctx
        ends, state = dict(ctx.frame.names), State(dict(ctx.bases), {}, {})
        ctx.restore(self.before)
        for name in (*self.assigned, *self.plan.lost):
            ctx.frame.names.pop(name, None)
        given = iter(outs)
        for name, known in self.plan.names.items():
            shown = cells.title(self.before.names, name)
            parts: list[Value] = []
            for k, _ in enumerate(leaves(known.form)):
                mine = [next(given) for _ in range(rooms.count(self, name, k))]
                spot = self.plan.spots.get((name, k))
                if (name, k) in self.plan.rooms:
                    parts.append(rooms.result(self, name, k, mine))
                elif spot is not None:
                    parts.append(spots.placed(spot, iter(mine)))
                else:
                    parts.append(ctx.made(mine[0], shown))
                self.results[name, k] = mine
            value = rebuilt(known.form, iter(parts))
            if name in self.flags:
                assigned = next(given)
                if not (runs and join.flag(ends[name]) == constant(True)):
                    value = Maybe(value, assigned)
            ctx.frame.names[name] = value
        for name in self.assigned:
            if name not in self.plan.names and name in self.before.names:
                ctx.frame.names[name] = self.before.names[name]
        held = [base for name in self.plan.names for base in self.held(name, ctx.frame.names[name])]
        if self.watched:
            self.ctx.frozen.update(dict.fromkeys((*held, *self.watched), self.ctx.build.span))
        for base in self.wheres:
            seen = None if self.plan.pure else self.seen(held)
            ctx.moved[base] = Moved(
                next(given), tuple(held), seen, self.plan.pure, self.plan.places[base]
            )
        for base in self.plan.bases:
            ctx.bases[base] = next(given)
        for base in state.bases:
            if base not in ctx.bases:
                ctx.bases[base] = state.bases[base]

    def outs(self) -> list[Var]:
        return [Var(carry.param.name, carry.type) for carry in self.carries]
