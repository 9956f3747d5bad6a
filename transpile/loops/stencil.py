"""The transpose of a stencil: increments of shifted parts of one cotangent become one pass over it.

    for j in 0..n: s[j] = g[j] * c       for j in 0..n: s[j + 1] = g[j] * c    // its ends: zero
    for j in 0..n: d[j] += s[j]          for j in 0..n + 1: d[j] += s[j + 1] - s[j]
    for j in 0..n: d[j + 1] -= s[j]

Around what is added lie ghost cells, which stay zero: a term reads them where it has nothing to
give, so that no edge needs loops of its own. Terms are elements of scratch times finite numbers,
so that of a ghost cell is zero whatever the others are.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops.fuse import Nest, nest_of, put, renamed, tells_apart
from transpile.loops.nest import (
    Array,
    Binary,
    Bind,
    Break,
    Expr,
    Fill,
    If,
    Kernel,
    Lit,
    Load,
    Local,
    Loop,
    Perform,
    Stmt,
    Store,
    Swap,
    Unary,
)
from transpile.loops.walk import (
    assigned,
    parts,
    reads,
    rebuild,
    statements,
    with_bodies,
    with_expressions,
)
from transpile.sym.affine import Affine, Facts

Index = tuple[Affine, ...]
MOST = 40  # terms of one sum; more would not be read


class Term(Struct, frozen=True):
    """A nest that only adds to a cotangent: at its loops' indices plus `shift`, on these axes."""

    nest: Nest
    store: Store
    axes: tuple[int, ...]
    shift: Index

    @property
    def sources(self) -> set[Array]:
        return {part.array for part in parts(self.store.value) if isinstance(part, Load)}

    @property
    def rest(self) -> Index:
        return tuple(i for k, i in enumerate(self.store.index) if k not in self.axes)


class Ghosts(Struct, frozen=True):
    """How many ghost cells lie on either side of each axis, and indices that may go over them."""

    width: tuple[int, ...]
    indices: tuple[Local, ...]


def stencils(kernel: Kernel) -> Kernel:
    """The kernel with such increments joined, and ghost cells around what they add."""
    joining = Joining(kernel)
    body = joining.body(kernel.body)
    return widened(replace(kernel, body=body), joining.ghosts) if joining.ghosts else kernel


