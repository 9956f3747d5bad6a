"""Results of inner loops and branches that the reverse sweep has again by running them again.

What is run is the equation without its effects, and without whatever the wanted results do not
take. Elements that it reads of arrays are read where they still are, or are restored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from transpile.adjoint.alive import There
from transpile.adjoint.program import UNKNOWN, Program, length
from transpile.sym import walk
from transpile.sym.fold import prune_eqn
from transpile.sym.ir import Apply, Block, Custom, Eqn, If, Scan, Var, While
from transpile.sym.ops import shape

Find: TypeAlias = "Callable[[Apply, Block], There | None]"  # for a read, and where it stands


class Again(Struct, frozen=True):
    """An equation to be run again; `arrays` are what it reads in place of the program's own."""

    eqn: Eqn
    arrays: Mapping[Var, There]

    def needs(self) -> Iterator[Var]:
        """What it reads of the program."""
        yield from (v for v in walk.reads(self.eqn) if v not in self.arrays)
        yield from (there.array for there in self.arrays.values())


def again(program: Program, eqn: Eqn, wanted: Collection[Var], find: Find) -> Again | None:
    """How to have these results of an equation once more; None where that cannot be."""
    if not isinstance(eqn.rhs, Scan | While | If) or any(map(is_custom, inner(eqn))):
        return None
    (quiet,) = walk.effectless(Block((), (eqn,), ())).eqns
    pruned = prune_eqn(quiet, set(wanted))
    redirect = Redirection(program, find, {out for e in inner(pruned) for out in e.outs})
    return Again(redirect.eqn(pruned), redirect.arrays)


def inner(eqn: Eqn) -> Iterator[Eqn]:
    for block in walk.blocks(eqn.rhs):
        yield from walk.equations(block)


def is_custom(eqn: Eqn) -> bool:
    return isinstance(eqn.rhs, Custom)


class Redirection:
    """Has the elements that an equation reads of arrays around it read where `find` says."""

    def __init__(self, program: Program, find: Find, inside: set[Var]) -> None:
        self.program, self.find, self.inside = program, find, inside
        self.arrays: dict[Var, There] = {}
        self.names: dict[tuple[Var, Var | None], Var] = {}

    def eqn(self, eqn: Eqn) -> Eqn:
        match eqn.rhs:
            case Apply(op=shape.INDEX, args=(Var() as array, *at)) as rhs:
                if self.is_around(array):
                    there = self.find(rhs, self.program.home[eqn.outs[0]])
                    if there is not None:
                        read = replace(rhs, args=(self.name(there), *at))
                        return Eqn(eqn.outs, read, eqn.span)
        blocks = [self.block(block) for block in walk.blocks(eqn.rhs)]
        return Eqn(eqn.outs, walk.with_blocks(eqn.rhs, blocks), eqn.span)

    def block(self, block: Block) -> Block:
        self.inside.update(block.params)
        return replace(block, eqns=tuple(map(self.eqn, block.eqns)))

    def is_around(self, array: Var) -> bool:
        """Is it of a loop or branch around the equation?"""
        return array not in self.inside and not self.program.is_outside(array)

    def name(self, there: There) -> Var:
        """What stands for an array in the equation."""
        key = there.array, there.storage
        if key not in self.names:
            self.names[key] = Var("", there.array.type)
            self.arrays[self.names[key]] = there
        return self.names[key]


def cost(eqn: Eqn, program: Program, of: Callable[[Eqn, Apply], float]) -> float:
    """About how long an equation takes, if `of` says that of one operator."""

    def block(found: Block) -> float:
        return sum(cost(e, program, of) for e in found.eqns)

    match eqn.rhs:
        case Apply() as rhs:
            return of(eqn, rhs)
        case Scan(start=start, stop=stop, body=body):
            return length(program.dim(stop) - program.dim(start)) * block(body)
        case While(test=test, body=body):
            return UNKNOWN * (block(test) + block(body))
        case If(then=then, orelse=orelse):
            return max(block(then), block(orelse))
    return 1.0
