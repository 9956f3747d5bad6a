"""Values that meet where control flow meets: the two ends of a branch, the rounds of a loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from transpile.frontend import absent, cells, lists, records, rooms, spots, tables, views
from transpile.frontend.context import Context, Moved, State
from transpile.frontend.forms import leaves, outlives, plain, rebuilt, references, same_form
from transpile.frontend.values import (
    Array,
    Base,
    Maybe,
    Ref,
    Static,
    Structure,
    Value,
    is_cell,
)  # fmt: skip
from transpile.sym import expr
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Const, Eqn, If, Var, constant
from transpile.sym.ops import shape
from transpile.sym.tested import facts_of
from transpile.sym.types import BOOL, INT, PYTHON_TYPES, Kind, Type, promote

HIDDEN = ("left", "until", "broke", "returned", "value")


def hidden(name: str) -> str:
    """The name of a variable of ours, which no user's name can be."""
    return f"({name})"


def common(ctx: Context, name: str, a: Type, b: Type) -> Type:
    """The type of a variable that has type `a` on one way and `b` on the other."""
    if a.kind == "array" or b.kind == "array":
        if a.kind != b.kind or a.ndim != b.ndim or a.dtype != b.dtype:
            ctx.unknown(
                f"{name} is {a} on one way here and {b} on the other",
                "give it the same dtype and number of dimensions on both",
            )
        return a
    if ctx.uniform and a.dtype != b.dtype:
        ctx.fail(
            f"{name} is {a} on one way here and {b} on the other, and NumPy gives the whole array "
            "the dtype of its first element",
            "give it the same dtype on both, 0.0 for 0",
        )
    if a.kind == b.kind == "numpy" and a.dtype != b.dtype:
        ctx.fail(
            f"{name} is {a} on one way here and {b} on the other",
            f"give it one dtype on both, np.{promote((a, b))}(...)",
        )
    kind: Kind = "python" if a.kind == b.kind == "python" else "numpy"
    return Type(promote((a, b)), (), kind)


def fit(ctx: Context, atom: Atom, type: Type) -> Atom:
    """The value with the type of the variable that it becomes; equations go to `ctx.build`."""
    if type.kind == "array":
        if atom.type.dims == type.dims:
            return atom
        for mine, other in zip(atom.type.dims, type.dims, strict=True):
            ctx.build.same(mine, other)
        settled = map(ctx.build.settled, atom.type.dims)
        alike = tuple(settled) == tuple(map(ctx.build.settled, type.dims))
        return atom if alike else ctx.build.reshape(atom, type.dims)
    if isinstance(atom, Const) and type.kind == "python":
        return constant(PYTHON_TYPES[type.dtype](atom.value) if type.is_smooth else atom.value)
    return ctx.build.convert(atom, type.dtype, type.kind)


def placeholder(ctx: Context, type: Type) -> Atom:
    """Any value of this type: it is never read."""
    if type.kind == "array":
        return ctx.build.apply(shape.EMPTY, *map(ctx.build.atom, type.dims), dtype=type.dtype)
    zero = constant(False if type.dtype == "bool" else 0 if type.is_integer else 0.0)
    return ctx.build.convert(zero, type.dtype, type.kind)


def mark() -> int:
    """A moment: variables made later have a larger serial."""
    return Var("", INT).serial


def known_outside(ctx: Context, name: str, type: Type, since: int) -> None:
    """Refuse an array whose shape is made of values of the block that it is to leave."""
    for dim in type.dims:
        if any(symbol.serial > since for symbol in dim.symbols()):
            ctx.fail(
                f"the shape {views.shown(type.dims)} of {name} depends on values of this branch "
                "or loop",
                "make the array before it, large enough, and fill it there",
            )


# -- branches


class Way(Struct):
    """One of the two ways through a branch."""

    build: Builder
    state: State
    result: Value | None


