"""Lists that have one length for good, and tables, which are lists of such lists.

Such a list is an array in all but its type: its names hold the array, and a row of a table is a
view of it. So loops and branches follow who sees what, as they do with arrays. What a site in the
text makes is such a list until it is seen to grow, or to hold more types: then the function is read
again, and that site is known for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn, Protocol, TypeAlias, TypeGuard

from msgspec.structs import replace

from transpile.frontend import capacity, cells, forms, hashed, iterables, lists, views
from transpile.frontend.context import Again, Context, NotKnown, State, Traits
from transpile.frontend.library import numpy_args
from transpile.frontend.operands import as_atom, as_python, compute, described, truth
from transpile.frontend.values import (
    CALLERS,
    Array,
    Base,
    Frame,
    Indexed,
    Listed,
    Live,
    Ref,
    Site,
    Static,
    Structure,
    Value,
)  # fmt: skip
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Var, constant
from transpile.sym.ops import shape

OTHERS = "append numbers of one kind, or arrays of one shape"
LENGTHS = "a list of another length is put into a table whose lists have one length"
PART = ("slice", False, True, False)  # `:length`
AGAIN = "take it again, or take a copy of it before, row[:]"
ROWS = "take a copy of it, row[:]"


class Stale:
    """A list that is no longer where it was taken from."""

    def __init__(self) -> None:
        self.__name__ = "a list that is no longer the one in a list"


STALE = Static(Stale())


class Early(NotKnown):
    """A list without items before a loop has lists in it in its first round, and which one is meant
    depends on the running program: there is no need to read on to know that it is a table."""

    def __init__(self, cell: str, build: Builder) -> None:
        super().__init__(
            "which list in a list is meant here depends on the running program",
            build.span,
            "make them of one length, [[0] * m for _ in range(n)]",
        )
        self.cell, self.build = cell, build


# -- what is known of a site


def fresh(ctx: Context, found: Listed, site: Site | None = None) -> Listed:
    """A list that was made just now, as what is known of its site says."""
    if found.tuples == "mixed":
        return found
    site = site or Site(ctx.build.span, tuple(map(id, ctx.frame.calls)))
    traits = ctx.shared.sites.get(site, Traits())
    atom = views.read(ctx, found.array)
    if traits.dtype is not None and traits.dtype != atom.type.dtype:
        atom = ctx.build.convert(atom, traits.dtype, "array")
    array = ctx.made(atom) if atom is not ctx.bases[found.array.base] else found.array
    assert isinstance(array, Array)
    found = replace(found, array=array, cell=None, site=site, fixed=not traits.grows)
    found = replace(found, at=(), loan=False)
    return replace(found, kind=traits.kind or found.kind, both=found.both or traits.both)


def settled(ctx: Context, owner: Structure, site: Site) -> Value:
    """A list of lists of known length that is to be a table: it is one from the start. So is a
    dict whose keys are not known."""
    if owner.kind == "dict":
        return hashed.of_known(ctx, owner) if ctx.shared.sites[site].hashed else owner
    item = lists.item_of(ctx, owner) if ctx.shared.sites[site].table else None
    if item is None or not item.levels:
        return owner
    mine = list(cells.references(owner))
    shared = len(set(mine)) < len(mine) or any(cells.is_named(ctx, cell) for cell in mine)
    found = fresh(ctx, lists.in_array(ctx, owner, item), site)
    if shared:
        ctx.frozen[found.array.base] = ctx.appended[found.array.base] = ctx.build.span
    return found


def opened(ctx: Context, owner: Value, key: Value) -> Value:
    """The list with its items in an array, where only the running program knows which is meant and
    no loop may be written out to tell."""
    running = isinstance(key, Var) and key.type.is_index
    row = replace(owner, kind="list") if is_row(owner) else owner
    item = lists.item_of(ctx, row) if running and isinstance(owner, Structure) else None
    if item is None or not isinstance(owner, Structure) or (ctx.short and not item.levels):
        return owner
    if item.levels and owner.cell == CALLERS:
        return given(ctx, owner, item)
    if item.levels and owner.cell in ctx.shared.made:
        note(ctx, ctx.shared.made[owner.cell], table=True)
        raise Early(owner.cell, ctx.build)
    return replace(lists.in_array(ctx, owner, item), cell=owner.cell)


def is_row(value: Value) -> TypeGuard[Structure]:
    return isinstance(value, Structure) and value.kind == "tuple" and value.cls is None


def given(ctx: Context, owner: Structure, item: lists.Item) -> Listed:
    """The table that has the items of a list of lists from outside: it is made once."""
    if owner not in ctx.given:
        inner = ctx.build
        while ctx.build.parent is not None:
            ctx.build = ctx.build.parent
        try:
            found = lists.in_array(ctx, owner, item)
        finally:
            ctx.build = inner
        ctx.given[owner] = found, ctx.bases[found.array.base]
    found, content = ctx.given[owner]
    ctx.bases[found.array.base] = content
    ctx.frozen[found.array.base] = ctx.build.span
    return replace(found, fixed=True)


def starts(ctx: Context, cell: str, before: Value) -> None:
    """A list of lists is to grow: it is a table from where it was made."""
    if isinstance(before, Structure) and before.items and cell in ctx.shared.made:
        item = lists.item_of(ctx, cells.loaded(ctx, before))
        if item is not None and item.levels:
            note(ctx, ctx.shared.made[cell], table=True, grows=True)


def note(ctx: Context, site: Site, **found: Any) -> None:
    """Read the function again, this being known of where the list was made."""
    before = ctx.shared.sites.get(site, Traits())
    ctx.shared.sites[site] = replace(before, **found)
    if ctx.shared.sites[site] != before:
        raise Again


def traits_of(ctx: Context, owner: Listed) -> Traits:
    return ctx.shared.sites.get(owner.site, Traits())


def growing(ctx: Context, owner: Listed, what: str) -> NoReturn:
    """A list that is fixed is to get another length."""
    if owner.site is not None and not owner.array.path:
        note(ctx, owner.site, grows=True)
    ctx.fail(
        f"{what} of a list in a list, or of one from outside",
        "make a new list, and put that in its place",
    )


def widened(ctx: Context, owner: Listed, item: lists.Item, mine: lists.Item | None = None) -> None:
    """Have room for what the item is, too: the list is known to be of both types from its site."""
    mine = mine or lists.item_of(ctx, owner)
    assert mine is not None
    found = lists.united([mine, replace(item, type=mine.type.having(dtype=item.type.dtype))])
    assert found is not None
    if (found.type.dtype, found.kind, found.both) == (mine.type.dtype, mine.kind, mine.both):
        return
    assert owner.site is not None
    note(ctx, owner.site, dtype=found.type.dtype, kind=found.kind, both=found.both)


Within: TypeAlias = "Callable[[int], AbstractContextManager[None]]"


def here(way: int) -> AbstractContextManager[None]:
    return nullcontext()


def united(ctx: Context, a: Value, b: Value, within: Within = here) -> None:
    """Read the function again where two lists that meet differ in what their sites say.

    `within` is where the first and where the second can be looked at.
    """
    for x, y in ((a, b), (b, a)):
        if isinstance(x, Ref) and x.at and isinstance(y, Listed):
            table = ctx.frame.names.get(x.cell)
            if isinstance(table, Listed) and table.site is not None:
                note(ctx, table.site, still=True)
    if not (isinstance(a, Listed) and isinstance(b, Listed)):
        return
    if (a.levels, a.tuples) != (b.levels, b.tuples) or "array" in (a.kind, b.kind):
        return
    found = []
    for k, one in enumerate((a, b)):
        with within(k):
            found.append(lists.item_of(ctx, one))
    first, second = found
    for one, other, mine, theirs in ((a, b, first, second), (b, a, second, first)):
        if one.fixed and not other.fixed and not one.array.path and one.site is not None:
            note(ctx, one.site, grows=True)
        elif one.fixed and one.site is not None and theirs is not None:
            widened(ctx, one, theirs, mine)


def of_array(ctx: Context, array: Array) -> Value:
    """`x.tolist()`: lists in lists, of Python's numbers."""
    atom = ctx.build.apply(shape.COPY, views.read(ctx, array))
    made = ctx.made(atom)
    if not (isinstance(made, Array) and atom.type.dims):
        return as_python(ctx, atom)
    return fresh(ctx, Listed(made, "python", levels=atom.type.ndim - 1))


