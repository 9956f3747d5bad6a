"""Equations as Python statements: loops, branches, writes, and the values that loops carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any

import gast
from msgspec import Struct

from transpile.emit_py import trees
from transpile.emit_py.expressions import Expressions, is_integer
from transpile.errors import Span, Warned, never
from transpile.sym import walk
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Call,
    Check,
    Const,
    Custom,
    Eqn,
    Function,
    If,
    Print,
    Scan,
    Var,
    While,
)  # fmt: skip
from transpile.sym.ops import Infix, shape
from transpile.sym.types import BOOL

ERRORS = {  # what the text has no such name for
    "ShapeError": "ValueError", "LinAlgError": "np.linalg.LinAlgError",
    "Unsupported": "NotImplementedError",
}  # fmt: skip


class Line(Struct, frozen=True):
    """One statement, where it comes from, and the name that it sets, if it sets one; `inside` is
    where a part of it comes from that has no place of its own."""

    node: Any
    span: Span | None = None
    target: str = ""
    inside: Span | None = None

    @property
    def place(self) -> str:
        return "" if self.span is None else self.span.place


class Flag(Struct, frozen=True):
    """The truth that a loop carries at `position` to be left by; `test` is what else is tested,
    an expression. `read` says whether it is read after the loop."""

    position: int
    test: Any
    read: bool

    def is_only_for_break(self, position: int) -> bool:
        return position == self.position and not self.read


Moves = Sequence[tuple[Var, Atom]]


class Statements:
    """Writes the blocks of one function as lists of lines; `finish` makes statements of them."""

    def __init__(self, expressions: Expressions, read: frozenset[Var], finish: Any) -> None:
        self.e, self.read, self.finish = expressions, read, finish
        self.slots = expressions.placed.slots
        self.spares = spares(expressions.placed.function, read)
        self.needed = {self.slots[var] for var in read if var in self.slots}
        program = expressions.placed.function.body
        self.read_by_equations = {v for eqn in walk.equations(program) for v in walk.reads(eqn)}
        self.arrays = {
            name for var, name in expressions.names.items() if not self.slots[var].type.is_scalar
        }

    def name(self, var: Var) -> str:
        return self.e.names[var]

    def block(self, eqns: Iterable[Eqn]) -> list[Line]:
        return [line for eqn in eqns for line in self.eqn(eqn)]

    def eqn(self, eqn: Eqn) -> list[Line]:
        if self.is_silent(eqn):
            return []
        match eqn.rhs:
            case Apply() as rhs:
                return self.apply(eqn, rhs)
            case Scan() as rhs:
                return self.scan(eqn, rhs)
            case While() as rhs:
                return self.loop(eqn, rhs)
            case If(test=test, then=then, orelse=orelse):
                yes = self.block(then.eqns) + self.moves(zip_arms(eqn, then))
                no = self.block(orelse.eqns) + self.moves(zip_arms(eqn, orelse))
                return self.branch(test, yes, no, eqn.span)
            case Check() as rhs:
                return [Line(self.check(rhs), eqn.span)]
            case Print() as rhs:
                return [Line(gast.Expr(printed(self.e, rhs)), eqn.span)]
            case Call() | Custom():
                raise AssertionError("calls have to be inlined before they are written")
        never(eqn.rhs)

    def is_silent(self, eqn: Eqn) -> bool:
        """Needs the equation no statement, its value being written in another's?"""
        return bool(eqn.outs) and self.e.is_written_in_place(eqn.outs[0])

    # -- one operator

    def apply(self, eqn: Eqn, rhs: Apply) -> list[Line]:
        (out,) = eqn.outs
        if rhs.op.name == "empty" and out in self.spares:
            return []
        target = trees.name(self.name(out))
        if rhs.op.name in ("update", "increment"):
            return [Line(self.write(eqn, rhs, target), eqn.span, target.id)]
        shorter = self.augmented(eqn, rhs, target)
        if shorter is not None:
            return [Line(shorter, eqn.span, target.id)]
        value = self.e.rhs(eqn)
        if trees.same(target, value):
            return []
        if self.slots[out].role == "param" and not out.type.is_scalar:
            target = trees.subscript(target, [gast.Constant(Ellipsis, None)])
            if rhs.op.name == "copy":
                value = self.e.atom(rhs.args[0])
        return [Line(trees.assign(target, value), eqn.span, self.name(out))]

    def write(self, eqn: Eqn, rhs: Apply, target: Any) -> Any:
        """`x[...] = v` and `x[...] += v`."""
        _, v, *at = rhs.args
        value = self.e.start(v) if isinstance(v, Const) else self.e.unspread(v)
        item = self.e.item(target, rhs.params, at)
        if rhs.op.name == "update":
            symbol = spelled(eqn.span)
            kind = trees.OPERATORS.get(symbol, ())
            augments = isinstance(value, gast.BinOp) and isinstance(value.op, kind)
            if augments and trees.same(value.left, item):
                return trees.augment(item, symbol, value.right)
            return trees.assign(item, value)
        if shape.is_gather(rhs.params):
            return added(self.e, target, rhs, value)
        where = item if rhs.params["index"] else target
        if isinstance(value, gast.UnaryOp) and isinstance(value.op, gast.USub):
            return trees.augment(where, "-", value.operand)
        return trees.augment(where, "+", value)

    def augmented(self, eqn: Eqn, rhs: Apply, target: Any) -> Any:
        """`s += v` for a scalar where the user wrote so, or that is a sum into a cotangent."""
        (out,) = eqn.outs
        if not out.type.is_scalar or not isinstance(rhs.op.numpy, Infix):
            return None
        symbol = rhs.op.numpy.symbol
        left = rhs.args[0]
        sums = symbol in "+-" and (not out.name or out.name.startswith("d_"))
        if not isinstance(left, Var) or (spelled(eqn.span) != symbol and not sums):
            return None
        if self.e.is_written_in_place(left) or self.name(left) != target.id:
            return None
        value = self.e.rhs(eqn)
        return trees.augment(target, symbol, value.right)

    def check(self, rhs: Check) -> Any:
        test = self.e.test(rhs.test)
        if rhs.error == "AssertionError":
            return gast.Assert(test, trees.literal(rhs.message) if rhs.message else None)
        name = ERRORS.get(rhs.error, rhs.error.replace(":", "."))
        error = trees.call(trees.name(name), trees.literal(rhs.message))
        negated = trees.negated(test, self.integers(rhs.test))
        return gast.If(negated, [gast.Raise(error, None)], [])

    def integers(self, test: Atom) -> bool:
        """Is it a comparison of integers, written in place? Only then has `<` an opposite."""
        while isinstance(test, Var) and self.e.is_written_in_place(test):
            rhs = self.e.definition[test].rhs
            if not isinstance(rhs, Apply) or rhs.op.name not in ("convert", "not_"):
                return all(a.type.is_integer for a in walk.atoms(rhs))
            test = rhs.args[0]
        return False

    # -- values that change places

    def moves(self, moves: Moves) -> list[Line]:
        """Sets all targets at once: one after another where none is read after it is set."""
        left = [(t, a) for t, a in moves if not self.is_there(t, a) and self.is_wanted(t)]
        lines: list[Line] = []
        while left:
            free = [k for k, (t, _) in enumerate(left) if not self.is_read(t, left, k)]
            if not free:
                targets = trees.sequence([trees.name(self.name(t)) for t, _ in left])
                values = trees.sequence([self.e.atom(a) for _, a in left])
                return [*lines, Line(trees.assign(targets, values), None, targets.elts[0].id)]
            target, atom = left.pop(free[0])
            node = trees.assign(trees.name(self.name(target)), self.e.start(atom))
            lines.append(Line(node, self.e.span(atom), self.name(target)))
        return lines

    def is_there(self, target: Var, atom: Atom) -> bool:
        if not isinstance(atom, Var) or self.e.is_written_in_place(atom):
            return False
        return self.name(atom) == self.name(target)

    def is_wanted(self, target: Var) -> bool:
        return self.slots[target] in self.needed

    def is_read(self, target: Var, moves: Moves, own: int) -> bool:
        others = [self.e.atom(a) for k, (_, a) in enumerate(moves) if k != own]
        name = self.name(target)
        return any(
            isinstance(node, gast.Name) and node.id == name
            for other in others
            for node in gast.walk(other)
        )

    # -- branches and loops

    def branch(self, test: Atom, yes: list[Line], no: list[Line], span: Span | None) -> list[Line]:
        condition = self.e.test(test)
        if not yes and not no:
            return []
        if not yes:
            condition, yes, no = trees.negated(condition, self.integers(test)), no, []
        return [Line(gast.If(condition, self.finish(yes), self.arm(no)), span)]

    def arm(self, lines: list[Line]) -> list[Any]:
        """An else branch; one that is only another `if` is an `elif`, which takes no note."""
        if len(lines) == 1 and isinstance(lines[0].node, gast.If):
            return [lines[0].node]
        return list(self.finish(lines))

    def scan(self, eqn: Eqn, rhs: Scan) -> list[Line]:
        index, *params = rhs.body.params
        carried = len(params)
        lines = self.moves(list(zip(params, rhs.init, strict=True)))
        trips = eqn.outs[carried] if rhs.until else None
        counted, counts = self.counting(trips)
        steps = trees.call(trees.name("range"), *self.range_of(rhs))
        if rhs.reverse:
            steps = trees.call(trees.name("reversed"), steps)
        flag = rhs.body.results[carried] if rhs.until else None
        moves = self.without_spares(rhs.init, list(zip(params, rhs.body.results, strict=False)))
        body = counts + self.tail(rhs.body.eqns, moves, flag, eqn.span)
        lines += counted
        target = trees.name(self.name(index))
        node = gast.For(target, steps, self.finish(body) or [gast.Pass()], [], None)
        after = self.moves(list(zip(eqn.outs, params, strict=False)))
        return [*lines, Line(node, eqn.span), *after]

    def without_spares(self, init: Sequence[Atom], moves: Moves) -> Moves:
        """What a step sets: not the storage that `place` has a loop carry, which nobody reads."""
        return [move for a, move in zip(init, moves, strict=True) if a not in self.spares]

    def range_of(self, rhs: Scan) -> list[Any]:
        bounds = [self.e.atom(rhs.start), self.e.atom(rhs.stop), self.e.atom(rhs.step)]
        if is_integer(rhs.step, 1):
            bounds.pop()
            if is_integer(rhs.start, 0):
                bounds.pop(0)
        return bounds

    def loop(self, eqn: Eqn, rhs: While) -> list[Line]:
        flag = self.broken_by(eqn, rhs)
        kept = [k for k in range(len(rhs.init)) if flag is None or not flag.is_only_for_break(k)]
        init = [(rhs.test.params[k], rhs.init[k]) for k in kept]
        enter = [(rhs.body.params[k], rhs.test.params[k]) for k in kept]
        moves = [(rhs.test.params[k], rhs.body.results[k]) for k in kept]
        moves = list(self.without_spares([rhs.init[k] for k in kept], moves))
        after = [(eqn.outs[k], rhs.test.params[k]) for k in kept]
        counted, counts = self.counting(eqn.outs[len(rhs.init)])
        before = [] if flag is not None else self.block(rhs.test.eqns)
        test = self.e.test(rhs.test.results[0]) if flag is None else flag.test
        leave = None if flag is None else rhs.body.results[flag.position]
        body = self.moves(enter) + counts + self.tail(rhs.body.eqns, moves, leave, eqn.span)
        if before:
            stop = gast.If(trees.negated(test), [gast.Break()], [])
            body = [*before, Line(stop, eqn.span), *body]
            test = trees.literal(True)
        node = gast.While(test, self.finish(body) or [gast.Pass()], [])
        start = [*self.moves(init), *counted]
        return [*start, Line(node, eqn.span), *self.moves(after)]

    def broken_by(self, eqn: Eqn, rhs: While) -> Flag | None:
        """The carried truth that only says that the loop was left by `break`, if there is one."""
        found = self.tested(rhs)
        if found is None:
            return None
        k = found.position
        starts = rhs.init[k] == Const(False, BOOL)
        inside = any(rhs.body.params[k] in walk.reads(e) for e in rhs.body.eqns)
        if not starts or inside or rhs.body.params[k] in rhs.body.results:
            return None
        return Flag(k, found.test, eqn.outs[k] in self.read)

    def tested(self, rhs: While) -> Flag | None:
        """`while not flag` or `while not flag and test`, as the test block has them."""
        params, result = rhs.test.params, rhs.test.results[0]
        shown = [e for e in rhs.test.eqns if not self.is_silent(e)]
        if not isinstance(result, Var) or result in params:
            return None
        match self.e.definition[result].rhs:
            case Apply(op=op, args=(arg,)) if op.name == "not_" and arg in params and not shown:
                return Flag(params.index(arg), trees.literal(True), False)
            case If(test=flag, then=then, orelse=orelse) if flag in params and len(shown) == 1:
                *inner, last = orelse.eqns or [None]
                plain = all(self.is_silent(e) for e in inner if e is not None)
                stops = then.results == (Const(False, BOOL),)
                if stops and plain and last is not None and isinstance(last.rhs, Apply):
                    return Flag(params.index(flag), self.e.rhs(last), False)
        return None

    def counting(self, trips: Var | None) -> tuple[list[Line], list[Line]]:
        """Statements before the loop and in each step that count the steps, if anyone asks."""
        if trips is None or trips not in self.read:
            return [], []
        target = trees.name(self.name(trips))
        start = Line(trees.assign(target, trees.literal(0)), None, target.id)
        return [start], [Line(trees.augment(target, "+", trees.literal(1)), None, target.id)]

    def is_only_left_by(self, flag: Var, moves: Moves) -> bool:
        """Is nothing done with the flag but leaving the loop?"""
        carried = flag in self.read_by_equations or any(atom is flag for _, atom in moves)
        return not carried and not self.e.is_written_in_place(flag)

    def tail(
        self, eqns: Sequence[Eqn], moves: Moves, flag: Atom | None, span: Span | None
    ) -> list[Line]:
        """The end of a step: carried values are set, then the loop is left if the flag says so.

        A branch that decides the flag is followed, so that it ends in a plain `break` and what
        is done otherwise stands behind it at the same level.
        """
        if isinstance(flag, Const) or flag is None:
            lines = [*self.block(eqns), *self.moves(moves)]
            return [*lines, Line(gast.Break())] if flag is not None and flag.value else lines
        last = eqns[-1] if eqns else None
        if last is None or not isinstance(last.rhs, If) or not decides(last, flag):
            lines = [*self.block(eqns), *self.moves(moves)]
            test = None
            if self.is_only_left_by(flag, moves):
                lines, test = without_flag(lines, self.name(flag), self.arrays)
            if test is None:
                return [*lines, Line(gast.If(self.e.test(flag), [gast.Break()], []))]
            return [*lines, Line(gast.If(test.node.value, [gast.Break()], []), test.span)]
        head = self.block(eqns[:-1])
        arms = []
        for block, taken in ((last.rhs.then, True), (last.rhs.orelse, False)):
            values: dict[Atom, Atom] = {last.rhs.test: Const(taken, flag.type)}
            values.update(zip(last.outs, block.results, strict=True))
            own = values.get(flag, flag)
            own = values.get(own, own)
            left = {a for t, a in moves if self.is_there(t, a) and a not in last.outs}
            inner = [(t, a if a in left else values.get(a, a)) for t, a in moves]
            arms.append(self.tail(block.eqns, inner, own, last.span))
        yes, no = arms
        if yes and isinstance(yes[-1].node, gast.Break):
            condition = self.e.test(last.rhs.test)
            return [*head, Line(gast.If(condition, self.finish(yes), []), last.span), *no]
        if no and isinstance(no[-1].node, gast.Break):
            condition = trees.negated(self.e.test(last.rhs.test), self.integers(last.rhs.test))
            return [*head, Line(gast.If(condition, self.finish(no), []), last.span), *yes]
        return head + self.branch(last.rhs.test, yes, no, last.span)