class Branch:
    """`if test: ... else: ...`, statements or expressions: runs both ways and joins them."""

    def __init__(self, ctx: Context, test: Atom, live: frozenset[str]) -> None:
        self.ctx, self.test, self.live = ctx, test, live
        self.before = ctx.save()
        self.since = mark()
        self.outs: list[Var] = []
        self.results: tuple[list[Atom], list[Atom]] = ([], [])
        self.ways: list[Way] = []
        self.flags: dict[tuple[Atom | None, Atom | None], Atom] = {}  # equal bools are one
        self.slots: list[tuple[Base, tuple[Base | None, Base | None]]] = []
        self.after: list[Eqn] = []  # what is made of the results
        self.doubled: set[Base] = set()  # arrays that are two parts of one value

    def run(self, then: Callable[[], Value | None], orelse: Callable[[], Value | None]) -> Value:
        ctx = self.ctx
        for way in (then, orelse):
            ctx.restore(self.before)
            known = absent.tested(ctx, self.test, way is then)
            facts = facts_of(self.test, way is then, ctx.build.maker, ctx.build.dim)
            with ctx.inside(*facts, branch=True) as build, known:
                found = way()
                result = None if found is None else cells.stored(ctx, found)
                self.ways.append(Way(build, State({}, {}, {}), result))
            self.ways[-1].state = ctx.save()
        ctx.restore(self.before)
        result = self.joined("value", self.ways[0].result, self.ways[1].result)
        names = self.join_names()
        self.join_bases()
        self.move()
        blocks = [
            way.build.block((), results)
            for way, results in zip(self.ways, self.results, strict=True)
        ]
        if self.outs or any(block.eqns for block in blocks):
            ctx.build.emit(If(self.test, blocks[0], blocks[1]), self.outs)
            ctx.build.eqns += self.after
        ctx.frame.names.update(names)
        return Static(None) if result is None else cells.loaded(ctx, result)

    def rest(self, body: Callable[[], None]) -> None:
        """`body`, unless the test says that control has left."""
        names = self.ctx.frame.names
        flags = [n for n in map(hidden, HIDDEN) if names.get(n) == self.test]

        def gone() -> None:
            self.ctx.frame.names.update(dict.fromkeys(flags, constant(True)))

        def here() -> None:
            now = self.ctx.frame.names
            now.update({n: constant(False) for n in map(hidden, HIDDEN[:4]) if n in now})
            now.pop(hidden("value"), None)
            body()

        self.run(gone, here)

    def join_names(self) -> dict[str, Value]:
        first, second = (way.state.names for way in self.ways)
        found: dict[str, Value] = {}
        for name in (*first, *(name for name in second if name not in first)):
            a, b = first.get(name), second.get(name)
            if is_cell(name):
                self.join_cell(found, name, a, b)
            elif a is b or a == b:
                if a is not None:
                    found[name] = a
            elif name in self.live or name.startswith("("):
                joined = self.joined(name, a, b)
                assert joined is not None
                found[name] = joined
            else:
                self.ctx.frame.names.pop(name, None)
        return found

    def join_cell(
        self, found: dict[str, Value], name: str, a: Value | None, b: Value | None
    ) -> None:
        """What a list has in it; one that is made in a branch is known by value after it."""
        lost = a is None or b is None or tables.STALE in (a, b)
        if name not in self.before.names or lost or a is None or b is None:
            self.ctx.frame.names.pop(name, None)
            return
        if a != b:
            a, b = self.aligned(a, b)
        if not same_form(a, b):
            if (whole := records.joined(self, found, a, b)) is not None:
                found[name] = whole
                return
            tables.starts(self.ctx, name, self.before.names[name])
            a, b = lists.both_in_arrays(self, a, b)
        if same_form(a, b):
            found[name] = self.pair(name, a, b)
        else:
            self.ctx.frame.names.pop(name, None)

    def aligned(self, a: Value, b: Value) -> tuple[Value, Value]:
        """Both with the same lists in them by name, and others by value."""
        if a == b or (isinstance(a, Ref) and isinstance(b, Ref) and same_form(a, b)):
            return a, b
        if isinstance(a, Structure) and isinstance(b, Structure) and len(a.items) == len(b.items):
            pairs = [self.aligned(x, y) for x, y in zip(a.items, b.items, strict=True)]
            first, second = (tuple(pair[k] for pair in pairs) for k in (0, 1))
            return replace(a, items=first), replace(b, items=second)
        return self.opened(0, a), self.opened(1, b)

    def opened(self, way: int, value: Value, keep: frozenset[str] = frozenset()) -> Value:
        return cells.opened(self.ctx, self.ways[way].state.names, value, keep)

    def join_bases(self) -> None:
        ctx = self.ctx
        for base in self.before.bases:
            a, b = (way.state.bases[base] for way in self.ways)
            if a is not b:
                ctx.bases[base] = self.leaf(base.name, a, b)
        for way in self.ways:
            for base, moved in way.state.moved.items():
                if base not in self.before.bases:
                    ctx.moved[base] = moved
            for base, content in way.state.bases.items():
                if base not in ctx.bases:
                    ctx.bases[base] = content

    def move(self) -> None:
        """Arrays that a name was bound to in one of the ways: which name holds them now."""
        ctx = self.ctx
        finals: list[dict[Base, int]] = [{}, {}]
        for k, (made, bases) in enumerate(self.slots, 1):
            for way, base in zip(finals, bases, strict=True):
                if base is not None and base in way:
                    for other in (made, self.slots[way[base] - 1][0]):
                        ctx.frozen[other] = ctx.build.span
                elif base is not None:
                    way[base] = k
        known = {**finals[0], **finals[1], **self.ways[0].state.moved, **self.ways[1].state.moved}
        holders = tuple(made for made, _ in self.slots)
        for base in known:
            held = [way.state.moved.get(base) for way in self.ways]
            direct = base in finals[0] or base in finals[1]
            if base not in self.before.bases or (not direct and held[0] is held[1]):
                continue
            if base in self.before.moved or any(
                held_twice(*pair, base) for pair in zip(self.ways, finals, strict=True)
            ):
                ctx.frozen.update(dict.fromkeys((base, *holders), ctx.build.span))
            elif references(ctx, base, ""):
                self.move_base(base, finals, holders)

    def move_base(
        self, base: Base, finals: list[dict[Base, int]], holders: tuple[Base, ...]
    ) -> None:
        ctx = self.ctx
        places, contents, sure = [], [], True
        possible: frozenset[int] = frozenset()
        for k in (0, 1):
            with self.within(k):
                place, kept = views.located(ctx, base, finals[k])
                places.append(place)
                sure = sure and kept
                possible |= views.possible(ctx, base, finals[k])
                contents.append(views.content(ctx, base))
        if contents[0] is not contents[1]:
            ctx.bases[base] = self.leaf(base.name, contents[0], contents[1])
        else:
            ctx.bases[base] = contents[0]
        where = self.leaf("", places[0], places[1])
        if where != constant(0):
            seen = tuple(ctx.bases[holder] for holder in holders)
            ctx.moved[base] = Moved(where, holders, seen, sure, possible)

    def joined(self, name: str, a: Value | None, b: Value | None) -> Value | None:
        """What a name is after the branch."""
        if a is None and b is None:
            return None
        if isinstance(a, Maybe) or isinstance(b, Maybe) or a is None or b is None:
            if name.startswith("("):
                return self.pair(name, a, b)
            first, second = flag(a), flag(b)
            value = self.pair(
                name, None if a is None else plain(a), None if b is None else plain(b)
            )
            return Maybe(value, self.leaf("", first, second))
        return self.pair(name, a, b)

    def pair(self, name: str, a: Value | None, b: Value | None) -> Value:
        if a is not None and b is not None:
            a, b = self.aligned(a, b)
        elif a is not None:
            a = self.opened(0, a, frozenset(self.before.names))
        elif b is not None:
            b = self.opened(1, b, frozenset(self.before.names))
        form = a if a is not None else b
        assert form is not None
        if a is not None and b is not None:
            if a == b:
                return a
            tables.united(self.ctx, a, b, self.within)
            found = absent.united(a, b)
            if found is None:
                a, b = records.filled(self, 0, a, b), records.filled(self, 1, b, a)
                found = absent.united(a, b)
            if found is None:
                self.ctx.unknown(
                    f"{label(name)} is of another kind on each way through this branch",
                    "give it the same kind and number of items on both, or another name",
                )
            form, mine, theirs = found
        else:
            mine, theirs = ([None if x is None else leaf for leaf in leaves(form)] for x in (a, b))
        self.doubled = {base for side in (mine, theirs) for base in held_more_than_once(side)}
        named = (a is None or b is None) and name != hidden("value")
        parts = [
            (None if named else alone(self, x, y)) or self.part(name, x, y)
            for x, y in zip(mine, theirs, strict=True)
        ]
        return rebuilt(form, iter(parts))

    def part(self, name: str, a: Atom | Array | None, b: Atom | Array | None) -> Value:
        if a == b and a is not None:
            return a
        if isinstance(a, Array) and isinstance(b, Array) and not name.startswith("("):
            a, b = alive(self, a, b)
        if isinstance(a, Array) and isinstance(b, Array) and rooms.is_first_part(a, b):
            return rooms.longer_part(self, a, b)
        if isinstance(a, Array) and isinstance(b, Array) and a.base is b.base:
            one, other = (spots.written_out(self.ctx, x) for x in (a, b))
            if spots.alike(one, other):
                pairs = zip(spots.integers(one), spots.integers(other), strict=True)
                return spots.placed(one, iter([self.leaf("", x, y) for x, y in pairs]))
        if name == hidden("value") and (a is None or b is None):
            found = part_left(self, a if b is None else b, way=0 if b is None else 1)
            if found is not None:
                return found
        first, second = self.content(0, a), self.content(1, b)
        if isinstance(a, Array | None) and isinstance(b, Array | None):
            shown = "" if name.startswith("(") else name
            found = rooms.joined(self, shown, first, second)
            if found is not None:
                freeze(self, name, found.base, [x for x in (a, b) if isinstance(x, Array)])
                return found
        out = self.leaf("" if name.startswith("(") else name, first, second, label(name))
        value = self.ctx.made(out, out.name if isinstance(out, Var) else "")
        if isinstance(value, Array):
            arrays = [x for x in (a, b) if isinstance(x, Array)]
            unsure = name.startswith("(") and not is_cell(name)
            if unsure or any(x.path or x.base in self.ctx.frozen for x in arrays):
                freeze(self, name, value.base, arrays)
            else:
                bases = [x.base if isinstance(x, Array) else None for x in (a, b)]
                self.slots.append((value.base, (bases[0], bases[1])))
        return value

    def content(self, way: int, leaf: Atom | Array | None) -> Atom | None:
        if not isinstance(leaf, Array):
            return leaf
        with self.within(way):
            return views.read(self.ctx, leaf)

    def build(self, way: int) -> Builder:
        return self.ways[way].build

    def within(self, way: int) -> Inside:
        return Inside(self.ctx, self.ways[way])

    def as_long(self, way: int, a: Atom, b: Atom) -> bool:
        """Do the lengths of one array certainly equal those of the other on this way?"""
        pairs = zip(a.type.dims, b.type.dims, strict=True)
        return all(self.build(way).equal(x, y) for x, y in pairs)

    def leaf(
        self, name: str, a: Atom | None, b: Atom | None, shown: str = "", room: bool = False
    ) -> Atom:
        """One result of the If; of a `room` it is known that its shape is that of both ways."""
        if a is not None and a == b:
            return a
        known = [atom for atom in (a, b) if atom is not None]
        type = known[0].type
        if len(known) == 2:
            type = common(self.ctx, shown or name, known[0].type, known[1].type)
            if type.dims and self.as_long(0, *known):
                type = known[1].type
        if a == constant(True) and b == constant(False):
            return self.test
        pair = (a, b)
        if type == BOOL and pair in self.flags:
            return self.flags[pair]
        if a == constant(False) and b == constant(True):
            self.flags[pair] = expr.unary(self.ctx.build, "not", self.test)
            return self.flags[pair]
        if not room:
            known_outside(self.ctx, shown or name, type, self.since)
        out = Var(name, type)
        if type == BOOL:
            self.flags[pair] = out
        for k, atom in enumerate((a, b)):
            with self.within(k):
                fitted = placeholder(self.ctx, type) if atom is None else fit(self.ctx, atom, type)
            self.results[k].append(fitted)
        self.outs.append(out)
        return out