# -- rows


def set_row(ctx: Context, owner: Listed, at: Atom, value: Value) -> None:
    """`table[at] = value`: the row has the items of the list, and is what its names hold."""
    item, mine = lists.of_one(ctx, value), lists.item_of(ctx, owner)
    assert mine is not None
    if item is None or (item.levels, item.tuples) != (mine.levels, mine.tuples):
        ctx.fail(f"{described(value)} is put into a list of other items", OTHERS)
    if item.type.ndim != mine.type.ndim:
        ctx.fail("an array of another shape is put into a list", "make a list for each")
    widened(ctx, owner, item)
    for a, b in zip(item.type.dims, mine.type.dims, strict=True):
        if (a - b).constant not in (None, 0):
            ctx.fail(
                "a list of another length is put into a list of lists that all have one length",
                "make a list for each length, or lists of the greatest length",
            )
        alike = compute(ctx, "==", ctx.build.extent(a), ctx.build.extent(b))
        ctx.check(as_atom(truth(ctx, alike)), "ValueError", LENGTHS)
        ctx.build.same(a, b)
    content = numpy_args.operand(ctx, value.array if isinstance(value, Listed) else value)
    leave(ctx, owner)
    view = views.stepped(ctx, owner.array, Indexed(("i",), (at,)))
    views.write(ctx, view, content)
    enter(ctx, owner, at, value)


