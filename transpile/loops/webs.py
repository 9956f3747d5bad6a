"""Unites the variables that are to share storage, the dearest copy first."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from transpile.loops import inline as inlining
from transpile.loops.liveness import Liveness
from transpile.sym import walk
from transpile.sym.ir import Apply, Atom, Block, Function, If, Scan, Var, While
from transpile.sym.types import Type


class Move(Struct, frozen=True):
    """A value that should lie where another is wanted.

    `order` is lowest for what has to come first: the deepest loop; in it writes, then what a loop
    carries, which may also be exchanged, then copies that the user wrote.
    """

    source: Var
    target: Var
    order: tuple[int, int, int]


class Webs:
    """Variables united to share storage."""

    def __init__(self, function: Function, inline: frozenset[Var], views: frozenset[Var]) -> None:
        self.function, self.inline, self.views = function, inline, views
        self.ends = ends(function)
        self.live = Liveness(function, inline, views, self.ends)
        self.parent: dict[Var, Var] = {}
        self.members = dict(self.live.bit)
        self.against = {var: self.live.conflicts[k] for k, var in enumerate(self.live.bit)}
        self.role = dict.fromkeys((*function.sizes, *function.params), "param")
        self.names = {var: var.name for var in self.live.bit}
        self.moving: set[Var] = set()

    def find(self, var: Var) -> Var:
        while var in self.parent:
            var = self.parent[var]
        return var

    def together(self, a: Var, b: Var) -> bool:
        return self.find(a) is self.find(b)

    def join(self, a: Var, b: Var) -> None:
        """Without asking: the two have to share."""
        a, b = self.find(a), self.find(b)
        if a is b:
            return
        self.parent[b] = a
        self.members[a] |= self.members[b]
        self.against[a] |= self.against[b]
        self.role[a] = self.role.get(a) or self.role.get(b) or ""
        self.names[a] = self.names[a] or self.names[b]

    def try_join(self, a: Var, b: Var) -> bool:
        a, b = self.find(a), self.find(b)
        if a is b:
            return True
        if not alike(a.type, b.type) or a in self.views or b in self.views:
            return False
        if self.against[a] & self.members[b] or self.against[b] & self.members[a]:
            return False
        roles = {self.role.get(a) or "", self.role.get(b) or ""}
        if "out" in roles and (roles != {"out", ""} or {a, b} & self.moved()):
            return False
        if a.type.is_scalar and self.names[a] and self.names[b] and self.names[a] != self.names[b]:
            return False
        self.join(a, b)
        return True

    def moved(self) -> set[Var]:
        """The webs whose pointers some loop exchanges."""
        return {self.find(var) for var in self.moving}

    def unite(self) -> None:
        function = self.function
        self.unite_carried(function.body)
        for end in self.ends:
            self.role[self.find(end)] = "out"
        finals = list(self.ends)[len(self.ends) - len(function.written) :]
        for end, k in zip(finals, function.written, strict=True):
            self.role.pop(end)
            self.join(function.params[k], end)
        moves = sorted(moves_of(function.body, 0), key=lambda move: move.order)
        for move in moves:
            if move.source not in self.inline and not self.would_confuse(move):
                self.try_join(move.target, move.source)
        self.unite_names()
        self.mark_moving(function.body)
        for end, atom in self.ends.items():
            if isinstance(atom, Var):
                self.try_join(end, atom)

    def would_confuse(self, move: Move) -> bool:
        """Would a cotangent go by the name of one of the program's arrays? One copy outside all
        loops is less than a reader's time."""
        a, b = (self.names[self.find(var)] for var in (move.source, move.target))
        return move.order[0] == 0 and bool(a and b) and a.startswith("d_") != b.startswith("d_")

    def unite_carried(self, block: Block) -> None:
        for eqn in block.eqns:
            match eqn.rhs:
                case Scan(body=body):
                    pairs = [(body.params[1:], eqn.outs)]
                case While(test=test, body=body):
                    pairs = [(test.params, body.params), (test.params, eqn.outs)]
                case _:
                    pairs = []
            for ours, theirs in pairs:
                for a, b in zip(ours, theirs, strict=False):
                    self.join(a, b)
            for inner in walk.blocks(eqn.rhs):
                self.unite_carried(inner)

    def unite_names(self) -> None:
        """All versions of one of the user's variables, where they are not needed together."""
        by_name: dict[tuple[str, Type], list[Var]] = {}
        for var in self.live.bit:
            if var.name and var not in self.inline | self.views and var not in self.ends:
                by_name.setdefault((var.name, var.type), []).append(var)
        for found in by_name.values():
            self.join_what_fits(found)
        for found in indices_by_depth(self.function.body, 0, {}).values():
            self.join_what_fits(found)

    def join_what_fits(self, found: list[Var]) -> None:
        heads: list[Var] = []
        for var in found:
            if not any(self.try_join(head, var) for head in heads):
                heads.append(var)

    def mark_moving(self, block: Block) -> None:
        for eqn in walk.equations(block):
            match eqn.rhs:
                case Scan(body=body):
                    params = body.params[1:]
                case While(body=body):
                    params = body.params
                case _:
                    continue
            for param, result in zip(params, body.results, strict=False):
                if isinstance(result, Var) and not self.together(param, result):
                    self.moving.update((param, result))


