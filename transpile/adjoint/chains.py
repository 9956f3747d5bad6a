"""Versions of arrays that are one storage: the value before a write, after it, and through loops.

A version's way back goes from a write to the version that it wrote into, from the result of a loop
that writes in place to what the loop began with, and from a branch's result likewise.
"""

from __future__ import annotations

from collections.abc import Iterator

from transpile.adjoint.program import Program
from transpile.sym.ir import Apply, Atom, Block, Eqn, If, Scan, Var, While
from transpile.sym.ops import shape

WRITES = (shape.UPDATE, shape.INCREMENT)


class Chains:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.known: dict[Var, Var | None] = {}

    def before(self, var: Var) -> Var | None:
        """The version of the same storage that this one was made from, one equation before."""
        if var not in self.known:
            self.known[var] = self.find_before(var)
        return self.known[var]

    def find_before(self, var: Var) -> Var | None:
        eqn = self.program.maker.get(var)
        found: Atom | None = None
        match eqn.rhs if eqn is not None else None:
            case Apply(op=op, args=args) if op in WRITES:
                found = args[0]
            case Scan(init=init, body=body) | While(init=init, body=body):
                assert eqn is not None
                k = eqn.outs.index(var)
                if k < len(init) and self.is_in_place(body, k):
                    found = init[k]
            case If(then=then, orelse=orelse):
                assert eqn is not None
                k = eqn.outs.index(var)
                ends = [self.entering(b, b.results[k]) for b in (then, orelse)]
                found = ends[0] if ends[0] is ends[1] else None
        return found if isinstance(found, Var) else None

    def is_in_place(self, body: Block, k: int) -> bool:
        """Is what a loop carries at place k only ever written into?"""
        params = body.params[1:] if self.program.scan(body) is not None else body.params
        if params[k].type.kind != "array":
            return False
        return self.entering(body, body.results[k]) is params[k]

    def entering(self, block: Block, result: Atom) -> Var | None:
        """The version that a block's result was when it came into the block, or where it began."""
        found = None
        for found in self.way(result):
            if found in block.params or not self.is_inside(found, block):
                return found
        return found

    def is_inside(self, var: Var, block: Block) -> bool:
        home: Block = self.program.block_of(var)
        while home is not block:
            if home not in self.program.parent:
                return False
            home = self.program.parent[home][0]
        return True

    def way(self, atom: Atom | None) -> Iterator[Var]:
        """A version and those before it, the newest first."""
        var = atom if isinstance(atom, Var) else None
        while var is not None:
            yield var
            var = self.before(var)

    def last(self, var: Var) -> Var:
        """The version right after the loops around `var` through which its storage lasts."""
        home = self.program.block_of(var)
        while home is not self.program.body:
            outer, eqn = self.program.parent[home]
            results = home.results[: len(eqn.outs)]
            found = [k for k, r in enumerate(results) if any(v is var for v in self.way(r))]
            if not found:
                break
            k = found[0]
            if isinstance(eqn.rhs, Scan | While) and not self.is_in_place(home, k):
                break
            var, home = eqn.outs[k], outer
        return var

    def after(self, var: Var) -> Var | None:
        """The next version in the same block, if there is just one."""
        home = self.program.block_of(var)
        found = [
            out
            for eqn in home.eqns
            for out in eqn.outs
            if out.type.kind == "array" and self.before(out) is var
        ]
        return found[0] if len(found) == 1 else None

    def overwritten(self, eqn: Eqn) -> Iterator[Var]:
        """The versions at the top of the function that an equation there writes over."""
        for out in eqn.outs:
            before = self.before(out) if out.type.kind == "array" else None
            if before is not None and before not in self.program.body.params:
                yield before

    def writes(self, var: Var) -> Iterator[Eqn]:
        """The writes that the equation of this version does to the storage, inner ones too."""
        eqn = self.program.maker.get(var)
        match eqn.rhs if eqn is not None else None:
            case Apply(op=op) if eqn is not None and op in WRITES:
                yield eqn
            case Scan(body=body) | While(body=body) if eqn is not None:
                yield from self.writes_in(body, body.results[eqn.outs.index(var)])
            case If(then=then, orelse=orelse) if eqn is not None:
                for branch in (then, orelse):
                    yield from self.writes_in(branch, branch.results[eqn.outs.index(var)])

    def writes_in(self, block: Block, result: Atom) -> Iterator[Eqn]:
        for version in self.way(result):
            if version in block.params or not self.is_inside(version, block):
                return
            yield from self.writes(version)