def leave(ctx: Context, owner: Listed) -> None:
    """A row is replaced: names of rows hold what is in the table no more."""

    base = owner.array.base
    same = {base, *(other for other, moved in ctx.moved.items() if base in moved.holders)}

    def is_row(value: Value) -> bool:
        if isinstance(value, Ref):
            return value.cell == owner.cell and len(value.at) > len(owner.at)
        if not isinstance(value, Listed) or not value.fixed:
            return False
        inner = value.loan or value.levels < owner.levels
        return inner and value.array.base in same

    for frame in frames(ctx):
        for name, value in frame.names.items():
            if has(value, is_row):
                frame.names[name] = STALE


def enter(ctx: Context, owner: Listed, at: Atom, value: Value) -> None:
    """The list that was put into a table is its row from now on, under all its names."""
    row = cells.stored(ctx, iterables.row_of(ctx, owner, at))
    if isinstance(value, Listed) and value.fixed and not value.array.path:
        base = value.array.base
        elsewhere = [one for one in frames(ctx)[1:] if is_held(one, base)]
        moved = any(base is other or base in m.holders for other, m in ctx.moved.items())
        if owner.cell is not None and traits_of(ctx, owner).still:
            ctx.still[owner.cell] = ctx.build.span
            if owner.cell in ctx.rewritten:
                changed(ctx)
            lists.keep(ctx, value)
            return
        if base.param is None and not moved and not elsewhere:
            if renamed(ctx, base, row):
                ctx.placed[base] = ctx.build.span
            return
    cell = None if not isinstance(value, Listed | Structure) or is_found(value) else value.cell
    if cell in ctx.frame.names and cell not in ctx.frozen:
        assert cell is not None
        ctx.frame.names[cell] = row
    elif lists.keep(ctx, value):
        ctx.frozen[owner.array.base] = ctx.appended[owner.array.base] = ctx.build.span


def changed(ctx: Context) -> NoReturn:
    ctx.fail(
        "a list is changed that may be in several places here, or comes from outside",
        "change a copy, x[:] of a list and [row[:] for row in x] of a table",
    )


def check_alone(ctx: Context, owner: Listed) -> None:
    """Refuse to change a list that is known not to be all that Python would change."""
    if owner.loan:
        changed(ctx)
    if owner.fixed:
        if owner.array.base in ctx.frozen or owner.cell in ctx.frozen or owner.cell in ctx.still:
            changed(ctx)
        if owner.at and owner.cell is not None:
            ctx.rewritten[owner.cell] = ctx.build.span


def is_found(value: Listed | Structure) -> bool:
    """Is it a row of a table that grows?"""
    return isinstance(value, Listed) and bool(value.at)


def renamed(ctx: Context, base: Base, row: Value) -> bool:
    """Have all names of this frame that hold the array hold the row. Were there any?"""
    found = False

    def moved(part: Value) -> Value:
        nonlocal found
        if not (isinstance(part, Listed) and part.array.base is base):
            return cells.over_parts(part, moved)
        found = True
        array = part.array
        if isinstance(row, Listed):
            array = row.array
            for step in part.array.path:
                array = views.stepped(ctx, array, step)
            return replace(part, array=array, site=row.site)
        return STALE if array.path else row

    for name, value in ctx.frame.names.items():
        ctx.frame.names[name] = moved(value)
    return found


def is_held(frame: Frame, base: Base) -> bool:
    return any(base in forms.reached(forms.plain(value)) for value in frame.names.values())


