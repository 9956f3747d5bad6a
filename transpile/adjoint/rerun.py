"""A loop that is run with some of its states saved, and again in segments for its reverse."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from transpile.adjoint import count, numbers, saved
from transpile.adjoint.numbers import Numbers
from transpile.adjoint.part import Divide, Policy, inserted, marker
from transpile.adjoint.reversal import Reversal
from transpile.adjoint.saved import Stack
from transpile.adjoint.segment import Segment, Steps
from transpile.sym import walk
from transpile.sym.build import Builder
from transpile.sym.ir import (
    Atom,
    Block,
    Const,
    Eqn,
    If,
    Print,
    Scan,
    Var,
    While,
    constant,
)  # fmt: skip
from transpile.sym.ops import arithmetic
from transpile.sym.types import BOOL, INT


class Loop:
    """A loop at the top of a function, run again in segments for its reverse."""

    def __init__(self, outer: Reversal, eqn: Eqn, policy: Policy, divide: Divide) -> None:
        self.outer, self.eqn, self.policy, self.divide = outer, eqn, policy, divide
        self.function = marker(outer.function.name)
        self.loop = Steps(eqn)
        self.rhs = self.loop.rhs
        self.segment: Segment
        self.length: Atom = constant(0)  # of the range

    def begin(self, seeded: Sequence[int], captured: Sequence[Var]) -> None:
        divide = self.divide if self.policy.depth > 1 else None
        self.segment = Segment(self.outer, self.loop, self.policy, divide, seeded, captured)

    # -- numbers

    def choose(self, build: Builder) -> Numbers:
        """The steps of a segment and the number of slots."""
        policy, rhs, init = self.policy, self.rhs, self.rhs.init
        sizes = [numbers.size(build, state.type) for state in self.states(init)]
        env = {"b": numbers.total(build, sizes)}
        states = build.text("maximum(1, b)", env, "state_bytes")
        env = {"m": numbers.real(build, policy.memory), "b": states}
        memory = build.text(f"maximum(0.9 * m / {policy.share} - 4 * b, b)", env, "room")
        step = self.segment.step_bytes(build, init, lambda: self.rehearsed(build))
        if self.is_counted:
            return numbers.unknown(build, memory, step, states, policy.fixed)
        assert isinstance(rhs, Scan)
        if not all(map(self.outer.is_steady, (rhs.start, rhs.stop, rhs.step))):
            found = numbers.unknown(build, memory, step, states, policy.fixed)
            return numbers.within(build, found, self.total)
        return numbers.known(build, self.total, memory, step, states, policy)

    @property
    def is_counted(self) -> bool:
        """Is the number of steps found only by running them?"""
        return isinstance(self.rhs, While) or self.rhs.until

    def rehearsed(self, build: Builder) -> Atom:
        """The number of steps, the loop being run for nothing else where it has to be."""
        if not self.is_counted:
            return self.total
        block = Block((), (self.eqn,), (self.eqn.outs[-1],))
        return inserted(build, walk.effectless(block, Print), [])[0]

    # -- the loop, with states saved

    def forward(self, build: Builder) -> None:
        build.span, rhs = self.eqn.span, self.rhs
        if isinstance(rhs, Scan):
            length = count.steps(build, rhs.start, rhs.stop, rhs.step)
            self.length = self.total = build.extent(build.dim(length))
        self.numbers = self.choose(build)
        stack = saved.begun(build, self.states(rhs.init), self.numbers.slots)
        most = tuple(constant(0) for _ in self.segment.counted)
        if self.is_counted:
            self.total, self.stack, self.greatest = self.count_steps(build, stack, most)
            self.segments = self.divisions(build)
        else:
            self.segments = self.divisions(build)
            wanted = build.text("n - 1", {"n": self.segments})
            self.stack, self.greatest = self.advance(
                build, (constant(0), self.segments), rhs.init, self.eqn.outs, stack, wanted, most
            )

    def states(self, carried: Sequence[Atom]) -> list[Atom]:
        """What of the carried values is saved."""
        return [carried[k] for k in self.segment.needed]

    def divisions(self, build: Builder) -> Atom:
        """How many segments there are."""
        env = {"n": self.total, "k": self.numbers.segment}
        return build.text("(n + k - 1) // k", env, "segments")

    def ends(self, build: Builder, segment: Atom) -> tuple[Atom, Atom]:
        """The first step of a segment, and the one after its last."""
        low = build.text("g * k", {"g": segment, "k": self.numbers.segment})
        high = build.text("a + k", {"a": low, "k": self.numbers.segment})
        return low, numbers.least(build, high, self.total)

    def carried(self) -> list[Var]:
        """New variables for what the loop carries."""
        return [Var(p.name, p.type) for p in self.segment.entry]

    def advance(
        self,
        build: Builder,
        segments: tuple[Atom, Atom],
        init: Sequence[Atom],
        outs: Sequence[Var],
        stack: Stack,
        wanted: Atom,
        most: Sequence[Atom] | None = None,
    ) -> tuple[Stack, tuple[Var, ...]]:
        """Run some segments and save states; with `most` for the first time, with its effects."""
        part = self.segment.part.body
        index, carried, inner_stack = Var("", INT), self.carried(), stack.like()
        tops = [Var("most", INT) for _ in most or ()]
        child = build.child()
        given = [self.length, *self.ends(child, index), *carried]
        entered = [] if most is None else self.segment.entered(child, tops, given)
        part = walk.effectless(part) if most is None else part
        results = inserted(child, part, given)
        here = child.text("g + 1", {"g": index})
        due = saved.is_due(child, inner_stack, here, self.numbers.slots, wanted)
        after = saved.pushed(child, inner_stack, due, here, self.states(results))
        block = child.block(
            [index, *carried, *inner_stack.vars, *tops], [*results, *after.atoms, *entered]
        )
        new, greatest = stack.like(), tuple(Var("most", INT) for _ in tops)
        scan = Scan(*segments, constant(1), (*init, *stack.atoms, *(most or ())), block)
        build.emit(scan, [*outs, *new.vars, *greatest])
        return new, greatest

    # -- where the number of steps is found by running them

    def count_steps(
        self, build: Builder, stack: Stack, most: Sequence[Atom]
    ) -> tuple[Atom, Stack, Sequence[Atom]]:
        """Run segments for as long as the loop goes on; states are saved ever further apart."""
        more, done, index, spacing = (
            Var(n, t) for n, t in (("more", BOOL), ("done", INT), ("", INT), ("spacing", INT))
        )
        carried, inner_stack = self.carried(), stack.like()
        tops = [Var("most", INT) for _ in most]
        params = (more, done, index, spacing, *carried, *inner_stack.vars, *tops)
        child = build.child()
        *results, taken, goes_on = self.stretch(child, done, carried)
        high = child.text("a + n", {"a": done, "n": taken})
        entered = self.segment.entered(child, tops, [self.length, done, high, *carried])
        here = child.text("g + 1", {"g": index})
        full = child.text("n == k", {"n": taken, "k": self.numbers.segment})
        after, spaced = self.save_apart(child, inner_stack, full, here, spacing, results)
        body = child.block(params, [goes_on, high, here, spaced, *results, *after.atoms, *entered])
        test = Block(tuple(Var(p.name, p.type) for p in params), (), ())
        test = replace(test, results=(test.params[0],))
        first = (constant(True), constant(0), constant(0), constant(1))
        new, greatest = stack.like(), tuple(Var("most", INT) for _ in most)
        counts = [Var("more", BOOL), self.eqn.outs[-1], Var("", INT), Var("spacing", INT)]
        build.emit(
            While((*first, *self.rhs.init, *stack.atoms, *most), test, body),
            [*counts, *self.eqn.outs[:-1], *new.vars, *greatest, Var("", INT)],
        )
        return self.eqn.outs[-1], *self.with_longer(build, new, counts[-1], greatest)

    def with_longer(
        self, build: Builder, stack: Stack, spacing: Atom, most: Sequence[Atom]
    ) -> tuple[Stack, list[Atom]]:
        """The stack with its places counted in longer segments, for as far as logs have room."""
        factor = numbers.joined(build, self.numbers, spacing)
        longer = build.text("k * f", {"k": self.numbers.segment, "f": factor})
        self.numbers = replace(self.numbers, segment=longer)
        tops = [build.text("n * f", {"n": n, "f": factor}) for n in most]
        return saved.regrouped(build, stack, factor), tops

    def save_apart(
        self,
        build: Builder,
        stack: Stack,
        full: Atom,
        here: Atom,
        spacing: Atom,
        results: Sequence[Atom],
    ) -> tuple[Stack, Atom]:
        """Save the state before `here` if that is a multiple of the spacing, and there is room."""
        env = {"here": here, "spacing": spacing, "slots": self.numbers.slots, "full": full}
        due = build.text("where(full, where(slots > 1, here % spacing == 0, False), False)", env)
        then = build.child()
        room, spaced = saved.thinned(then, stack, self.numbers.slots, spacing)
        still = then.text("here % spacing == 0", {"here": here, "spacing": spaced})
        after = saved.pushed(then, room, still, here, self.states(results))
        made, wider = stack.like(), Var("spacing", INT)
        blocks = (
            then.block([], [*after.atoms, spaced]),
            build.child().block([], [*stack.atoms, spacing]),
        )
        build.emit(If(due, *blocks), [*made.vars, wider])
        return made, wider

    def stretch(self, build: Builder, done: Atom, carried: Sequence[Var]) -> list[Atom]:
        """At most a segment's steps: what is carried, how many steps, and whether more may come."""
        env = {"k": self.numbers.segment, "done": done}
        if isinstance(self.rhs, While):
            results = self.stretch_of_while(build, carried)
            taken = results[-1]
            return [*results, build.text("n == k", {**env, "n": taken})]
        low = done
        high = numbers.least(build, build.text("done + k", env), self.length)
        ends = self.loop.range(build, low, high, self.length)
        flag = self.rhs.body.results[-1]
        ended = Var("ended", flag.type)
        body = replace(
            self.rhs.body,
            params=(*self.rhs.body.params, ended),
            results=(*self.rhs.body.results, flag),
        )
        scan = Scan(*ends, (*carried, Const(False, flag.type)), body, self.rhs.reverse, until=True)
        outs = [*self.carried(), Var("ended", flag.type), Var("", INT)]
        block = Block((), (Eqn(tuple(outs), scan, self.eqn.span),), tuple(outs))
        *results, over, taken = inserted(build, block, [])
        more = build.text("where(over, False, n == k)", {**env, "over": over, "n": taken})
        return [*results, taken, more]

    def stretch_of_while(self, build: Builder, carried: Sequence[Var]) -> list[Atom]:
        assert isinstance(self.rhs, While)
        test, body = build.child(), build.child()
        names = [self.carried(), self.carried()]
        q, q1 = Var("n", INT), Var("n", INT)
        (goes_on,) = inserted(test, self.rhs.test, names[0])
        within = test.text("n < k", {"n": q, "k": self.numbers.segment})
        both = test.apply(arithmetic.LOGICAL_AND, within, goes_on)
        tested = test.block([q, *names[0]], [both])
        results = inserted(body, self.rhs.body, names[1])
        made = body.block([q1, *names[1]], [body.text("n + 1", {"n": q1}), *results])
        outs = [Var("n", INT), *self.carried(), Var("", INT)]
        found = build.emit(While((constant(0), *carried), tested, made), outs)
        return [*found[1:-1], found[0]]

    # -- the reverse

    def reverse(self, build: Builder, given: Sequence[Atom]) -> Sequence[Atom]:
        build.span = self.eqn.span
        index, child = Var("", INT), build.child()
        stack = self.stack.like()
        params = [Var(v.name, v.type) for v in self.segment.part.given]
        newest = saved.returned(child, stack, index)
        start = saved.place(child, newest, newest.newest)
        init = list(self.rhs.init)
        like = self.carried()
        for k, array in zip(self.segment.needed, newest.arrays, strict=True):
            init[k] = saved.read(child, array, newest.newest, like[k])
        outs = self.carried()
        after, _ = self.advance(child, (start, index), init, outs, newest, index)
        low, high = self.ends(child, index)
        limits = (self.numbers.longest, *self.greatest)
        results = inserted(
            child, self.segment.reversed, [self.length, low, high, *outs, *params, *limits]
        )
        block = child.block([index, *params, *stack.vars], [*results, *after.atoms])
        made = [Var(v.name, v.type) for v in self.segment.part.given]
        scan = Scan(
            constant(0), self.segments, constant(1), (*given, *self.stack.atoms), block, True
        )
        build.emit(scan, [*made, *self.stack.like().vars])
        return made
