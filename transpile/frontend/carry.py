"""What a loop carries from round to round, found by reading its body until nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from transpile.frontend import cells, forms, join, lists, rooms, scope, views
from transpile.frontend.carried import Carry, Name, Plan
from transpile.frontend.context import Context, Moved, State
from transpile.frontend.forms import leaves, rebuilt
from transpile.frontend.join import hidden
from transpile.frontend.values import Array, Base, Listed, Live, Maybe, Value
from transpile.sym.ir import Atom, Var, constant
from transpile.sym.types import BOOL, INT, Type

NO = constant(False)


class Grown(Exception):
    """The plan was too small: read the body again."""


class Loop:
    """One loop of the user's being lowered."""

    def __init__(self, ctx: Context, node: Any, target: Sequence[Any] = ()) -> None:
        self.ctx, self.node = ctx, node
        self.live: Live = ctx.frame.live[node]
        self.before = ctx.save()
        self.plan = Plan()
        self.since = join.mark()
        self.carries: list[Carry] = []
        self.heads: dict[str, Value] = {}
        self.flags: dict[str, Var] = {}
        self.contents: dict[Base, Var] = {}
        self.wheres: dict[Base, Var] = {}
        self.slots: list[Base] = []
        self.watched: dict[Base, None] = {}
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
        for name in self.assigned:
            value = ctx.frame.names.get(name)
            if value is None or not self.wanted(name):
                continue
            plain = forms.plain(value)
            if name in self.rebound or not isinstance(plain, Array):
                self.carry_name(name, value)

    def wanted(self, name: str) -> bool:
        return name in self.live.head or name in self.live.after

    def carry_name(self, name: str, value: Value) -> None:
        self.plan.names[name] = Name(forms.plain(value), None, not isinstance(value, Maybe))

    def enter(self) -> list[Var]:
        """Put the carried values in place of those on entry; the parameters of the body."""
        ctx = self.ctx
        self.carries, self.heads, self.flags, self.contents = [], {}, {}, {}
        ctx.frozen.update(dict.fromkeys(self.plan.frozen, ctx.build.span))
        for name, known in self.plan.names.items():
            self.heads[name] = self.head(name, known)
        track(self)
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
            for leaf in leaves(forms.plain(head))
            if isinstance(leaf, Array) and ctx.bases[leaf.base] in params
        ]
        for base, where in self.wheres.items():
            seen = None if self.plan.pure else tuple(ctx.bases[slot] for slot in self.slots)
            ctx.moved[base] = Moved(
                where, tuple(self.slots), seen, self.plan.pure, self.plan.places[base]
            )
        return [carry.param for carry in self.carries]

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
        shown = "" if name.startswith("(") else name
        self.carries.append(Carry(name, type, init, Var(shown, type)))
        return self.carries[-1]

    # -- after one round

    def leave(self) -> list[Atom]:
        """The carried values after a round. Raises Grown where the plan was too small."""
        results: list[Atom] = []
        lists.open_all(self)
        grown = self.grow_names() | self.grow_bases()
        ends, moved = ({}, False) if grown else places(self)
        if grown or moved:
            raise Grown
        watch(self)
        lists.check_kept(self)
        carries = iter(self.carries)
        for name in self.plan.names:
            end = self.ctx.frame.names[name]
            for k, leaf in enumerate(leaves(forms.plain(end))):
                mine = [next(carries) for _ in range(rooms.count(self, name, k))]
                if (name, k) in self.plan.rooms:
                    assert isinstance(leaf, Array)
                    results += rooms.after(self, name, k, leaf, mine)
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
        return join.fit(self.ctx, carry.name, atom, carry.type)

    def grow_names(self) -> bool:
        """Add what changed to the plan, and widen the types."""
        grown = False
        now = self.ctx.frame.names
        kept = (*map(hidden, ("broke", "returned", "value")), *cells.cells(self.before.names))
        for name in (*self.assigned, *kept):
            if name not in now or not (name.startswith("(") or self.wanted(name)):
                continue
            grown |= self.widen(name) if name in self.plan.names else self.add(name)
        return grown

    def add(self, name: str) -> bool:
        end, before = self.ctx.frame.names[name], self.before.names.get(name)
        if before is not None and end == before:
            return False
        plain = forms.plain(end)
        if lists.opens(self, name, before, plain):
            return True
        if before is not None:
            self.carry_name(name, before)
            if lists.grows(self, name, join.label(name), forms.plain(before), plain):
                return True
        else:
            types = [self.content(leaf).type for leaf in leaves(plain)]
            for k, type in enumerate(types):
                rooms.begin(self, name, k, type)
            self.plan.names[name] = Name(plain, types, assigned=False)
        return True

    def widen(self, name: str) -> bool:
        known, end = self.plan.names[name], forms.plain(self.ctx.frame.names[name])
        if lists.opens(self, name, known.form, end):
            return True
        if lists.grows(self, name, join.label(name), known.form, end):
            return True
        mine = [carry for carry in self.carries if carry.leaf and carry.name == name]
        joined, grown = [], False
        for k, (carry, leaf) in enumerate(zip(mine, leaves(end), strict=True)):
            type = self.content(leaf).type
            joined.append(join.common(self.ctx, name, carry.type, type))
            if isinstance(leaf, Array) and leaf != self.leaf_at(name, k):
                grown |= rooms.grow(self, name, k, carry, type)
        if joined == [carry.type for carry in mine]:
            return grown
        known.types = joined
        return True

    def leaf_at(self, name: str, k: int) -> Array:
        """Leaf number k of a name at the head of a round, which is an array."""
        found = list(leaves(forms.plain(self.heads[name])))[k]
        assert isinstance(found, Array)
        return found

    def grow_bases(self) -> bool:
        grown = False
        for base, content in self.before.bases.items():
            if base not in self.plan.bases and self.ctx.bases[base] is not content:
                self.plan.bases[base] = None
                grown = True
        return grown

    def run(self, attempt: Callable[[], None]) -> None:
        """Read the loop until the plan holds."""
        frozen, first = dict(self.ctx.frozen), len(self.ctx.build.eqns)
        while True:
            self.ctx.restore(self.before)
            self.ctx.frozen = dict(frozen)
            try:
                attempt()
                break
            except Grown:
                continue
        rooms.rehearse(self, first)
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
                found.append(join.fit(self.ctx, join.label(carry.name), carry.init, carry.type))
        return tuple(found)

    def finish(self, outs: Sequence[Var], runs: bool) -> None:
        """Names and contents after the loop."""
        ctx = self.ctx
        ends, state = dict(ctx.frame.names), State(dict(ctx.bases), {}, {})
        ctx.restore(self.before)
        for name in self.assigned:
            ctx.frame.names.pop(name, None)
        given = iter(outs)
        for name, known in self.plan.names.items():
            shown = "" if name.startswith("(") else name
            parts: list[Value] = []
            for k, _ in enumerate(leaves(known.form)):
                mine = [next(given) for _ in range(rooms.count(self, name, k))]
                roomy = (name, k) in self.plan.rooms
                parts.append(
                    rooms.result(self, name, k, mine) if roomy else ctx.made(mine[0], shown)
                )
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
        held = [
            leaf.base
            for name in self.plan.names
            for leaf in leaves(forms.plain(ctx.frame.names[name]))
            if isinstance(leaf, Array)
        ]
        if self.watched:
            self.ctx.frozen.update(dict.fromkeys((*held, *self.watched), self.ctx.build.span))
        for base in self.wheres:
            seen = None if self.plan.pure else tuple(ctx.bases[one] for one in held)
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


