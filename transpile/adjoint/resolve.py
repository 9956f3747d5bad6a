"""Writes the reverse sweep with every value of the program that it reads found where it now is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec.structs import replace

from transpile.adjoint.again import Again
from transpile.adjoint.alive import There
from transpile.adjoint.cotangents import Mirror
from transpile.adjoint.logs import Counter, Log, State
from transpile.adjoint.program import Program
from transpile.adjoint.residuals import Plan
from transpile.adjoint.undo import Undone
from transpile.errors import Span
from transpile.sym import walk
from transpile.sym.affine import Affine, Symbol
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Call,
    Const,
    Eqn,
    Function,
    If,
    Scan,
    Var,
    constant,
)  # fmt: skip
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import Type


class Split(Protocol):
    """An equation at the top of the program whose reverse computes its values again."""

    @property
    def function(self) -> Function:
        """What is called in its place."""

    def reverse(self, build: Builder, given: Sequence[Atom]) -> Sequence[Atom]:
        """Write its reverse: cotangents of results and of what is read, then the new ones."""


class Residuals:
    """What is known of the whole program when its reverse is written."""

    def __init__(
        self,
        program: Program,
        plans: Mapping[Block, Plan],
        logs: Mapping[Var, Log],
        undone: Mapping[Var, Undone],
        mirror: Mirror,
        splits: Iterable[Split] = (),
    ) -> None:
        self.program, self.plans, self.logs, self.undone = program, plans, logs, undone
        self.mirror = mirror
        self.splits = {split.function: split for split in splits}
        counters = (log.counter for log in logs.values())
        self.counters = dict.fromkeys(c for c in counters if c is not None)

    def taken_back(self, block: Block) -> list[Counter | Var]:
        """The counters and the arrays that a block of the reverse takes back."""
        forward = self.plans[block].forward
        found: list[Counter | Var] = [
            c for c in self.counters if forward in (c.body, *self.around(c.body))
        ]
        around = (self.program.body, *self.around(forward))
        return found + [
            storage
            for storage, undo in self.undone.items()
            if undo.is_inside(forward) and self.program.block_of(storage) in around
        ]

    def around(self, block: Block) -> list[Block]:
        found = []
        while block in self.program.parent:
            block = self.program.parent[block][0]
            found.append(block)
        return found


class Scope:
    """One block of the reverse being written."""

    def __init__(
        self, known: Residuals, block: Block, build: Builder, parent: Scope | None, state: State
    ) -> None:
        self.known, self.plan, self.build = known, known.plans[block], build
        self.parent, self.state = parent, state
        self.values: dict[Var, Atom] = {}
        self.left = [  # the writes of this block that are to be undone, the last at the end
            (eqn, undo)
            for undo in known.undone.values()
            for eqn in undo.olds
            if known.program.home[eqn.outs[0]] is self.plan.forward
        ]
        self.left.sort(key=lambda item: known.program.place[item[0]])

    # -- values

    def atom(self, atom: Atom) -> Atom:
        """What stands for a value in the reverse sweep; it is computed here if it has to be."""
        atom = self.known.program.twin(atom) if isinstance(atom, Var) else atom
        if isinstance(atom, Const) or self.known.program.is_outside(atom):
            return self.own(atom)
        if self.known.program.home[atom] is not self.plan.forward:
            assert self.parent is not None
            return self.parent.atom(atom)
        if atom not in self.values:
            span, self.build.span = self.build.span, self.span_of(atom)
            self.values[atom] = self.found(atom)
            self.build.span = span
        return self.values[atom]

    def own(self, atom: Atom) -> Atom:
        """A variable of the reverse itself, or one known at the top."""
        scope: Scope | None = self
        while scope is not None and isinstance(atom, Var):
            if atom in scope.values:
                return scope.values[atom]
            scope = scope.parent
        return atom

    def span_of(self, var: Var) -> Span | None:
        return self.known.program.span(var) or self.build.span

    def is_steady(self, var: Var) -> bool:
        """Can it be had at the beginning as well as where it is read? Not what is read from an
        array that the reverse takes back, and no array that has to be computed."""
        program = self.known.program
        outer = program.home.get(var) is not self.plan.forward
        if outer or var in self.values or var in self.plan.kept:
            return True
        there = self.plan.there.get(var)
        if there is not None and there.storage in self.known.undone:
            return False
        eqn = self.plan.source(var, program)
        if eqn is None or not isinstance(eqn.rhs, Apply):
            return False
        if there is None and not var.type.is_scalar:
            return False
        args = eqn.rhs.args if there is None else there.rhs.args[1:]
        return all(self.is_steady(program.twin(a)) for a in args if isinstance(a, Var))

    def found(self, var: Var) -> Atom:
        if var in self.plan.kept:
            return self.read_log(self.known.logs[var])
        eqn = self.plan.source(var, self.known.program)
        assert eqn is not None
        if var in self.plan.there:
            return self.read(self.plan.there[var], var)
        if isinstance(eqn.rhs, Apply):
            return self.applied(eqn.rhs, var)
        self.run_again(self.plan.again[eqn])
        return self.values[var]

    def run_again(self, again: Again) -> None:
        """A loop or a branch of the program once more, for the results that are wanted."""
        block = Block((), (again.eqn,), again.eqn.outs)
        known = {name: self.array(there) for name, there in again.arrays.items()}
        known.update((v, self.atom(v)) for v in walk.captures(block) if v not in known)
        copy = walk.substitute(block, known, fresh=True)
        self.build.eqns.extend(copy.eqns)
        for var, value in zip(again.eqn.outs, copy.results, strict=True):
            if var not in self.plan.kept:
                self.values[var] = value

    def read_log(self, log: Log) -> Atom:
        """The entry of this step."""
        final, type = self.state[log.main or log], self.type(log.var.type)
        if log.type.dims == log.var.type.dims:
            return final
        at = log.entry(self.build, self.atom, self.state)
        params, at = log.access(self.build, at, type.dims)
        return self.element(final, params, at, log.var)

    def read(self, there: There, var: Var) -> Atom:
        """The value from where it still is, or is again."""
        at = [self.atom(a) for a in there.rhs.args[1:]]
        return self.element(self.array(there), there.rhs.params, at, var)

    def array(self, there: There) -> Atom:
        """The array that has the value, as it is now where the reverse takes it back."""
        if there.storage is not None and there.storage in self.state:
            return self.state[there.storage]
        return self.atom(there.array)

    def now(self, item: Counter | Var) -> Atom:
        """A counter, or an array that is carried backwards, as far as it is taken back by now."""
        if item not in self.state and isinstance(item, Var):
            self.state[item] = self.atom(item)
        return self.state[item]

    def rewind(self, place: int) -> None:
        """Undo the writes of this block from its end to `place`."""
        while self.left and self.known.program.place[self.left[-1][0]] >= place:
            write, undo = self.left.pop()
            assert isinstance(write.rhs, Apply)
            self.build.span = write.span
            old = self.atom(undo.olds[write])
            at = [self.atom(a) for a in write.rhs.args[2:]]
            dims = tuple(map(self.dim, write.rhs.params["dims"]))
            array = self.now(undo.storage)
            params = {**write.rhs.params, "dims": dims}
            rhs = Apply(shape.UPDATE, (array, old, *at), params)
            new = Var(undo.storage.name, array.type)
            self.state[undo.storage] = self.build.emit(rhs, [new])[0]

    def element(
        self, array: Atom, params: Mapping[str, object], at: Sequence[Atom], var: Var
    ) -> Atom:
        """What an array has at a place, as a value of the same type as `var`."""
        type = self.type(var.type)
        element = type if type.kind == "array" else type.having(kind="numpy")
        rhs = Apply(shape.INDEX, (array, *at), {**params, "dims": type.dims})
        if type.kind == element.kind:
            return self.build.emit(rhs, [Var(var.name, element)])[0]
        read = self.build.emit(rhs, [Var("", element)])[0]
        rhs = Apply(shape.CONVERT, (read,), {"dtype": type.dtype, "kind": type.kind})
        return self.build.emit(rhs, [Var(var.name, type)])[0]

    def applied(self, rhs: Apply, out: Var) -> Atom:
        """One operator, on what its arguments are here."""
        args = [self.atom(a) for a in rhs.args]
        params = dict(rhs.params)
        if "dims" in params:
            params["dims"] = tuple(map(self.dim, params["dims"]))
        if out.type.is_index:
            return self.build.apply(rhs.op, *args, name=out.name, **params)
        new = Var(out.name, self.type(out.type))
        return self.build.emit(Apply(rhs.op, tuple(args), params), [new])[0]

    def dim(self, dim: Affine) -> Affine:
        forms: dict[Symbol, Affine] = {}
        for symbol in dim.symbols():
            assert isinstance(symbol, Var)
            forms[symbol] = self.build.dim(self.atom(symbol))
        return dim.substitute(forms)

    def type(self, type: Type) -> Type:
        return type.having(dims=tuple(map(self.dim, type.dims))) if type.dims else type

    def define(self, var: Var) -> Var:
        new = self.values[var] = Var(var.name, self.type(var.type))
        return new

    # -- equations

    def run(self, block: Block) -> None:
        program = self.known.program
        for var in sorted(self.plan.needed, key=lambda v: (program.begins(v), v.serial)):
            if self.is_steady(var):
                self.atom(var)
        for eqn in block.eqns:
            self.rewind(self.known.mirror.place(eqn, self.known.program))
            self.build.span = eqn.span
            match eqn.rhs:
                case Apply() as rhs:
                    self.values[eqn.outs[0]] = self.applied(rhs, eqn.outs[0])
                case Scan() as rhs if rhs.body in self.known.plans:
                    self.scan(eqn, rhs)
                case If() as rhs if rhs.then in self.known.plans:
                    self.branches(eqn, rhs)
                case Call(function=function, args=args):
                    given = [self.atom(a) for a in args]
                    found = self.known.splits[function].reverse(self.build, given)
                    self.values.update(zip(eqn.outs, found, strict=True))
                case _:
                    self.copy(eqn)
        self.rewind(-1)

    def copy(self, eqn: Eqn) -> None:
        """A check, or what a user's own rule does in loops: it mirrors nothing of the program."""
        found = {var: self.atom(var) for var in walk.reads(eqn)}
        new = walk.Substitution(found, True, self.build.dim).eqn(eqn)
        self.build.eqns.append(new)
        self.values.update(zip(eqn.outs, new.outs, strict=True))

    def scan(self, eqn: Eqn, rhs: Scan) -> None:
        taken = self.known.taken_back(rhs.body)
        start, stop, step = map(self.atom, (rhs.start, rhs.stop, rhs.step))
        init = [self.atom(a) for a in rhs.init] + [self.now(c) for c in taken]
        index = Var(rhs.body.params[0].name, rhs.body.params[0].type)
        facts = scan_facts(index, *map(self.build.dim, (start, stop, step)))
        inner = Scope(self.known, rhs.body, self.build.child(*facts), self, dict(self.state))
        inner.values[rhs.body.params[0]] = index
        forward = inner.plan.forward
        if self.known.program.scan(forward) is not None:
            inner.values[forward.params[0]] = index
        params = [inner.define(p) for p in rhs.body.params[1:]]
        for item in taken:
            param = Var(item.name, self.type(item.type))
            params.append(param)
            inner.state[item] = param
            if isinstance(item, Counter) and item.body is forward:
                inner.state[item] = inner.build.apply(arithmetic.SUBTRACT, param, constant(1))
        inner.run(rhs.body)
        results = [inner.atom(a) for a in rhs.body.results] + [inner.now(c) for c in taken]
        block = inner.build.block([index, *params], results)
        self.build.span = eqn.span
        outs = [self.define(o) for o in eqn.outs] + [Var(c.name, self.type(c.type)) for c in taken]
        self.build.emit(Scan(start, stop, step, tuple(init), block, rhs.reverse), outs)
        self.state.update(zip(taken, outs[len(eqn.outs) :], strict=True))

    def branches(self, eqn: Eqn, rhs: If) -> None:
        test = self.atom(rhs.test)
        taken = list(
            dict.fromkeys(c for b in (rhs.then, rhs.orelse) for c in self.known.taken_back(b))
        )
        sides = []
        for branch in (rhs.then, rhs.orelse):
            inner = Scope(self.known, branch, self.build.child(), self, dict(self.state))
            inner.run(branch)
            results = [inner.atom(a) for a in branch.results]
            sides.append((inner, results))
        blocks = [
            inner.build.block([], results + [inner.now(c) for c in taken])
            for inner, results in sides
        ]
        outs = [self.define(o) for o in eqn.outs] + [Var(c.name, self.type(c.type)) for c in taken]
        self.build.emit(replace(rhs, test=test, then=blocks[0], orelse=blocks[1]), outs)
        self.state.update(zip(taken, outs[len(eqn.outs) :], strict=True))
