"""What the reverse sweep reads of the program, and where each value comes from.

For each block the values that its reverse reads are either computed again from others, which is
right to the bit because it is the same operator on the same values, or kept in a log. Inner blocks
choose first; what they read of the blocks around becomes a need there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import inf, prod

from msgspec import Struct, field
from msgspec.structs import replace

from transpile.adjoint import again
from transpile.adjoint.again import Again
from transpile.adjoint.alive import Alive, There, version_of
from transpile.adjoint.chains import WRITES
from transpile.adjoint.cotangents import Mirror
from transpile.adjoint.cut import Choice, cheapest
from transpile.adjoint.program import Program, length, size
from transpile.adjoint.undo import Read, Undone, undo
from transpile.sym import walk
from transpile.sym.ir import Apply, Block, Eqn, Var, constant
from transpile.sym.ops import arithmetic, reduce, shape

KEEP = 60.0  # to keep one number is worth three calls of exp: what runs out is memory
KEEP_BOOL = 7.5
VIEWS = ("index", "transpose", "reshape", "broadcast_to", "copy", "convert")


class Plan(Struct):
    """For one block of the reverse: what of the program's block is kept and what is made again.

    `needed` are the values of the block that the reverse itself reads, `reads` those of the blocks
    around; `early` and `late` say for each value where the first and the last equation stand whose
    reverse may read it: which one has it made is known only when all is chosen. `again` are the
    loops and branches that are run again.
    """

    forward: Block
    needed: list[Var] = field(default_factory=list)
    kept: dict[Var, None] = field(default_factory=dict)
    there: dict[Var, There] = field(default_factory=dict)
    reads: dict[Var, None] = field(default_factory=dict)
    early: dict[Var, int] = field(default_factory=dict)
    late: dict[Var, int] = field(default_factory=dict)
    again: dict[Eqn, Again] = field(default_factory=dict)

    def source(self, var: Var, program: Program) -> Eqn | None:
        """The equation that gives the value to the reverse, if it is not read from a log."""
        eqn = program.maker.get(var)
        if var in self.there:
            return Eqn((var,), self.there[var].rhs, eqn.span if eqn is not None else None)
        return eqn

    def read(self, found: Iterable[Var], *places: int) -> None:
        """The reverse of the equations at `places` reads these."""
        for var in found:
            self.early[var] = min(*places, self.early.get(var, places[0]))
            self.late[var] = max(*places, self.late.get(var, -1))

    def span(self, found: Iterable[Var]) -> tuple[int, int]:
        """The first and the last equation whose reverse may read one of these."""
        known = [v for v in found if v in self.late]
        return min(self.early[v] for v in known), max(self.late[v] for v in known)


class Planner:
    """Plans every block of a reverse. `cost` is about what all of it takes."""

    def __init__(
        self,
        program: Program,
        mirror: Mirror,
        alive: Alive,
        undone: Mapping[Var, Undone],
        held: Collection[Var] = (),
    ) -> None:
        self.program, self.mirror, self.alive, self.undone = program, mirror, alive, undone
        self.held = held  # what is kept in any case
        self.olds = {old for undo in undone.values() for old in undo.olds.values()}
        self.plans: dict[Block, Plan] = {}
        self.cost = 0.0
        self.spoiled: dict[Var, list[Read]] = {}  # what writes spoil, by storage

    def plan(self, block: Block) -> Plan:
        """The plan of a block of the reverse, and of every block inside."""
        plan = self.plans[block] = Plan(self.mirror.blocks[block])
        home = self.program.home
        for eqn in block.eqns:
            place = self.mirror.place(eqn, self.program)
            plan.read(self.of_program(own_reads(eqn)), place)
            for inner in walk.blocks(eqn.rhs):
                mirrors = inner in self.mirror.blocks  # a loop of a user's own rule does not
                reads = self.plan(inner).reads if mirrors else walk.captures(inner)
                plan.read(self.of_program(reads), place)
        for param in block.params:
            plan.read(self.of_program(walk.type_symbols(param.type)), -1)
        plan.read(self.of_program(v for v in block.results if isinstance(v, Var)), -1)
        for undone in self.undone.values():
            for write, old in undone.olds.items():
                if home[old] is plan.forward:
                    plan.read(self.of_program([old, *integers(write)]), self.program.place[write])
        plan.reads = {v: None for v in plan.late if home[v] is not plan.forward}
        if plan.forward is not self.program.body:
            plan.needed = [v for v in plan.late if home[v] is plan.forward]
            self.choose(plan, plan.needed)
        return plan

    def of_program(self, found: Iterable[Var]) -> Iterator[Var]:
        return (self.program.twin(v) for v in found if v in self.program.home)

    def choose(self, plan: Plan, needed: list[Var]) -> None:
        """Keep or make: from the last of the block to the first, so that readers come first."""
        choices: dict[Var, Choice[Var]] = {}
        left = {*needed}
        while left:
            var = max(left, key=lambda v: (self.program.begins(v), v.serial))
            left.discard(var)
            choices[var] = choice = self.choice(var, plan)
            plan.read(choice.needs, *plan.span([var]))
            left.update(v for v in choice.needs if self.program.home[v] is plan.forward)
            for outer in choice.needs:
                if self.program.home[outer] is not plan.forward:
                    choices[outer] = Choice(inf, self.outer_cost(outer, plan.forward))
        kept, made = cheapest(needed, choices)
        often = 100.0 ** len(self.program.loops(plan.forward))
        mine = [v for v in made if self.program.home[v] is plan.forward]
        self.cost += often * sum(choices[v].keep for v in kept)
        self.cost += often * sum(choices[v].make for v in mine)
        plan.kept = dict.fromkeys(kept)
        self.run_again(plan, mine)
        found = [v for k in kept for v in self.of_program(walk.type_symbols(k.type))] + list(made)
        found = [v for v in found if self.program.home[v] is not plan.forward]
        plan.reads.update(dict.fromkeys(found))

    def outer_cost(self, var: Var, block: Block) -> float:
        """About what a value of a block around costs for each step of this one."""
        if self.program.is_outside(var) or self.program.is_index(var) or var in self.held:
            return 0.0
        home = self.program.home[var]
        deeper = len(self.program.loops(block)) - len(self.program.loops(home))
        eqn = self.program.maker.get(var)
        once = keep_cost(var)
        if eqn is not None and isinstance(eqn.rhs, Apply) and eqn.rhs.op not in WRITES:
            args = [a for a in own_reads(eqn) if a in self.program.home]
            once = min(once, cost(eqn, eqn.rhs) + sum(self.outer_cost(a, home) for a in args))
        return once / 100.0**deeper

    def choice(self, var: Var, plan: Plan) -> Choice[Var]:
        """The ways to have one value of a block."""
        if self.program.is_index(var):
            return Choice(inf, 0.0)
        dims = tuple(self.of_program(walk.type_symbols(var.type)))
        there = None if var.type.is_index else self.alive.there(var)
        if there is not None and self.is_taken_back(there, plan.early[var]):
            there = None
        if there is None and var not in self.olds:
            home, readers = self.program.home[var], plan.span([var])
            found = (self.restored(r, home, plan, readers) for r in self.alive.reads(var))
            there = next((t for t in found if t is not None), None)
        if there is not None:
            plan.there[var] = there
        eqn = plan.source(var, self.program)
        if eqn is None or (there is None and var in self.olds):
            return Choice(keep_cost(var), inf, dims)
        if not isinstance(eqn.rhs, Apply):
            plan.read([var], *plan.span(eqn.outs))
            run = self.again(plan, eqn, [var])
            if run is None:
                return Choice(keep_cost(var), inf, dims)
            needs = tuple(dict.fromkeys(self.of_program(run.needs())))
            return Choice(keep_cost(var), again.cost(run.eqn, self.program, cost), needs)
        needs = tuple(self.of_program(own_reads(eqn)))
        return Choice(inf if is_count(eqn) else keep_cost(var), cost(eqn, eqn.rhs), needs)

    def again(self, plan: Plan, eqn: Eqn, wanted: Sequence[Var]) -> Again | None:
        """How to run a loop or a branch again where its values are read first."""
        readers = plan.span(wanted)

        def find(read: Apply, home: Block) -> There | None:
            return self.alive.lasting(read, home) or self.restored(read, home, plan, readers)

        return again.again(self.program, eqn, wanted, find)

    def run_again(self, plan: Plan, made: Iterable[Var]) -> None:
        """Note the equations whose results are made again by running them."""
        for var in made:
            eqn = plan.source(var, self.program)
            if eqn is not None and not isinstance(eqn.rhs, Apply) and eqn not in plan.again:
                wanted = [v for v in eqn.outs if v in made and v not in plan.there]
                run = self.again(plan, eqn, wanted)
                assert run is not None
                plan.again[eqn] = run

    def is_taken_back(self, there: There, reader: int) -> bool:
        """Has the reverse undone the write that stored the value, before it reads it?"""
        undone = self.undone.get(there.storage) if there.storage is not None else None
        if undone is None or there.store is None or there.store not in undone.olds:
            return False
        return reader <= self.program.place[there.store]

    def restored(
        self, read: Apply, home: Block, plan: Plan, readers: tuple[int, int]
    ) -> There | None:
        """A read of an element, done on the array as the reverse has restored it by then."""
        version = version_of(read)
        storage = self.alive.chains.last(version)
        if self.program.block_of(storage) is self.program.block_of(version):
            return None
        self.spoiled.setdefault(storage, []).append((read, home))
        undone = self.undone.get(storage)
        if undone is None or not all(
            undone.is_restored(self.alive, (read, home), plan.forward, reader) for reader in readers
        ):
            return None
        return There(storage, replace(read, args=(storage, *read.args[1:])), storage)


def planned(program: Program, mirror: Mirror, alive: Alive, reverse: Block) -> Planner:
    """The cheapest plan: arrays are carried backwards one by one, as long as that is cheaper."""
    best = Planner(program, mirror, alive, {})
    best.plan(reverse)
    reversed_blocks = {plan.forward for plan in best.plans.values()}
    for storage, reads in best.spoiled.items():
        found = undo(alive, storage, reads, reversed_blocks)
        if found is None:
            continue
        trial = Planner(program, mirror, alive, {**best.undone, storage: found})
        trial.plan(reverse)
        if trial.cost < best.cost:
            best = trial
    kept = {v for plan in best.plans.values() for v in plan.kept}
    trial = Planner(program, mirror, alive, best.undone, kept)
    trial.plan(reverse)
    return trial if trial.cost < best.cost else best


def is_count(eqn: Eqn) -> bool:
    """Is it the length of what a mask selects? Storage is bounded by the mask that is counted."""
    return isinstance(eqn.rhs, Apply) and eqn.rhs.op is reduce.COUNT_NONZERO


def keep_cost(var: Var) -> float:
    return (KEEP_BOOL if var.type.dtype == "bool" else KEEP) * size(var.type)


def integers(write: Eqn) -> Iterator[Var]:
    """The integers of a write's index and of the dims of what it writes."""
    assert isinstance(write.rhs, Apply)
    yield from (v for v in write.rhs.args[2:] if isinstance(v, Var))
    for dim in write.rhs.params["dims"]:
        yield from (s for s in dim.symbols() if isinstance(s, Var))


def cost(eqn: Eqn, rhs: Apply) -> float:
    """About how long one operator takes, in additions."""
    gathers = rhs.op is shape.INDEX and shape.is_gather(rhs.params)
    if rhs.op.name in VIEWS and not gathers:
        return 1.0
    if rhs.op in WRITES:
        return float(prod(map(length, rhs.params["dims"])))
    largest = max(size(v.type) for v in (*rhs.args, *eqn.outs))
    if rhs.op is arithmetic.POWER and rhs.args[1] in (constant(2), constant(2.0)):
        return float(largest)
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