def frames(ctx: Context) -> list[Frame]:
    """Those whose names can be read: this one first."""
    found = [ctx.frame]
    for frame in (ctx.frame, *ctx.callers):
        one: Frame | None = frame
        while one is not None:
            if one not in found:
                found.append(one)
            one = one.parent
    return found


def has(value: Value, test: Any) -> bool:
    """Is there such a part in a value?"""
    found = False

    def looked(part: Value) -> Value:
        nonlocal found
        found = found or test(part)
        return part if found else cells.over_parts(part, looked)

    looked(value)
    return found


def append(ctx: Context, owner: Listed, value: Value, item: lists.Item) -> None:
    """`table.append(value)`, where the first list tells how long all of them are."""
    build, row = ctx.build, lists.of_one(ctx, value)
    assert row is not None
    count, width = map(build.extent, views.type_of(ctx, owner.array).dims)
    length, more = build.extent(row.type.dims[0]), compute(ctx, "+", count, constant(1))
    alike = build.text("(n == 0) | (w == k)", {"n": count, "w": width, "k": length})
    ctx.check(as_atom(truth(ctx, alike)), "ValueError", LENGTHS)
    base = owner.array.base
    if base in ctx.roomy:
        room = ctx.roomy[base]
        if room is not None:
            capacity.check(ctx, more, room)
            capacity.check(ctx, length, room)
    else:
        made = ctx.made(build.apply(shape.EMPTY, more, length, dtype=item.type.dtype))
        assert isinstance(made, Array)
        base = made.base
        kept = build.text("where(n == 0, 0, k)", {"n": count, "k": length})
        before = views.stepped(ctx, owner.array, Indexed((PART, PART), (count, kept)))
        views.write(
            ctx, Array(base, (Indexed((PART, PART), (count, kept)),)), views.read(ctx, before)
        )
    content = value.array if isinstance(value, Listed) else value
    place = Array(base, (Indexed(("i", PART), (count, length)),))
    views.write(ctx, place, numpy_args.operand(ctx, content))
    longer = Array(base, (Indexed((PART, PART), (more, length)),))
    cells.put(ctx, owner, "list", replace(owner, array=longer, kind=item.kind, both=item.both))
    now = cells.again(ctx, owner)
    assert isinstance(now, Listed)
    enter(ctx, now, count, value)


# -- exchanged rows


def exchanged(ctx: Context, slots: Sequence[tuple[Listed, Atom]], rows: Sequence[Value]) -> bool:
    """`A[i], A[p] = A[p], A[i]`, where all rows that are put somewhere are taken from there too.

    False where it is not so.
    """
    places = [iterables.row_of(ctx, owner, at).array for owner, at in slots]
    given = [one.array for one in rows if isinstance(one, Listed) and one.fixed]
    left = [place_of(ctx, place) for place in places]
    if len(given) < len(rows) or None in left:
        return False
    for array in given:
        place = place_of(ctx, array)
        if place not in left:
            return False
        left.remove(place)
    contents = [ctx.build.apply(shape.COPY, views.read(ctx, array)) for array in given]
    for owner, _ in slots:
        leave(ctx, owner)
    for view, content in zip(places, contents, strict=True):
        views.write(ctx, view, content)
    return True


def place_of(ctx: Context, array: Array) -> tuple[Any, ...] | None:
    """What tells whether two views are certainly the same."""
    found: list[Any] = [array.base]
    for step in array.path:
        if not isinstance(step, Indexed) or "a" in step.index:
            return None
        found.append((step.index, tuple(map(ctx.build.dim, step.at))))
    return tuple(found)


# -- in loops


class Loop(Protocol):
    """What is asked of a `carry.Loop`."""

    ctx: Context
    node: Any
    live: Live
    before: State
    assigned: list[str]
    placed: frozenset[Base]

    def wanted(self, name: str) -> bool: ...


def check_rows(loop: Loop) -> None:
    """Refuse where a round leaves a name with another list, without assigning it."""
    ctx = loop.ctx
    placed = any(base in loop.before.bases for base in ctx.placed if base not in loop.placed)
    names = [
        name
        for name, before in loop.before.names.items()
        if name not in loop.assigned and loop.wanted(name)
        if (now := ctx.frame.names.get(name)) == STALE
        or (now != before and isinstance(now, Listed | Ref))
    ]
    if names or placed:
        ctx.fail(
            f"{names[0] if names else 'a list'} is a list that is put into another list in this "
            "loop, or taken out of it",
            ROWS,
            loop.node,
        )
