"""Neighbouring nests over the same domain become one; what only it needs lives in scalars.

    for j: t[j] = a[j] * b[j]                  for j: {
    for j: c[j] += t[j]                            double t = a[j] * b[j];
                                                   c[j] += t;
                                               }

Two nests are one where no step of the second touches what another step of the first writes, or the
other way round: each array of both that either writes is indexed alike everywhere, at least along
axes that tell the steps apart. Distinct arrays never overlap, so nothing else has to be proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops.nest import (
    Array,
    Assign,
    Bind,
    Expr,
    Fill,
    Kernel,
    Load,
    Local,
    Loop,
    Opaque,
    Perform,
    Reserve,
    Stmt,
    Store,
    Swap,
)
from transpile.loops.plan import locals_of, part_for
from transpile.loops.walk import (
    assigned,
    bodies,
    expressions,
    parts,
    reads,
    rebuild,
    statements,
    with_bodies,
    with_expressions,
)
from transpile.sym.affine import Affine, Symbol

Index = tuple[Affine, ...]


class Nest(Struct, frozen=True):
    """Loops, each the whole body of the one before, around stores and sums."""

    loops: tuple[Loop, ...]
    body: tuple[Stmt, ...]

    @property
    def indices(self) -> list[Local]:
        return [loop.index for loop in self.loops]


def fuse(kernel: Kernel) -> Kernel:
    """The kernel with its neighbouring nests joined, and without the storage between them."""
    kernel = replace(kernel, body=joined(kernel.body))
    found = dict(scalars(kernel))
    return without(replace(kernel, body=shrunk(kernel.body, found)), found) if found else kernel


def joined(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    done: list[Stmt] = []
    for stmt in body:
        whole: Stmt | None = with_bodies(stmt, joined)
        late: list[Stmt] = []
        while whole is not None:
            stmt = whole
            whole, after = onto(done, stmt)
            late = after + late
        done += [stmt, *late]
    return tuple(done)


def onto(done: list[Stmt], stmt: Stmt) -> tuple[Loop | None, list[Stmt]]:
    """The statement joined with the nest before it, and what comes after both; None if not.

    The nest is taken out of `done`; what stands between the two goes before or after both.
    """
    nest = nest_of(stmt)
    at = None if nest is None else before(done)
    if nest is None or at is None:
        return None, []
    first = nest_of(done[at])
    assert first is not None
    both = one(first, nest)
    between = done[at + 1 :]
    late = [s for s in between if not may_pass(s, first)]
    early = [s for s in between if s not in late]
    if (
        both is None
        or not all(isinstance(s, Assign) and may_pass(s, nest) for s in late)
        or assigned(tuple(late)).intersection(reads(tuple(early)))
    ):
        return None, []
    done[at:] = early
    return both, late


def nest_of(stmt: Stmt) -> Nest | None:
    """The statement as a nest of loops around nothing but stores and sums."""
    loops: list[Loop] = []
    while isinstance(stmt, Loop):
        loops.append(stmt)
        if len(stmt.body) != 1 or not isinstance(stmt.body[0], Loop):
            plain = all(isinstance(s, Store) or is_sum(s) for s in stmt.body)
            return Nest(tuple(loops), stmt.body) if plain else None
        stmt = stmt.body[0]
    return None


def is_sum(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign) and stmt.op in ("+=", "-=") and not stmt.declare


def before(done: Sequence[Stmt]) -> int | None:
    """Where the nest stands that only declarations and scalars separate from what comes next."""
    for k in reversed(range(len(done))):
        stmt = done[k]
        if nest_of(stmt) is not None:
            return k
        if not isinstance(stmt, Bind | Assign):
            return None
    return None


def may_pass(stmt: Stmt, nest: Nest) -> bool:
    """May the statement stand on the other side of the nest?"""
    written = {s.array for s in nest.body if isinstance(s, Store)}
    sums = assigned(nest.body)
    inside = [part for expr in expressions(stmt) for part in parts(expr)]
    if any(p in sums if isinstance(p, Local) else isinstance(p, Load) and p.array in written
           for p in inside):  # fmt: skip
        return False
    return not assigned((stmt,)).intersection((*sums, *reads(nest.loops[:1])))


def one(first: Nest, second: Nest) -> Loop | None:
    """Both nests as one, or None where that is not the same or they have nothing in common."""
    body = renamed(first, second)
    if body is None or not apart(first, body):
        return None
    inner: tuple[Stmt, ...] = (*first.body, *body)
    for ours, theirs in zip(first.loops[::-1], second.loops[::-1], strict=True):
        inner = (replace(ours, body=inner, simd=lanes(ours.simd, theirs.simd)),)
    (whole,) = inner
    assert isinstance(whole, Loop)
    return whole


def lanes(ours: str | None, theirs: str | None) -> str | None:
    """The pragma's clause of both; where one has none, `parallel` looks at the whole."""
    if ours is None or theirs is None:
        return None
    return " ".join(clause for clause in (ours, theirs) if clause)