class Joining:
    """Joins the terms in each list of statements, and notes which scratch gets ghost cells."""

    def __init__(self, kernel: Kernel) -> None:
        self.facts = Facts([Affine.of(size) for size in kernel.sizes])
        self.ghosts: dict[Array, Ghosts] = {}
        self.plain = set(plain_scratch(kernel))

    def body(self, body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        left = [with_bodies(stmt, self.body) for stmt in body]
        done: list[Stmt] = []
        while left:
            group, last = self.group(left, done)
            if len({term.shift for term in group.values()}) < 2:
                done.append(left.pop(0))
                continue
            done += [stmt for k, stmt in enumerate(left[: last + 1]) if k not in group]
            done.append(self.together(list(group.values())))
            del left[: last + 1]
        return tuple(done)

    def group(self, left: Sequence[Stmt], done: Sequence[Stmt]) -> tuple[dict[int, Term], int]:
        """The first statement, if it is a term, and those further on to be added with it; and the
        last statement that they are to come after."""
        first = self.term(nest_of(left[0]))
        if first is None or is_covered(first, done):
            return {}, 0
        found, last = {0: first}, 0
        for k, stmt in enumerate(left[1:], 1):
            alike = self.like(nest_of(stmt), first)
            if alike is not None and len(found) < MOST:
                last = k
                if not is_covered(alike, done):
                    found[k] = alike
            elif not may_pass(stmt, list(found.values())):
                break
        return found, last

    def term(self, nest: Nest | None) -> Term | None:
        """The nest as a term, if it is one: it goes over all of what it reads."""
        if nest is None or len(nest.body) != 1:
            return None
        (store,) = nest.body
        if not isinstance(store, Store) or store.op not in ("+=", "-="):
            return None
        counted = all(loop.start == Affine() and loop.step == 1 for loop in nest.loops)
        if not counted or not is_cotangent(store.array) or not tells_apart(store.index, nest):
            return None
        if not is_linear(store.value, tuple(map(Affine.of, nest.indices)), self.plain):
            return None
        axes = tuple(
            k for loop in nest.indices for k, i in enumerate(store.index) if i.coefficient(loop)
        )
        if any(store.index[k].coefficient(i) != 1 for k, i in zip(axes, nest.indices, strict=True)):
            return None
        shift = (store.index[k] - Affine.of(i) for k, i in zip(axes, nest.indices, strict=True))
        term = Term(nest, store, axes, tuple(shift))
        extents = tuple(loop.stop for loop in nest.loops)
        return term if all(array.dims == extents for array in term.sources) else None

    def like(self, nest: Nest | None, first: Term) -> Term | None:
        """The nest as a term with the first's loops, if it may be added in one pass with it."""
        body = None if nest is None else renamed(first.nest, nest)
        term = None if body is None else self.term(Nest(first.nest.loops, body))
        if term is None or term.store.array is not first.store.array:
            return None
        steady = term.axes == first.axes and term.rest == first.rest
        away = zip(term.shift, first.shift, strict=True)
        return term if steady and all((a - b).constant is not None for a, b in away) else None

    def together(self, terms: Sequence[Term]) -> Stmt:
        """One nest over all that the terms reach."""
        nest, store = terms[0].nest, terms[0].store
        shifts = list(zip(*(term.shift for term in terms), strict=True))
        low = [min(axis, key=lambda a: (a - axis[0]).const) for axis in shifts]
        width = tuple(max((a - b).const for a in axis) for axis, b in zip(shifts, low, strict=True))
        index = list(store.index)
        for axis, counter, b in zip(terms[0].axes, nest.indices, low, strict=True):
            index[axis] = Affine.of(counter) + b
        for array in {array: None for term in terms for array in term.sources}:
            known = self.ghosts.get(array, Ghosts(width, ())).width
            self.ghosts[array] = Ghosts(tuple(map(max, known, width)), tuple(nest.indices))
        op, value = summed([(term.store.op, moved(term, low)) for term in terms], store.array)
        inner: Stmt = replace(store, index=tuple(index), value=value, op=op)
        simd: str | None = ""
        for loop, more in zip(nest.loops[::-1], width[::-1], strict=True):
            inner = replace(loop, stop=loop.stop + more, body=(inner,), simd=simd)
            simd = None
        return self.guarded(inner, [loop.stop for loop in nest.loops])

    def guarded(self, inner: Stmt, extents: Sequence[Affine]) -> Stmt:
        """Where a part is empty, nothing is reached."""
        tests: list[Expr] = [
            Binary(">", extent, Affine(), "bool")
            for extent in extents
            if not self.facts.positive(extent)
        ]
        for other in tests[1:]:
            tests[0] = Binary("&&", tests[0], other, "bool")
        return If(tests[0], (inner,)) if tests else inner


def plain_scratch(kernel: Kernel) -> list[Array]:
    """Scratch of an extent known on entry, of which only single elements are spoken of."""
    whole: list[Array] = []
    for stmt in statements(kernel.body):
        match stmt:
            case Fill():
                whole += [stmt.target] if stmt.source is None else [stmt.target, stmt.source]
            case Swap():
                whole += [*stmt.targets, *stmt.sources]
            case Perform():
                whole += stmt.arrays
            case _:
                pass
    return [
        stmt.array
        for stmt in kernel.body
        if isinstance(stmt, Bind)
        and stmt.room is not None
        and not kernel.rooms[stmt.room].late
        and stmt.array not in whole
    ]


def is_cotangent(array: Array) -> bool:
    """Is it ours to say in which order its terms are added?"""
    return array.name.startswith("d_")


def is_linear(value: Expr, at: Index, plain: set[Array]) -> bool:
    """Is the value zero where the scratch that it reads is?"""
    match value:
        case Load():
            return value.array in plain and value.index == at
        case Unary(symbol="-"):
            return is_linear(value.arg, at, plain)
        case Binary(symbol="*", left=Lit() as factor, right=other):
            return isfinite(factor.value) and is_linear(other, at, plain)
        case Binary(symbol="*" | "/" as symbol, left=other, right=Lit() as factor):
            finite = isfinite(factor.value) and (symbol == "*" or factor.value != 0)
            return finite and is_linear(other, at, plain)
        case Binary(symbol="+" | "-"):
            return is_linear(value.left, at, plain) and is_linear(value.right, at, plain)
        case _:
            return False


def is_covered(term: Term, done: Sequence[Stmt]) -> bool:
    """Is what the term adds to set just before, so that the two are better one nest?"""
    for stmt in done:
        nest = nest_of(stmt)
        body = None if nest is None else renamed(term.nest, nest)
        if body is not None and any(
            isinstance(s, Store)
            and (s.array, s.index, s.op) == (term.store.array, term.store.index, "=")
            for s in body
        ):
            return True
    return False


def may_pass(stmt: Stmt, terms: Sequence[Term]) -> bool:
    """May the terms be added after the statement that they stand before?"""
    target = terms[0].store.array
    sources = {array for term in terms for array in term.sources}
    locals_ = {part for term in terms for part in reads(term.nest.loops[:1])} - set(
        terms[0].nest.indices
    )
    if assigned((stmt,)) & locals_:
        return False
    for inner in statements((stmt,)):
        match inner:
            case Break():
                return False
            case Store(array=array, op=op):
                if array in sources or (array is target and op not in ("+=", "-=")):
                    return False
            case Fill() | Swap() | Bind() | Perform():
                changed = changed_whole(inner)
                if sources.intersection(changed) or target in changed:
                    return False
            case _:
                pass
    return not any(isinstance(p, Load) and p.array is target for p in reads((stmt,)))


def changed_whole(stmt: Fill | Swap | Bind | Perform) -> tuple[Array, ...]:
    match stmt:
        case Fill():
            return (stmt.target, stmt.source or stmt.target)
        case Swap():
            return (*stmt.targets, *stmt.sources)
        case Perform():
            return stmt.arrays
        case Bind():
            return (stmt.array,)


def moved(term: Term, low: Sequence[Affine]) -> Expr:
    """What the term adds where the indices count from the lowest place of all."""
    away: dict[Expr, Expr] = {
        loop: Affine.of(loop) - (a - b)
        for loop, a, b in zip(term.nest.indices, term.shift, low, strict=True)
    }
    return put(away, term.store.value)


def summed(terms: Sequence[tuple[str, Expr]], target: Array) -> tuple[str, Expr]:
    """The operator and the value that add all the terms, those that are subtracted last."""
    ordered = sorted(terms, key=lambda term: term[0] == "-=")
    op, value = ordered[0]
    for other, term in ordered[1:]:
        value = Binary("+" if other == op else "-", value, term, target.dtype)
    return op, value


# -- ghost cells


def widened(kernel: Kernel, ghosts: dict[Array, Ghosts]) -> Kernel:
    """The kernel with ghost cells around scratch, zero from the beginning."""
    wide = {
        array: replace(
            array, dims=tuple(d + 2 * w for d, w in zip(array.dims, found.width, strict=True))
        )
        for array, found in ghosts.items()
    }

    def inside(array: Array, index: Index) -> Index:
        return tuple(i + w for i, w in zip(index, ghosts[array].width, strict=True))

    def value(expr: Expr) -> Expr:
        expr = rebuild(expr, value)
        if isinstance(expr, Load) and expr.array in wide:
            return Load(wide[expr.array], inside(expr.array, expr.index))
        return expr

    def body(stmts: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        done: list[Stmt] = []
        for stmt in stmts:
            stmt = with_bodies(with_expressions(stmt, value), body)
            match stmt:
                case Store(array=array) if array in wide:
                    stmt = replace(stmt, array=wide[array], index=inside(array, stmt.index))
                case Bind(array=array) if array in wide:
                    done.append(replace(stmt, array=wide[array]))
                    stmt = zeroed(wide[array], ghosts[array].indices, stmt.place)
                case _:
                    pass
            done.append(stmt)
        return tuple(done)

    rooms = list(kernel.rooms)
    for stmt in kernel.body:
        if isinstance(stmt, Bind) and stmt.array in wide and stmt.room is not None:
            room, found = rooms[stmt.room], ghosts[stmt.array]
            dims = tuple(d + 2 * w for d, w in zip(room.dims, found.width, strict=True))
            rooms[stmt.room] = replace(room, dims=dims)
    return replace(kernel, rooms=tuple(rooms), body=body(kernel.body))


def zeroed(array: Array, indices: tuple[Local, ...], place: str) -> Stmt:
    stmt: Stmt = Store(array, tuple(map(Affine.of, indices)), Lit(0.0, array.dtype), "=", place)
    for index, extent in zip(indices[::-1], array.dims[::-1], strict=True):
        stmt = Loop(index, Affine(), extent, 1, (stmt,), None, place)
    return stmt
