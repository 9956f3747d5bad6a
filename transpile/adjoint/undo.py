"""Arrays carried backwards: the reverse sweep undoes each write before what came before it.

Each write keeps the one element that it overwrites. At the reverse of an equation the array is then
what it was before that equation, so that any number of reads find their values in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from transpile.adjoint.alive import Alive, version_of
from transpile.adjoint.program import Program
from transpile.sym.ir import Apply, Block, Eqn, Scan, Var, While
from transpile.sym.ops import shape
from transpile.sym.types import result_of_element

Read: TypeAlias = "tuple[Apply, Block]"  # an `index`, and the block that it stands in


class Undone(Struct, frozen=True):
    """The writes to one storage that are undone, each with the value that it overwrites."""

    program: Program
    storage: Var  # its last version, in the block that the storage is of
    olds: dict[Eqn, Var]

    def is_inside(self, block: Block) -> bool:
        """Does a block have such writes?"""
        return bool(places(self.program, self.olds, block))

    def is_restored(self, alive: Alive, read: Read, block: Block, reader: int) -> bool:
        """Is the element what it was in its version of the array, when the reverse of the equation
        at `reader` of the block runs?"""
        program, version = self.program, version_of(read[0])
        home, inner = program.home[version], True
        while True:
            birth = program.begins(version) if home is block else -1
            found = places(program, self.touching(alive, read, program.loops(block)), block)
            after = min((p for p in found if p > birth), default=reader)
            mixed = inner and after == reader and not is_write(found.get(after))
            if reader > after or (mixed and after in found):
                return False
            if home is block:
                return birth < reader
            outer, eqn = program.parent[block]
            if isinstance(eqn.rhs, Scan | While):
                others = self.touching(alive, read, program.loops(outer))
                if places(program, others, block):
                    return False
            reader, inner, block = program.place[eqn], False, outer

    def touching(self, alive: Alive, read: Read, same: Sequence[Block]) -> list[Eqn]:
        """The writes that may touch what is read, in one step of the loops `same`."""
        rhs, home = read
        return [write for write in self.olds if alive.collide(write, rhs, home, same, None, 0)]


def places(program: Program, writes: Iterable[Eqn], block: Block) -> dict[int, Eqn]:
    """The equations of a block that are one of these writes or have one inside."""
    found: dict[int, Eqn] = {}
    for write in writes:
        for home, eqn in program.standing(write):
            if home is block:
                found[program.place[eqn]] = eqn
    return found


def is_write(eqn: Eqn | None) -> bool:
    return eqn is not None and isinstance(eqn.rhs, Apply)


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
