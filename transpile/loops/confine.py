"""What a carried integer can be at any step: not below zero or its first value, nor beyond a bound.

    k = 0; for i in 1..n: if x[i] > x[k]: k = i          0 <= k < n

A guess holds if it holds of the first value, and of each value that a step may end with, given
that it held before and what is certain there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from transpile.loops.context import Context
from transpile.sym import ir, walk
from transpile.sym.affine import Affine, Symbol
from transpile.sym.build import scan_facts
from transpile.sym.ir import Atom, Block, Var
from transpile.sym.ops import arithmetic

Facts = tuple[Affine, ...]


class End(Struct, frozen=True):
    """A value that a step may end with, where `facts` hold and `same` are what is guessed of."""

    value: Affine
    facts: Facts
    same: tuple[Var, ...]


def confine(
    c: Context, params: Sequence[Var], init: Sequence[Atom], body: Block
) -> tuple[Affine, ...]:
    """What is certain of the integers that a loop carries, and is known from here on."""
    before = c.facts.known
    for param, first, result in zip(params, init, body.results, strict=False):
        if param.type.is_index:
            c.facts = c.facts.having(*confined(c, param, first, result, body))
    return tuple(fact for fact in c.facts.known if fact not in before)


def left(
    c: Context, outs: Sequence[Var], params: Sequence[Var], init: Sequence[Atom], facts: Facts
) -> None:
    """What was certain at every step is so behind the loop, if it is of the first value there."""
    for out, param, first in zip(outs, params, init, strict=False):
        for fact in facts:
            if param not in fact.symbols():
                continue
            if c.facts.nonnegative(fact.substitute({param: c.form(first)})):
                c.facts = c.facts.having(fact.substitute({param: Affine.of(out)}))


def confined(c: Context, param: Var, first: Atom, result: Atom, body: Block) -> Facts:
    """What is >= 0 of a carried integer at every step, as far as `c` is inside the loop."""
    ends = list(endings(c, result, (param,), ()))
    inner = made_in(body)
    value, start = Affine.of(param), c.form(first)
    found: list[Affine] = []
    for guess in (value, value - start, start - value, *(b - value for b in bounds(c, ends))):
        known = inner.isdisjoint(s for s in guess.symbols() if s is not param)
        if known and not c.facts.nonnegative(guess) and holds(c, guess, param, start, ends):
            found.append(guess)
    return tuple(found)


def holds(c: Context, guess: Affine, param: Var, start: Affine, ends: list[End]) -> bool:
    if not c.facts.nonnegative(guess.substitute({param: start})):
        return False
    for end in ends:
        before = (guess.substitute({param: Affine.of(s)}) for s in end.same)
        if not c.facts.having(*end.facts, *before).nonnegative(
            guess.substitute({param: end.value})
        ):
            return False
    return True


def bounds(c: Context, ends: list[End]) -> Iterator[Affine]:
    """The most that loops' indices can be which a step may end with."""
    for symbol in dict.fromkeys(end.value.symbol for end in ends):
        if symbol in c.ranges:
            yield c.ranges[symbol][1]


def made_in(body: Block) -> set[Symbol]:
    """What has another value at another step."""
    found: set[Symbol] = {*body.params}
    for eqn in walk.equations(body):
        found.update(eqn.outs)
        for block in walk.blocks(eqn.rhs):
            found.update(block.params)
    return found


def endings(c: Context, atom: Atom, same: tuple[Var, ...], facts: Facts) -> Iterator[End]:
    """The values that one may be which are not one of `same`."""
    if atom in same:
        return
    eqn = c.defs.get(atom) if isinstance(atom, Var) else None
    match eqn.rhs if eqn is not None else None:
        case ir.If(test=test, then=then, orelse=orelse):
            assert eqn is not None and isinstance(atom, Var)
            k = eqn.outs.index(atom)
            for block, truth in ((then, True), (orelse, False)):
                yield from endings(c, block.results[k], same, (*facts, *c.know(test, truth)))
        case ir.Apply(op=arithmetic.WHERE, args=(test, x, y)):
            yield from endings(c, x, same, (*facts, *c.know(test, True)))
            yield from endings(c, y, same, (*facts, *c.know(test, False)))
        case ir.Scan() as scan if eqn is not None and atom in eqn.outs[: len(scan.init)]:
            k = eqn.outs.index(atom)
            index, *params = scan.body.params
            start, stop, step = (c.form(a) for a in (scan.start, scan.stop, scan.step))
            c.ranges[index] = (start, stop - 1) if (step.constant or 0) > 0 else (stop + 1, start)
            inner = (*facts, *scan_facts(index, start, stop, step))
            yield from endings(c, scan.init[k], same, facts)
            yield from endings(c, scan.body.results[k], (*same, params[k]), inner)
        case _:
            yield End(c.form(atom), facts, same)
