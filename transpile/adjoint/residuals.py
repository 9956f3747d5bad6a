"""What the reverse sweep reads of the program, and where each value comes from.

For each block the values that its reverse reads are either computed again from others, which is
right to the bit because it is the same operator on the same values, or kept in a log. Inner blocks
choose first; what they read of the blocks around becomes a need there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf

from transpile.adjoint.alive import Alive, There
from transpile.adjoint.cut import Choice, cheapest
from transpile.adjoint.program import Program, size
from transpile.adjoint.reverse import Mirror
from transpile.errors import UnsupportedError
from transpile.sym import walk
from transpile.sym.ir import Apply, Block, Eqn, Var

KEEP = 12.0  # a log's write and read of one number, in additions
KEEP_BOOL = 6.0


@dataclass
class Plan:
    """For one block of the reverse: what of the program's block is kept and what is made again."""

    forward: Block
    kept: dict[Var, None] = field(default_factory=dict)
    there: dict[Var, There] = field(default_factory=dict)
    reads: dict[Var, None] = field(default_factory=dict)

    def source(self, var: Var, program: Program) -> Eqn | None:
        """The equation that gives the value to the reverse, if it is not read from a log."""
        eqn = program.maker.get(var)
        if var in self.there:
            return Eqn((var,), self.there[var].rhs, eqn.span if eqn is not None else None)
        return eqn


class Planner:
    def __init__(self, program: Program, mirror: Mirror, alive: Alive) -> None:
        self.program, self.mirror, self.alive = program, mirror, alive
        self.plans: dict[Block, Plan] = {}

    def plan(self, block: Block) -> Plan:
        """The plan of a block of the reverse, and of every block inside."""
        plan = Plan(self.mirror.blocks[block])
        reads: dict[Var, None] = {}
        for var in self.foreign(block):
            reads[var] = None
        needed = [v for v in reads if self.program.home[v] is plan.forward]
        plan.reads = {v: None for v in reads if self.program.home[v] is not plan.forward}
        if plan.forward is not self.program.body:
            self.choose(plan, needed)
        self.plans[block] = plan
        return plan

    def foreign(self, block: Block) -> Iterator[Var]:
        """The variables of the program that a block of the reverse reads, inner blocks included."""
        for param in block.params:
            yield from self.of_program(walk.type_symbols(param.type))
        for eqn in block.eqns:
            yield from self.of_program(own_reads(eqn))
            for inner in walk.blocks(eqn.rhs):
                yield from self.plan(inner).reads
        yield from self.of_program(v for v in block.results if isinstance(v, Var))

    def of_program(self, found: Iterable[Var]) -> Iterator[Var]:
        return (v for v in found if v in self.program.home)

    def choose(self, plan: Plan, needed: list[Var]) -> None:
        choices: dict[Var, Choice[Var]] = {}
        left = list(needed)
        while left:
            var = left.pop()
            if var not in choices:
                choices[var] = choice = self.choice(var, plan)
                left.extend(choice.needs)
        try:
            kept, made = cheapest(needed, choices)
        except ValueError:
            eqn = self.program.parent[plan.forward][1]
            raise UnsupportedError(
                "the gradient needs values of this loop whose size changes with its data", eqn.span
            ) from None
        plan.kept = dict.fromkeys(sorted(kept, key=lambda v: v.serial))
        for var in kept:
            plan.reads.update(dict.fromkeys(self.outer(walk.type_symbols(var.type), plan)))
        for var in made:
            found = own_reads(plan.source(var, self.program))
            plan.reads.update(dict.fromkeys(self.outer(found, plan)))

    def outer(self, found: Iterable[Var], plan: Plan) -> Iterator[Var]:
        return (v for v in self.of_program(found) if self.program.home[v] is not plan.forward)

    def choice(self, var: Var, plan: Plan) -> Choice[Var]:
        """The ways to have one value of a block."""
        home, block = self.program.home, plan.forward
        if self.program.is_index(var):
            return Choice(inf, 0.0)
        dims = tuple(v for v in walk.type_symbols(var.type) if home.get(v) is block)
        each = KEEP_BOOL if var.type.dtype == "bool" else KEEP
        keep = each * size(var.type)
        if var.type.is_float:
            there = self.alive.there(var)
            if there is not None:
                plan.there[var] = there
        eqn = plan.source(var, self.program)
        if eqn is None or not isinstance(eqn.rhs, Apply):
            return Choice(keep, inf, dims)
        needs = tuple(v for v in own_reads(eqn) if home.get(v) is block)
        return Choice(keep, cost(eqn, eqn.rhs), needs)


def cost(eqn: Eqn, rhs: Apply) -> float:
    """About how long one operator takes, in additions."""
    if rhs.op.name in ("index", "transpose", "reshape", "broadcast_to", "copy", "convert"):
        return 1.0
    largest = max(size(v.type) for v in (*rhs.args, *eqn.outs))
    return float(rhs.op.cost * largest)


def own_reads(eqn: Eqn | None) -> Iterator[Var]:
    """What an equation reads apart from what its blocks read."""
    if eqn is None:
        return
    for atom in walk.atoms(eqn.rhs):
        if isinstance(atom, Var):
            yield atom
    for out in eqn.outs:
        yield from walk.type_symbols(out.type)
    if isinstance(eqn.rhs, Apply):
        for dim in eqn.rhs.params.get("dims", ()):
            yield from (s for s in dim.symbols() if isinstance(s, Var))
