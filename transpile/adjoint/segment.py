"""A stretch of a loop's steps as a function of its own: what it reads, and what its logs take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from transpile.adjoint import numbers
from transpile.adjoint.logs import Counter, Limits, Log, Room
from transpile.adjoint.part import Divide, Policy, inserted, part_of
from transpile.adjoint.reversal import Reversal
from transpile.sym import walk
from transpile.sym.build import Builder
from transpile.sym.fold import fold
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Eqn,
    Function,
    Leaf,
    Scan,
    Tree,
    Var,
    While,
    constant,
)  # fmt: skip
from transpile.sym.ops import arithmetic
from transpile.sym.types import INT


class Steps:
    """The steps of a loop, numbered from 0."""

    def __init__(self, eqn: Eqn) -> None:
        assert isinstance(eqn.rhs, Scan | While)
        self.eqn, self.rhs = eqn, eqn.rhs
        self.body = self.one_step()

    def one_step(self) -> Block:
        """The loop's body, with an index and without what ends the loop."""
        rhs, body = self.rhs, self.rhs.body
        if isinstance(rhs, While):
            return replace(body, params=(Var("", INT), *body.params))
        return replace(body, results=body.results[: len(rhs.init)])

    @property
    def backward(self) -> bool:
        return isinstance(self.rhs, Scan) and self.rhs.reverse

    def range(self, build: Builder, low: Atom, high: Atom, steps: Atom) -> tuple[Atom, Atom, Atom]:
        """Start, stop and step of the steps from `low` up to `high`, of all those in the range."""
        if isinstance(self.rhs, While):
            return low, high, constant(1)
        if self.rhs.reverse:
            env = {"n": steps, "a": low, "b": high}
            low, high = build.text("n - b", env), build.text("n - a", env)
        ends = {"start": self.rhs.start, "step": self.rhs.step, "a": low, "b": high}
        start, stop = (build.text(f"start + step * {end}", ends) for end in "ab")
        return start, stop, self.rhs.step

    def index(self, build: Builder, index: Var, number: Atom, steps: Atom) -> None:
        """Define the index of a step."""
        if isinstance(self.rhs, While):
            return
        place = "n - 1 - a" if self.rhs.reverse else "a"
        env = {"n": steps, "a": number, "step": self.rhs.step}
        ahead = build.text(f"step * ({place})", env)
        build.emit(Apply(arithmetic.ADD, (self.rhs.start, ahead)), [index])


