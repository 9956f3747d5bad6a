"""Lengths of the items of a list: computed once more, of what was there before the first item."""

from __future__ import annotations

from transpile.frontend import extents
from transpile.frontend.context import Context
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Const, Var, constant
from transpile.sym.ops import arithmetic


class Outside:
    """Computes integers of an item once more, of what was there before the first item."""

    def __init__(self, ctx: Context, build: Builder, since: int) -> None:
        self.ctx, self.build, self.since = ctx, build, since
        self.found: dict[Atom, Atom | None] = {}

    def dim(self, dim: Affine) -> Affine:
        """A length that is the same for every item. Refuses another."""
        found = self.known(dim)
        if found is None:
            self.ctx.fail(
                "the lengths in this list differ from item to item",
                "make an array that is large enough, and fill it in a `for` loop",
            )
        return found

    def known(self, dim: Affine) -> Affine | None:
        """The length; None where it is made of what is not there."""
        for symbol in dim.symbols():
            assert isinstance(symbol, Var)
            found = self.again(symbol)
            if found is None:
                return None
            if found is not symbol:
                dim = dim.substitute({symbol: self.build.dim(found)})
        return dim

    def again(self, value: Atom) -> Atom | None:
        """None where what it is made of is not there."""
        if isinstance(value, Const) or value.serial <= self.since:
            return value
        if value not in self.found:
            made = extents.definition(self.ctx.build, value)
            self.found[value] = None if made is None else self.applied(made)
        return self.found[value]

    def applied(self, made: Apply) -> Atom | None:
        name = made.op.name
        args = [found for arg in made.args if (found := self.again(arg)) is not None]
        if name not in STEADY or len(args) < len(made.args):
            return None
        if name in DIVIDES:
            args[DIVIDES[name]] = self.nonzero(args[DIVIDES[name]])
        return self.build.apply(made.op, *args, **made.params)

    def nonzero(self, by: Atom) -> Atom:
        """What is divided by; where it is 0, an item that is read raises."""
        if isinstance(by, Const):
            return by
        none = self.build.apply(arithmetic.EQUAL, by, constant(0))
        return self.build.apply(arithmetic.WHERE, none, constant(1), by)


DIVIDES = {"slice_length": 2, "floor_divide": 1}  # by which operand
STEADY = {"add", "subtract", "multiply", "where", "less", "greater", "maximum", *DIVIDES}
