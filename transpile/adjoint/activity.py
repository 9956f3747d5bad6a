"""Which values vary with the arguments that are asked about, and also matter for the results.

Only those have a cotangent. Influence is a graph over variables, the same for loops and branches:
what a loop carries is influenced by its initial value and by the value after each step.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from transpile.sym import walk
from transpile.sym.ir import Apply, Atom, Block, Custom, Eqn, If, Scan, Var, While
from transpile.sym.ops.table import Rule


def active(block: Block, sources: Iterable[Var], results: Iterable[Atom]) -> frozenset[Var]:
    """The variables on a differentiable way from `sources` to `results`."""
    onward: dict[Var, list[Var]] = {}
    back: dict[Var, list[Var]] = {}
    for source, target in influences(block):
        onward.setdefault(source, []).append(target)
        back.setdefault(target, []).append(source)
    wanted = [r for r in results if isinstance(r, Var) and r.type.is_smooth]
    return frozenset(reach(sources, onward) & reach(wanted, back))


def reach(start: Iterable[Var], edges: dict[Var, list[Var]]) -> set[Var]:
    seen, left = set(start), list(start)
    while left:
        for target in edges.get(left.pop(), ()):
            if target not in seen:
                seen.add(target)
                left.append(target)
    return seen


def influences(block: Block) -> Iterator[tuple[Var, Var]]:
    """Pairs (a, b): b varies with a, both being floats."""
    for eqn in walk.equations(block):
        for source, target in direct(eqn):
            if isinstance(source, Var) and source.type.is_smooth and target.type.is_smooth:
                yield source, target


def direct(eqn: Eqn) -> Iterator[tuple[Atom, Var]]:
    match eqn.rhs:
        case Apply() as rhs:
            for arg, _ in differentiable(rhs):
                yield arg, eqn.outs[0]
        case Custom(sources=sources):
            yield from itertools.product(sources, eqn.outs)
        case Scan(init=init, body=body):
            yield from carried(init, body.params[1:], body.results, eqn.outs)
        case While(init=init, body=body):
            yield from carried(init, body.params, body.results, eqn.outs)
        case If(then=then, orelse=orelse):
            for branch in (then, orelse):
                yield from zip(branch.results, eqn.outs, strict=True)


def carried(
    init: Sequence[Atom], params: Sequence[Var], results: Sequence[Atom], outs: Sequence[Var]
) -> Iterator[tuple[Atom, Var]]:
    for first, param, result, out in zip(init, params, results, outs, strict=False):
        for value in (first, result):
            yield value, param
            yield value, out


def differentiable(rhs: Apply) -> Iterator[tuple[Atom, Rule | None]]:
    """The arguments that the operator's derivative says something of, with its rule.

    None is the rule where there is no derivative, of the operator or by this argument: an error if
    it is ever asked for.
    """
    for name, arg in zip(rhs.op.args, rhs.args, strict=False):
        if name.startswith("*"):
            return
        if rhs.op.vjp is None or (name not in rhs.op.vjp and arg.type.is_smooth):
            yield arg, None
        elif rhs.op.vjp.get(name, "0") != "0":
            yield arg, rhs.op.vjp[name]
        elif name in rhs.op.vjp and arg.type.is_complex and rhs.op.turns(arg.type):
            yield arg, None
