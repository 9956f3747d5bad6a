"""Gradients in bounded memory: loops whose logs would be too large are run again in segments.

The loop is run once with some of its states saved. Its reverse goes through the segments from the
last to the first: each is run again from a saved state, this time with logs, and reversed. What a
segment is, is a function of its own that is reversed like any other; with more `depth` it is one
step, and the loops inside it are treated likewise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from transpile.adjoint.cotangents import Mirror
from transpile.adjoint.part import Part, Policy, Seeds, inserted, marker, part_of
from transpile.adjoint.rerun import Loop
from transpile.adjoint.reversal import Reversal, Split
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Eqn, If, Var


def divided(
    reversal: Reversal, seeds: Seeds, policy: Policy, running: Mapping[Var, Atom] | None = None
) -> Reversal:
    """The same reversal with every equation at the top that keeps much run again instead."""
    eqns = [e for e in reversal.function.body.eqns if keeps_much(reversal, e)]
    if not eqns:
        return reversal
    policy = replace(policy, parts=policy.parts * len(eqns))
    splits: dict[Eqn, Split] = {}
    for eqn in eqns:
        if isinstance(eqn.rhs, If):
            splits[eqn] = Branches(reversal, eqn, policy)
        else:
            splits[eqn] = Loop(reversal, eqn, policy, divided)
    again = Reversal(
        reversal.function, reversal.sources, reversal.results, reversal.active, reversal.forms,
        Mirror(copies=dict(reversal.mirror.copies)), splits,
    )  # fmt: skip
    again.plan(seeds, running)
    return again


def keeps_much(reversal: Reversal, eqn: Eqn) -> bool:
    """Are there logs for it whose size is not known to be small?"""
    kept = reversal.kept_in(eqn)
    if not kept:
        return False
    loops = {body for v in kept for body in reversal.program.loops(reversal.program.home[v])}
    counts = [reversal.program.scan(body) for body in loops]
    trips = [c if c is None else reversal.program.dim(c.stop).constant for c in counts]
    return None in trips or any(dim.constant is None for v in kept for dim in v.type.dims)


class Branches:
    """A branch at the top: the reverse runs the side that was taken again."""

    def __init__(self, outer: Reversal, eqn: Eqn, policy: Policy) -> None:
        assert isinstance(eqn.rhs, If)
        self.outer, self.eqn, self.rhs, self.policy = outer, eqn, eqn.rhs, policy
        self.function = marker(outer.function.name)
        self.sides: list[Part] = []

    def begin(self, seeded: Sequence[int], captured: Sequence[Var]) -> None:
        for block in (self.rhs.then, self.rhs.orelse):
            side = part_of(self.outer, block, (), self.outer.active, seeded, captured)
            side.divide(divided, self.policy)
            self.sides.append(side)

    def forward(self, build: Builder) -> None:
        build.eqns.append(self.eqn)

    def reverse(self, build: Builder, given: Sequence[Atom]) -> Sequence[Atom]:
        blocks = []
        for side in self.sides:
            child = build.child()
            found = inserted(child, side.reverse(), given)
            blocks.append(child.block([], found))
        outs = [Var("", r.type) for r in blocks[0].results]
        return build.emit(If(self.rhs.test, *blocks), outs)
