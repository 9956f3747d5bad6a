"""Cotangents of a program's variables, known so far: added to, named, and masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from transpile.adjoint.program import Program
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Block, Const, Eqn, Var, constant
from transpile.sym.ops import arithmetic, shape, sorting
from transpile.sym.types import Type

# What makes integers that are all different.
DISTINCT = (shape.ARANGE, shape.FLATNONZERO, sorting.ARGSORT, sorting.STABLE_ARGSORT)

AT_THE_END = 1 << 60  # after all equations of a block


class Mirror(Struct):
    """What of the reverse belongs to what of the program: blocks to blocks, equations to those
    that they are the derivatives of. The `first` of a block hand on what its results are given.

    `copies` are the program's, each with what it is a copy of: as values they are the same, so one
    cotangent serves both. `distinct` are arrays that have no integer twice, `places` those of the
    places along one axis where an array is true, which together name no place twice.
    """

    blocks: dict[Block, Block] = field(default_factory=dict)
    sources: dict[Eqn, Eqn] = field(default_factory=dict)
    first: set[Eqn] = field(default_factory=set)
    copies: dict[Var, Var] = field(default_factory=dict)
    distinct: set[Var] = field(default_factory=set)
    places: dict[Var, tuple[Atom, int]] = field(default_factory=dict)

    def root(self, var: Var) -> Var:
        return self.copies.get(var, var)

    def roots(self, found: Iterable[Var]) -> list[Var]:
        return list(dict.fromkeys(map(self.root, found)))

    def note(self, block: Block) -> None:
        """Remember the copies and the distinct integers of a block."""
        for eqn in block.eqns:
            match eqn.rhs:
                case Apply(op=shape.COPY, args=(Var() as source,)):
                    self.copies[eqn.outs[0]] = self.root(source)
                case Apply(op=op) if op in DISTINCT:
                    if eqn.outs[0].type.ndim == 1:
                        self.distinct.add(eqn.outs[0])
                case Apply(op=shape.NONZERO, args=(x, _), params={"axis": axis}):
                    self.places[eqn.outs[0]] = x, axis

    def is_distinct(self, at: Iterable[Atom]) -> bool:
        """Is no place named twice by these arrays of an index?"""
        named = {self.places[k] for k in at if isinstance(k, Var) and k in self.places}
        axes = {x: {axis for y, axis in named if y == x} for x, _ in named}
        return any(len(found) == x.type.ndim for x, found in axes.items()) or bool(
            self.distinct.intersection(at)
        )

    def place(self, eqn: Eqn, program: Program) -> int:
        """Where the equation stands that an equation of the reverse is the derivative of."""
        if eqn in self.first:
            return AT_THE_END
        source = self.sources.get(eqn)
        return -1 if source is None else program.place[source]


class Mask(Struct, frozen=True):
    """`where(test, value, 0)`, or `where(test, 0, value)` unless `taken`."""

    test: Atom
    value: Atom
    taken: bool

    def apply(self, build: Builder, value: Atom) -> Atom:
        choice = (value, constant(0)) if self.taken else (constant(0), value)
        return build.apply(arithmetic.WHERE, self.test, *choice)


def cotangent_type(type: Type) -> Type:
    """An array's own type; a NumPy scalar for a scalar, so that a division by zero is NumPy's."""
    return type if type.kind == "array" else type.having(kind="numpy")


def literal(value: bool | int | float | complex, type: Type) -> Const:
    """A constant of a real or a complex type."""
    if type.is_complex:
        return Const(complex(value), type)
    return Const(float(value.real), type)


def cotangent_name(atom: Atom) -> str:
    return f"d_{atom.name}" if isinstance(atom, Var) and atom.name else ""


class Cotangents:
    """Those known so far in one block of the reverse, which `build` writes.

    The cotangent of an array is incremented in place, once it is there.
    """

    def __init__(
        self, build: Builder, active: frozenset[Var], mirror: Mirror, known: Mapping[Var, Atom]
    ) -> None:
        self.build, self.active, self.mirror = build, active, mirror
        self.cotangents = dict(known)
        self.masks: dict[Atom, Mask] = {}
        self.parts: dict[Atom, tuple[Atom, tuple[Atom, ...], object]] = {}  # of the masks' tests
        self.given: Atom | None = None  # the cotangent that is being handed on

    def add(self, var: Atom, value: Atom) -> None:
        """Add to the cotangent of `var`."""
        if not isinstance(var, Var) or var not in self.active:
            return
        var = self.mirror.root(var)
        value = self.fit(value, cotangent_type(var.type))
        old = self.cotangents.get(var)
        if old is None:
            self.cotangents[var] = self.named(value, var)
        elif var.type.kind == "array":
            self.cotangents[var] = self.build.increment(old, value, ())
            self.joined(self.cotangents[var], old, value)
        else:
            total = self.build.apply(arithmetic.ADD, old, value, name=cotangent_name(var))
            self.cotangents[var] = total
            self.joined(total, old, value)

    def joined(self, total: Atom, *parts: Atom) -> None:
        """A sum of masked values is masked where both are."""
        masks = [self.masks.get(part) for part in parts]
        tests = [mask.test for mask in masks if mask is not None and mask.taken]
        if len(tests) == len(parts):
            either = tests[0]
            if tests[1] != either:
                either = self.build.apply(arithmetic.LOGICAL_OR, *tests)
            self.masks[total] = Mask(either, total, True)

    def cut(self, mask: Mask, rhs: Apply, read: Atom) -> None:
        """Remember the mask of a part of a masked value: the same part of the mask."""
        if mask.test.type.dims == rhs.args[0].type.dims:
            _, _, *at = rhs.args
            test = self.build.apply(shape.INDEX, mask.test, *at, **rhs.params)
            self.masks[read] = Mask(test, read, mask.taken)
            self.parts[test] = mask.test, tuple(at), rhs.params["index"]

    def is_part(self, part: Mask, mask: Mask, rhs: Apply) -> bool:
        """Is `part` the mask of that part of a masked value which an equation reads?"""
        place = mask.test, rhs.args[1:], rhs.params["index"]
        return self.parts.get(part.test) == place and part.taken == mask.taken

    def fit(self, value: Atom, type: Type) -> Atom:
        if (value.type.dtype, value.type.kind, value.type.dims) == (
            type.dtype, type.kind, type.dims,
        ):  # fmt: skip
            return value
        if isinstance(value, Const) and type.kind == "numpy":
            return literal(value.value, type)
        return self.build.unbroadcast(value, type)

    def named(self, value: Atom, var: Var) -> Atom:
        """The value under the name of a cotangent, if it is a temporary just made."""
        name, last = cotangent_name(var), self.build.eqns[-1] if self.build.eqns else None
        if value is self.given or last is None or last.outs != (value,):
            return value
        if not isinstance(last.rhs, Apply) or not isinstance(value, Var) or value.name:
            return value
        renamed = Var(name, value.type)
        self.build.eqns[-1] = Eqn((renamed,), last.rhs, last.span)
        if value in self.masks:
            self.masks[renamed] = self.masks.pop(value)
        return renamed

    def zero(self, var: Var) -> Atom:
        """The cotangent of what nothing has been read of yet."""
        type = cotangent_type(var.type)
        if type.kind == "numpy":
            return literal(0.0, type)
        rhs = Apply(
            shape.ZEROS, tuple(map(self.build.extent, type.dims)), {"dtype": type.dtype}
        )  # fmt: skip
        return self.build.emit(rhs, [Var(cotangent_name(var), type)])[0]

    def running(self, var: Var) -> Atom:
        found = self.cotangents.get(var)
        return self.zero(var) if found is None else found