class Segment:
    """A function of the number of all steps, of its first step and of the one after its last, and
    of what the loop carries.

    Where loops inside are divided too (`divide`) it is one step. `needed` are the carried values
    that a saved state has, by number; `counted` the bodies of which only running tells how often
    they are entered. `reversed` runs a segment with logs, and then its reverse.
    """

    def __init__(
        self, outer: Reversal, steps: Steps, policy: Policy, divide: Divide | None,
        seeded: Sequence[int], captured: Sequence[Var],
    ) -> None:  # fmt: skip
        self.loop, self.single = steps, divide is not None
        self.steps, self.low, self.high = (Var(n, INT) for n in ("steps", "first", "last"))
        body = self.stretch(outer)
        self.entry = body.params[3:]
        active = {*outer.active}
        active.update(self.entry[k] for k in seeded)
        active.update(r for k in seeded if isinstance(r := body.results[k], Var))
        sources = [self.entry[k] for k in seeded]
        self.part = part_of(outer, body, sources, frozenset(active), seeded, captured)
        if divide is not None:
            self.part.divide(divide, policy.deeper())
        self.counted = self.find_counted()
        self.length = Var("segment", INT)
        most = {counted: Var("most", INT) for counted in self.counted}
        limits = self.limits(self.length, most)
        self.reversed = self.part.reverse((self.length, *most.values()), limits)
        self.needed = self.find_needed()

    def stretch(self, outer: Reversal) -> Block:
        """The steps from `low` up to `high`."""
        build, loop = outer.builder(), self.loop
        index, *carried = loop.body.params
        results = loop.body.results
        if self.single:
            loop.index(build, index, self.low, self.steps)
            build.eqns.extend(loop.body.eqns)
        else:
            first = tuple(Var(p.name, p.type) for p in carried)
            outs = tuple(Var(p.name, p.type) for p in carried)
            build.span = loop.eqn.span
            ends = loop.range(build, self.low, self.high, self.steps)
            build.emit(Scan(*ends, first, loop.body, loop.backward), outs)
            carried, results = list(first), outs
        return build.block([self.steps, self.low, self.high, *carried], results)

    def limits(self, steps: Atom, most: Mapping[Block, Atom] | None = None) -> Limits:
        """What bounds the logs of a segment of so many steps."""
        rhs, body = self.loop.rhs, self.loop.body
        ranges = {body: (rhs.start, rhs.stop)} if isinstance(rhs, Scan) else {}
        return Limits({**(most or {}), body: steps}, ranges)

    def find_counted(self) -> list[Block]:
        """The bodies of which only running tells how often they are entered in a segment."""
        build = self.part.reversal.builder()
        logs = self.logs(build, self.limits(constant(1)))
        found = dict.fromkeys(log.counter.body for log in logs if log.counter is not None)
        return list(found)

    def logs(self, build: Builder, limits: Limits) -> list[Log]:
        """The logs of a segment."""
        reversal = self.part.reversal
        room, found = Room(reversal.program, build, limits), []
        for eqn in self.part.body.eqns:
            if eqn not in reversal.splits:
                made = room.logs(reversal.kept_in(eqn))
                found += [log for log in made.values() if log.main is None]
        return found

    def find_needed(self) -> list[int]:
        """What of the carried values a state has to have: what the reverse of a segment reads,
        and what that is computed from."""
        found = self.read_by(self.reversed)
        while True:
            results = [self.part.body.results[k] for k in found]
            part = replace(self.part.body, results=tuple(results))
            more = self.read_by(walk.effectless(part))
            both = [k for k in range(len(self.entry)) if k in found or k in more]
            if both == found:
                return found
            found = both

    def read_by(self, block: Block) -> list[int]:
        leaves = tuple(map(Leaf, range(len(block.results))))
        made = Function("", block.params, (), block, Tree("tuple", leaves))
        body = fold(made).body
        read = set(walk.captures(replace(body, params=())))
        return [k for k, p in enumerate(self.entry) if p in read]

    def bytes(self, build: Builder, most: Mapping[Block, Atom] | None = None) -> Atom:
        """What the logs of one step take, or of `steps` where some have to be counted."""
        limits = self.limits(self.steps if self.counted else constant(1), most)
        return numbers.total(
            build, [numbers.size(build, log.type) for log in self.logs(build, limits)]
        )

    def step_bytes(self, build: Builder, init: Sequence[Atom], steps: Callable[[], Atom]) -> Atom:
        """About the bytes that the logs of one step take, at least one."""
        if not self.counted:
            return build.text("maximum(1, a)", {"a": self.bytes(build)}, "step_bytes")
        inner = self.beside()
        block = inner.block(self.part.body.params, [self.bytes(inner)])
        n = steps()
        (found,) = inserted(build, block, [n, constant(0), n, *init])
        env = {"a": found, "n": numbers.real(build, n)}
        return build.text("maximum(1, a / maximum(1, n))", env, "step_bytes")

    def beside(self) -> Builder:
        """A block that computes numbers of a segment from what the segment itself computes."""
        build = self.part.reversal.builder()
        build.eqns.extend(self.part.body.eqns)
        return build

    def entered(self, build: Builder, so_far: Sequence[Atom], given: Sequence[Atom]) -> list[Atom]:
        """The most that the `counted` are entered, in this segment or in those before."""
        if not self.counted:
            return []
        inner = self.beside()
        room = Room(self.part.reversal.program, inner, self.limits(self.length))
        totals = [room.total(Counter(body)) for body in self.counted]
        block = walk.effectless(inner.block(self.part.body.params, totals))
        found = inserted(build, block, given)
        return [numbers.greatest(build, a, b) for a, b in zip(so_far, found, strict=True)]