def spelled(span: Span | None) -> str:
    """The symbol of the augmented assignment that the user wrote in this line, or ""."""
    text = "" if span is None else span.text
    found = [s for s in trees.OPERATORS if f" {s}= " in text]
    return found[0] if found else ""


def decides(eqn: Eqn, flag: Atom) -> bool:
    """Is the flag the branch's test, or one of its results?"""
    return flag in eqn.outs or (isinstance(eqn.rhs, If) and eqn.rhs.test is flag)


def without_flag(lines: list[Line], flag: str, arrays: Set[str]) -> tuple[list[Line], Line | None]:
    """The lines without the one that sets a flag, and that line; None where what it tests may have
    changed by their end."""
    later: set[str] = set()
    for k in reversed(range(len(lines))):
        node, target = lines[k].node, lines[k].target
        if isinstance(node, gast.Assign) and target == flag:
            names = {n.id for n in gast.walk(node.value) if isinstance(n, gast.Name)}
            if later and names & (later | arrays):
                break
            return [*lines[:k], *lines[k + 1 :]], lines[k]
        if not isinstance(node, gast.Assign | gast.AugAssign):
            break
        later.add(target)
    return lines, None


def zip_arms(eqn: Eqn, block: Block) -> list[tuple[Var, Atom]]:
    return list(zip(eqn.outs, block.results, strict=True))


