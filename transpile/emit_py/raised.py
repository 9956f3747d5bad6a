"""Leaves out the checks that Python makes by itself.

    if F == 0: raise ZeroDivisionError; K = P / F   ->   K = P / F

Only where the operator runs next, before anything else can be seen to happen.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from transpile.loops import inline as inlining
from transpile.loops.place import Placed
from transpile.sym import walk
from transpile.sym.ir import Apply, Atom, Block, Check, Const, Eqn, If, Var, constant

DIVISIONS = ("true_divide", "floor_divide", "remainder")


def without_raised(placed: Placed) -> Placed:
    """The function without the checks for a zero that Python's next operation makes."""
    function = placed.function
    body = Raised(placed).block(function.body)
    return replace(placed, function=replace(function, body=body))


class Raised:
    def __init__(self, placed: Placed) -> None:
        self.inline = placed.inline
        self.uses = inlining.uses(placed.function)
        self.dropped: set[Eqn] = set()

    def block(self, block: Block) -> Block:
        for k in reversed(range(len(block.eqns))):
            divisor = self.divisor(block.eqns[k])
            if divisor is not None and self.raises_next(block, k, divisor):
                self.drop(block.eqns[k])
        eqns = []
        for eqn in block.eqns:
            if eqn not in self.dropped:
                rhs = walk.with_blocks(eqn.rhs, [self.block(b) for b in walk.blocks(eqn.rhs)])
                eqns.append(Eqn(eqn.outs, rhs, eqn.span))
        return Block(block.params, tuple(eqns), block.results)

    def drop(self, eqn: Eqn) -> None:
        """Leaves out a check, and its test where nothing else asks for it."""
        (test,) = walk.atoms(eqn.rhs)
        self.dropped.add(eqn)
        if isinstance(test, Var) and len(self.uses.readers[test]) == 1:
            self.dropped.add(self.uses.definition[test][1])

    def divisor(self, eqn: Eqn) -> Atom | None:
        """What `check x != 0, else raise ZeroDivisionError` checks."""
        rhs = eqn.rhs
        if not isinstance(rhs, Check) or rhs.error != "ZeroDivisionError":
            return None
        if not isinstance(rhs.test, Var) or rhs.test not in self.inline:
            return None
        test = self.uses.definition[rhs.test][1].rhs
        if not isinstance(test, Apply) or test.op.name != "not_equal":
            return None
        return test.args[0] if test.args[1] == constant(0) else None

    def raises_next(self, block: Block, k: int, divisor: Atom) -> bool:
        """Is the first thing that happens after the check an operator that raises for zero?"""
        for place in range(k + 1, len(block.eqns)):
            if raises(block.eqns[place], divisor):
                return self.runs_here(block, place)
            if not self.is_quiet(block.eqns[place]):
                return False
        return False

    def is_quiet(self, eqn: Eqn) -> bool:
        """Can nobody see that the equation has run?"""
        plain = isinstance(eqn.rhs, Apply) and not inlining.is_write(eqn)
        return plain or eqn in self.dropped

    def runs_here(self, block: Block, place: int) -> bool:
        """Is the value computed before anything that can be seen, wherever it is written?"""
        while True:
            eqn = block.eqns[place]
            if inlining.is_write(eqn):
                return True
            (out,) = eqn.outs
            readers = self.uses.readers.get(out, [])
            inline = out in self.inline
            if not inline and len(readers) != 1:
                return True
            here = [(at, reader) for b, at, reader in readers if b is block and reader is not None]
            if not here:
                return not inline
            at, reader = min(here, key=lambda pair: pair[0])
            if not all(map(self.is_quiet, block.eqns[place + 1 : at])):
                return not inline
            if not isinstance(reader.rhs, Apply):
                return not inline or (isinstance(reader.rhs, If) and reader.rhs.test is out)
            if reader.rhs.op.name == "where":
                return False
            place = at


def raises(eqn: Eqn, divisor: Atom) -> bool:
    """Is it an operator of Python's own scalars that raises where this operand is zero?"""
    rhs = eqn.rhs
    if not isinstance(rhs, Apply) or any(a.type.kind != "python" for a in (*rhs.args, *eqn.outs)):
        return False
    if rhs.op.name == "power":
        return rhs.args[0] is divisor and is_negative(rhs.args)
    return rhs.op.name in DIVISIONS and rhs.args[1] is divisor


def is_negative(args: Sequence[Atom]) -> bool:
    return isinstance(args[1], Const) and args[1].value < 0
