"""What is written where a mask is true, and is computed there alone, is a choice at every element.

    x[m] = x[m] * y[m]   ->   x = where(m, x * y, x)

Nothing is counted, gathered and scattered then, and the choice joins the loops around it. Only in
C, where an element that is not chosen costs little and warns of nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from transpile.sym import fold, walk
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Block, Const, Eqn, Function, Scan, Var, While, constant
from transpile.sym.ops import arithmetic, shape

DEAR = 11  # from this cost on, an operator is only computed where it has to be


def choose(function: Function) -> Function:
    """The function with such writes as choices."""
    choice = Choice(function)
    body = choice.block(function.body)
    return fold.fold(replace(function, body=body)) if choice.made else function


class Choice:
    def __init__(self, function: Function) -> None:
        self.defs: dict[Var, Eqn] = {}
        self.changed: set[Atom] = set()  # what is written over somewhere
        self.made = False
        for eqn in walk.equations(function.body):
            self.defs.update(dict.fromkeys(eqn.outs, eqn))
            match eqn.rhs:
                case Apply(op=shape.UPDATE | shape.INCREMENT, args=(x, *_)):
                    self.changed.add(x)
                case Scan(init=init) | While(init=init):
                    self.changed.update(init)

    def block(self, block: Block) -> Block:
        eqns: list[Eqn] = []
        for eqn in block.eqns:
            inner = [self.block(b) for b in walk.blocks(eqn.rhs)]
            rhs = walk.with_blocks(eqn.rhs, inner) if inner else eqn.rhs
            found = self.chosen(eqn) if isinstance(eqn.rhs, Apply) else None
            self.made = self.made or found is not None
            eqns += [Eqn(eqn.outs, rhs, eqn.span)] if found is None else found
        return Block(block.params, tuple(eqns), block.results)

    def rhs(self, atom: Atom) -> Apply | None:
        """The operator that gives the value; a copy is what it is a copy of."""
        eqn = self.defs.get(atom) if isinstance(atom, Var) else None
        rhs = eqn.rhs if eqn is not None else None
        if isinstance(rhs, Apply) and rhs.op is shape.COPY:
            return self.rhs(rhs.args[0])
        return rhs if isinstance(rhs, Apply) else None

    def mask(self, x: Atom, index: Sequence[Any], at: Sequence[Atom]) -> Atom | None:
        """The mask of the first axes of `x` whose places the arrays of the index are."""
        count = len(at)
        if tuple(index) != ("a",) * count + (":",) * (len(index) - count):
            return None
        masks = set()
        for axis, places in enumerate(at):
            rhs = self.rhs(places)
            if rhs is None or rhs.op not in (shape.FLATNONZERO, shape.NONZERO):
                return None
            if rhs.params.get("axis", 0) != axis:
                return None
            masks.add(rhs.args[0])
        mask = masks.pop() if len(masks) == 1 else None
        if mask is None or mask.type.dims != x.type.dims[:count]:
            return None
        return mask

    def chosen(self, eqn: Eqn) -> list[Eqn] | None:
        """The write as a choice, if it can be one."""
        rhs = eqn.rhs
        assert isinstance(rhs, Apply)
        if rhs.op not in (shape.UPDATE, shape.INCREMENT):
            return None
        x, value, *at = rhs.args
        mask = self.mask(x, rhs.params["index"], at) if at else None
        if mask is None:
            return None
        everywhere = Everywhere(self, x, mask)
        everywhere.build.span = eqn.span
        found = everywhere.value(value)
        if found is None or not everywhere.gathered:
            return None
        build, more = everywhere.build, x.type.ndim - mask.type.ndim
        if more:
            mask = build.index(mask, (":",) * mask.type.ndim + ("new",) * more)
        if rhs.op is shape.INCREMENT:
            found = build.apply(arithmetic.ADD, x, found)
        return [*build.eqns, Eqn(eqn.outs, Apply(arithmetic.WHERE, (mask, found, x)), eqn.span)]


class Everywhere:
    """A value that is known where a mask is true, at every element of the array it goes to."""

    def __init__(self, choice: Choice, x: Atom, mask: Atom) -> None:
        self.choice, self.x, self.mask = choice, x, mask
        self.build = Builder()
        self.known: dict[Atom, Atom | None] = {}
        self.gathered = False

    def value(self, atom: Atom) -> Atom | None:
        if isinstance(atom, Const) or atom.type.is_scalar:
            return atom
        if atom not in self.known:
            self.known[atom] = self.computed(atom)
        return self.known[atom]

    def computed(self, atom: Atom) -> Atom | None:
        rhs = self.choice.rhs(atom)
        if rhs is None:
            return None
        if rhs.op is shape.INDEX:
            return self.whole(rhs)
        square = rhs.op is arithmetic.POWER and rhs.args[1] in (constant(2), constant(2.0))
        if rhs.op is not shape.CONVERT and not (
            rhs.op.elementwise and (rhs.op.cost < DEAR or square)
        ):
            return None
        args = [self.value(arg) for arg in rhs.args]
        found = [arg for arg in args if arg is not None]
        if len(found) < len(args):
            return None
        return self.build.apply(rhs.op, *found, **rhs.params)

    def whole(self, rhs: Apply) -> Atom | None:
        """What `y[m]` is taken from, where it has the shape of what is written."""
        y, *at = rhs.args
        if y.type.dims != self.x.type.dims or (y != self.x and y in self.choice.changed):
            return None
        if not at or self.choice.mask(y, rhs.params["index"], at) != self.mask:
            return None
        self.gathered = True
        return y