def spares(function: Function, read: frozenset[Var]) -> frozenset[Atom]:
    """Storage made before a loop only to be exchanged in it: a Python name needs none."""
    made = {
        eqn.outs[0]
        for eqn in walk.equations(function.body)
        if isinstance(eqn.rhs, Apply) and eqn.rhs.op.name == "empty"
    }
    found: set[Atom] = set()
    for eqn in walk.equations(function.body):
        match eqn.rhs:
            case Scan(init=init, body=body):
                params = [{p} for p in body.params[1:]]
            case While(init=init, test=test, body=body):
                params = [{p, q} for p, q in zip(test.params, body.params, strict=True)]
            case _:
                continue
        carried = zip(init, params, eqn.outs, strict=False)
        found.update(a for a, p, o in carried if a in made and not {*p, o} & read)
    return frozenset(found)


def added(e: Expressions, target: Any, rhs: Apply, value: Any) -> Any:
    """`np.add.at(x, ..., v)`: `x[...] += v` adds once to what an index names twice."""
    first, items = e.items(rhs.params, rhs.args[2:])
    x = trees.subscript(target, first) if first else target
    sliced = any(isinstance(item, gast.Slice) for item in items)
    where = trees.subscript(trees.numpy("s_"), items) if sliced else trees.sequence(items)
    if len(items) == 1:
        where = items[0]
    name = "add"
    if isinstance(value, gast.UnaryOp) and isinstance(value.op, gast.USub):
        name, value = "subtract", value.operand
    return gast.Expr(trees.call(trees.attribute(trees.numpy(name), "at"), x, where, value))


