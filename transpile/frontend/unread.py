"""What is indexed and not used: its element is not read, but NumPy's IndexError is raised.

What the program indexes is noted where it stands, with what is known of integers there. When all is
read, a place that nothing needs and that may be out of bounds leaves a check of its bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from msgspec.structs import replace

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.values import Array, Indexed
from transpile.sym import expr, walk
from transpile.sym.affine import Affine, Facts
from transpile.sym.build import Builder
from transpile.sym.fold import prune_block
from transpile.sym.ir import Apply, Atom, Block, Eqn, Var
from transpile.sym.ops import shape

Noted: TypeAlias = "dict[int, tuple[Apply, Builder, Facts]]"  # by the identity of the first
Place: TypeAlias = "tuple[int, Atom, Affine]"  # an axis, the integers along it, and its extent
WRITES = (shape.UPDATE, shape.INCREMENT)


@contextmanager
def noting(ctx: Context) -> Iterator[None]:
    """What is indexed inside is what the program itself indexes."""
    build, start = ctx.build, len(ctx.build.eqns)
    yield
    for eqn in build.eqns[start:]:
        if is_indexing(eqn):
            assert isinstance(eqn.rhs, Apply)
            ctx.shared.noted[id(eqn.rhs)] = eqn.rhs, build, build.facts


def is_indexing(eqn: Eqn) -> bool:
    rhs = eqn.rhs
    return isinstance(rhs, Apply) and "index" in rhs.params and not rhs.params.get("within")


def looked_at(ctx: Context, view: Array) -> None:
    """A view is read where it is made if its indices may be out of bounds: NumPy raises there."""
    last = view.path[-1] if view.path else None
    if not isinstance(last, Indexed) or "i" not in last.index:
        return
    if view.base.source is not None or view.base in ctx.frozen or view.base in ctx.moved:
        return
    dims = views.type_of(ctx, Array(view.base, view.path[:-1])).dims
    if not all(proven(ctx.build, ctx.build.facts, p) for p in places(last.index, last.at, dims)):
        with noting(ctx):
            views.read(ctx, view)


def places(index: Sequence[object], at: Sequence[Atom], dims: Sequence[Affine]) -> Iterator[Place]:
    """The integers of an index, and arrays of them, with the axes that they are of."""
    given, axis = iter(at), 0
    for item in index:
        if item == "new":
            continue
        if item in ("i", "a"):
            yield axis, next(given), dims[axis]
        elif isinstance(item, tuple):
            for there in item[1:]:
                if there:
                    next(given)
        axis += 1


def proven(build: Builder, facts: Facts, place: Place) -> bool:
    """Is it in bounds for certain?"""
    _, at, extent = place
    if at.type.dims:
        return False
    form = build.dim(at) if at.type.is_index else Affine.of(at) if isinstance(at, Var) else None
    if form is None:
        return False
    inside = facts.nonnegative(form) and facts.nonnegative(extent - form - 1)
    return inside or (facts.nonnegative(-form - 1) and facts.nonnegative(extent + form))


def checked(body: Block, noted: Noted) -> Block:
    """The body with a check for each place that nothing needs and that may be out of bounds."""
    if not noted:
        return body
    dead = noted.keys() - computed(prune_block(body, set(range(len(body.results)))))
    return with_checks(body, noted, dead) if dead else body


def computed(block: Block) -> set[int]:
    """All that is computed in a block and inside it, by its identity."""
    found = {id(eqn.rhs) for eqn in block.eqns}
    for eqn in block.eqns:
        for inner in walk.blocks(eqn.rhs):
            found |= computed(inner)
    return found


def with_checks(block: Block, noted: Noted, dead: set[int]) -> Block:
    eqns: list[Eqn] = []
    for k, eqn in enumerate(block.eqns):
        inner = [with_checks(body, noted, dead) for body in walk.blocks(eqn.rhs)]
        eqns.append(Eqn(eqn.outs, walk.with_blocks(eqn.rhs, inner), eqn.span) if inner else eqn)
        if id(eqn.rhs) in dead and not covered(block.eqns[k + 1 :], eqn, dead):
            eqns += checks(eqn, *noted[id(eqn.rhs)][1:])
    return replace(block, eqns=tuple(eqns))


def covered(later: Sequence[Eqn], eqn: Eqn, dead: set[int]) -> bool:
    """Does what follows, before anything else can happen, read the same place?"""
    mine = indexed(eqn)
    for other in later:
        if walk.has_effect(other):
            return False
        if is_indexing(other) and id(other.rhs) not in dead and mine <= indexed(other):
            return True
        if writes(other):
            return False
    return False


def writes(eqn: Eqn) -> bool:
    """Is anything stored, which the caller would see after an error?"""
    if isinstance(eqn.rhs, Apply):
        return eqn.rhs.op in WRITES
    return any(writes(inner) for block in walk.blocks(eqn.rhs) for inner in block.eqns)


def indexed(eqn: Eqn) -> set[Place]:
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    at = rhs.args[2:] if rhs.op in WRITES else rhs.args[1:]
    return set(places(rhs.params["index"], at, rhs.args[0].type.dims))


def checks(eqn: Eqn, noted: Builder, facts: Facts) -> list[Eqn]:
    build = Builder()  # integers of the block may stand further down than the check
    build.span = eqn.span
    for place in sorted(indexed(eqn), key=lambda place: place[0]):
        axis, at, extent = place
        if proven(noted, facts, place):
            continue
        build.facts = facts
        env = {"i": at, "n": build.extent(extent)}
        inside = build.text(test_of(noted, facts, place), env)
        if inside.type.dims:
            inside = expr.call(build, "all", [inside], {})
        inside = build.convert(inside, "bool", "python")
        build.check(inside, "IndexError", f"index is out of bounds for axis {axis}")
    return build.eqns


def test_of(noted: Builder, facts: Facts, place: Place) -> str:
    """What is to be tested, where one of the two bounds may be known to hold."""
    _, at, extent = place
    if at.type.is_index:
        form = noted.dim(at)
        if facts.nonnegative(form):
            return "i < n"
        if facts.nonnegative(extent - form - 1):
            return "i >= -n"
    return "(i >= -n) & (i < n)"
