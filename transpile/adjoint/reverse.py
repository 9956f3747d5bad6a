"""The reverse of a block: each equation's derivative, from the last equation to the first.

The reverse of an equation may read any variable of the block that it reverses; `residuals` finds
out afterwards where each of those comes from. The cotangent of an array is made once, in the block
that defines the array, carried through the loops and branches inside and incremented in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from transpile.adjoint.activity import differentiable
from transpile.adjoint.cotangents import Cotangents, Mask, Mirror, cotangent_name, cotangent_type
from transpile.adjoint.repeats import is_last
from transpile.errors import NotDifferentiableError
from transpile.sym import expr, walk
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Call,
    Const,
    Custom,
    Eqn,
    Function,
    If,
    Scan,
    Var,
    While,
    constant,
)  # fmt: skip
from transpile.sym.ops import Op, Pull, arithmetic, shape
from transpile.sym.ops.table import Rule
from transpile.sym.types import INT, Type


class Split(Protocol):
    """An equation whose values are all computed again when the reverse comes to it."""

    @property
    def function(self) -> Function:
        """What is called in its place in the reverse, before all is written."""

    def begin(self, seeded: Sequence[int], captured: Sequence[Var]) -> None:
        """Its results that have a cotangent, and the variables around that it reads."""


class Sweep(Cotangents):
    """The reverse of one block, being written."""

    def __init__(
        self,
        build: Builder,
        active: frozenset[Var],
        mirror: Mirror,
        known: Mapping[Var, Atom],
        splits: Mapping[Eqn, Split] | None = None,
    ) -> None:
        super().__init__(build, active, mirror, known)
        self.splits = splits or {}

    def run(self, block: Block) -> None:
        self.mirror.note(block)
        self.mirror.first.update(self.build.eqns)
        for eqn in reversed(block.eqns):
            self.build.span, written = eqn.span, len(self.build.eqns)
            match eqn.rhs:
                case Apply() as rhs:
                    g = self.cotangents.pop(eqn.outs[0], None)
                    if g is not None:
                        self.given = g
                        self.apply(eqn, rhs, g)
                case Custom() as rhs:
                    self.custom(eqn, rhs)
                case Scan() as rhs:
                    self.loop(
                        eqn, rhs.init, rhs.body, rhs.body.params[0], partial(self.steps, eqn, rhs)
                    )
                case While() as rhs:
                    self.loop(eqn, rhs.init, rhs.body, None, partial(trips, eqn))
                case If() as rhs:
                    self.branches(eqn, rhs)
            self.mirror.sources.update((new, eqn) for new in self.build.eqns[written:])

    # -- one operator

    def apply(self, eqn: Eqn, rhs: Apply, g: Atom) -> None:
        match rhs.op.name:
            case "index":
                self.index(rhs, g)
            case "update":
                self.update(eqn.outs[0], rhs, g)
            case "increment":
                self.read_back(rhs, g)
                self.add(rhs.args[0], g)
            case _:
                for arg, rule, twice in contributions(rhs):
                    if arg in self.active:
                        part = self.twice(g) if twice else g
                        self.add(arg, self.pulled(eqn, rhs, rule, part))

    def twice(self, g: Atom) -> Atom:
        """`2 * g`, under the mask that `g` comes with."""
        double, mask = self.build.apply(arithmetic.MULTIPLY, constant(2), g), self.masks.get(g)
        if mask is not None:
            value = double if mask.value is g else self.twice(mask.value)
            self.masks[double] = Mask(mask.test, value, mask.taken)
        return double

    def index(self, rhs: Apply, g: Atom) -> None:
        x, *at = rhs.args
        if not isinstance(x, Var) or x not in self.active:
            return
        if x.type.is_scalar:  # one that was given axes
            first = self.build.index(g, "i" * g.type.ndim, [constant(0)] * g.type.ndim)
            self.add(x, first)
        else:
            x = self.mirror.root(x)
            d = self.running(x)
            name = cotangent_name(x)
            total = self.build.apply(shape.INCREMENT, d, g, *at, name=name, **rhs.params)
            self.cotangents[x] = total
            mask, part = self.masks.get(d), self.masks.get(g)
            if mask is not None and part is not None and self.is_part(part, mask, rhs):
                self.masks[total] = Mask(mask.test, total, mask.taken)

    def update(self, out: Var, rhs: Apply, g: Atom) -> None:
        self.read_back(rhs, g)
        x, _, *at = rhs.args
        if x in self.active and not is_whole(rhs):
            zero = Const(0.0, Type(out.type.dtype, (), "numpy"))
            name = cotangent_name(x)
            left = self.build.apply(shape.UPDATE, g, zero, *at, name=name, **rhs.params)
            if g in self.masks:
                self.masks[left] = replace(self.masks[g], value=left)
            self.add(x, left)

    def read_back(self, rhs: Apply, g: Atom) -> None:
        """The cotangent of what was written: it is read where the write went."""
        _, value, *at = rhs.args
        if value in self.active:
            read = g if is_whole(rhs) else self.build.apply(shape.INDEX, g, *at, **rhs.params)
            once = not shape.is_gather(rhs.params) or self.mirror.is_distinct(at)
            if rhs.op is shape.UPDATE and not once:
                mask = Mask(is_last(self.build, rhs), read, True)
                read = mask.apply(self.build, read)
                self.masks[read] = mask
            elif g in self.masks and not is_whole(rhs):
                self.cut(self.masks[g], rhs, read)
            self.add(value, read)

    def pulled(self, eqn: Eqn, rhs: Apply, rule: Rule | None, g: Atom) -> Atom:
        """The cotangent of an argument by its rule, under the mask that `g` comes with.

        Where the mask is off, the argument may be where the rule has no value: `log` at 0.
        """
        mask = self.masks.get(g) if keeps_places(rhs.op) else None
        if mask is None:
            return self.by_rule(eqn, rhs, rule, g)
        whole = mask.value is g
        pull = self.by_rule if whole else self.pulled
        under = pull(eqn, rhs, rule, mask.value)
        value = mask.apply(self.build, under)
        self.masks[value] = Mask(mask.test, under, mask.taken)
        return value

    def by_rule(self, eqn: Eqn, rhs: Apply, rule: Rule | None, g: Atom) -> Atom:
        value = by_rule(self.build, eqn, rhs, rule, g)
        if value is not g and isinstance(rule, str):
            self.notice(value)
        return value

    def notice(self, value: Atom) -> None:
        """Remember the mask of a rule's value, if the rule ends in one."""
        last = self.build.eqns[-1] if self.build.eqns else None
        if last is None or last.outs != (value,) or not isinstance(last.rhs, Apply):
            return
        if last.rhs.op is arithmetic.WHERE:
            test, x, y = last.rhs.args
            if y == constant(0):
                self.masks[value] = Mask(test, x, True)
            elif x == constant(0):
                self.masks[value] = Mask(test, y, False)

    def custom(self, eqn: Eqn, rhs: Custom) -> None:
        """The user's own rule, written out here."""
        seeds = [self.cotangents.pop(out, None) for out in eqn.outs]
        if all(seed is None for seed in seeds):
            return
        given = [
            self.zero(out) if seed is None else seed
            for out, seed in zip(eqn.outs, seeds, strict=True)
        ]  # fmt: skip
        values = dict(zip(rhs.rule.params, (*rhs.args, *eqn.outs, *given), strict=True))
        body = Block((), rhs.rule.eqns, rhs.rule.results)
        found = walk.Substitution(values, True, self.build.dim).block(body)
        self.build.eqns.extend(found.eqns)
        for arg, cotangent in zip(rhs.sources, found.results, strict=True):
            self.add(arg, cotangent)

    # -- loops and branches

    def steps(self, eqn: Eqn, rhs: Scan) -> tuple[Atom, Atom, Atom, bool]:
        """The steps that were run, in the other order."""
        start, stop, step = rhs.start, rhs.stop, rhs.step
        if rhs.until:
            apply = self.build.apply
            done = apply(arithmetic.MULTIPLY, eqn.outs[-1], step)
            if rhs.reverse:
                length = expr.range_length(self.build, start, stop, step)
                total = apply(arithmetic.MULTIPLY, length, step)
                stop = apply(arithmetic.ADD, start, total)
                start = apply(arithmetic.SUBTRACT, stop, done)
            else:
                stop = apply(arithmetic.ADD, start, done)
        return start, stop, step, not rhs.reverse

    def loop(
        self,
        eqn: Eqn,
        init: Sequence[Atom],
        body: Block,
        index: Var | None,
        steps: Callable[[], tuple[Atom, Atom, Atom, bool]],
    ) -> None:
        """The reverse of a Scan or a While: a Scan that runs backwards over the steps taken."""
        params = body.params if index is None else body.params[1:]
        places = [
            k
            for k, (out, param) in enumerate(zip(eqn.outs, params, strict=False))
            if out in self.active or param in self.active
        ]
        loop = [(eqn.outs[k], params[k], body.results[k], init[k]) for k in places]
        seeds = [self.cotangents.pop(out, None) for out, *_ in loop]
        if all(seed is None for seed in seeds):
            return
        captured = self.mirror.roots(v for v in walk.captures(body) if v in self.active)
        first: list[Atom] = []
        for (_, param, _, _), seed in zip(loop, seeds, strict=True):
            found = self.zero(param) if seed is None else seed
            first.append(self.fit(found, cotangent_type(param.type)))
        first.extend(map(self.running, captured))
        carried = [param for _, param, _, _ in loop] + captured
        outs = [Var(cotangent_name(v), cotangent_type(v.type)) for v in carried]
        if eqn in self.splits:
            self.call(self.splits[eqn], places, captured, first, outs)
        else:
            start, stop, step, backward = steps()
            block = self.body(body, index, (start, stop, step), loop, captured)
            self.mirror.blocks[block] = body
            self.build.emit(Scan(start, stop, step, tuple(first), block, backward), outs)
        self.cotangents.update(zip(captured, outs[len(loop) :], strict=True))
        for (_, _, _, initial), out in zip(loop, outs, strict=False):
            self.add(initial, out)

    def body(
        self,
        body: Block,
        index: Var | None,
        bounds: tuple[Atom, Atom, Atom],
        loop: Sequence[tuple[Var, Var, Atom, Atom]],
        captured: Sequence[Var],
    ) -> Block:
        """The reverse of one step."""
        counter = Var(index.name if index is not None else "", INT)
        start, stop, step = map(self.build.dim, bounds)
        build = self.build.child(*scan_facts(counter, start, stop, step))
        carried = [param for _, param, _, _ in loop] + list(captured)
        params = [Var(cotangent_name(v), cotangent_type(v.type)) for v in carried]
        inner = Sweep(
            build, self.active, self.mirror, dict(zip(captured, params[len(loop) :], strict=True))
        )
        for (_, _, result, _), param in zip(loop, params, strict=False):
            inner.add(result, param)
        inner.run(body)
        results = [inner.running(v) for v in carried]
        results = [
            inner.fit(r, p.type) for r, p in zip(results, params, strict=True)
        ]  # fmt: skip
        return build.block([counter, *params], results)

    def call(
        self,
        split: Split,
        seeded: Sequence[int],
        captured: Sequence[Var],
        given: Sequence[Atom],
        outs: Sequence[Var],
    ) -> None:
        """In place of a reverse, the call of what will write it."""
        split.begin(seeded, captured)
        self.build.emit(Call(split.function, tuple(given)), outs)

    def branches(self, eqn: Eqn, rhs: If) -> None:
        """The reverse of an If: the reverse of the branch that was taken."""
        seeds = [(k, self.cotangents.pop(out, None)) for k, out in enumerate(eqn.outs)]
        given = [(k, seed) for k, seed in seeds if seed is not None]
        if not given:
            return
        if eqn in self.splits:
            self.branches_again(eqn, rhs, given)
            return
        sides: list[Sweep] = []
        captured: dict[Var, None] = {}
        for branch in (rhs.then, rhs.orelse):
            active = (v for v in walk.captures(branch) if v in self.active)
            captured.update(dict.fromkeys(self.mirror.roots(active)))
            side = Sweep(self.build.child(), self.active, self.mirror, self.cotangents)
            for k, seed in given:
                side.add(branch.results[k], seed)
            side.run(branch)
            sides.append(side)
        changed = [
            v
            for v in captured
            if any(side.cotangents.get(v) is not self.cotangents.get(v) for side in sides)
        ]
        types = [cotangent_type(v.type) for v in changed]
        made: list[Block] = []
        for side, branch in zip(sides, (rhs.then, rhs.orelse), strict=True):
            side.build.span = eqn.span
            results = [side.fit(side.running(v), t) for v, t in zip(changed, types, strict=True)]
            made.append(side.build.block([], results))
            self.mirror.blocks[made[-1]] = branch
        outs = [Var(cotangent_name(v), t) for v, t in zip(changed, types, strict=True)]
        if outs:
            self.build.emit(If(rhs.test, *made), outs)
            self.cotangents.update(zip(changed, outs, strict=True))

    def branches_again(self, eqn: Eqn, rhs: If, given: Sequence[tuple[int, Atom]]) -> None:
        """The reverse of an If whose branch is run again."""
        inside = dict.fromkeys(v for b in (rhs.then, rhs.orelse) for v in walk.captures(b))
        captured = self.mirror.roots(v for v in inside if v in self.active)
        outs = [Var(cotangent_name(v), cotangent_type(v.type)) for v in captured]
        seeds = [self.fit(g, cotangent_type(eqn.outs[k].type)) for k, g in given]
        first = [*seeds, *map(self.running, captured)]
        self.call(self.splits[eqn], [k for k, _ in given], captured, first, outs)
        self.cotangents.update(zip(captured, outs, strict=True))


