"""Going through the symbolic form: what an equation reads, its blocks, substitution, inlining."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from transpile.errors import never
from transpile.sym.affine import Affine, Symbol
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Call,
    Check,
    Const,
    Custom,
    Eqn,
    Function,
    If,
    Print,
    Rhs,
    Scan,
    Var,
    While,
)  # fmt: skip
from transpile.sym.types import Type


def atoms(rhs: Rhs) -> tuple[Atom, ...]:
    """What an equation reads itself, not counting what its blocks read."""
    match rhs:
        case Apply(args=args) | Call(args=args):
            return args
        case Custom(values=values, args=args):
            return (*values, *args)
        case Scan():
            return (rhs.start, rhs.stop, rhs.step, *rhs.init)
        case While():
            return rhs.init
        case If() | Check():
            return (rhs.test,)
        case Print():
            return tuple(part for part in rhs.parts if not isinstance(part, str))
    never(rhs)


def blocks(rhs: Rhs) -> tuple[Block, ...]:
    match rhs:
        case Scan():
            return (rhs.body,)
        case While():
            return (rhs.test, rhs.body)
        case If():
            return (rhs.then, rhs.orelse)
        case _:
            return ()


def type_symbols(type: Type) -> Iterator[Var]:
    """The integers that a type's dims are made of."""
    for dim in type.dims:
        for symbol in dim.symbols():
            assert isinstance(symbol, Var)
            yield symbol


def reads(eqn: Eqn) -> Iterator[Var]:
    """Every variable that the equation reads, in its blocks and in its results' dims too.

    The dims are reads because whoever writes the program out has to know the extents.
    """
    for atom in atoms(eqn.rhs):
        if isinstance(atom, Var):
            yield atom
    for block in blocks(eqn.rhs):
        yield from captures(block)
    for out in eqn.outs:
        yield from type_symbols(out.type)
    if isinstance(eqn.rhs, Apply):
        for dim in eqn.rhs.params.get("dims", ()):
            yield from (s for s in dim.symbols() if isinstance(s, Var))


def captures(block: Block) -> tuple[Var, ...]:
    """The variables that a block reads from the blocks around it, in order of first use."""
    own = set(block.params)
    found: dict[Var, None] = {}
    for eqn in block.eqns:
        for var in reads(eqn):
            if var not in own:
                found[var] = None
        own.update(eqn.outs)
    for atom in block.results:
        if isinstance(atom, Var) and atom not in own:
            found[atom] = None
    return tuple(var for var in found if var not in own)


def equations(block: Block) -> Iterator[Eqn]:
    """All equations of a block, those of inner blocks after the equation that holds them."""
    for eqn in block.eqns:
        yield eqn
        for inner in blocks(eqn.rhs):
            yield from equations(inner)


def has_effect(eqn: Eqn) -> bool:
    """Does the equation do something besides giving values?"""
    if isinstance(eqn.rhs, Check | Print):
        return True
    return any(has_effect(inner) for block in blocks(eqn.rhs) for inner in block.eqns)


def effectless(block: Block, *kinds: type) -> Block:
    """The block without effects: all of them, or those of these kinds."""
    eqns = [e for e in block.eqns if not isinstance(e.rhs, kinds or (Check, Print))]
    inner = [[effectless(b, *kinds) for b in blocks(e.rhs)] for e in eqns]
    made = [
        Eqn(e.outs, with_blocks(e.rhs, found), e.span) for e, found in zip(eqns, inner, strict=True)
    ]
    return replace(block, eqns=tuple(made))


def with_blocks(rhs: Rhs, new: Iterable[Block]) -> Rhs:
    """The same right-hand side with other blocks."""
    found = tuple(new)
    match rhs:
        case Scan():
            return replace(rhs, body=found[0])
        case While():
            return replace(rhs, test=found[0], body=found[1])
        case If():
            return replace(rhs, then=found[0], orelse=found[1])
        case _:
            return rhs


def with_atoms(rhs: Rhs, new: Iterable[Atom]) -> Rhs:
    """The same right-hand side reading other atoms, in the order of `atoms`."""
    found = tuple(new)
    match rhs:
        case Apply() | Call():
            return replace(rhs, args=found)
        case Custom(values=values):
            return replace(rhs, values=found[: len(values)], args=found[len(values) :])
        case Scan():
            return replace(rhs, start=found[0], stop=found[1], step=found[2], init=found[3:])
        case While():
            return replace(rhs, init=found)
        case If() | Check():
            return replace(rhs, test=found[0])
        case Print():
            left = iter(found)
            parts = tuple(p if isinstance(p, str) else next(left) for p in rhs.parts)
            return replace(rhs, parts=parts)
    never(rhs)


def plain_form(atom: Atom) -> Affine:
    return Affine((), int(atom.value)) if isinstance(atom, Const) else Affine.of(atom)