def track(loop: Loop) -> None:
    """Follow the arrays that others can see and that a carried name is bound to on entry."""
    loop.wheres = {}
    place = 0
    for name in loop.plan.names:
        before = loop.before.names.get(name)
        for k, leaf in enumerate(leaves(forms.plain(before)) if before is not None else ()):
            if not isinstance(leaf, Array):
                continue
            place += 1
            base = leaf.base
            roomy = (name, k) in loop.plan.rooms or isinstance(before, Listed)
            known = roomy or leaf.path or base in loop.wheres or base in loop.before.moved
            if not known and forms.references(loop.ctx, base, ""):
                loop.wheres[base] = loop.carry("", INT, constant(place)).param
                loop.plan.places.setdefault(base, frozenset((place,)))
        if before is None:
            form = loop.plan.names[name].form
            place += sum(isinstance(leaf, Array) for leaf in leaves(form))


def places(loop: Loop) -> tuple[dict[Base, Atom], bool]:
    """Where the arrays that are followed are after a round; True if the plan grew."""
    ctx, finals, ends = loop.ctx, {}, {}
    arrays = [
        (leaf, (name, k) in loop.plan.rooms)
        for name in loop.plan.names
        for k, leaf in enumerate(leaves(forms.plain(ctx.frame.names[name])))
        if isinstance(leaf, Array)
    ]
    bases = [leaf.base for leaf, roomy in arrays if roomy or not leaf.path]
    for k, (leaf, roomy) in enumerate(arrays, 1):
        if bases.count(leaf.base) > 1 and (loop.wheres or loop.plan.rooms):
            ctx.fail(
                f"{leaf.base.name} has two names after a round of this loop",
                "bind one of them to a copy, x.copy()",
                loop.node,
            )
        if not (leaf.path or roomy):
            finals[leaf.base] = k
    grown = False
    for base in loop.wheres:
        kept = all(views.located(ctx, slot, finals)[1] for slot in loop.slots)
        ends[base] = views.located(ctx, base, finals)[0]
        known = loop.plan.places[base]
        loop.plan.places[base] = known | views.possible(ctx, base, finals)
        grown |= loop.plan.places[base] != known
        dirty = views.content(ctx, base) is not ctx.bases[base]
        if dirty and kept and not loop.plan.pure:
            loop.plan.pure = grown = True
        if dirty and not kept and base not in loop.plan.bases:
            loop.plan.bases[base], loop.plan.pure, grown = None, False, True
    return ends, grown