def printed(e: Expressions, rhs: Print) -> Any:
    """`print(...)`; where there are formats, of one f-string. Or a warning of that text."""
    shown = [trees.literal(p) if isinstance(p, str) else e.atom(p) for p in rhs.parts]
    if rhs.warned is not None:
        return warning(shown, rhs.formats, rhs.warned)
    if not rhs.formats:
        return trees.call(trees.name("print"), *shown)
    *pairs, (last, _) = zip(rhs.parts, rhs.formats, strict=True)
    end = {} if last == "\n" else {"end": trees.literal(str(last))}
    pieces = [
        node if isinstance(part, str) else trees.formatted(node, how)
        for node, (part, how) in zip(shown, pairs, strict=False)
    ]
    return trees.call(trees.name("print"), gast.JoinedStr(pieces), **end)


def warning(shown: list[Any], formats: Sequence[str], warned: Warned) -> Any:
    """`warnings.warn_explicit(text, category, file, line)`, or for a line outside `warn`."""
    pieces = [
        part if isinstance(part, gast.Constant) else trees.formatted(part, how)
        for part, how in zip(shown, formats, strict=True)
    ]
    constant = all(isinstance(part, gast.Constant) for part in pieces)
    text = trees.literal("".join(p.value for p in pieces)) if constant else gast.JoinedStr(pieces)
    category = trees.name(warned.category.replace(":", "."))
    module = trees.name("warnings")
    if warned.outside or warned.span is None:
        level = trees.literal(warned.outside + 1)
        return trees.call(trees.attribute(module, "warn"), text, category, stacklevel=level)
    file, _, line = warned.span.place.rpartition(":")
    where = trees.literal(file), trees.literal(int(line))
    return trees.call(trees.attribute(module, "warn_explicit"), text, category, *where)
