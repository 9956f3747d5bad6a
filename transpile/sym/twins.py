"""Carried integers of one name that are always equal, such as the lengths of lists that grow
together, are one.

Those of a loop are held to be equal where they begin so, until a round says otherwise: what a body
computes is numbered, what is computed alike has one number, and those whose numbers differ after a
round are parted. What is left is equal before each round, hence after it. (Alpern, Wegman and
Zadeck, Detecting equality of variables in programs, POPL 1988.)
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from msgspec.structs import replace

from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Block, Eqn, Function, If, Scan, Var, While
from transpile.sym.types import INT


def merged(function: Function) -> Function:
    """The function with one of each of these; the others are read by nothing."""
    loops = [e for e in walk.equations(function.body) if isinstance(e.rhs, Scan | While)]
    if not any(len(group) > 1 for loop in loops for group in alike(loop)):
        return function
    numbers = Numbers()
    numbers.block(function.body)
    one: dict[Var, Atom] = {}
    for loop, groups in numbers.groups.items():
        for first, *others in groups:
            for k in others:
                for vars in carried(loop):
                    one[vars[k]] = vars[first]
    if not one:
        return function
    return replace(function, body=walk.substitute(function.body, one))


def carried(loop: Eqn) -> tuple[Sequence[Var], ...]:
    """The variables that carry: the outs, and the params of each block."""
    match loop.rhs:
        case Scan(body=body):
            return loop.outs, body.params[1:]
        case While(test=test, body=body):
            return loop.outs, test.params, body.params
    raise AssertionError(type(loop.rhs).__name__)


def alike(loop: Eqn) -> list[list[int]]:
    """The places of the carried integers that have one name."""
    found: dict[str, list[int]] = {}
    *_, params = carried(loop)
    for k, param in enumerate(params[: len(loop.rhs.init)]):  # type: ignore[union-attr]
        if param.type == INT and param.name:
            found.setdefault(param.name, []).append(k)
    return list(found.values())


class Numbers:
    """A number for each value; values that have one number are certainly equal."""

    def __init__(self) -> None:
        self.of: dict[Var, Hashable] = {}
        self.table: dict[Hashable, int] = {}
        self.groups: dict[Eqn, list[list[int]]] = {}

    def atom(self, atom: Atom) -> Hashable:
        return self.of.get(atom, atom.serial) if isinstance(atom, Var) else atom

    def numbered(self, key: Hashable) -> Hashable:
        return "made", self.table.setdefault(key, len(self.table))

    def block(self, block: Block) -> list[Hashable]:
        for eqn in block.eqns:
            self.eqn(eqn)
        return list(map(self.atom, block.results))

    def eqn(self, eqn: Eqn) -> None:
        match eqn.rhs:
            case Apply(op=op, args=args, params=params) if eqn.outs[0].type.is_scalar:
                given = tuple((key, self.param(params[key])) for key in sorted(params))
                self.of[eqn.outs[0]] = self.numbered((op, tuple(map(self.atom, args)), given))
            case If(test=test, then=then, orelse=orelse):
                ways = zip(eqn.outs, self.block(then), self.block(orelse), strict=True)
                for out, a, b in ways:
                    self.of[out] = self.numbered(("if", self.atom(test), a, b))
            case Scan() | While():
                self.loop(eqn, eqn.rhs)

    def param(self, value: object) -> Hashable:
        if isinstance(value, Affine):
            found = {self.atom(s): c for s, c in value.terms if isinstance(s, Var)}
            return frozenset(found.items()), value.const
        if isinstance(value, tuple | list):
            return tuple(map(self.param, value))
        return value if isinstance(value, Hashable) else id(value)

    def loop(self, loop: Eqn, rhs: Scan | While) -> None:
        """Part those that begin alike, until those of a group are equal after a round."""
        groups = [
            group
            for names in alike(loop)
            for group in parted(names, [self.atom(rhs.init[k]) for k in names])
        ]
        while True:
            for group in groups:
                for vars in carried(loop):
                    for k in group:
                        self.of[vars[k]] = ("carried", vars[group[0]].serial)
            results = self.block(rhs.body)
            finer = [p for group in groups for p in parted(group, [results[k] for k in group])]
            if len(finer) == len(groups):
                break
            groups = finer
        self.groups[loop] = groups


def parted(places: Sequence[int], keys: Sequence[Hashable]) -> list[list[int]]:
    """The places in groups of one key each."""
    found: dict[Hashable, list[int]] = {}
    for place, key in zip(places, keys, strict=True):
        found.setdefault(key, []).append(place)
    return list(found.values())
