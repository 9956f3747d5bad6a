"""Arrays carried backwards: the reverse sweep undoes each write before what came before it.

Each write keeps the one element that it overwrites. At the reverse of an equation the array is then
what it was before that equation, so that any number of reads find their values in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from transpile.adjoint.alive import Alive, version_of
from transpile.adjoint.program import Program
from transpile.sym.ir import Apply, Block, Eqn, Scan, Var, While
from transpile.sym.ops import shape
from transpile.sym.types import result_of_element


class Undone(Struct, frozen=True):
    """The writes to one storage that are undone, each with the value that it overwrites."""

    program: Program
    storage: Var  # its last version, in the block that the storage is of
    olds: dict[Eqn, Var]

    def places(self, block: Block) -> dict[int, Eqn]:
        """The equations of a block that are such writes or have them inside."""
        found: dict[int, Eqn] = {}
        for write in self.olds:
            for home, eqn in self.program.standing(write):
                if home is block:
                    found[self.program.place[eqn]] = eqn
        return found

    def is_inside(self, block: Block) -> bool:
        return bool(self.places(block))

    def is_restored(self, version: Var, block: Block, reader: int) -> bool:
        """Is the array in this version when the reverse of the equation at `reader` runs?"""
        home = self.program.home[version]
        inner = True
        while True:
            places = self.places(block)
            birth = self.program.begins(version) if home is block else -1
            after = min((p for p in places if p > birth), default=reader)
            mixed = inner and after == reader and not is_write(places.get(after))
            if reader > after or (mixed and after in places):
                return False
            if home is block:
                return birth < reader
            block, eqn = self.program.parent[block]
            if places and isinstance(eqn.rhs, Scan | While):
                return False
            reader, inner = self.program.place[eqn], False


def is_write(eqn: Eqn | None) -> bool:
    return eqn is not None and isinstance(eqn.rhs, Apply)


Read: TypeAlias = "tuple[Apply, Block]"  # an `index`, and the block that it stands in


def undo(alive: Alive, storage: Var, reads: Iterable[Read], reversed: set[Block]) -> Undone | None:
    """What has to be undone for these reads; None where a write's block is never reversed."""
    program = alive.program
    once = program.loops(program.block_of(storage))
    writes = [
        write
        for write in alive.chains.writes(storage)
        if any(alive.may_spoil(write, version_of(rhs), rhs, home, once) for rhs, home in reads)
    ]
    if any(program.home[write.outs[0]] not in reversed for write in writes):
        return None
    return Undone(program, storage, {write: overwritten(program, write) for write in writes})


def overwritten(program: Program, write: Eqn) -> Var:
    """The value that a write overwrites: a variable that has it, or a new one."""
    rhs = write.rhs
    assert isinstance(rhs, Apply)
    read = Apply(shape.INDEX, (rhs.args[0], *rhs.args[2:]), rhs.params)
    block = program.home[write.outs[0]]
    for eqn in before(block, write):
        if isinstance(eqn.rhs, Apply) and eqn.rhs == read:
            return program.twin(eqn.outs[0])
    old = Var("", result_of_element(rhs.args[0].type.dtype, rhs.params["dims"]))
    program.insert(Eqn((old,), read, write.span), write)
    return old


def before(block: Block, eqn: Eqn) -> Iterator[Eqn]:
    return iter(block.eqns[: block.eqns.index(eqn)])
