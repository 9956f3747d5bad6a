"""The Jacobian: a sweep for each element of the params or, backwards, of the results.

A sweep has a direction for its seed: one in one place, zero elsewhere. What of the program does not
depend on the direction stands before the loop over the directions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from transpile.adjoint.cotangents import cotangent_type
from transpile.adjoint.forward import allocated, fit, jvp, zero
from transpile.adjoint.outputs import check_sources, outputs
from transpile.adjoint.vjp import vjp
from transpile.sym import fold, walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import (
    Atom,
    Block,
    Check,
    Const,
    Eqn,
    Function,
    If,
    Leaf,
    Print,
    Scan,
    Tree,
    Var,
    constant,
)  # fmt: skip
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import INT, Type


def jacobian(function: Function, wrt: Sequence[int]) -> Function:
    """The derivative of each float that the user gets by each of the params `wrt`, in that order.

    Each has the dims of the result, then those of the param, and the param's dtype.
    """
    check_sources(function, wrt)
    function = fold.fold(walk.inline(function))
    results = [r for r in outputs(function, function.tree) if r.type.is_float]
    sources = [function.params[k] for k in wrt]
    build = Builder()
    build.unequal = lambda build, a, b: None
    build.facts = build.facts.having(*map(Affine.of, function.sizes))
    build.eqns = list(function.body.eqns)
    build.span = function.span
    made = Jacobian(function, wrt, results)
    forward = is_forward(sources, results)
    if forward is None:
        found = made.chosen(build)
    else:
        found = made.by_columns(build) if forward else made.by_rows(build)
    leaves = tuple(map(Leaf, range(len(found))))
    tree = leaves[0] if len(leaves) == 1 else Tree("tuple", leaves)
    names = ", ".join(source.name for source in sources)
    return Function(
        f"{function.name}_jacobian", function.params, function.sizes,
        build.block(function.params, found), tree, span=function.span,
        about=f"The Jacobian of {function.name} by {names}.",
    )  # fmt: skip


def is_forward(sources: Sequence[Atom], results: Sequence[Atom]) -> bool | None:
    """Are there certainly no more elements in the params than in the results, or the reverse?"""
    if is_matched(sources, results):
        return True
    return False if is_matched(results, sources) else None


def is_matched(some: Sequence[Atom], others: Sequence[Atom]) -> bool:
    """Has each of these another one for itself that has all its dims, and perhaps more?"""
    left = sorted(others, key=lambda atom: atom.type.ndim)
    for atom in some:
        larger = next((o for o in left if is_within(atom.type.dims, o.type.dims)), None)
        if larger is None:
            return False
        left.remove(larger)
    return True


def is_within(some: Iterable[Affine], dims: Iterable[Affine]) -> bool:
    left = [dim for dim in dims if dim.constant != 1]
    for dim in some:
        if dim.constant == 1:
            continue
        if dim not in left:
            return False
        left.remove(dim)
    return True


class Jacobian:
    """The sweeps of one function."""

    def __init__(self, function: Function, wrt: Sequence[int], results: Sequence[Atom]) -> None:
        self.function, self.wrt, self.results = function, wrt, results
        self.sources = [function.params[k] for k in wrt]

    def chosen(self, build: Builder) -> list[Atom]:
        """By what there is less of, which is known when the program runs."""
        counts = elements(self.sources, build), elements(self.results, build)
        few = build.apply(arithmetic.LESS_EQUAL, *counts)
        blocks = []
        for sweeps in (self.by_columns, self.by_rows):
            inner = build.child()
            blocks.append(inner.block([], sweeps(inner)))
        pairs = [(r, s) for r in self.results for s in self.sources]
        return list(build.emit(If(few, *blocks), [derivative(r, s) for r, s in pairs]))

    def by_columns(self, build: Builder) -> list[Atom]:
        """Forward: for each element of a param, how all results move with it."""
        columns = []
        known = frozenset(out for eqn in self.function.body.eqns for out in eqn.outs)
        for k, source in zip(self.wrt, self.sources, strict=True):
            made = jvp(self.giving(self.results), [k], keep_value=False)
            ends = [derivative(r, source) for r in self.results]
            columns.append(Directions(made, source, ends, known, build).run(build))
        return [column[k] for k in range(len(self.results)) for column in columns]

    def by_rows(self, build: Builder) -> list[Atom]:
        """Backwards: for each element of a result, how it moves with all params."""
        rows: list[Atom] = []
        for result in self.results:
            made = vjp(self.giving([result]), self.wrt, keep_value=False)
            ends = [derivative(result, source) for source in self.sources]
            rows.extend(Directions(made, result, ends, None, build).run(build))
        return rows

    def giving(self, results: Sequence[Atom]) -> Function:
        """The function with these results only."""
        body = replace(self.function.body, results=tuple(results))
        tree = Tree("tuple", tuple(map(Leaf, range(len(results)))))
        return replace(self.function, body=body, tree=tree, written=())


class Directions:
    """A program that is linear in its last param, the seed, run for each place of that.

    The function has run before, with its effects. Forward, `known` are its values, which are not
    computed again, and the places are the last axes of the `ends` that are filled; backwards,
    where `known` is None, they are the first.
    """

    def __init__(
        self,
        made: Function,
        seeded: Atom,
        ends: Sequence[Var],
        known: frozenset[Var] | None,
        build: Builder,
    ) -> None:
        self.ends, self.last, self.known = ends, known is not None, known or frozenset()
        body = without_effects(made.body)
        self.seed, self.results = body.params[-1], body.results
        self.fresh = walk.Substitution({}, fresh=True)
        for dim, extent in zip(self.seed.type.dims, seeded.type.dims, strict=True):
            if dim != extent and isinstance(dim.symbol, Var):
                self.fresh.values[dim.symbol] = build.atom(extent)
        self.type = self.fresh.type(self.seed.type)
        self.inside: list[Eqn] = []
        varying = {self.seed}
        for eqn in body.eqns:
            if self.known.issuperset(eqn.outs):
                continue
            if varying.intersection(walk.reads(eqn)):
                varying.update(out for out in eqn.outs if out not in self.known)
                self.inside.append(eqn)
            else:
                build.eqns.append(self.fresh.eqn(eqn))

    def run(self, build: Builder) -> list[Atom]:
        if not self.type.dims:
            found = self.directed(build, fit(constant(1.0), self.type, build))
            return [fit(f, end.type, build) for f, end in zip(found, self.ends, strict=True)]
        empty = [
            allocated(shape.EMPTY, Var(end.name, end.type), build) for end in self.ends
        ]  # fmt: skip
        return self.loops(build, (), empty)

    def loops(self, build: Builder, at: tuple[Var, ...], filled: Sequence[Atom]) -> list[Atom]:
        """The loops over the axes of the seed that are left."""
        if len(at) == self.type.ndim:
            return self.step(build, at, filled)
        index, extent = Var("", INT), self.type.dims[len(at)]
        inner = build.child(*scan_facts(index, Affine(), extent, Affine((), 1)))
        params = [Var(end.name, end.type) for end in self.ends]
        results = self.loops(inner, (*at, index), params)
        stop = build.extent(extent)
        loop = Scan(
            constant(0), stop, constant(1), tuple(filled), inner.block([index, *params], results)
        )
        return list(build.emit(loop, [Var(end.name, end.type) for end in self.ends]))

    def step(self, build: Builder, at: tuple[Var, ...], filled: Sequence[Atom]) -> list[Atom]:
        """One direction."""
        unit = zero(self.type, self.seed.name, build)
        place = ["i"] * len(at)
        one = Const(1.0, Type(self.type.dtype, (), "numpy"))
        found = self.directed(build, build.update(unit, one, place, at))
        results = []
        for array, value in zip(filled, found, strict=True):
            rest = [":"] * (array.type.ndim - len(at))
            index = [*rest, *place] if self.last else [*place, *rest]
            results.append(build.update(array, value, index, at))
        return results

    def directed(self, build: Builder, direction: Atom) -> list[Atom]:
        """The results for one direction of the seed."""
        self.fresh.values[self.seed] = direction
        for eqn in self.inside:
            build.eqns.append(self.fresh.eqn(eqn))
            for out in self.known.intersection(eqn.outs):
                del self.fresh.values[out]
        return list(map(self.fresh.atom, self.results))


def derivative(result: Atom, source: Var) -> Var:
    """The derivative of a result by a param, `d_y_d_x`."""
    dims = (*result.type.dims, *source.type.dims)
    name = result.name if isinstance(result, Var) and result.name else "result"
    type = cotangent_type(source.type).having(dims=dims)
    return Var(f"d_{name}_d_{source.name}", type.having(kind="array") if dims else type)


def elements(atoms: Sequence[Atom], build: Builder) -> Atom:
    """How many numbers these are."""
    total: Atom = constant(0)
    for atom in atoms:
        count: Atom = constant(1)
        for dim in atom.type.dims:
            count = build.apply(arithmetic.MULTIPLY, count, build.extent(dim))
        total = build.apply(arithmetic.ADD, total, count)
    return total


def without_effects(block: Block) -> Block:
    eqns = tuple(
        replace(eqn, rhs=walk.with_blocks(eqn.rhs, map(without_effects, walk.blocks(eqn.rhs))))
        for eqn in block.eqns
        if not isinstance(eqn.rhs, Check | Print)
    )
    return replace(block, eqns=eqns)
