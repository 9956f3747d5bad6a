"""Where everything stands in the program that is reversed: homes, makers, and the loops around."""

from __future__ import annotations

from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder, affine_result
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
        self.visit(body)
        self.forms = forms(body)

    def visit(self, block: Block) -> None:
        for param in block.params:
            self.home[param] = block
        for place, eqn in enumerate(block.eqns):
            self.place[eqn] = place
            for out in eqn.outs:
                self.home[out], self.maker[out] = block, eqn
            for inner in walk.blocks(eqn.rhs):
                self.parent[inner] = block, eqn
                self.visit(inner)

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

    def is_outside(self, var: Var) -> bool:
        """Is it known at the top of the function?"""
        return self.home.get(var, self.body) is self.body

    def dim(self, atom: Atom) -> Affine:
        if isinstance(atom, Const):
            return Affine((), int(atom.value))
        return self.forms.get(atom, Affine.of(atom))


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


def size(type: Type) -> int:
    """About how many elements: 100 along each axis whose length is not known."""
    total = 1
    for dim in type.dims:
        total *= 100 if dim.constant is None else max(1, dim.constant)
    return total
