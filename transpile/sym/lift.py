"""Moves numbers of the whole call out of loops and branches, to where all that they need is known.

Such a number is marked, `params["entry"]`: the size of a buffer, which has to be known before the
loop in which it is used. Only scalars move, that can be computed without raising an error; what is
not marked moves along where a marked number needs it.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from transpile.sym import walk
from transpile.sym.ir import Apply, Block, Eqn, Function, Scan, Var, While


def lift(function: Function) -> Function:
    """The function with every marked number as far out as it goes."""
    return replace(function, body=with_lifted(function.body))


def with_lifted(block: Block) -> Block:
    """The block, before each equation what comes out of the blocks inside it."""
    eqns: list[Eqn] = []
    for eqn in block.eqns:
        inner = []
        for body in walk.blocks(eqn.rhs):
            body, moved = parted(with_lifted(body))
            eqns.extend(moved)
            inner.append(body)
        eqns.append(Eqn(eqn.outs, walk.with_blocks(eqn.rhs, inner), eqn.span) if inner else eqn)
    return replace(block, eqns=tuple(eqns))


def parted(block: Block) -> tuple[Block, list[Eqn]]:
    """The block without the marked numbers that do not depend on it, and those, in their order."""
    makers = {out: eqn for eqn in block.eqns for out in eqn.outs}
    fixed = {*block.params}
    moved: dict[Eqn, None] = {}
    for eqn in block.eqns:
        if isinstance(eqn.rhs, Apply) and "entry" in eqn.rhs.params:
            moved.update(dict.fromkeys(needed(eqn, makers, fixed)))
    if not moved:
        return block, []
    kept = tuple(eqn for eqn in block.eqns if eqn not in moved)
    return replace(block, eqns=kept), [eqn for eqn in block.eqns if eqn in moved]


def needed(root: Eqn, makers: dict[Var, Eqn], fixed: set[Var]) -> Iterable[Eqn]:
    """The equations of a block that a number is computed by; none where it has to stay."""
    found: dict[Eqn, None] = {}
    left = [root]
    while left:
        eqn = left.pop()
        if not is_movable(eqn):
            return ()
        found[eqn] = None
        for var in walk.reads(eqn):
            if var in fixed:
                return ()
            if var in makers and makers[var] not in found:
                left.append(makers[var])
    return found


def is_movable(eqn: Eqn) -> bool:
    """Is it made of scalars only, without effects?"""
    if not isinstance(eqn.rhs, Apply | Scan | While):
        return False
    if not all(out.type.is_scalar for out in eqn.outs):
        return False
    if any(isinstance(a, Var) and not a.type.is_scalar for a in walk.atoms(eqn.rhs)):
        return False
    return all(map(is_movable, (e for block in walk.blocks(eqn.rhs) for e in block.eqns)))
