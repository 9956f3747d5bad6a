"""From the placed symbolic form to nests: control flow, scalars, and the kernel around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from transpile.loops import bounds, convert, plan
from transpile.loops.arrays import prepare
from transpile.loops.blend import blend
from transpile.loops.blocks import Blocks
from transpile.loops.combine import combine
from transpile.loops.cover import cover
from transpile.loops.distribute import distribute
from transpile.loops.element import applied, element
from transpile.loops.fuse import fuse
from transpile.loops.hoist import hoist
from transpile.loops.induct import induct
from transpile.loops.neighbour import neighbour
from transpile.loops.nest import (
    Array,
    Binary,
    Bind,
    Check,
    Expr,
    Kernel,
    Lit,
    Load,
    Local,
    Stmt,
    Store,
)
from transpile.loops.parallel import parallel
from transpile.loops.place import Placed, Slot
from transpile.loops.promote import promote
from transpile.loops.reuse import reuse
from transpile.loops.settle import settle
from transpile.loops.sink import sink
from transpile.loops.stencil import stencils
from transpile.loops.tidy import tidy
from transpile.loops.walk import parts
from transpile.sym import ir, walk
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Var


def lower(placed: Placed, optimize: bool = True, reassociate: bool = True) -> Kernel:
    """The kernel of a function whose storage is decided.

    Order: checks leave the loops before nests are joined and elements promoted, since a loop that
    may stop in its middle has to have written what it has; loops are marked parallel when scalars
    are what is left. What may wait is seen when elements are scalars, and so are branches that may
    be choices, which lanes take both ways of.
    """
    kernel = tidy(Lowering(placed).kernel())
    if not optimize:
        return kernel
    kernel = settle(induct(hoist(kernel)))
    kernel = fuse(cover(stencils(kernel) if reassociate else kernel))
    kernel = sink(reuse(promote(combine(kernel))))
    kernel = distribute(kernel) if reassociate else kernel
    return neighbour(parallel(blend(kernel), reassociate))


class Lowering(Blocks):
    """The kernel around the blocks: what comes in, what goes out, and what is checked first."""

    def __init__(self, placed: Placed) -> None:
        super().__init__(placed)
        self.limited: dict[Var, None] = {}
        for eqn in walk.equations(self.function.body):
            if isinstance(eqn.rhs, ir.Scan | ir.While):
                self.mark_moving(eqn.rhs)

    def mark_moving(self, rhs: ir.Scan | ir.While) -> None:
        params = rhs.body.params[1:] if isinstance(rhs, ir.Scan) else rhs.body.params
        for param, result in zip(params, rhs.body.results, strict=False):
            if param.type.is_scalar or not isinstance(result, Var):
                continue
            if self.slots[param] is not self.slots[result]:
                self.moving |= {self.slots[param].name, self.slots[result].name}

    # -- the kernel

    def kernel(self) -> Kernel:
        function = self.function
        sizes = tuple(self.entry_local(size) for size in function.sizes)
        for size in function.sizes:
            self.bits[size] = bounds.SIZE_BITS
            self.facts = self.facts.having(Affine.of(size))
        params = tuple(
            self.entry_local(p) if p.type.is_scalar else self.entry_array(k, p)
            for k, p in enumerate(function.params)
        )
        for param in function.params:
            if param in self.dims:
                self.freeze(param)
        places = self.outs()
        self.block(function.body)
        outs = tuple(self.arrays.get(p) or self.shaped(p) if isinstance(p, Slot) else p
                     for p in places)  # fmt: skip
        self.returns(function.returned, outs)
        rooms, lates, planned = plan.plan(self, function)
        outs = tuple(map(self.finally_shaped, function.returned, outs, lates))
        named = {out.name for out in outs if not out.late and not out.given}
        self.bodies[0] = [s for s in self.bodies[0] if not is_needless(s, named)]
        body = tuple(self.limits()) + tuple(self.bodies[0])
        signature = plan.signature(self, outs, tuple(sorted(self.host)))
        return Kernel(
            self.name, sizes, params, outs, rooms, planned, tuple(self.checks), body, signature
        )

    def finally_shaped(self, atom: Atom, out: Array, late: bool) -> Array:
        """A result with its dims in what they end as: their variables may be written again. Where
        the head of the function can name its shape, it has that from there on."""
        dims = tuple(self.dim(d).shown for d in atom.type.dims)
        shaped = self.is_known(dims[1:]) and not self.is_written_again(atom.type.dims)
        given = "" if late or shaped else out.given
        return replace(out, dims=dims, given=given, late=late)

    def entry_local(self, var: Var) -> Local:
        local = self.variable(var)
        self.declared[0].add(local)
        return local

    def entry_array(self, position: int, var: Var) -> Array:
        slot = self.slots[var]
        dims = tuple(self.dim(d).shown for d in var.type.dims)
        written = position in self.function.written
        array = Array(self.named(slot.name), slot.type.dtype, dims, "param", written,
                      slot.name in self.moving)  # fmt: skip
        self.arrays[slot] = array
        return array

    def outs(self) -> tuple[Array | Slot, ...]:
        """Every result: the caller's array, a place for a scalar, or an array still to be shaped.

        The head of the function can name a shape only where it is known on entry.
        """
        returned = self.function.returned
        found: list[Array | Slot] = []
        for k, atom in enumerate(returned):
            slot = self.slots.get(atom) if isinstance(atom, Var) else None
            if slot is not None and slot.role == "out" and slot not in self.arrays:
                dims = tuple(self.dim(d).shown for d in slot.type.dims)
                if not self.is_known(dims) or self.is_written_again(slot.type.dims):
                    self.given[slot] = self.fresh(f"{slot.name}_")
                    found.append(slot)
                    continue
                array = Array(self.named(slot.name), slot.type.dtype, dims, "out")
                self.arrays[slot] = array
            else:
                alone = len(returned) == 1
                name = atom.name if isinstance(atom, Var) and atom.name else ""
                base = "result" if alone else f"{name}_out" if name else f"result_{k}"
                array = Array(self.fresh(base), atom.type.dtype, (), "out")
            found.append(array)
        return tuple(found)

    def is_written_again(self, dims: Sequence[Affine]) -> bool:
        """Is one of these made of an integer whose variable has other values later?"""
        slots = (self.slots.get(s) for d in dims for s in d.symbols() if isinstance(s, Var))
        return any(slot is not None and self.versions[slot] > 1 for slot in slots)

    def is_known(self, dims: Sequence[Affine]) -> bool:
        """Are all of these made of sizes and parameters alone?"""
        entry = {self.variable(v) for v in (*self.function.sizes, *self.function.params)
                 if v.type.is_scalar}  # fmt: skip
        inside = [part for dim in dims for part in parts(dim)]
        return all(p in entry if isinstance(p, Local) else not isinstance(p, Load) for p in inside)

    def returns(self, returned: Sequence[Atom], outs: Sequence[Array]) -> None:
        self.span = None
        for atom, array in zip(returned, outs, strict=True):
            if atom.type.is_scalar:
                prepare(self, atom)
                value = convert.implicit(element(self, atom), array.dtype)
                self.emit(Store(array, (), value))

    def limits(self) -> Iterable[Stmt]:
        """Integer parameters that take part in arithmetic are below 2**47 from here on."""
        self.span = self.function.span
        limit = 1 << bounds.SIZE_BITS
        for param in self.limited:
            local = self.variable(param)
            low = Binary("<", local, Lit(-limit, "int64"), "bool")
            high = Binary(">", local, Lit(limit, "int64"), "bool")
            number = self.site("OverflowError", f"{param.name} is too large for an index")
            yield Check(Binary("||", low, high, "bool"), number)

    # -- integers

    def opaque(self, var: Var) -> Expr:
        rhs = self.defs[var].rhs
        assert isinstance(rhs, ir.Apply)
        return applied(self, var, rhs, ())

    def magnitude(self, atom: Atom) -> int:
        new = atom.type.is_index and atom not in self.bits
        if new and isinstance(atom, Var) and atom in self.function.params:
            self.limited[atom] = None
            self.bits[atom] = bounds.SIZE_BITS
        return super().magnitude(atom)


def is_needless(stmt: Stmt, shaped: set[str]) -> bool:
    """Does it give a shape to one of these results, which have theirs from the head on?"""
    return isinstance(stmt, Bind) and stmt.room is None and stmt.array.name in shaped