def contributions(rhs: Apply) -> Iterator[tuple[Atom, Rule | None, bool]]:
    """The arguments with their rules, and whether a rule counts twice: in `v * v` the two of them
    are one and the same."""
    found = list(differentiable(rhs))
    if len(found) == 2 and found[0][0] is found[1][0]:
        (arg, rule), (_, other) = found
        if is_same_rule(rhs.op, rule, other):
            yield arg, rule, True
            return
    yield from ((arg, rule, False) for arg, rule in found)


def is_same_rule(op: Op, rule: Rule | None, other: Rule | None) -> bool:
    """Do two rules say the same where the operator's two arguments are one value?"""
    if not isinstance(rule, str) or not isinstance(other, str) or len(op.args) != 2:
        return False
    x, y = op.args
    return re.sub(rf"\b{y}\b", x, rule) == re.sub(rf"\b{y}\b", x, other)


def by_rule(build: Builder, eqn: Eqn, rhs: Apply, rule: Rule | None, g: Atom) -> Atom:
    """The value of an argument's rule for `g`."""
    if rule is None:
        help = "put it into a function with a rule of its own, @transpile.custom_vjp"
        which = "" if rhs.op.vjp is None else " by this argument"
        raise NotDifferentiableError(f"{rhs.op.name} has no derivative{which}", eqn.span, help)
    if not isinstance(rule, str):
        return rule(Pull(build, rhs.args, rhs.params, eqn.outs[0], g))
    env = dict(zip(rhs.op.args, rhs.args, strict=False))
    return build.text(rule, {**env, "out": eqn.outs[0], "g": g})


def trips(eqn: Eqn) -> tuple[Atom, Atom, Atom, bool]:
    """The steps that a While has run, the last first."""
    return constant(0), eqn.outs[-1], constant(1), True


def is_whole(rhs: Apply) -> bool:
    """Is all of the array written?"""
    return all(item == ":" for item in rhs.params["index"])


def keeps_places(op: Op) -> bool:
    """Does each element of the result come from the element at its own place?"""
    return op.elementwise or op in (shape.COPY, shape.CONVERT)
