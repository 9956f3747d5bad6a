"""What is certain of integers: indices within their extents; magnitudes against overflow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from transpile.sym.affine import Affine, Facts
from transpile.sym.ir import Apply, Atom, Block, Const, Eqn, If, Scan, Var, While

SIZE_BITS = 47  # sizes and loop indices are below 2**47: no machine addresses more
COUNTER_BITS = 61  # what counts by small steps, one at a time, does not get there in a lifetime
SMALL_STEP = 1024
FULL_BITS = 63
FITS = 62


def in_range(facts: Facts, index: Affine, extent: Affine) -> tuple[bool, bool]:
    """Is `index >= 0` certain, and `index < extent`?"""
    return facts.nonnegative(index), facts.nonnegative(extent - index - 1)


def bits_of(op: str, args: list[int], values: list[int | None]) -> int:
    """How many bits the magnitude of an integer operator's exact result may take."""
    first, last = args[0], args[-1]
    match op:
        case "add" | "subtract":
            return max(args) + 1
        case "negative" | "positive" | "absolute":
            return first
        case "multiply":
            return sum(args)
        case "floor_divide":
            return first
        case "remainder":
            return last
        case "maximum" | "minimum":
            return max(args)
        case "where":
            return max(args[1:])
        case "slice_length" | "count_nonzero":
            return SIZE_BITS
        case "sign":
            return 1
        case "power" if values[1] is not None and 0 <= values[1] <= FITS:
            return first * values[1]
        case _:
            return FULL_BITS


def whole(atom: Atom) -> int | None:
    """The integer that this is for certain."""
    if isinstance(atom, Const) and isinstance(atom.value, int | np.integer | np.bool_):
        return int(atom.value)
    return None


def constant_bits(value: Const) -> int:
    known = whole(value)
    return FULL_BITS if known is None else abs(known).bit_length()


def counts(param: Var, result: Atom, body: Block) -> bool:
    """Is a carried integer after a step what it was before, but for a small constant?"""
    defined = {out: eqn for eqn in body.eqns for out in eqn.outs}
    return small_step(param, result, defined) is not None


def small_step(param: Var, atom: Atom, defined: dict[Var, Eqn]) -> int | None:
    """The most that `atom` differs from `param`, or None where that is not small for certain."""
    if atom is param:
        return 0
    eqn = defined.get(atom) if isinstance(atom, Var) else None
    if eqn is None:
        return None
    match eqn.rhs:
        case Apply(op=op, args=(x, y)) if op.name in ("add", "subtract"):
            if isinstance(x, Const) and op.name == "add":
                x, y = y, x
            before = small_step(param, x, defined)
            if before is None or not isinstance(y, Const) or abs(y.value) > SMALL_STEP:
                return None
            return before + abs(int(y.value))
        case If(then=then, orelse=orelse):
            k = eqn.outs.index(atom)
            steps = [
                small_step(param, block.results[k], defined | definitions(block))
                for block in (then, orelse)
            ]
            known = [step for step in steps if step is not None]
            return max(known) if len(known) == 2 else None
        case Scan(init=init, body=body) | While(init=init, body=body):
            k = eqn.outs.index(atom)
            inner = body.params[-len(init) :][k] if k < len(init) else None
            if inner is None or not counts(inner, body.results[k], body):
                return None
            return small_step(param, init[k], defined)
        case _:
            return None


def definitions(block: Block) -> dict[Var, Eqn]:
    return {out: eqn for eqn in block.eqns for out in eqn.outs}


def greatest(form: Affine, ranges: Mapping[Var, tuple[Affine, Affine]]) -> Affine:
    """The most a dim can be, in integers known on entry: indices at the ends of their loops."""
    inside = [(s, k) for s, k in form.terms if s in ranges]
    while inside:
        symbol, factor = inside[-1]
        assert isinstance(symbol, Var)
        low, high = ranges[symbol]
        form = form.substitute({symbol: high if factor > 0 else low})
        inside = [(s, k) for s, k in form.terms if s in ranges]
    return form
