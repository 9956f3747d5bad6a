"""Equations one after the other: scalars, loops, branches, and what they carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from transpile.errors import Shown, Tell, Warned, never
from transpile.loops import arrays, bounds, convert, fits, reductions, routines
from transpile.loops.arrays import prepare
from transpile.loops.confine import confine, left
from transpile.loops.context import Context, Int
from transpile.loops.element import element
from transpile.loops.nest import (
    Array,
    Assign,
    Binary,
    Break,
    Check,
    Expr,
    If,
    Invoke,
    Lit,
    Local,
    Loop,
    Print,
    Stmt,
    Swap,
    Unary,
    While,
    dtype_of,
)
from transpile.loops.place import Placed
from transpile.loops.walk import affine, assigned, parts
from transpile.sym import ir, walk
from transpile.sym.affine import Affine, Symbol
from transpile.sym.build import scan_facts
from transpile.sym.ir import Atom, Block, Eqn, Var
from transpile.sym.ops import Host, Routine, arithmetic
from transpile.sym.types import FLOATS

OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}


class Blocks(Context):
    """Goes through blocks in order and writes statements."""

    def __init__(self, placed: Placed) -> None:
        super().__init__(placed)
        self.used: set[Var] = set(used(self.function.body))
        self.dims = {s for slot in self.slots.values() for d in slot.type.dims for s in d.symbols()}

    # -- equations

    def block(self, block: Block) -> None:
        for eqn in block.eqns:
            self.span = eqn.span or self.span
            self.eqn(eqn)
            self.made(eqn.outs)
            for out in eqn.outs:
                if out in self.dims and out not in self.placed.inline:
                    self.freeze(out)

    def made(self, values: Sequence[Var]) -> None:
        """Note the scope that these are made in."""
        if len(self.bodies) > 1:
            self.depths.update(dict.fromkeys(values, len(self.bodies) - 1))

    def eqn(self, eqn: Eqn) -> None:
        rhs = eqn.rhs
        match rhs:
            case ir.Apply():
                if eqn.outs[0] not in self.placed.inline:
                    with outside(self) if is_product_of_sizes(self, eqn) else nullcontext():
                        self.apply(eqn, rhs)
            case ir.Scan():
                self.scan(eqn, rhs)
            case ir.While():
                self.while_(eqn, rhs)
            case ir.If():
                self.if_(eqn, rhs)
            case ir.Check():
                if fits.is_overflow(self, rhs):
                    return
                prepare(self, rhs.test)
                number = self.site(rhs.error, rhs.message)
                self.emit(Check(negated(element(self, rhs.test)), number, self.place))
                self.facts = self.facts.having(*self.know(rhs.test, True))
            case ir.Print():
                printed(self, rhs)
            case ir.Call() | ir.Custom():
                raise AssertionError("calls are inlined before lowering")
            case _:
                never(rhs)

    def apply(self, eqn: Eqn, rhs: ir.Apply) -> None:
        (out,) = eqn.outs
        plain = out.type.is_index and not arrays.overflows(self, eqn)
        if plain and self.steady_form(out) is not None:
            return
        if out.type.is_scalar:
            for arg in rhs.args:
                prepare(self, arg, not rhs.op.elementwise and rhs.op.name != "convert")
            if rhs.op.name == "index":
                arrays.select(self, out, rhs)
            fits.checked_cast(self, out, rhs)
            arrays.scalar(self, eqn, self.variable(out))
            return
        match rhs.op.name:
            case "update":
                arrays.update(self, eqn, "=")
            case "increment":
                arrays.update(self, eqn, "+=")
            case "matmul" | "outer" | "contract":
                arrays.contraction(self, eqn)
            case "flatnonzero" | "nonzero":
                arrays.places(self, eqn)
            case "roll":
                routines.roll(self, eqn, rhs)
            case _ if isinstance(rhs.op.c, Host):
                arrays.by_host(self, eqn)
            case _ if isinstance(rhs.op.c, Routine):
                routines.perform(self, eqn, rhs, rhs.op.c)
            case _ if out in self.placed.views:
                arrays.views_of(self, eqn)
            case _ if rhs.op.c is not None and "axis" in rhs.params:
                for arg in rhs.args:
                    arrays.prepare(self, arg, True)
                reductions.write_all(self, rhs, self.array(eqn.outs[0]))
            case _:
                arrays.whole(self, eqn)

    # -- control flow

    def carry(self, targets: Sequence[Var], values: Sequence[Atom]) -> None:
        """Each target takes its value, all at once."""
        moves: list[tuple[Local, Expr]] = []
        swaps: list[tuple[Array, Array]] = []
        for target, value in zip(targets, values, strict=True):
            if not target.type.is_scalar:
                assert isinstance(value, Var)
                here, there = self.array(target), self.array(value)
                if here is not there:
                    swaps.append((here, there))
                continue
            prepare(self, value)
            local = self.variable(target)
            expr = convert.implicit(element(self, value), local.dtype)
            if expr not in (local, Affine.of(local)) or not self.is_declared(local):
                moves.append((local, expr))
        self.move(moves)
        if swaps:
            targets_, sources = zip(*swaps, strict=True)
            self.emit(Swap(targets_, sources, self.place))

    def move(self, moves: list[tuple[Local, Expr]]) -> None:
        """Assignments in an order in which none reads what another has written."""
        left = list(moves)
        while left:
            for move in left:
                others = [expr for local, expr in left if local is not move[0]]
                if not any(move[0] in parts(expr) for expr in others):
                    left.remove(move)
                    self.assign(*move)
                    break
            else:
                local, expr = left.pop(0)
                kept = self.local(f"{local.name}_next", local.dtype)
                self.assign(kept, expr)
                left.append((local, kept))

    def carried_bits(self, params: Sequence[Var], init: Sequence[Atom], body: Block) -> None:
        for k, (param, first) in enumerate(zip(params, init, strict=True)):
            if param.type.is_index:
                small = self.magnitude(first) <= bounds.COUNTER_BITS
                steady = bounds.counts(param, body.results[k], body)
                self.bits[param] = bounds.COUNTER_BITS if small and steady else bounds.FULL_BITS

    def after(self, outs: Sequence[Var], params: Sequence[Var]) -> None:
        """What a loop carried, as what comes after knows it."""
        for out, param in zip(outs, params, strict=True):
            if out.type.is_index and param in self.bits:
                self.bits[out] = self.bits[param]
        self.carry(outs, params)

    def scan(self, eqn: Eqn, rhs: ir.Scan) -> None:
        index, *params = rhs.body.params
        for atom in (rhs.start, rhs.stop, rhs.step):
            prepare(self, atom)
        self.carry(params, rhs.init)
        self.carried_bits(params, rhs.init, rhs.body)
        trips = self.trips(eqn, len(params))
        start, stop, step = (self.integer(a) for a in (rhs.start, rhs.stop, rhs.step))
        self.bits[index] = bounds.SIZE_BITS
        self.ranges[index] = extremes(start, stop, step)
        span, slot = self.span, self.slots[index]
        outer, own = self.locals.get(slot), is_own(self, index, rhs)
        name = self.named(slot.name)
        first, last, stride, direct = self.header(start, stop, step, rhs.reverse)
        counter = Local(name if direct and own else self.fresh(f"{name}_at"), "int64")
        with self.scope(*scan_facts(index, start.form, stop.form, step.form)) as body:
            certain = confine(self, params, rhs.init, rhs.body)
            self.declared[-1].add(counter)
            self.made(rhs.body.params)
            if own:
                self.locals[slot] = counter if direct else Local(name, "int64")
                self.ranges_local[index] = self.locals[slot]
            if not (direct and own):
                at = Affine.of(counter)
                value: Expr = at if direct else start.shown + scaled(at, step)
                self.assign(self.variable(index), value)
            if index in self.dims:
                self.freeze(index)
            self.body(rhs.body, params, trips, rhs.until)
        if own and outer is not None:
            self.locals[slot] = outer
        elif own:
            del self.locals[slot]
        self.span = span
        last = self.steady(last, tuple(body), f"{name}_stop")
        self.emit(Loop(counter, first, last, stride, tuple(body), None, self.place))
        self.after(eqn.outs[: len(params)], params)
        left(self, eqn.outs, params, rhs.init, certain)

    def header(
        self, start: Int, stop: Int, step: Int, reverse: bool
    ) -> tuple[Affine, Affine, int, bool]:
        """First, last (exclusive) and step of the C loop; whether it runs over the index itself."""
        by = step.constant
        if by is not None and by != 0 and not reverse:
            return start.shown, stop.shown, by, True
        if by is not None and abs(by) == 1:
            return stop.shown - by, start.shown - by, -by, True
        steps = self.local("steps", "int64")
        length = Invoke("range_length", (start.shown, stop.shown, step.shown), "int64")
        self.assign(steps, length)
        count = Affine.of(steps)
        return (count - 1, Affine((), -1), -1, False) if reverse else (Affine(), count, 1, False)

    def steady(self, last: Affine, body: tuple[Stmt, ...], name: str) -> Affine:
        """The end of a range, kept where the loop's body changes what it was made of."""
        changed = assigned(body)
        inside = list(parts(last))
        plain = all(isinstance(part, Local | Affine) for part in inside)
        if plain and not any(part in changed for part in inside if isinstance(part, Local)):
            return last
        kept = self.local(name, "int64")
        self.assign(kept, last)
        return Affine.of(kept)

    def trips(self, eqn: Eqn, carried: int) -> Local | None:
        """The counter of steps run, where that is wanted."""
        if len(eqn.outs) == carried or eqn.outs[carried] not in self.used:
            return None
        out = eqn.outs[carried]
        self.bits[out] = bounds.SIZE_BITS
        local = self.variable(out)
        self.assign(local, Affine())
        return local

    def body(
        self, block: Block, params: Sequence[Var], trips: Local | None, until: bool = False
    ) -> None:
        """A loop's body: a step, then the carried values, then perhaps the way out."""
        self.block(block)
        if trips is not None:
            self.emit(Assign(trips, Affine((), 1), "+=", False, self.place))
        results = block.results
        flag = results[-1] if until else None
        if flag is not None:
            prepare(self, flag)
        test = None if flag is None else element(self, flag)
        self.carry(params, results[: len(params)])
        if test is not None and test != Lit(False, "bool"):
            self.emit(If(test, (Break(self.place),), (), self.place))

    def while_(self, eqn: Eqn, rhs: ir.While) -> None:
        params = rhs.body.params
        self.carry(rhs.test.params, rhs.init)
        self.carried_bits(params, rhs.init, rhs.body)
        for ours, theirs in zip(rhs.test.params, params, strict=True):
            if theirs in self.bits:
                self.bits[ours] = self.bits[theirs]
        trips = self.trips(eqn, len(params))
        span = self.span
        renamed: dict[Symbol, Affine] = {
            a: Affine.of(b) for a, b in zip(rhs.test.params, params, strict=True)
        }
        with self.scope() as body:
            flag = rhs.test.results[0]
            known = (fact.substitute(renamed) for fact in self.know(flag, True))
            with self.scope(*known):
                certain = confine(self, params, rhs.init, rhs.body)
            tested: dict[Symbol, Affine] = {
                b: Affine.of(a) for a, b in zip(rhs.test.params, params, strict=True)
            }
            self.facts = self.facts.having(*certain, *(f.substitute(tested) for f in certain))
            self.made((*rhs.test.params, *params))
            self.block(rhs.test)
            prepare(self, flag)
            test = element(self, flag)
            alone = not body
            if not alone:
                self.emit(If(negated(test), (Break(self.place),), (), self.place))
            known = (fact.substitute(renamed) for fact in self.know(flag, True))
            self.facts = self.facts.having(*known)
            self.body(rhs.body, params, trips)
        self.span = span
        self.emit(While(test if alone else Lit(True, "bool"), tuple(body), self.place))
        self.after(eqn.outs[: len(params)], rhs.test.params)
        left(self, eqn.outs, params, rhs.init, certain)

    def if_(self, eqn: Eqn, rhs: ir.If) -> None:
        prepare(self, rhs.test)
        test = element(self, rhs.test)
        for out in eqn.outs:
            if out.type.is_scalar:
                self.assign(self.variable(out), None)
            else:
                self.array(out)
        branches, span = [], self.span
        for block, truth in ((rhs.then, True), (rhs.orelse, False)):
            with self.scope(*self.know(rhs.test, truth)) as body:
                self.block(block)
                self.carry(eqn.outs, block.results)
            branches.append(tuple(body))
        self.span = span
        for k, out in enumerate(eqn.outs):
            if out.type.is_index:
                ends = (rhs.then.results[k], rhs.orelse.results[k])
                self.bits[out] = max(map(self.magnitude, ends))
        self.emit(branch(test, branches[0], branches[1], self.place))


