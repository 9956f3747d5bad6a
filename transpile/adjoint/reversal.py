"""One function being reversed: its reverse sweep, what that reads of it, and both written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from transpile.adjoint import resolve, reverse
from transpile.adjoint.alive import Alive
from transpile.adjoint.cotangents import Mirror
from transpile.adjoint.logs import NO_LIMITS, Limits, Log, Recorder, Room, State, Store
from transpile.adjoint.program import Program, builder
from transpile.adjoint.residuals import Planner, planned
from transpile.adjoint.resolve import Residuals, Scope
from transpile.adjoint.reverse import Sweep
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Block, Eqn, Function, Var, constant


class Split(reverse.Split, resolve.Split, Protocol):
    """An equation at the top whose values are computed again when the reverse comes to it."""

    def forward(self, build: Builder) -> None:
        """Write the equation, with what the reverse needs of it."""


class Reversal:
    """One function being reversed.

    `active` are the variables on a differentiable way from the `sources` to the results. The
    function may read variables of a program around it, whose integers have `forms`.
    """

    def __init__(
        self,
        function: Function,
        sources: Sequence[Var],
        results: Sequence[Atom],
        active: frozenset[Var],
        forms: Mapping[Var, Affine] | None = None,
        mirror: Mirror | None = None,
        splits: Mapping[Eqn, Split] | None = None,
    ) -> None:
        self.function, self.sources, self.results = function, sources, results
        self.active = active
        self.program = Program(function.body)
        self.forms = {**(forms or {}), **self.program.forms}
        self.mirror = Mirror() if mirror is None else mirror
        self.splits = splits or {}
        self.is_part = forms is not None
        self.block: Block
        self.alive: Alive
        self.planner: Planner
        self.chosen: list[Var]

    def builder(self) -> Builder:
        return builder(self.function.body, self.function.sizes, self.forms)

    def plan(self, seeds: Sequence[Atom | None], running: Mapping[Var, Atom] | None = None) -> None:
        """Make the reverse sweep, and decide what it needs kept.

        `seeds` are cotangents of the results; `running` those of sources, to be added to.
        """
        self.block = self.swept(seeds, running or {})
        atoms = (atom for eqn in self.block.eqns for atom in walk.atoms(eqn.rhs))
        held = {atom for atom in atoms if isinstance(atom, Var)}
        self.alive = Alive(self.function, self.program, held)
        self.planner = planned(self.program, self.mirror, self.alive, self.block)
        self.chosen = [v for plan in self.planner.plans.values() for v in plan.kept]
        self.chosen.sort(key=lambda v: v.serial)

    def is_steady(self, atom: Atom) -> bool:
        """Is an integer the same each time that this function, a part of another, is run?"""
        if not isinstance(atom, Var) or not self.is_part or atom not in self.program.home:
            return True
        eqn = self.program.maker.get(atom)
        if eqn is None or not isinstance(eqn.rhs, Apply):
            return False
        return atom.type.is_index and all(map(self.is_steady, eqn.rhs.args))

    def swept(self, seeds: Sequence[Atom | None], running: Mapping[Var, Atom]) -> Block:
        """The reverse sweep, reading the program's variables wherever it needs them."""
        sweep = Sweep(self.builder(), self.active, self.mirror, dict(running), self.splits)
        for result, seed in zip(self.results, seeds, strict=True):
            if seed is not None:
                sweep.add(result, seed)
        sweep.run(self.function.body)
        sweep.build.span = self.function.span
        block = sweep.build.block([], [sweep.running(source) for source in self.sources])
        self.mirror.blocks[block] = self.function.body
        return block

    def kept_in(self, eqn: Eqn) -> list[Var]:
        """What is kept of the values inside an equation at the top."""
        home, outermost = self.program.home, self.program.outermost
        return [v for v in self.chosen if outermost(home[v]) is eqn]

    def write(self, build: Builder, limits: Limits = NO_LIMITS) -> list[Atom]:
        """Write the program with its logs, then the reverse that reads them; its cotangents."""
        room = Room(self.program, build, limits)
        logs: dict[Var, Log] = {}
        final: State = {}
        copies: dict[Var, Atom] = {}
        for eqn in self.function.body.eqns:
            for old in self.alive.chains.overwritten(eqn):
                if old in self.planner.plans[self.block].late and old not in copies:
                    copies[old] = room.copy(old)
            if eqn in self.splits:
                self.splits[eqn].forward(build)
            else:
                self.record(eqn, room, logs, final)
            for out in eqn.outs:
                if out in build.forms:
                    build.atoms.setdefault(build.forms[out], out)
        undone = self.planner.undone
        outside = filter(self.program.is_outside, undone)
        final.update((storage, copies.get(storage, storage)) for storage in outside)
        known = Residuals(
            self.program, self.planner.plans, logs, undone, self.mirror, self.splits.values()
        )
        scope = Scope(known, self.block, build, None, final)
        scope.values.update(copies)
        scope.run(self.block)
        return [scope.atom(result) for result in self.block.results]

    def record(self, eqn: Eqn, room: Room, logs: dict[Var, Log], final: State) -> None:
        """Write an equation of the program with the logs of what is inside."""
        made = room.logs(self.kept_in(eqn))
        logs.update(made)
        stores: list[Store] = [log for log in made.values() if log.main is None]
        for log in made.values():
            if log.main is None:
                final[log] = room.empty(log)
        for counter in dict.fromkeys(log.counter for log in logs.values()):
            if counter is not None and counter not in final:
                final[counter] = constant(0)
                stores.append(counter)
        Recorder(self.program, stores).eqn(eqn, final, room.build)