class Substitution:
    """Replaces variables by atoms, in equations, blocks and dims.

    With `fresh`, every variable defined inside what is rewritten becomes a new one, so that a
    block can be put into a program twice. `form` says what an integer is in a dim.
    """

    def __init__(
        self,
        values: Mapping[Var, Atom],
        fresh: bool = False,
        form: Callable[[Atom], Affine] = plain_form,
    ) -> None:
        self.values: dict[Var, Atom] = dict(values)
        self.fresh, self.form = fresh, form

    def atom(self, atom: Atom) -> Atom:
        return self.values.get(atom, atom) if isinstance(atom, Var) else atom

    def dim(self, dim: Affine) -> Affine:
        forms: dict[Symbol, Affine] = {}
        if not dim.terms or (
            self.form is plain_form and self.values.keys().isdisjoint(dim.symbols())
        ):
            return dim
        for symbol in dim.symbols():
            assert isinstance(symbol, Var)
            forms[symbol] = self.form(self.atom(symbol))
        return dim.substitute(forms)

    def type(self, type: Type) -> Type:
        dims = tuple(map(self.dim, type.dims))
        return type if dims == type.dims else type.having(dims=dims)

    def define(self, var: Var) -> Var:
        """The variable that stands for a definition: itself unless its dims change, or fresh."""
        type = self.type(var.type)
        if self.fresh or type != var.type:
            self.values[var] = new = Var(var.name, type)
            return new
        return var

    def eqn(self, eqn: Eqn) -> Eqn:
        rhs = with_atoms(eqn.rhs, map(self.atom, atoms(eqn.rhs)))
        rhs = with_blocks(rhs, [self.block(block) for block in blocks(rhs)])
        if isinstance(rhs, Apply) and "dims" in rhs.params:
            dims = tuple(map(self.dim, rhs.params["dims"]))
            rhs = replace(rhs, params={**rhs.params, "dims": dims})
        return Eqn(tuple(map(self.define, eqn.outs)), rhs, eqn.span)

    def block(self, block: Block) -> Block:
        params = tuple(map(self.define, block.params))
        eqns = tuple(map(self.eqn, block.eqns))
        return Block(params, eqns, tuple(map(self.atom, block.results)))


def substitute(block: Block, values: Mapping[Var, Atom], fresh: bool = False) -> Block:
    return Substitution(values, fresh).block(block)


def inline(function: Function) -> Function:
    """The function with the body of every function that it calls in place of the call."""
    return replace(function, body=inline_block(function.body))


def inline_block(block: Block) -> Block:
    eqns: list[Eqn] = []
    renamed = Substitution({})
    for eqn in map(renamed.eqn, block.eqns):
        if isinstance(eqn.rhs, Call):
            callee = eqn.rhs.function
            known: dict[Var, Atom] = dict(zip(callee.params, eqn.rhs.args, strict=True))
            known.update(bound_sizes(callee, eqn.rhs.args))
            body = inline_block(Substitution(known, fresh=True).block(
                Block((), callee.body.eqns, callee.body.results)
            ))  # fmt: skip
            eqns.extend(body.eqns)
            renamed.values.update(zip(eqn.outs, body.results, strict=True))
        else:
            inner = [inline_block(b) for b in blocks(eqn.rhs)]
            eqns.append(Eqn(eqn.outs, with_blocks(eqn.rhs, inner), eqn.span))
    return Block(block.params, tuple(eqns), tuple(map(renamed.atom, block.results)))


def without_rules(block: Block) -> Block:
    """The block where every value with a derivative of the user's own is just that value."""
    names = named_by_rules(block)
    eqns: list[Eqn] = []
    renamed = Substitution(names)
    for eqn in map(renamed.eqn, block.eqns):
        if isinstance(eqn.rhs, Custom):
            values = zip(eqn.outs, eqn.rhs.values, strict=True)
            renamed.values.update((out, value) for out, value in values if value is not out)
        else:
            inner = [without_rules(b) for b in blocks(eqn.rhs)]
            outs = tuple(names.get(out, out) for out in eqn.outs)
            eqns.append(Eqn(outs, with_blocks(eqn.rhs, inner), eqn.span))
    return Block(block.params, tuple(eqns), tuple(map(renamed.atom, block.results)))


def named_by_rules(block: Block) -> dict[Var, Var]:
    """For each temporary of the block that has a derivative of the user's own, what it is after."""
    own = {out for eqn in block.eqns for out in eqn.outs if not out.name}
    names: dict[Var, Var] = {}
    for eqn in block.eqns:
        if isinstance(eqn.rhs, Custom):
            for value, out in zip(eqn.rhs.values, eqn.outs, strict=True):
                if isinstance(value, Var) and value in own:
                    names.setdefault(value, out)
    return names


def bound_sizes(function: Function, args: Iterable[Atom]) -> dict[Var, Atom]:
    """The sizes of a function as its arguments' dims bind them."""
    bound: dict[Var, Atom] = {}
    for param, arg in zip(function.params, args, strict=True):
        for dim, given in zip(param.type.dims, arg.type.dims, strict=True):
            symbol = dim.symbol
            if isinstance(symbol, Var) and symbol in function.sizes:
                value = given.symbol
                if isinstance(value, Var):
                    bound.setdefault(symbol, value)
    return bound