def renamed(first: Nest, second: Nest) -> tuple[Stmt, ...] | None:
    """The second nest's body with the first's indices, if they go over the same domain."""
    if len(first.loops) != len(second.loops):
        return None
    names: dict[Expr, Expr] = dict(zip(second.indices, first.indices, strict=True))
    change = partial(put, names)
    for ours, theirs in zip(first.loops, second.loops, strict=True):
        bounds = (put(names, theirs.start), put(names, theirs.stop), theirs.step)
        if bounds != (ours.start, ours.stop, ours.step):
            return None
        if any(isinstance(s, Opaque) for b in (ours.start, ours.stop) for s in b.symbols()):
            return None
    taken = {local.name: local for local in first.indices}
    for part in reads(second.body):
        if isinstance(part, Local) and part not in names and part.name in taken:
            return None
    return tuple(with_expressions(stmt, change) for stmt in second.body)


def put(names: Mapping[Expr, Expr], expr: Expr) -> Expr:
    """The expression with locals replaced."""
    if isinstance(expr, Local):
        return names.get(expr, expr)
    return rebuild(expr, partial(put, names))


def apart(first: Nest, body: tuple[Stmt, ...]) -> bool:
    """Do the nests share an array, and steps that are not the same one no element written?"""
    ours, theirs = touched(first.body), touched(body)
    shared = ours.keys() & theirs.keys()
    if not shared or assigned(first.body) & assigned(body):
        return False
    sums = assigned(first.body) | assigned(body)
    if sums and any(part in sums for part in reads((*first.body, *body))):
        return False
    for array in shared:
        accesses = (*ours[array], *theirs[array])
        axes = zip(*dict.fromkeys(index for index, _ in accesses), strict=True)
        alike = tells_apart(tuple(axis[0] for axis in axes if len(set(axis)) == 1), first)
        if any(store for _, store in accesses) and not alike:
            return False
    return True


def touched(body: tuple[Stmt, ...]) -> dict[Array, list[tuple[Index, bool]]]:
    """Every access of every array: where, and whether it writes."""
    found: dict[Array, list[tuple[Index, bool]]] = {}
    for stmt in body:
        if isinstance(stmt, Store):
            found.setdefault(stmt.array, []).append((stmt.index, True))
    for part in reads(body):
        if isinstance(part, Load):
            found.setdefault(part.array, []).append((part.index, False))
    return found


def tells_apart(index: Index, nest: Nest) -> bool:
    """Is the element another one in every other step? Each loop has an axis of its own."""
    loops: set[Symbol] = set(nest.indices)
    alone: set[Symbol] = set()
    for axis in index:
        inside = loops.intersection(axis.symbols())
        if len(inside) == 1 and all(isinstance(s, Local) for s in axis.symbols()):
            alone |= inside
    return alone == loops


# -- storage that one step of one nest writes and reads


def scalars(kernel: Kernel) -> Iterator[tuple[Array, Local]]:
    """Scratch that lives within the steps of one nest, each with the scalar in its place."""
    homes: dict[Array, list[tuple[Stmt, ...]]] = {}
    whole: set[Array] = set()

    def visit(body: tuple[Stmt, ...]) -> None:
        own = [stmt for stmt in body if not bodies(stmt)]
        for array in touched(tuple(own)):
            homes.setdefault(array, []).append(body)
        for stmt in body:
            match stmt:
                case Fill():
                    whole.update({stmt.target, stmt.source or stmt.target})
                case Swap():
                    whole.update((*stmt.targets, *stmt.sources))
                case Perform():
                    whole.update(stmt.arrays)
                case _ if bodies(stmt):
                    for array in touched_by_head(stmt):
                        whole.add(array)
            for inner in bodies(stmt):
                visit(inner)

    visit(kernel.body)
    for array, found in homes.items():
        plain = array.role == "scratch" and not array.swapped and array not in whole
        if plain and len(found) == 1 and is_private(array, found[0]):
            yield array, Local(array.name, array.dtype)


