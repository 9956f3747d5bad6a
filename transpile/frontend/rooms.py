"""Arrays whose shape changes in a loop or branch: the first part of one that has room for all.

Along the axes that change, the room is the most that the length can be, known before the loop;
the length is an integer beside it. A name of such an array is a view of that part.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from transpile.frontend import capacity, cells, extents, forms, spots, views
from transpile.frontend.carried import Carry, Grown, Looping
from transpile.frontend.context import Context, Equality
from transpile.frontend.forms import leaves
from transpile.frontend.values import Array, Indexed
from transpile.sym import fold, walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Block, Check, Eqn, Scan, Var, While, constant
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import INT, Type

PART = ("slice", False, True, False)  # `:length`
Rooms = Mapping[int, Affine]  # for each axis that changes, its room
ENTRY, BOUND, COUNTED, REHEARSED, CAPACITY = range(
    5
)  # what a room is, from the one that is tried first


class Branch(Protocol):
    """What is asked of a `join.Branch`."""

    ctx: Context
    since: int
    after: list[Eqn]

    def build(self, way: int) -> Builder: ...
    def within(self, way: int) -> AbstractContextManager[None]: ...
    def leaf(
        self, name: str, a: Atom | None, b: Atom | None, shown: str = "", room: bool = False
    ) -> Atom: ...


def roomy(type: Type, rooms: Rooms) -> Type:
    """The type of what has the room."""
    return type.having(dims=tuple(rooms.get(k, dim) for k, dim in enumerate(type.dims)))


def index_of(rooms: Rooms) -> tuple[object, ...]:
    return tuple(PART if axis in rooms else ":" for axis in range(max(rooms) + 1))


def filled(build: Builder, room: Atom, content: Atom, rooms: Rooms) -> tuple[list[Atom], Atom]:
    """The lengths of an array, and the room with the array in its first part."""
    lengths = [build.extent(content.type.dims[axis]) for axis in sorted(rooms)]
    if content.type.dims == room.type.dims:
        return lengths, content
    for axis, length in zip(sorted(rooms), lengths, strict=True):
        form = build.dim(length)
        build.facts = build.facts.having(form, rooms[axis] - form)
    return lengths, build.update(room, content, index_of(rooms), lengths)


def empty(build: Builder, type: Type) -> Atom:
    return build.apply(shape.EMPTY, *map(build.extent, type.dims), dtype=type.dtype)


def part(ctx: Context, room: Atom, name: str, rooms: Rooms, lengths: list[Atom]) -> Array:
    """The array that stands in the first part of the room."""
    made, build = ctx.made(room, name), ctx.build
    assert isinstance(made, Array)
    for axis, length in zip(sorted(rooms), lengths, strict=True):
        form, most = build.dim(length), rooms[axis]
        build.facts = build.facts.having(form, most - form)
    array = Array(made.base, (Indexed(index_of(rooms), tuple(lengths)),))
    dims = views.type_of(ctx, array).dims
    more = [fact for axis in rooms for fact in (dims[axis], rooms[axis] - dims[axis])]
    ctx.build.facts = ctx.build.facts.having(*more)
    return array


def label(name: str) -> str:
    """How a variable is called in a message."""
    return "a list" if name.startswith("(") else name


def differ(ctx: Context, *lengths: tuple[Builder, Affine]) -> bool:
    """May two lengths differ? Those of two arguments are held to be equal."""
    (_, a), (_, b) = lengths
    if (a - b).constant is not None or a.constant is not None:
        return a != b
    made = [extents.definition(build, s) for build, dim in lengths for s in dim.symbols()]
    if any(one is not None and one.op is arithmetic.MULTIPLY for one in made):
        return False
    single = {a.symbol, b.symbol} <= ctx.sizes
    return not (single and ctx.shared.assume) or any(one is not None for one in made)


# -- in branches


def joined(branch: Branch, name: str, first: Atom | None, second: Atom | None) -> Array | None:
    """The array that is one of these two after a branch, where their shapes may differ."""
    ctx, sides = branch.ctx, (first, second)
    known = [atom for atom in sides if atom is not None]
    if not all(atom.type.dims for atom in known) or len({a.type.ndim for a in known}) > 1:
        return None
    rooms = {
        axis: room
        for axis in range(known[0].type.ndim)
        if (room := room_of(branch, axis, sides)) is not None
    }
    if not rooms or len({a.type.dtype for a in known}) > 1:
        return None
    wide = roomy(known[0].type, rooms)
    others = [dim for axis, dim in enumerate(wide.dims) if axis not in rooms]
    if not all(extents.outside(dim, branch.since) for dim in others):
        return None
    found: list[tuple[list[Atom], Atom] | None] = []
    for k, atom in enumerate(sides):
        with branch.within(k):
            here = ctx.build
            here.facts = here.facts.having(*rooms.values())
            if atom is None:
                found.append(None)
                continue
            for axis, room in rooms.items():
                check_capacity(ctx, atom.type.dims[axis], room)
            found.append(filled(here, empty(here, wide), atom, rooms))
    a, b = found
    lengths = [
        branch.leaf("", None if a is None else a[0][n], None if b is None else b[0][n])
        for n in range(len(rooms))
    ]
    full = [None if side is None else side[1] for side in found]
    out = branch.leaf(name, full[0], full[1], room=True)
    first_new = len(ctx.build.eqns)
    array = part(ctx, out, name, rooms, lengths)
    branch.after += ctx.build.eqns[first_new:]
    del ctx.build.eqns[first_new:]
    return array


def check_capacity(ctx: Context, length: Affine, room: Affine) -> None:
    """Stop where the caller gives too little room; other rooms are large enough."""
    if room == ctx.build.dim(capacity.given(ctx)):
        capacity.check(ctx, ctx.build.extent(length), capacity.room(ctx))


def longer_part(branch: Branch, a: Array, b: Array) -> Array:
    """One of two first parts of one array."""
    steps = [step for one in (a, b) for step in one.path if isinstance(step, Indexed)]
    pairs = zip(steps[0].at, steps[1].at, strict=True)
    lengths = tuple(branch.leaf("", x, y) for x, y in pairs)
    return Array(a.base, (Indexed(steps[0].index, lengths),))


def are_alike(ctx: Context, *lengths: tuple[Builder, Affine]) -> bool:
    """Has an axis one length on both ways? Those of two arguments are taken to be equal, and the
    function is read again for a call where they are not."""
    (here, a), (there, b) = lengths
    if a == b or here.equal(a, b) or there.equal(a, b):
        return True
    if differ(ctx, *lengths):
        return False
    symbols = [(build, s) for build, dim in lengths for s in dim.symbols()]
    if any(extents.definition(build, s) is not None for build, s in symbols):
        return True
    if (
        isinstance(a.symbol, Var)
        and isinstance(b.symbol, Var)
        and {a.symbol, b.symbol} <= ctx.sizes
    ):
        ctx.shared.equal.append(Equality(a.symbol, b.symbol, ctx.build.span, certain=False))
        return True
    return False


def room_of(branch: Branch, axis: int, sides: tuple[Atom | None, Atom | None]) -> Affine | None:
    """The room that an axis needs; None where it has one length."""
    ctx = branch.ctx
    dims = [
        (branch.build(k), atom.type.dims[axis]) for k, atom in enumerate(sides) if atom is not None
    ]
    if len(dims) == 2 and are_alike(ctx, *dims):
        return None
    if len(dims) == 1 and extents.outside(dims[0][1], branch.since):
        return None
    most = [extents.bound(build, dim, branch.since) for build, dim in dims]
    if any(one is None for one in most):
        return ctx.build.dim(capacity.room(ctx))
    room = most[0]
    for other in most[1:]:
        assert room is not None and other is not None
        room = extents.larger(ctx.build, room, other)
    # Its length is the same value on either way: it stands before the branch.
    return None if room is None else ctx.build.dim(ctx.build.extent(room))


# -- in loops


def head(loop: Looping, name: str, k: int, type: Type, init: Atom | None) -> Array:
    """What leaf number k of a name is at the head of a round."""
    rooms, outer = loop.plan.rooms[name, k], loop.ctx.build.parent
    assert outer is not None
    wide = roomy(type, rooms)
    starts: list[Atom] | list[None] = [None] * len(rooms)
    start = None
    if init is not None:
        room = init if init.type.dims == wide.dims else empty(outer, wide)
        check_room(loop, name, k, outer, init)
        starts, start = filled(outer, room, init, rooms)
    shown = cells.title(loop.before.names, name, whole=True)
    lengths: list[Atom] = [loop.carry(shown and f"n_{shown}", INT, at).param for at in starts]
    for axis, at in zip(sorted(rooms), starts, strict=True):
        if loop.plan.tried[name, k, axis] == REHEARSED:
            loop.carry(shown and f"most_{shown}", INT, at)
    carry = loop.carry(name, wide, start)
    carry.leaf = carry.room = True
    array = part(loop.ctx, carry.param, carry.param.name, rooms, lengths)
    how = loop.plan.tried.get((name, k, 0))
    if how in (COUNTED, REHEARSED, CAPACITY):
        loop.ctx.roomy[array.base] = capacity.room(loop.ctx) if how == CAPACITY else None
    return array


def check_room(loop: Looping, name: str, k: int, build: Builder, content: Atom) -> None:
    """Stop where there is too little room, along the axes where that may be."""
    ctx, outer = loop.ctx, loop.ctx.build
    ctx.build = build
    for axis in loop.plan.rooms[name, k]:
        if loop.plan.tried[name, k, axis] == CAPACITY:
            capacity.check(ctx, build.extent(content.type.dims[axis]), capacity.room(ctx))
    ctx.build = outer


def after(loop: Looping, name: str, k: int, now: Array, carries: list[Carry]) -> list[Atom]:
    """The lengths and the room after a round; `carries` are those that `head` made."""
    rooms, ctx = loop.plan.rooms[name, k], loop.ctx
    head = loop.leaf_at(name, k)
    last = now.path[0] if now.path else None
    if isinstance(last, Indexed) and is_first_part(now, head):
        lengths, room = list(last.at), views.content(ctx, head.base)
    else:
        content = views.read(ctx, now)
        check_room(loop, name, k, ctx.build, content)
        lengths, room = filled(ctx.build, ctx.bases[head.base], content, rooms)
    peaks = [carry.param for carry in carries[len(rooms) : -1]]
    grown = [axis for axis in sorted(rooms) if loop.plan.tried[name, k, axis] == REHEARSED]
    most = dict(zip(sorted(rooms), lengths, strict=True))
    after = [extents.maximum(ctx.build, p, most[a]) for p, a in zip(peaks, grown, strict=True)]
    return [*lengths, *after, room]


def is_first_part(now: Array, head: Array) -> bool:
    """Is this a first part of the same room, perhaps a longer one?"""
    whole = now.base is head.base and len(now.path) == len(head.path) == 1
    ours = [step.index for one in (now, head) for step in one.path if isinstance(step, Indexed)]
    return whole and len(ours) == 2 and ours[0] == ours[1] and PART in ours[0]


def count(loop: Looping, name: str, k: int) -> int:
    """How many values are carried for leaf number k of a name."""
    spot = loop.plan.spots.get((name, k))
    if spot is not None:
        return len(spots.integers(spot))
    rooms = loop.plan.rooms.get((name, k), {})
    grown = [axis for axis in rooms if loop.plan.tried[name, k, axis] == REHEARSED]
    return 1 + len(rooms) + len(grown)


def result(loop: Looping, name: str, k: int, outs: list[Var]) -> Array:
    """What the leaf is after the loop."""
    rooms = loop.plan.rooms[name, k]
    return part(loop.ctx, outs[-1], outs[-1].name, rooms, list(outs[: len(rooms)]))


def grow(loop: Looping, name: str, k: int, carry: Carry, type: Type) -> bool:
    """Make room where the array after a round is not certain to have the shape of that before."""
    rooms, build = loop.plan.rooms.get((name, k), {}), loop.ctx.build
    more: dict[int, Affine] = {}
    for axis, (old, new) in enumerate(zip(carry.type.dims, type.dims, strict=True)):
        if old == new or (axis not in rooms and not changes(loop, old, new)):
            continue
        key = (name, k, axis)
        if axis in rooms and fits(loop, key, new, old):
            continue
        tried = loop.plan.tried.get(key, -1) + 1
        if loop.plan.endless:
            tried = CAPACITY
        if tried == ENTRY and carry.init is not None:
            more[axis] = carry.init.type.dims[axis]
        elif tried <= BOUND and extents.bound(build, new, loop.since) is not None:
            tried, more[axis] = BOUND, bounded(loop, carry, axis, new)
        elif tried <= COUNTED and (room := counted(loop, key, new)) is not None:
            tried, more[axis] = COUNTED, room
        elif tried <= REHEARSED:
            tried, more[axis] = REHEARSED, Affine.of(Var("", INT))
        else:
            tried, more[axis] = CAPACITY, build.dim(capacity.room(loop.ctx))
        loop.plan.tried[key] = tried
    loop.plan.rooms[name, k] = {**rooms, **more}
    if not loop.plan.rooms[name, k]:
        del loop.plan.rooms[name, k]
    return bool(more)


def begin(loop: Looping, name: str, k: int, type: Type) -> None:
    """Room for an array that is first made in the loop, of a shape that is known only there."""
    for axis, dim in enumerate(type.dims):
        most = extents.bound(loop.ctx.build, dim, loop.since)
        if most is not None and not extents.outside(dim, loop.since):
            loop.plan.rooms.setdefault((name, k), {})[axis] = most
            loop.plan.tried[name, k, axis] = BOUND
            loop.plan.bounds[name, axis] = most


def bounded(loop: Looping, carry: Carry, axis: int, new: Affine) -> Affine:
    """Room for the length on entry and for the most that there is after a round."""
    most = extents.bound(loop.ctx.build, new, loop.since)
    outer = loop.ctx.build.parent
    assert most is not None and outer is not None
    loop.plan.bounds[carry.name, axis] = most
    return most if carry.init is None else extents.larger(outer, carry.init.type.dims[axis], most)


def counted(loop: Looping, key: tuple[str, int, int], new: Affine) -> Affine | None:
    """Room for what there is after the last round, where each adds as many items."""
    name, k, axis = key
    before = loop.before.names.get(name)
    if loop.trips is None or loop.shrinks() or before is None or (name, k) not in loop.plan.rooms:
        return None
    start, part = list(leaves(forms.plain(before)))[k], loop.leaf_at(name, k).path[0]
    place = sorted(loop.plan.rooms[name, k]).index(axis)
    assert isinstance(start, Array) and isinstance(part, Indexed)
    added = (new - loop.ctx.build.dim(part.at[place])).constant
    if added is None or added < 0:
        return None
    return views.type_of(loop.ctx, start).dims[axis] + loop.ctx.build.dim(loop.trips) * added


def changes(loop: Looping, old: Affine, new: Affine) -> bool:
    return differ(loop.ctx, (loop.ctx.build, old), (loop.ctx.build, new))


def fits(loop: Looping, key: tuple[str, int, int], new: Affine, room: Affine) -> bool:
    match loop.plan.tried[key]:
        case 0:
            return extents.at_most(loop.ctx.build, new, room)
        case 1:
            known = loop.plan.bounds.get((key[0], key[2]))
            return known == extents.bound(loop.ctx.build, new, loop.since)
        case 2:
            return counted(loop, key, new) == loop.plan.rooms[key[:2]][key[2]]
    return True


def rehearse(loop: Looping, first: int, shrinks: bool) -> None:
    """Find the rooms that only the loop itself tells, by its integers, run once before it.

    `first` is the number of the first equation that was written for the loop. Where a list
    `shrinks` in it, its length after a round is not the most that it was.
    """
    build = loop.ctx.build
    wanted = {key: peak_of(loop, *key) for key, how in loop.plan.tried.items() if how == REHEARSED}
    if not wanted:
        return
    places = {key: loop.plan.rooms[key[:2]][key[2]].symbol for key in wanted}
    block = Block((), tuple(build.eqns[first:]), tuple(wanted.values()))
    ends = shrinks or any(map(ends_by_error, walk.equations(block)))
    block = roomless(walk.effectless(block), set(places.values()))
    copy = walk.substitute(block, {}, fresh=True)
    copy = fold.prune_block(copy, set(range(len(wanted))))
    made = list(copy.eqns)
    for key, peak in zip(wanted, copy.results, strict=True):
        room = places[key]
        assert isinstance(room, Var)
        if ends or room in walk.captures(Block((), copy.eqns, copy.results)):
            loops = [e for e in build.eqns[first:] if isinstance(e.rhs, Scan | While)]
            build.eqns[first:] = [e for e in build.eqns[first:] if e not in loops]
            forget(loop)
            raise Grown
        made.append(Eqn((room,), Apply(arithmetic.ADD, (peak, constant(0))), build.span))
    build.eqns[first:first] = made


def ends_by_error(eqn: Eqn) -> bool:
    """Is it a `while` that may be left by an error, and might not end without?"""
    inside = (one for block in walk.blocks(eqn.rhs) for one in walk.equations(block))
    return isinstance(eqn.rhs, While) and any(isinstance(one.rhs, Check) for one in inside)


def forget(loop: Looping) -> None:
    """Plan anew, with as much room as the caller gives where only the loop would tell how much."""
    loop.plan.endless = True
    for name, k in {key[:2] for key, how in loop.plan.tried.items() if how == REHEARSED}:
        del loop.plan.rooms[name, k]
        for axis in [a for a in loop.plan.tried if a[:2] == (name, k)]:
            del loop.plan.tried[axis]


def peak_of(loop: Looping, name: str, k: int, axis: int) -> Var:
    """The most that the length along an axis was, after the loop."""
    axes = sorted(loop.plan.rooms[name, k])
    grown = [a for a in axes if loop.plan.tried[name, k, a] == REHEARSED]
    return loop.results[name, k][len(axes) + grown.index(axis)]


def roomless(block: Block, rooms: set[object]) -> Block:
    """The block where `:length` of one of these rooms has that length."""
    eqns = []
    for eqn in block.eqns:
        rhs = walk.with_blocks(eqn.rhs, [roomless(b, rooms) for b in walk.blocks(eqn.rhs)])
        match rhs:
            case Apply(op=shape.SLICE_LENGTH, args=(_, length, _, room)) if room in rooms:
                rhs = Apply(arithmetic.ADD, (length, constant(0)))
        eqns.append(Eqn(eqn.outs, rhs, eqn.span))
    return Block(block.params, tuple(eqns), block.results)
