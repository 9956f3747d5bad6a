"""Moves numbers of the whole call out of loops and branches, to where all that they need is known.

Such a number is the length of an array, or it is marked, `params["entry"]`: the size of a buffer,
which has to be known before the loop in which it is used. Only scalars move, that can be computed
without raising an error; others move along where one of these needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from transpile.sym import walk
from transpile.sym.ir import Apply, Block, Const, Eqn, Function, Scan, Var, While
from transpile.sym.ops import arithmetic, shape

STEADY = (
    arithmetic.ADD, arithmetic.SUBTRACT, arithmetic.MULTIPLY, arithmetic.NEGATIVE, arithmetic.WHERE,
    arithmetic.LESS, arithmetic.LESS_EQUAL, arithmetic.GREATER, arithmetic.GREATER_EQUAL,
    arithmetic.EQUAL, arithmetic.NOT_EQUAL, arithmetic.MAXIMUM, arithmetic.MINIMUM,
    shape.SLICE_LENGTH,
)  # fmt: skip
DIVISIONS = (arithmetic.FLOOR_DIVIDE, arithmetic.REMAINDER)


def lift(function: Function) -> Function:
    """The function with every such number as far out as it goes."""
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
    """The block without such numbers that do not depend on it, and those, in their order."""
    makers = {out: eqn for eqn in block.eqns for out in eqn.outs}
    fixed = {*block.params}
    moved: dict[Eqn, None] = {}
    for eqn in block.eqns:
        if isinstance(eqn.rhs, Apply) and "entry" in eqn.rhs.params:
            moved.update(dict.fromkeys(needed(eqn, makers, fixed, is_movable)))
    for length in lengths(block):
        if length in makers and makers[length] not in moved:
            moved.update(dict.fromkeys(needed(makers[length], makers, fixed, is_steady)))
    if not moved:
        return block, []
    kept = tuple(eqn for eqn in block.eqns if eqn not in moved)
    return replace(block, eqns=kept), [eqn for eqn in block.eqns if eqn in moved]


def lengths(block: Block) -> dict[Var, None]:
    """The integers that the lengths of arrays are made of here, in inner blocks too."""
    found: dict[Var, None] = {}
    for eqn in block.eqns:
        for out in eqn.outs:
            found.update(dict.fromkeys(walk.type_symbols(out.type)))
        for inner in walk.blocks(eqn.rhs):
            found.update(lengths(inner))
    return found


def needed(
    root: Eqn, makers: dict[Var, Eqn], fixed: set[Var], may_move: Callable[[Eqn], bool]
) -> Iterable[Eqn]:
    """The equations of a block that a number is computed by; none where it has to stay."""
    found: dict[Eqn, None] = {}
    left = [root]
    while left:
        eqn = left.pop()
        if not may_move(eqn):
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


def is_steady(eqn: Eqn) -> bool:
    """Is it arithmetic of integers that has no errors, wherever it stands?"""
    match eqn.rhs:
        case Apply(op=op, args=(*_, Const() as by)) if op in DIVISIONS:
            return bool(by.value) and is_movable(eqn)
        case Apply(op=op):
            return op in STEADY and is_movable(eqn)
    return False