def alike(a: Type, b: Type) -> bool:
    """Can one variable or storage hold both? Dims that may differ were checked to be equal."""
    differences = [(x - y).constant for x, y in zip(a.dims, b.dims, strict=False)]
    return (a.dtype, a.kind, a.ndim) == (b.dtype, b.kind, b.ndim) and all(
        d in (None, 0) for d in differences
    )


def ends(function: Function) -> dict[Var, Atom]:
    """A variable for each array that has to be in storage of the caller at the end."""
    count = len(function.returned)
    return {
        Var("", atom.type): atom
        for k, atom in enumerate(function.body.results)
        if k >= count or not atom.type.is_scalar
    }


def moves_of(block: Block, depth: int) -> Iterable[Move]:
    """Every place where one value should become another without a copy."""
    for eqn in block.eqns:
        rhs, pairs, kind = eqn.rhs, [], 1
        match rhs:
            case Apply(args=args) if inlining.is_write(eqn):
                pairs, kind = [(args[0], eqn.outs[0])], 0
            case Apply(args=args) if inlining.is_copy(eqn) and not eqn.outs[0].type.is_scalar:
                pairs, kind = [(args[0], eqn.outs[0])], 2
            case Scan(init=init, body=body):
                pairs = list(zip(init, body.params[1:], strict=True))
                yield from carried(body, body.params[1:], depth + 1)
            case While(init=init, test=test, body=body):
                pairs = list(zip(init, test.params, strict=True))
                yield from carried(body, body.params, depth + 1)
            case If(then=then, orelse=orelse):
                for branch in (then, orelse):
                    pairs += zip(branch.results, eqn.outs, strict=True)
        for source, target in pairs:
            if isinstance(source, Var):
                yield Move(source, target, (-depth, kind, target.serial))
        for inner in walk.blocks(rhs):
            yield from moves_of(inner, depth + (not isinstance(rhs, If)))


def carried(body: Block, params: tuple[Var, ...], depth: int) -> Iterable[Move]:
    for source, target in zip(body.results, params, strict=False):
        if isinstance(source, Var):
            yield Move(source, target, (-depth, 1, target.serial))


def indices_by_depth(block: Block, depth: int, found: dict[int, list[Var]]) -> dict[int, list[Var]]:
    """The loop indices that have no name, those of equal depth together."""
    for eqn in block.eqns:
        if isinstance(eqn.rhs, Scan) and not eqn.rhs.body.params[0].name:
            found.setdefault(depth, []).append(eqn.rhs.body.params[0])
        for inner in walk.blocks(eqn.rhs):
            indices_by_depth(inner, depth + (not isinstance(eqn.rhs, If)), found)
    return found