def is_own(c: Context, index: Var, rhs: ir.Scan) -> bool:
    """Is the variable of the loop's index written by nothing else in the loop?"""
    slot = c.slots[index]
    others = [*rhs.body.params[1:]]
    for eqn in walk.equations(rhs.body):
        if not isinstance(eqn.rhs, ir.Scan):
            others += eqn.outs
        else:
            others += (*eqn.outs, *eqn.rhs.body.params[1:])
    return not any(c.slots.get(var) is slot for var in others)


def extremes(start: Int, stop: Int, step: Int) -> tuple[Affine, Affine]:
    """The least and the greatest that a loop's index can be."""
    down = step.constant is not None and step.constant < 0
    return (stop.form + 1, start.form) if down else (start.form, stop.form - 1)


def branch(test: Expr, then: tuple[Stmt, ...], orelse: tuple[Stmt, ...], place: str) -> Stmt:
    if not then and orelse:
        return If(negated(test), orelse, (), place)
    return If(test, then, orelse, place)


def scaled(counter: Affine, step: Int) -> Affine:
    if step.constant is not None:
        return counter * step.constant
    return affine(Binary("*", counter, step.shown, "int64"))


def negated(test: Expr) -> Expr:
    """The opposite of a test, as one would write it."""
    match test:
        case Lit():
            return Lit(not test.value, "bool")
        case Unary(symbol="!"):
            return test.arg
        case Binary() if test.symbol in OPPOSITE and exact(test):
            return Binary(OPPOSITE[test.symbol], test.left, test.right, "bool")
        case _:
            return Unary("!", test, "bool")