def alive(branch: Branch, a: Array, b: Array) -> tuple[Array | None, Array | None]:
    """Names of a way that has returned or raised are read no more."""
    gone = [way.state.names.get(hidden("returned")) == constant(True) for way in branch.ways]
    return (a, b) if gone[0] == gone[1] else (None, b) if gone[0] else (a, None)


def freeze(branch: Branch, name: str, made: Base, parts: Sequence[Array]) -> None:
    """Forbid writing where it is not known into which of several arrays it would go."""
    known = [p.base for p in parts if p.base in branch.before.bases]
    unsure = any(p.base in branch.ctx.frozen or p.base in branch.doubled for p in parts)
    left = name == hidden("value")
    if unsure or any(
        outlives(branch.ctx, base) if left else references(branch.ctx, base, name) for base in known
    ):
        for base in (made, *known):
            branch.ctx.frozen[base] = branch.ctx.build.span


def held_more_than_once(side: Sequence[Atom | Array | None]) -> set[Base]:
    bases = [leaf.base for leaf in side if isinstance(leaf, Array)]
    return {base for base in bases if bases.count(base) > 1}


def held_twice(way: Way, finals: Mapping[Base, int], base: Base) -> bool:
    """Does a name hold the array in this way, and perhaps another one by a branch in it?"""
    return base in finals and base in way.state.moved


