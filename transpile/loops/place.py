"""Decides which value lives in which storage, and where a copy has to be made.

    x1 = update(x0, ...)         x1 in the storage of x0
    outs = scan carrying init    init, parameter and out in one; the results after a step in the
                                 same, or changed about among what the loop carries
    outs = if                    both branches' results in the out's
    result                       in storage of its own, which the caller allocates
    written parameter            its final value in the caller's array

All values that should share storage are tried, the innermost loop first; two that are needed at
the same time cannot, and an equation `copy` says so in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops import inline as inlining
from transpile.loops.names import Names, by_content, first_name
from transpile.loops.protect import protect
from transpile.loops.webs import Webs
from transpile.sym import walk
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Const,
    Eqn,
    Function,
    If,
    Scan,
    Var,
    While,
    constant,
)
from transpile.sym.ops import shape
from transpile.sym.types import Type


class Slot(Struct, frozen=True, eq=False):
    """One storage of the generated program, or one scalar variable. The name is unique; `stem` is
    what it was made of, which others may have too.

    `role` is "param" (comes in), "out" (an array that is returned, allocated by the caller) or
    "local".
    """

    name: str
    type: Type
    role: str
    stem: str


class Placed(Struct, frozen=True):
    """A function whose storage is decided.

    `function` has an equation `copy` exactly where storage is copied. Every variable but the
    `inline` ones has a slot; the slot of one of the `views` is only another name for (a part of)
    its operand's storage, which is not overwritten while the view is read.

    The results of a loop's body may be the carried slots in another order: the names (Python) or
    pointers (C, declared once in the function, never again inside a loop) are exchanged. An
    `inline` scalar in an equation of arrays is evaluated once, before the elements. An equation
    may overwrite an array that it reads: at the same index where its result is fresh, anywhere
    where it is an update, since NumPy evaluates the right side first.
    """

    function: Function
    slots: Mapping[Var, Slot]
    inline: frozenset[Var]
    views: frozenset[Var]


def place(function: Function) -> Placed:
    """Storage for every value of a function, with as few copies as its meaning allows."""
    function = protect(function)
    inline = inlining.Inlining(function).run()
    views = inlining.views(function, inline)
    webs = Webs(function, inline, views)
    webs.unite()
    writer = Rewriter(webs)
    placed = writer.function()
    return Placed(placed, name_slots(placed, webs, writer.lying), inline, views)


class Rewriter:
    """Writes the function again: copies that are needed, and none of the others."""

    def __init__(self, webs: Webs) -> None:
        self.webs = webs
        self.same: dict[Var, Atom] = {}  # a copy that is none: what it is
        self.lying: dict[Var, Var] = {}  # a variable that is new here: one whose storage it has
        self.eqns: list[Eqn] = []

    def function(self) -> Function:
        function, targets = self.webs.function, iter(self.webs.ends)
        count = len(function.returned)
        wanted = [
            next(targets) if k >= count or not atom.type.is_scalar else None
            for k, atom in enumerate(function.body.results)
        ]
        return replace(function, body=self.block(function.body, wanted))

    def atom(self, atom: Atom) -> Atom:
        return self.same.get(atom, atom) if isinstance(atom, Var) else atom

    def block(self, block: Block, targets: Sequence[Var | None] = ()) -> Block:
        """The block, its results lying in the storage of the targets."""
        outer, self.eqns = self.eqns, []
        for eqn in block.eqns:
            self.eqn(eqn)
        results = [self.atom(atom) for atom in block.results]
        apart = {
            k: self.webs.find(target)
            for k, target in enumerate(targets)
            if target is not None and not target.type.is_scalar
        }
        self.copy_all(results, {k: w for k, w in apart.items() if self.web(results[k]) is not w})
        eqns, self.eqns = tuple(self.eqns), outer
        return Block(block.params, eqns, tuple(results))

    def moved(self, source: Atom, target: Var) -> Atom:
        """The source where the target is to lie: itself, or a copy of it made here."""
        if target.type.is_scalar or self.web(source) is self.webs.find(target):
            return source
        return self.copy(source, target, target.name)

    def web(self, atom: Atom) -> Var | None:
        if not isinstance(atom, Var):
            return None
        return self.webs.find(self.lying.get(atom, atom))

    def copy(self, source: Atom, target: Var | None, name: str) -> Var:
        """A new variable for it; what was made without reading anything is made once more.
        A view of the storage that it is to be copied to is copied elsewhere first."""
        if target is not None and self.storage(source) is self.webs.find(target):
            source = self.copy(source, None, "")
        new = Var(name, source.type)
        self.lying[new] = target if target is not None else new
        made = self.webs.live.definition.get(source) if isinstance(source, Var) else None
        rhs = made.rhs if made is not None else None
        if not isinstance(rhs, Apply) or not self.is_made(rhs):
            rhs = Apply(shape.COPY, (source,))
        self.eqns.append(Eqn((new,), rhs))
        return new

    def is_made(self, rhs: Apply) -> bool:
        sizes = self.webs.function.sizes
        steady = all(isinstance(a, Const) or a in sizes for a in rhs.args)
        return steady and rhs.op.name in ("empty", "zeros", "ones")

    def eqn(self, eqn: Eqn) -> None:
        rhs = walk.with_atoms(eqn.rhs, map(self.atom, walk.atoms(eqn.rhs)))
        match rhs:
            case Apply(args=args) if inlining.is_copy(eqn):
                if self.web(args[0]) is self.webs.find(eqn.outs[0]):
                    self.same[eqn.outs[0]] = args[0]
                    return
            case Apply(args=args) if inlining.is_write(eqn):
                rhs = replace(rhs, args=(self.moved(args[0], eqn.outs[0]), *args[1:]))
            case Scan(init=init, body=body):
                init = self.initial(init, body.params[1:])
                body, spares = self.body(body, body.params[1:])
                rhs = replace(rhs, init=(*init, *self.empty(spares)), body=body)
                eqn = self.carrying(eqn, len(init), spares)
            case While(init=init, test=test, body=body):
                init = self.initial(init, test.params)
                body, spares = self.body(body, body.params)
                test = self.block(test)
                test = replace(test, params=(*test.params, *map(self.another, spares)))
                rhs = replace(rhs, init=(*init, *self.empty(spares)), test=test, body=body)
                eqn = self.carrying(eqn, len(init), spares)
            case If(then=then, orelse=orelse):
                rhs = replace(
                    rhs, then=self.block(then, eqn.outs), orelse=self.block(orelse, eqn.outs)
                )
        self.eqns.append(Eqn(eqn.outs, rhs, eqn.span))

    def initial(self, init: tuple[Atom, ...], params: tuple[Var, ...]) -> tuple[Atom, ...]:
        return tuple(self.moved(a, p) for a, p in zip(init, params, strict=True))

    # -- the end of a loop's body

    def body(self, block: Block, params: tuple[Var, ...]) -> tuple[Block, list[Var]]:
        """The results of a step lie in the carried slots, in whatever order costs no copy; with
        the storage that the loop has to carry beside its own for that."""
        inside = {o for e in walk.equations(block) for o in e.outs}
        inner = (b for e in walk.equations(block) for b in walk.blocks(e.rhs))
        inside.update(p for b in inner for p in b.params)
        block = self.block(block)
        home = {k: self.webs.find(p) for k, p in enumerate(params) if not p.type.is_scalar}
        moved = [k for k in home if self.web(block.results[k]) is not home[k]]
        if not moved:
            return block, []
        results, free = list(block.results), [home[k] for k in moved]
        left: list[int] = []
        spares: list[Var] = []
        for k in moved:
            source = self.web(results[k])
            if source in free and self.local(source) and self.local(home[k]):
                free.remove(source)
            elif source is not None and self.is_spare(source, home[k], inside, spares):
                spares.append(source)
            else:
                left.append(k)
        own = [k for k in left if home[k] in free]
        targets = {k: home[k] for k in own}
        rest = [web for web in free if web not in targets.values()]
        targets.update((k, rest.pop(0)) for k in left if k not in targets)
        outer, self.eqns = self.eqns, list(block.eqns)
        self.copy_all(results, targets)
        eqns, self.eqns = tuple(self.eqns), outer
        idle = [next(p for p in params if self.webs.find(p) is web) for web in rest]
        added = tuple(map(self.another, spares))
        last = results[len(params) :]
        results = [*results[: len(params)], *idle, *last]
        return Block((*block.params, *added), eqns, tuple(results)), spares

    def is_spare(self, web: Var, home: Var, inside: set[Var], spares: list[Var]) -> bool:
        """Can this storage, which a step fills anew, be exchanged for the carried one?"""
        live = self.webs.live
        members = [var for var, bit in live.bit.items() if bit & self.webs.members[web]]
        plain = all(d.constant is not None or d.symbol is not None for d in web.type.dims)
        ours = self.local(web) and self.local(home) and web not in spares
        return ours and plain and web not in self.webs.views and inside.issuperset(members)

    def another(self, web: Var) -> Var:
        """A new variable in the storage of a web."""
        new = Var("", web.type)
        self.lying[new] = web
        return new

    def empty(self, spares: Sequence[Var]) -> tuple[Var, ...]:
        """Storage that a loop carries only to exchange it, made before the loop."""
        made = tuple(map(self.another, spares))
        for var in made:
            dims = [dim.symbol for dim in var.type.dims]
            args = tuple(
                d if isinstance(d, Var) else constant(dim.const)
                for d, dim in zip(dims, var.type.dims, strict=True)
            )
            self.eqns.append(Eqn((var,), Apply(shape.EMPTY, args, {"dtype": var.type.dtype})))
        return made

    def carrying(self, eqn: Eqn, count: int, spares: Sequence[Var]) -> Eqn:
        outs = (*eqn.outs[:count], *map(self.another, spares), *eqn.outs[count:])
        return Eqn(outs, eqn.rhs, eqn.span)

    def local(self, web: Var | None) -> bool:
        return web is not None and not self.webs.role.get(web)

    def copy_all(self, results: list[Atom], targets: dict[int, Var]) -> None:
        """Copies results to their targets, none over another that is still to be read."""
        while targets:
            ready = [
                k for k, target in targets.items()
                if not any(target is self.storage(results[o]) for o in targets if o != k)
            ]  # fmt: skip
            k = ready[0] if ready else next(iter(targets))
            if ready:
                results[k] = self.copy(results[k], targets.pop(k), results_name(results[k]))
            else:
                results[k] = self.copy(results[k], None, "")

    def storage(self, atom: Atom) -> Var | None:
        """The web in whose storage the value lies, seen through views."""
        while atom in self.webs.views and isinstance(atom, Var):
            rhs = self.webs.live.definition[atom].rhs
            assert isinstance(rhs, Apply)
            atom = self.atom(rhs.args[0])
        return self.web(atom)


def results_name(atom: Atom) -> str:
    return atom.name if isinstance(atom, Var) else ""


# -- names


def name_slots(function: Function, webs: Webs, lying: Mapping[Var, Var]) -> dict[Var, Slot]:
    """A slot for every web that the function has, with the user's name wherever there is one."""
    members: dict[Var, list[Var]] = {}
    definition: dict[Var, tuple[Eqn, int]] = {}
    known: dict[Var, str] = {}
    for var, eqn, position in defined(function):
        if var in webs.inline:
            assert eqn is not None
            known[var] = first_name(walk.atoms(eqn.rhs), known)
            continue
        web = webs.find(lying.get(var, var))
        members.setdefault(web, []).append(var)
        if eqn is not None:
            definition.setdefault(web, (eqn, position))
    names = Names()
    stems = {
        web: name
        for web, found in members.items()
        if (name := users_name(found, webs.role.get(web)))
    }
    chosen = {web: names.free(name) for web, name in stems.items()}
    known.update((var, chosen[web]) for web in chosen for var in members[web])
    read = {v for eqn in walk.equations(function.body) for v in walk.reads(eqn)}
    for web in sorted(members, key=lambda web: read.isdisjoint(members[web])):
        if web not in chosen:
            at = definition.get(web)
            out = webs.role.get(web) == "out"
            stems[web] = by_content(*at, known, out) if at else names.index()
            chosen[web] = names.free(stems[web]) if at else stems[web]
            known.update((var, chosen[web]) for var in members[web])
    slots = {
        web: Slot(chosen[web], members[web][0].type, webs.role.get(web) or "local", stems[web])
        for web in members
    }
    return {var: slots[web] for web, found in members.items() for var in found}


def users_name(members: Sequence[Var], role: str | None) -> str:
    """The param's name, or the one that most of them have, the first of those; "" for none."""
    names = [var.name for var in members if var.name]
    if role == "param":
        return names[0]
    return max(names, key=names.count) if names else ""


def defined(function: Function) -> Iterator[tuple[Var, Eqn | None, int]]:
    """Every variable, with the equation that defines it, params and sizes first."""
    for var in (*function.params, *function.sizes):
        yield var, None, 0
    yield from defined_in(function.body)


def defined_in(block: Block) -> Iterator[tuple[Var, Eqn | None, int]]:
    for eqn in block.eqns:
        for inner in walk.blocks(eqn.rhs):
            yield from ((param, None, 0) for param in inner.params)
            yield from defined_in(inner)
        yield from ((out, eqn, position) for position, out in enumerate(eqn.outs))
