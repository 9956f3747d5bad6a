"""Copies what a view shows where its base is written while the view is still to be read.

    g = d[1:-1]; d[1:-1] = 0; e = 2 * g   ->   g = d[1:-1].copy(); ...

A copy of the part that is read, so that the base itself needs none.
"""

from __future__ import annotations

from msgspec.structs import replace

from transpile.loops import inline as inlining
from transpile.sym import walk
from transpile.sym.ir import Apply, Block, Eqn, Function, Var
from transpile.sym.ops import shape


def protect(function: Function) -> Function:
    """The function with a copy of each view that is read after its base was written."""
    return replace(function, body=Protection(function).block(function.body))


class Protection:
    def __init__(self, function: Function) -> None:
        self.inlining = inlining.Inlining(function)
        self.position: dict[Block, tuple[Block, int]] = {}  # where a block stands in its parent
        self.locate(function.body)

    def locate(self, block: Block) -> None:
        for position, eqn in enumerate(block.eqns):
            for inner in walk.blocks(eqn.rhs):
                self.position[inner] = block, position
                self.locate(inner)

    def block(self, block: Block) -> Block:
        eqns: list[Eqn] = []
        for position, eqn in enumerate(block.eqns):
            inner = [self.block(b) for b in walk.blocks(eqn.rhs)]
            rhs = walk.with_blocks(eqn.rhs, inner) if inner else eqn.rhs
            if inlining.is_view(eqn) and self.is_endangered(block, position, eqn.outs[0]):
                part = Var("", eqn.outs[0].type)
                eqns.append(Eqn((part,), rhs, eqn.span))
                rhs = Apply(shape.COPY, (part,))
            eqns.append(Eqn(eqn.outs, rhs, eqn.span))
        return Block(block.params, tuple(eqns), block.results)

    def is_endangered(self, block: Block, position: int, view: Var) -> bool:
        """Is the base written between the view and its last reader?"""
        base = {self.inlining.base(view)}
        last = self.last_read(block, view)
        return any(base & self.inlining.consumed(e) for e in block.eqns[position + 1 : last])

    def last_read(self, block: Block, view: Var) -> int:
        """The position up to which equations may not write; a loop that reads it belongs to it."""
        last = 0
        for where, at, eqn in self.inlining.uses.readers.get(view, ()):
            stop = at
            while where is not block:
                where, stop = self.position[where]
                stop += 1
            if eqn is not None and inlining.is_view(eqn):
                stop = max(stop, self.last_read(block, eqn.outs[0]))
            last = max(last, stop)
        return last
