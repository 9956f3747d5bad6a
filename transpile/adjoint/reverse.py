"""The reverse of a block: each equation's derivative, from the last equation to the first.

The reverse of an equation may read any variable of the block that it reverses; `residuals` finds
out afterwards where each of those comes from. The cotangent of an array is made once, in the block
that defines the array, carried through the loops and branches inside and incremented in place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct, field

from transpile.adjoint.activity import differentiable
from transpile.adjoint.program import Program
from transpile.adjoint.repeats import is_last
from transpile.errors import NotDifferentiableError
from transpile.sym import expr, walk
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import Apply, Atom, Block, Const, Eqn, If, Scan, Var, While, constant
from transpile.sym.ops import Op, Pull, arithmetic, shape
from transpile.sym.ops.table import Rule
from transpile.sym.types import INT, Type


class Mirror(Struct):
    """What of the reverse belongs to what of the program: blocks to blocks.

    `copies` are the program's, each with what it is a copy of: as values they are the same, so one
    cotangent serves both.
    """

    blocks: dict[Block, Block] = field(default_factory=dict)
    sources: dict[Eqn, Eqn] = field(default_factory=dict)
    copies: dict[Var, Var] = field(default_factory=dict)

    def root(self, var: Var) -> Var:
        return self.copies.get(var, var)

    def roots(self, found: Iterable[Var]) -> list[Var]:
        return list(dict.fromkeys(map(self.root, found)))

    def note_copies(self, block: Block) -> None:
        for eqn in block.eqns:
            if isinstance(eqn.rhs, Apply) and eqn.rhs.op is shape.COPY:
                (source,) = eqn.rhs.args
                if isinstance(source, Var):
                    self.copies[eqn.outs[0]] = self.root(source)

    def place(self, eqn: Eqn, program: Program) -> int:
        """Where the equation stands that an equation of the reverse is the derivative of."""
        source = self.sources.get(eqn)
        return -1 if source is None else program.place[source]


class Mask(Struct, frozen=True):
    """`where(test, value, 0)`, or `where(test, 0, value)` unless `taken`."""

    test: Atom
    value: Atom
    taken: bool

    def apply(self, build: Builder, value: Atom) -> Atom:
        choice = (value, constant(0)) if self.taken else (constant(0), value)
        return build.apply(arithmetic.WHERE, self.test, *choice)


def cotangent_type(type: Type) -> Type:
    """An array's own type; a NumPy scalar for a scalar, so that a division by zero is NumPy's."""
    return type if type.kind == "array" else type.having(kind="numpy")


def cotangent_name(atom: Atom) -> str:
    return f"d_{atom.name}" if isinstance(atom, Var) and atom.name else ""


class Sweep:
    """The reverse of one block, being written; `cotangents` are those known so far."""

    def __init__(
        self, build: Builder, active: frozenset[Var], mirror: Mirror, known: dict[Var, Atom]
    ) -> None:
        self.build, self.active, self.mirror = build, active, mirror
        self.cotangents = dict(known)
        self.masks: dict[Atom, Mask] = {}
        self.given: Atom | None = None  # the cotangent that is being handed on

    def run(self, block: Block) -> None:
        self.mirror.note_copies(block)
        for eqn in reversed(block.eqns):
            self.build.span, written = eqn.span, len(self.build.eqns)
            match eqn.rhs:
                case Apply() as rhs:
                    g = self.cotangents.pop(eqn.outs[0], None)
                    if g is not None:
                        self.given = g
                        self.apply(eqn, rhs, g)
                case Scan() as rhs:
                    self.loop(
                        eqn, rhs.init, rhs.body, rhs.body.params[0], partial(self.steps, eqn, rhs)
                    )
                case While() as rhs:
                    self.loop(eqn, rhs.init, rhs.body, None, partial(trips, eqn))
                case If() as rhs:
                    self.branches(eqn, rhs)
            self.mirror.sources.update((new, eqn) for new in self.build.eqns[written:])

    # -- cotangents

    def add(self, var: Atom, value: Atom) -> None:
        """Add to the cotangent of `var`."""
        if not isinstance(var, Var) or var not in self.active:
            return
        var = self.mirror.root(var)
        value = self.fit(value, cotangent_type(var.type))
        old = self.cotangents.get(var)
        if old is None:
            self.cotangents[var] = self.named(value, var)
        elif var.type.kind == "array":
            self.cotangents[var] = self.build.increment(old, value, ())
            self.joined(self.cotangents[var], old, value)
        else:
            total = self.build.apply(arithmetic.ADD, old, value, name=cotangent_name(var))
            self.cotangents[var] = total
            self.joined(total, old, value)

    def joined(self, total: Atom, *parts: Atom) -> None:
        """A sum of masked values is masked where both are."""
        masks = [self.masks.get(part) for part in parts]
        tests = [mask.test for mask in masks if mask is not None and mask.taken]
        if len(tests) == len(parts):
            either = tests[0]
            if tests[1] != either:
                either = self.build.apply(arithmetic.LOGICAL_OR, *tests)
            self.masks[total] = Mask(either, total, True)

    def fit(self, value: Atom, type: Type) -> Atom:
        if (value.type.dtype, value.type.kind, value.type.dims) == (
            type.dtype, type.kind, type.dims,
        ):  # fmt: skip
            return value
        if isinstance(value, Const) and type.kind == "numpy":
            return Const(float(value.value), type)
        return self.build.unbroadcast(value, type)

    def named(self, value: Atom, var: Var) -> Atom:
        """The value under the name of a cotangent, if it is a temporary just made."""
        name, last = cotangent_name(var), self.build.eqns[-1] if self.build.eqns else None
        if value is self.given or last is None or last.outs != (value,):
            return value
        if not isinstance(last.rhs, Apply) or not isinstance(value, Var) or value.name:
            return value
        renamed = Var(name, value.type)
        self.build.eqns[-1] = Eqn((renamed,), last.rhs, last.span)
        if value in self.masks:
            self.masks[renamed] = self.masks.pop(value)
        return renamed

    def zero(self, var: Var) -> Atom:
        """The cotangent of what nothing has been read of yet."""
        type = cotangent_type(var.type)
        if type.kind == "numpy":
            return Const(0.0, type)
        rhs = Apply(
            shape.ZEROS, tuple(map(self.build.extent, type.dims)), {"dtype": type.dtype}
        )  # fmt: skip
        return self.build.emit(rhs, [Var(cotangent_name(var), type)])[0]

    def running(self, var: Var) -> Atom:
        found = self.cotangents.get(var)
        return self.zero(var) if found is None else found

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
        if isinstance(x, Var) and x in self.active:
            x = self.mirror.root(x)
            d = self.running(x)
            name = cotangent_name(x)
            self.cotangents[x] = self.build.apply(
                shape.INCREMENT, d, g, *at, name=name, **rhs.params
            )

    def update(self, out: Var, rhs: Apply, g: Atom) -> None:
        self.read_back(rhs, g)
        x, _, *at = rhs.args
        if x in self.active and not is_whole(rhs):
            zero = Const(0.0, Type(out.type.dtype, (), "numpy"))
            name = cotangent_name(x)
            self.add(x, self.build.apply(shape.UPDATE, g, zero, *at, name=name, **rhs.params))

    def read_back(self, rhs: Apply, g: Atom) -> None:
        """The cotangent of what was written: it is read where the write went."""
        _, value, *at = rhs.args
        if value in self.active:
            read = g if is_whole(rhs) else self.build.apply(shape.INDEX, g, *at, **rhs.params)
            if rhs.op is shape.UPDATE and shape.is_gather(rhs.params):
                mask = Mask(is_last(self.build, rhs), read, True)
                read = mask.apply(self.build, read)
                self.masks[read] = mask
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
        loop = [
            (out, param, result, first)
            for out, param, result, first in zip(
                eqn.outs, params, body.results, init, strict=False
            )
            if out in self.active or param in self.active
        ]  # fmt: skip
        seeds = [self.cotangents.pop(out, None) for out, *_ in loop]
        if all(seed is None for seed in seeds):
            return
        captured = self.mirror.roots(v for v in walk.captures(body) if v in self.active)
        start, stop, step, backward = steps()
        first: list[Atom] = []
        for (_, param, _, _), seed in zip(loop, seeds, strict=True):
            found = self.zero(param) if seed is None else seed
            first.append(self.fit(found, cotangent_type(param.type)))
        first.extend(map(self.running, captured))
        carried = [param for _, param, _, _ in loop] + captured
        block = self.body(body, index, (start, stop, step), loop, captured)
        outs = [Var(cotangent_name(v), cotangent_type(v.type)) for v in carried]
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

    def branches(self, eqn: Eqn, rhs: If) -> None:
        """The reverse of an If: the reverse of the branch that was taken."""
        seeds = [(k, self.cotangents.pop(out, None)) for k, out in enumerate(eqn.outs)]
        given = [(k, seed) for k, seed in seeds if seed is not None]
        if not given:
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
        raise NotDifferentiableError(f"{rhs.op.name} has no derivative", eqn.span)
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