def part_left(branch: Branch, given: Atom | Array | None, way: int) -> Array | None:
    """A part of an array that one way returns: control has left, so it stays as it is."""
    if not isinstance(given, Array) or not given.path or given.base not in branch.before.bases:
        return None
    if spots.form(given) is None:
        return None
    spot = spots.written_out(branch.ctx, given)
    pairs = [(at, None) if way == 0 else (None, at) for at in spots.integers(spot)]
    return spots.placed(spot, iter([branch.leaf("", x, y) for x, y in pairs]))


def alone(branch: Branch, a: Atom | Array | None, b: Atom | Array | None) -> Value | None:
    """What is None on one way, if it needs no branch to be there on the other."""
    one = a if b is None else b
    if a is not None and b is not None:
        return None
    if isinstance(one, Array):
        outside = not one.path and one.base in branch.before.bases
        return one if outside and one.base not in branch.doubled else None
    return one if isinstance(one, Const) else None


class Inside:
    """Writing goes on at the end of a way that was run before."""

    def __init__(self, ctx: Context, way: Way) -> None:
        self.ctx, self.way = ctx, way
        self.outer = ctx.build
        self.bases, self.moved = ctx.bases, ctx.moved

    def __enter__(self) -> None:
        self.way.build.span = self.outer.span
        self.ctx.build = self.way.build
        self.ctx.bases, self.ctx.moved = self.way.state.bases, self.way.state.moved
        self.ctx.branches += 1

    def __exit__(self, *error: object) -> None:
        self.ctx.build = self.outer
        self.ctx.bases, self.ctx.moved = self.bases, self.moved
        self.ctx.branches -= 1


def flag(value: Value | None) -> Atom:
    if value is None:
        return constant(False)
    return value.assigned if isinstance(value, Maybe) else constant(True)


def label(name: str) -> str:
    """How a variable is called in a message."""
    if is_cell(name):
        return "a list"
    return "the value" if name.startswith("(") else name
