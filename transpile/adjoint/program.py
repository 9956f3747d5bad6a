"""Where everything stands in the program that is reversed: homes, makers, and the loops around."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from math import prod

from transpile.errors import Span
from transpile.sym import walk
from transpile.sym.affine import Affine, Facts
from transpile.sym.build import Builder, affine_result, is_length
from transpile.sym.ir import Apply, Atom, Block, Const, Eqn, Scan, Var, While
from transpile.sym.types import Type


class Program:
    """The body of a function, and for every variable and block in it where it stands."""

    def __init__(self, body: Block) -> None:
        self.body = body
        self.home: dict[Var, Block] = {}
        self.maker: dict[Var, Eqn] = {}
        self.parent: dict[Block, tuple[Block, Eqn]] = {}
        self.place: dict[Eqn, int] = {}
        self.twins: dict[Var, Var] = {}
        self.inserted: dict[Eqn, Eqn] = {}
        self.visit(body, {})
        self.forms = forms(body)

    def visit(self, block: Block, seen: Mapping[Hashable, Var]) -> None:
        known = dict(seen)
        for param in block.params:
            self.home[param] = block
        for place, eqn in enumerate(block.eqns):
            self.place[eqn] = place
            for out in eqn.outs:
                self.home[out], self.maker[out] = block, eqn
            if isinstance(eqn.rhs, Apply):
                args = tuple(
                    self.twins.get(a, a) if isinstance(a, Var) else a for a in eqn.rhs.args
                )
                key = (eqn.rhs.op, args, repr(sorted(eqn.rhs.params.items(), key=first)))
                self.twins[eqn.outs[0]] = known.setdefault(key, eqn.outs[0])
            for inner in walk.blocks(eqn.rhs):
                self.parent[inner] = block, eqn
                self.visit(inner, known)

    def twin(self, var: Var) -> Var:
        """The first variable in sight that has the same value by the same operator."""
        return self.twins.get(var, var)

    def begins(self, var: Var) -> int:
        """Where in its block a variable begins; -1 for a param."""
        eqn = self.maker.get(var)
        return -1 if eqn is None else self.place[eqn]

    def span(self, var: Var) -> Span | None:
        """The line that a variable comes from; a loop's line for what it carries."""
        eqn = self.maker.get(var)
        if eqn is None and self.home[var] in self.parent:
            eqn = self.parent[self.home[var]][1]
        return None if eqn is None else eqn.span

    def insert(self, eqn: Eqn, before: Eqn) -> None:
        """Add an equation that the program will have before another of its own."""
        self.inserted[before] = eqn
        self.place[eqn] = self.place[before]
        for out in eqn.outs:
            self.home[out], self.maker[out] = self.home[before.outs[0]], eqn

    def listed(self, block: Block) -> Iterator[Eqn]:
        """The equations of a block with those that were inserted."""
        for eqn in block.eqns:
            if eqn in self.inserted:
                yield self.inserted[eqn]
            yield eqn

    def standing(self, eqn: Eqn) -> Iterator[tuple[Block, Eqn]]:
        """The equation in its block, the one around it in the block around, and so on."""
        block = self.home[eqn.outs[0]]
        while True:
            yield block, eqn
            if block not in self.parent:
                return
            block, eqn = self.parent[block]

    def loops(self, block: Block) -> tuple[Block, ...]:
        """The bodies of the loops around, the outermost first; `block` may be the last."""
        found: list[Block] = []
        while block in self.parent:
            outer, eqn = self.parent[block]
            if isinstance(eqn.rhs, Scan | While):
                found.append(block)
            block = outer
        return tuple(reversed(found))

    def outermost(self, block: Block) -> Eqn:
        """The equation at the top of the function that `block` is inside of."""
        outer, eqn = self.parent[block]
        return eqn if outer is self.body else self.outermost(outer)

    def scan(self, body: Block) -> Scan | None:
        """The Scan with this body."""
        rhs = self.parent[body][1].rhs if body in self.parent else None
        return rhs if isinstance(rhs, Scan) else None

    def is_index(self, var: Var) -> bool:
        """Is it the index of a Scan?"""
        home = self.home.get(var)
        return home is not None and self.scan(home) is not None and home.params[0] is var

    def block_of(self, var: Var) -> Block:
        """The block that defines a variable; the function's own for what is known before it."""
        return self.home.get(var, self.body)

    def is_outside(self, var: Var) -> bool:
        """Is it known at the top of the function?"""
        return self.block_of(var) is self.body

    def dim(self, atom: Atom) -> Affine:
        if isinstance(atom, Const):
            return Affine((), int(atom.value))
        return self.forms.get(atom, Affine.of(atom))


def first(pair: tuple[str, object]) -> str:
    return pair[0]


def forms(block: Block) -> dict[Var, Affine]:
    """The affine forms of all integers of a program."""
    build = Builder()
    for eqn in walk.equations(block):
        if isinstance(eqn.rhs, Apply) and eqn.outs[0].type.is_index:
            known = [build.dim(a) if a.type.is_index else None for a in eqn.rhs.args]
            form = affine_result(eqn.rhs.op, known)
            if form is not None:
                build.forms[eqn.outs[0]] = form
    return build.forms


def builder(body: Block, sizes: Iterable[Var], known: Mapping[Var, Affine]) -> Builder:
    """A builder of equations beside a program, that knows what is certain of its integers.

    Sizes and lengths are not negative; `known` are the affine forms. Dims that have to be
    equal were found to be so by the program.
    """
    lengths = [
        eqn.outs[0]
        for eqn in walk.equations(body)
        if isinstance(eqn.rhs, Apply) and is_length(eqn.rhs.op, eqn.rhs.params)
    ]
    build = Builder(facts=Facts(map(Affine.of, (*sizes, *lengths))))
    build.unequal = lambda build, a, b: None
    build.forms = dict(known)
    return build


UNKNOWN = 100  # about how often a loop runs, or how long an axis is, where nothing is known


def length(dim: Affine) -> int:
    """About how much this is."""
    return UNKNOWN if dim.constant is None else max(1, dim.constant)


def size(type: Type) -> int:
    """About how many elements."""
    return prod(map(length, type.dims))
