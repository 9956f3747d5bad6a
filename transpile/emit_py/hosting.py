"""Values that have storage but need no statement: Python writes them where they are used.

    product_h = W @ h; h = np.tanh(product_h + b)   ->   h = np.tanh(W @ h + b)

Only what stands directly before the statement that reads it, so nothing changes in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transpile.loops import inline as inlining
from transpile.loops.place import Placed
from transpile.sym import walk
from transpile.sym.ir import Apply, Atom, Block, Check, Eqn, Function, If, Scan, Var, While


def final_branch(eqns: Sequence[Eqn], results: Sequence[Atom]) -> If | None:
    """The branch at the end that decides what is returned: each of its arms returns by itself."""
    last = eqns[-1] if eqns else None
    if last is None or not isinstance(last.rhs, If) or not set(last.outs) & set(results):
        return None
    return last.rhs


def last_blocks(function: Function) -> Iterator[Block]:
    """The blocks that end in a return."""
    left = [Block((), function.body.eqns, function.returned)]
    yield function.body
    while left:
        block = left.pop()
        branch = final_branch(block.eqns, block.results)
        if branch is not None:
            yield from (branch.then, branch.orelse)
            left += (branch.then, branch.orelse)


class Hosting:
    """Finds them, block by block."""

    def __init__(self, placed: Placed, definition: Mapping[Var, Eqn]) -> None:
        self.placed, self.definition = placed, definition
        self.uses = inlining.uses(placed.function)
        self.hosted: set[Var] = set()
        self.last = set(last_blocks(placed.function))

    def run(self) -> frozenset[Var]:
        self.visit(self.placed.function.body)
        return frozenset(self.hosted)

    def visit(self, block: Block) -> None:
        pending: list[Eqn] = []
        for eqn in block.eqns:
            for inner in walk.blocks(eqn.rhs):
                self.visit(inner)
            if eqn.outs and eqn.outs[0] in self.placed.inline:
                continue
            if isinstance(eqn.rhs, Apply | If | Check | Scan | While):
                self.host(pending, eqn)
            else:
                pending = []
            if not self.may_wait(eqn):
                pending = []
            else:
                pending.append(eqn)
        if block in self.last:
            self.host(pending, None)

    def may_wait(self, eqn: Eqn) -> bool:
        """Can the value be written later, in the statement that reads it?"""
        if not isinstance(eqn.rhs, Apply) or inlining.is_write(eqn):
            return False
        (out,) = eqn.outs
        readers = self.uses.readers.get(out, ())
        if len(readers) != 1 or readers[0][0] is not self.uses.block[out]:
            return False
        if self.placed.slots[out].role == "param" and not out.type.is_scalar:
            return False
        reader = readers[0][2]
        if inlining.is_copy(eqn):
            return reader is None
        return not out.name or reader is None or is_conversion(reader)

    def host(self, pending: list[Eqn], eqn: Eqn | None) -> None:
        """Hosts what `eqn`, or the return, reads of the equations directly before it."""
        for waiting in reversed(pending):
            (out,) = waiting.outs
            reader = self.uses.readers[out][0][2]
            if reader is not eqn and not self.written_in(reader, eqn):
                return
            if eqn is not None and inlining.is_write(eqn) and walk.atoms(eqn.rhs)[0] is out:
                return
            if isinstance(eqn, Eqn) and walk.blocks(eqn.rhs) and not out.type.is_scalar:
                return
            if eqn is None and out.name and not inlining.is_copy(waiting):
                return
            self.hosted.add(out)

    def written_in(self, reader: Eqn | None, eqn: Eqn | None) -> bool:
        """Does the reader's text stand in that of `eqn`?"""
        while reader is not None and reader is not eqn:
            if not reader.outs or not (
                reader.outs[0] in self.placed.inline or reader.outs[0] in self.hosted
            ):
                return False
            readers = self.uses.readers[reader.outs[0]]
            if len(readers) != 1:  # a sign is written wherever it is read
                return False
            reader = readers[0][2]
        return reader is eqn


def is_conversion(eqn: Eqn) -> bool:
    """Does it only change the kind of a scalar? The user's value goes by one name before it."""
    return (
        isinstance(eqn.rhs, Apply) and eqn.rhs.op.name == "convert" and eqn.outs[0].type.is_scalar
    )