def watch(loop: Loop) -> None:
    """A carried name that is a view of another array is kept as its content: neither is written."""
    ctx = loop.ctx
    loop.watched = {}
    twice = aliased(loop)
    for name, head in loop.heads.items():
        if isinstance(head, Listed):  # whose array nothing else sees
            continue
        before = loop.before.names.get(name)
        entry = list(leaves(forms.plain(before))) if before is not None else []
        ends = list(leaves(forms.plain(ctx.frame.names[name])))
        for k, now in enumerate(leaves(forms.plain(head))):
            if not isinstance(now, Array):
                continue
            for other in (*entry[k : k + 1], ends[k], *strays(loop, ends[k])):
                if not isinstance(other, Array):
                    continue
                mixed, part = is_mixed(loop, now, other), is_part(loop, other)
                unsure = other.base in ctx.frozen or other.base in twice
                if mixed or part or unsure or shared(loop, name, other):
                    loop.watched[other.base] = None
                    if mixed:
                        sources = [base for base in loop.before.bases if base in ctx.frozen]
                    else:
                        sources = [other.base]
                    written = is_written if part and not mixed else changed
                    if is_written(loop, now.base) or any(written(loop, one) for one in sources):
                        ctx.fail(
                            f"{join.label(name)} is a view or another name of an array that is "
                            "written in the same loop",
                            f"bind {join.label(name)} to a copy, x.copy()",
                            loop.node,
                        )


def strays(loop: Loop, end: Atom | Array) -> Iterator[Array]:
    """The arrays that this loop does not follow, to one of which a branch of this round may have
    bound the name."""
    for base, moved in loop.ctx.moved.items():
        known = base not in loop.before.bases or base in loop.wheres
        if known or moved is loop.before.moved.get(base):
            continue
        if isinstance(end, Array) and end.base in moved.holders:
            yield Array(base, ())


def is_part(loop: Loop, end: Array) -> bool:
    """Is this a view of what a carried name holds, that others see too?"""
    values = (forms.plain(loop.ctx.frame.names[name]) for name in loop.heads)
    bases = [leaf.base for value in values for leaf in leaves(value) if isinstance(leaf, Array)]
    seen = bool(loop.wheres) or bases.count(end.base) > 1
    return bool(end.path) and end.base in loop.slots and seen


def is_mixed(loop: Loop, head: Array, end: Array) -> bool:
    """Did a branch of this round bind the name to one of several arrays?"""
    made = end.base not in loop.before.bases and end.base is not head.base
    return made and end.base in loop.ctx.frozen


def is_written(loop: Loop, base: Base) -> bool:
    """Is what a carried name holds written in this round, or under another name in a later one?"""
    heads = {name: list(leaves(forms.plain(head))) for name, head in loop.heads.items()}
    moves = [
        (end.base, head.base)
        for name, mine in heads.items()
        for head, end in zip(mine, leaves(forms.plain(loop.ctx.frame.names[name])), strict=True)
        if isinstance(head, Array) and isinstance(end, Array)
    ]
    held = {base}
    for _ in moves:
        held.update(later for now, later in moves if now in held)
    params = [carry.param for carry in loop.carries]
    return any(views.content(loop.ctx, one) not in params for one in held)


def aliased(loop: Loop) -> set[Base]:
    """The arrays that more than one carried name is bound to on entry."""
    values = [forms.plain(loop.before.names[n]) for n in loop.heads if n in loop.before.names]
    bases = [leaf.base for value in values for leaf in leaves(value) if isinstance(leaf, Array)]
    return {base for base in bases if bases.count(base) > 1}


def shared(loop: Loop, name: str, other: Array) -> bool:
    """Is this an array from before the loop, not followed, that is reached by other names too?"""
    if other.base not in loop.before.bases or (other.base in loop.wheres and not other.path):
        return False
    return forms.references(loop.ctx, other.base, name)


def changed(loop: Loop, base: Base) -> bool:
    now = views.content(loop.ctx, base)
    return base in loop.plan.bases or now is not loop.before.bases[base]