def touched_by_head(stmt: Stmt) -> Iterator[Array]:
    for expr in expressions(stmt):
        for part in parts(expr):
            if isinstance(part, Load):
                yield part.array


def is_private(array: Array, body: tuple[Stmt, ...]) -> bool:
    """Is the array written, at one place, before that is read, in every step of this body?"""
    own = tuple(stmt for stmt in body if array in touched((stmt,)))
    if not all(isinstance(stmt, Store | Assign) for stmt in own):
        return False
    first = next(stmt for stmt in body if array in touched((stmt,)))
    if not isinstance(first, Store) or first.array is not array or first.op != "=":
        return False
    symbols = [s for i in first.index for s in i.symbols()]
    steady = all(isinstance(s, Local) and s not in assigned(body) for s in symbols)
    places = {index for index, _ in touched(body)[array]}
    return steady and len(places) == 1 and len(touched((first,))[array]) == 1


def shrunk(body: tuple[Stmt, ...], found: dict[Array, Local]) -> tuple[Stmt, ...]:
    """The statements with scalars in the place of arrays."""
    told: set[Array] = set()

    def value(expr: Expr) -> Expr:
        if isinstance(expr, Load) and expr.array in found:
            return found[expr.array]
        return rebuild(expr, value)

    done: list[Stmt] = []
    for stmt in body:
        stmt = with_bodies(with_expressions(stmt, value), lambda b: shrunk(b, found))
        if isinstance(stmt, Store) and stmt.array in found:
            first = stmt.array not in told
            told.add(stmt.array)
            stmt = Assign(found[stmt.array], stmt.value, stmt.op, first, stmt.place)
        done.append(stmt)
    for array in told:
        written_out(done, found[array])
        unread_left_out(done, found[array])
    return tuple(done)


def written_out(body: list[Stmt], local: Local) -> None:
    """A scalar that its own Python line reads once stands there itself."""
    at, value, place = next((k, s.value, s.place) for k, s in enumerate(body)
                            if isinstance(s, Assign) and s.local is local)  # fmt: skip
    readers = [k for k, s in enumerate(body) if local in reads((s,))]
    once = sum(part is local for part in reads(tuple(body))) == 1
    if value is None or not once or body[readers[0]].place != place:
        return
    loaded = {part.array for part in parts(value) if isinstance(part, Load)}
    between = body[at + 1 : readers[0]]
    steady = not any(isinstance(s, Store) and s.array in loaded for s in between)
    if steady and not assigned(tuple(between)).intersection((local, *parts(value))):
        body[readers[0]] = with_expressions(body[readers[0]], partial(put, {local: value}))
        del body[at]


def unread_left_out(body: list[Stmt], local: Local) -> None:
    """What a scalar is set to after it was read for the last time is not said."""
    while local in assigned(tuple(body)):
        last = max(k for k, s in enumerate(body) if local in assigned((s,)))
        if local in reads(tuple(body[last + 1 :])) or not isinstance(body[last], Assign):
            return
        del body[last]


def without(kernel: Kernel, found: dict[Array, Local]) -> Kernel:
    """The kernel without the rooms of these arrays."""
    gone = {s.room for s in statements(kernel.body) if isinstance(s, Bind) and s.array in found}
    left = [k for k in range(len(kernel.rooms)) if k not in gone]
    number = {old: new for new, old in enumerate(left)}

    def moved(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        kept: list[Stmt] = []
        for stmt in body:
            if isinstance(stmt, Bind | Reserve) and stmt.room is not None:
                if stmt.room in gone:
                    continue
                stmt = replace(stmt, room=number[stmt.room])
            kept.append(with_bodies(stmt, moved))
        return tuple(kept)

    rooms = tuple(kernel.rooms[k] for k in left)
    forms = [d for room in rooms if not room.late for d in room.dims]
    forms += [d for out in kernel.outs if isinstance(out, Array) for d in out.dims]
    wanted = {local for form in forms for local in locals_of(form)}
    planned, _ = part_for(kernel.planned, wanted)
    return replace(kernel, body=moved(kernel.body), rooms=rooms, planned=planned)
