"""A program that is linear in its last params, the seeds, run in every direction of them.

A direction is one in one place of one seed and zero elsewhere. What of the program does not depend
on it stands before the loop over the directions.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from transpile.adjoint.forward import allocated, fit, zero
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Check,
    Const,
    Eqn,
    Function,
    If,
    Print,
    Scan,
    Var,
    constant,
)  # fmt: skip
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import INT, Type

NEW = (shape.ZEROS, shape.ONES, shape.EMPTY)


class Directions:
    """The loop over the directions, and what it fills.

    `seeded` is what the seeds are directions of, and `ends` are for each seed what is filled of it,
    from each result. The function itself has run before, with its effects. Forward, `known` are
    its values, which are not computed again, and the place in the seed is the last axes of the
    end; backwards, where `known` is None, it is the first.
    """

    def __init__(
        self,
        made: Function,
        seeded: Sequence[Atom],
        ends: Sequence[Sequence[Var]],
        known: frozenset[Var] | None,
        build: Builder,
    ) -> None:
        self.ends, self.last, self.known = ends, known is not None, known or frozenset()
        body = without_effects(made.body)
        self.seeds, self.results = body.params[len(body.params) - len(seeded) :], body.results
        self.fresh = walk.Substitution({}, fresh=True)
        for seed, atom in zip(self.seeds, seeded, strict=True):
            for dim, extent in zip(seed.type.dims, atom.type.dims, strict=True):
                if dim != extent and isinstance(dim.symbol, Var):
                    self.fresh.values[dim.symbol] = build.atom(extent)
        self.types = [self.fresh.type(seed.type) for seed in self.seeds]
        self.inside: list[Eqn] = []
        self.divide(body, build)

    def divide(self, body: Block, build: Builder) -> None:
        """Write what does not depend on the direction, and find what does.

        A new array stands with the first that reads it, so that what writes into it need not copy
        it first.
        """
        varying, new = set(self.seeds), dict[Var, Eqn]()
        for eqn in body.eqns:
            if self.known.issuperset(eqn.outs):
                continue
            if isinstance(eqn.rhs, Apply) and eqn.rhs.op in NEW:
                new[eqn.outs[0]] = eqn
                continue
            reads = dict.fromkeys(walk.reads(eqn))
            first = [new.pop(var) for var in reads if var in new]
            if varying.isdisjoint(reads):
                build.eqns.extend(map(self.fresh.eqn, (*first, eqn)))
            else:
                self.inside += (*first, eqn)
                outs = (out for e in (*first, eqn) for out in e.outs)
                varying.update(out for out in outs if out not in self.known)
        self.inside += new.values()

    def run(self, build: Builder) -> list[list[Atom]]:
        """What was filled of each seed."""
        if len(self.seeds) == 1 and not self.types[0].dims:
            found = self.directed(build, [fit(constant(1.0), self.types[0], build)])
            return [[fit(f, end.type, build) for f, end in zip(found, self.ends[0], strict=True)]]
        ends = [end for several in self.ends for end in several]
        init = [
            allocated(shape.EMPTY, Var(end.name, end.type), build)
            if end.type.dims
            else Const(0.0, end.type)
            for end in ends
        ]
        starts: list[Atom] = [constant(0)]
        for type in self.types:
            starts.append(build.apply(arithmetic.ADD, starts[-1], elements([type], build)))
        index, stop = Var("", INT), starts.pop()
        inner = build.child(*scan_facts(index, Affine(), build.dim(stop), Affine((), 1)))
        params = [Var(end.name, end.type) for end in ends]
        results = self.step(inner, index, starts, params)
        body = inner.block([index, *params], results)
        outs = [Var(end.name, end.type) for end in ends]
        build.emit(Scan(constant(0), stop, constant(1), tuple(init), body), outs)
        return in_parts(outs, self.ends)

    def step(
        self, build: Builder, index: Var, starts: Sequence[Atom], filled: Sequence[Atom]
    ) -> list[Atom]:
        """One direction: the place in one of the seeds, the sweep, and what it fills."""
        tests = [within(index, starts, k, build) for k in range(len(starts))]
        places = []
        for start, type in zip(starts, self.types, strict=True):
            offset = build.apply(arithmetic.SUBTRACT, index, start)
            places.append(unravelled(offset, type.dims, build))
        units = [self.unit(k, tests[k], places[k], build) for k in range(len(starts))]
        found = self.directed(build, units)
        results: list[Atom] = []
        for k, arrays in enumerate(in_parts(filled, self.ends)):
            then = partial(self.stored, arrays, found, places[k])
            results += chosen(tests[k], then, arrays, self.ends[k], build)
        return results

    def unit(self, k: int, test: Atom | None, place: Sequence[Atom], build: Builder) -> Atom:
        """A seed: with one in this place if the direction is one of its own."""
        type, name = self.types[k], self.seeds[k].name
        one = Const(1.0, Type(type.dtype, (), "numpy"))
        start = zero(type, name, build)
        if test is not None and not type.dims:
            return build.apply(arithmetic.WHERE, test, one, start, name=name)

        def written(build: Builder) -> list[Atom]:
            index = {"index": ("i",) * len(place), "dims": (), "within": True}
            return [build.apply(shape.UPDATE, start, one, *place, name=name, **index)]

        return chosen(test, written, [start], [Var(name, type)], build)[0]

    def stored(
        self, ends: Sequence[Atom], found: Sequence[Atom], place: Sequence[Atom], build: Builder
    ) -> list[Atom]:
        pairs = zip(ends, found, strict=True)
        return [self.store(end, value, place, build) for end, value in pairs]

    def store(self, end: Atom, value: Atom, place: Sequence[Atom], build: Builder) -> Atom:
        """The end with the value in its place."""
        if not end.type.dims:
            return fit(value, end.type, build)
        at = ("i",) * len(place)
        rest = (":",) * (end.type.ndim - len(place))
        index = rest + at if self.last else at + rest
        dims = end.type.dims[: len(rest)] if self.last else end.type.dims[len(place) :]
        return build.apply(
            shape.UPDATE, end, value, *place, name=end.name if isinstance(end, Var) else "",
            index=index, dims=dims, within=True,
        )  # fmt: skip

    def directed(self, build: Builder, direction: Sequence[Atom]) -> list[Atom]:
        """The results for one direction of the seeds."""
        self.fresh.values.update(zip(self.seeds, direction, strict=True))
        for eqn in self.inside:
            if isinstance(eqn.rhs, Apply) and eqn.rhs.op in NEW:
                (out,) = eqn.outs
                array = Var(out.name, self.fresh.type(out.type))
                self.fresh.values[out] = allocated(eqn.rhs.op, array, build)
                continue
            build.eqns.append(self.fresh.eqn(eqn))
            for out in self.known.intersection(eqn.outs):
                del self.fresh.values[out]
        return list(map(self.fresh.atom, self.results))


def chosen(
    test: Atom | None,
    then: Callable[[Builder], list[Atom]],
    orelse: Sequence[Atom],
    outs: Sequence[Var],
    build: Builder,
) -> list[Atom]:
    """`then` if the test holds, or if there is none; else what is given."""
    if test is None:
        return then(build)
    inner = build.child()
    taken = inner.block([], then(inner))
    named = [Var(out.name, out.type) for out in outs]
    return list(build.emit(If(test, taken, build.child().block([], orelse)), named))


def within(index: Var, starts: Sequence[Atom], k: int, build: Builder) -> Atom | None:
    """Is the index one of part `k`? None if there is no other."""
    tests = []
    if k > 0:
        tests.append(build.apply(arithmetic.GREATER_EQUAL, index, starts[k]))
    if k + 1 < len(starts):
        tests.append(build.apply(arithmetic.LESS, index, starts[k + 1]))
    if len(tests) == 2:
        return build.apply(arithmetic.BITWISE_AND, *tests)
    return tests[0] if tests else None


def unravelled(offset: Atom, dims: Sequence[Affine], build: Builder) -> list[Atom]:
    """The place of an element, counted from the first, in an array of these dims."""
    place: list[Atom] = []
    for dim in reversed(dims[1:]):
        extent = build.extent(dim)
        place.insert(0, build.apply(arithmetic.REMAINDER, offset, extent))
        offset = build.apply(arithmetic.FLOOR_DIVIDE, offset, extent)
    return [offset, *place] if dims else []


def in_parts(flat: Sequence[Atom], parts: Sequence[Sequence[Var]]) -> list[list[Atom]]:
    """A flat sequence in parts of these lengths."""
    left = iter(flat)
    return [list(itertools.islice(left, len(part))) for part in parts]


def elements(types: Sequence[Type], build: Builder) -> Atom:
    """How many numbers values of these types have in all."""
    total: Atom = constant(0)
    for type in types:
        count: Atom = constant(1)
        for dim in type.dims:
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
