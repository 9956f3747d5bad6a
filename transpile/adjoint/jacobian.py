"""The Jacobian: forward in each direction of the params or, backwards, of the results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from transpile.adjoint.cotangents import cotangent_type
from transpile.adjoint.directions import Directions, elements
from transpile.adjoint.forward import jvp
from transpile.adjoint.outputs import check_sources, outputs
from transpile.adjoint.vjp import vjp
from transpile.errors import UnsupportedError
from transpile.sym import fold, walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Function, If, Leaf, Tree, Var
from transpile.sym.ops import arithmetic


def jacobian(function: Function, wrt: Sequence[int]) -> Function:
    """The derivative of each float that the user gets by each of the params `wrt`, in that order.

    Each has the dims of the result, then those of the param, and the param's dtype.
    """
    check_sources(function, wrt)
    function = fold.fold(walk.inline(function))
    results = [r for r in outputs(function, function.tree) if r.type.is_smooth]
    sources = [function.params[k] for k in wrt]
    if any(atom.type.is_complex for atom in (*sources, *results)):
        raise UnsupportedError(
            "a Jacobian of complex numbers has no form here",
            function.span,
            "take the Jacobian of real parts by real parts, or vjp and jvp",
        )
    build = Builder()
    build.unequal = lambda build, a, b: None
    build.facts = build.facts.having(*map(Affine.of, function.sizes))
    build.eqns = list(function.body.eqns)
    build.span = function.span
    made = Jacobian(function, wrt, results)
    forward = is_forward(sources, results)
    if forward is None:
        found = made.chosen(build)
    else:
        found = made.by_columns(build) if forward else made.by_rows(build)
    leaves = tuple(map(Leaf, range(len(found))))
    tree = leaves[0] if len(leaves) == 1 else Tree("tuple", leaves)
    names = ", ".join(source.name for source in sources)
    return Function(
        f"{function.name}_jacobian", function.params, function.sizes,
        build.block(function.params, found), tree, span=function.span,
        about=f"The Jacobian of {function.name} by {names}.",
    )  # fmt: skip


def is_forward(sources: Sequence[Atom], results: Sequence[Atom]) -> bool | None:
    """Are there certainly no more elements in the params than in the results, or the reverse?"""
    if is_matched(sources, results):
        return True
    return False if is_matched(results, sources) else None


def is_matched(some: Sequence[Atom], others: Sequence[Atom]) -> bool:
    """Has each of these another one for itself that has all its dims, and perhaps more?"""
    left = sorted(others, key=lambda atom: atom.type.ndim)
    for atom in some:
        larger = next((o for o in left if is_within(atom.type.dims, o.type.dims)), None)
        if larger is None:
            return False
        left.remove(larger)
    return True


def is_within(some: Iterable[Affine], dims: Iterable[Affine]) -> bool:
    left = [dim for dim in dims if dim.constant != 1]
    for dim in some:
        if dim.constant == 1:
            continue
        if dim not in left:
            return False
        left.remove(dim)
    return True


class Jacobian:
    """The sweeps of one function."""

    def __init__(self, function: Function, wrt: Sequence[int], results: Sequence[Atom]) -> None:
        self.function, self.wrt, self.results = function, wrt, results
        self.sources = [function.params[k] for k in wrt]

    def chosen(self, build: Builder) -> list[Atom]:
        """By what there is less of, which is known when the program runs."""
        counts = (
            elements([s.type for s in self.sources], build),
            elements([r.type for r in self.results], build),
        )
        few = build.apply(arithmetic.LESS_EQUAL, *counts)
        blocks = []
        for sweeps in (self.by_columns, self.by_rows):
            inner = build.child()
            blocks.append(inner.block([], sweeps(inner)))
        pairs = [(r, s) for r in self.results for s in self.sources]
        return list(build.emit(If(few, *blocks), [derivative(r, s) for r, s in pairs]))

    def by_columns(self, build: Builder) -> list[Atom]:
        """Forward: for each element of a param, how all results move with it."""
        made = jvp(self.giving(self.results), self.wrt, keep_value=False)
        ends = [[derivative(r, source) for r in self.results] for source in self.sources]
        known = frozenset(out for eqn in self.function.body.eqns for out in eqn.outs)
        columns = Directions(made, self.sources, ends, known, build).run(build)
        return [column[k] for k in range(len(self.results)) for column in columns]

    def by_rows(self, build: Builder) -> list[Atom]:
        """Backwards: for each element of a result, how it moves with all params."""
        made = vjp(self.giving(self.results), self.wrt, keep_value=False)
        ends = [[derivative(result, source) for source in self.sources] for result in self.results]
        rows = Directions(made, self.results, ends, None, build).run(build)
        return [atom for row in rows for atom in row]

    def giving(self, results: Sequence[Atom]) -> Function:
        """The function with these results only."""
        body = replace(self.function.body, results=tuple(results))
        tree = Tree("tuple", tuple(map(Leaf, range(len(results)))))
        return replace(self.function, body=body, tree=tree, written=())


def derivative(result: Atom, source: Var) -> Var:
    """The derivative of a result by a param, `d_y_d_x`."""
    dims = (*result.type.dims, *source.type.dims)
    name = result.name if isinstance(result, Var) and result.name else "result"
    type = cotangent_type(source.type).having(dims=dims)
    return Var(f"d_{name}_d_{source.name}", type.having(kind="array") if dims else type)