def exact(test: Binary) -> bool:
    """Is the opposite of the comparison another one? Not where there may be NaN."""
    if test.symbol in ("==", "!="):
        return True
    return not any(dtype_of(side) in FLOATS for side in (test.left, test.right))


def used(block: Block) -> Iterable[Var]:
    """Every variable that is read anywhere."""
    for eqn in block.eqns:
        yield from (a for a in walk.atoms(eqn.rhs) if isinstance(a, Var))
        for inner in walk.blocks(eqn.rhs):
            yield from used(inner)
    yield from (a for a in block.results if isinstance(a, Var))


def is_product_of_sizes(c: Blocks, eqn: Eqn) -> bool:
    """Is it how many elements an array of a known shape has, of which others may be made?"""
    (out,), rhs = eqn.outs, eqn.rhs
    if not isinstance(rhs, ir.Apply) or rhs.op is not arithmetic.MULTIPLY:
        return False
    if not out.type.is_index or c.versions[c.slots[out]] > 1:
        return False
    for arg in rhs.args:
        if not isinstance(arg, Var) or arg in c.known:
            continue
        if c.steady_form(arg) is None or not c.known.issuperset(c.form(arg).symbols()):
            return False
    c.known.add(out)
    return True


@contextmanager
def outside(c: Blocks) -> Iterator[None]:
    """What is written inside stands before the loops and branches around this."""
    bodies, declared = c.bodies, c.declared
    c.bodies, c.declared = bodies[:1], declared[:1]
    yield
    c.bodies, c.declared = bodies, declared


def printed(c: Blocks, rhs: ir.Print) -> None:
    """What is printed, or told to the caller."""
    shown: list[str | Expr] = []
    for part in rhs.parts:
        if isinstance(part, str):
            shown.append(part)
        else:
            prepare(c, part)
            shown.append(element(c, part))
    if rhs.warned is not None:
        c.tells.append(told(shown, rhs.formats, rhs.warned))
    number = 0 if rhs.warned is None else len(c.tells)
    c.emit(Print(tuple(shown), rhs.formats, c.place, number))


def told(parts: Sequence[str | Expr], formats: Sequence[str], warned: Warned) -> Tell:
    """What the caller has to say."""
    shown = [p if isinstance(p, str) else Shown(dtype_of(p), how)
             for p, how in zip(parts, formats, strict=True)]  # fmt: skip
    return Tell(tuple(shown), warned)
