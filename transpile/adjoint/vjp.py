"""Functions to functions: the pullback of a function, and the gradient of one with a scalar result.

The new function runs the program, keeping what its reverse will read, and then the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence

from transpile.adjoint.activity import active
from transpile.adjoint.alive import Alive
from transpile.adjoint.logs import Log, Recorder, Room, State, Store
from transpile.adjoint.outputs import check_sources, outputs
from transpile.adjoint.program import Program
from transpile.adjoint.residuals import planned
from transpile.adjoint.resolve import Residuals, Scope
from transpile.adjoint.reverse import Mirror, Sweep, cotangent_name, cotangent_type
from transpile.errors import UnsupportedError
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Block, Const, Function, Leaf, Tree, Var, constant
from transpile.sym.types import INT, Type


def vjp(function: Function, wrt: Sequence[int], keep_value: bool) -> Function:
    """The function that takes cotangents of the results, and gives those of the params `wrt`.

    Its params are the function's, then `d_<name>` for each float that the user gets of it; its
    results are what the user gets where `keep_value`, then one cotangent for each of `wrt`.
    """
    check_sources(function, wrt)
    function = walk.inline(function)
    sizes: list[Var] = []
    results = list(outputs(function, function.tree))
    params = [result_cotangent(function, r, sizes) for r in results if r.type.is_float]
    seeds = list(params)
    given = [seeds.pop(0) if r.type.is_float else None for r in results]
    values = results if keep_value else []
    return Reversal(function, wrt, results).written("vjp", params, sizes, given, values)


def grad(
    function: Function, wrt: Sequence[int], keep_value: bool, has_aux: bool = False
) -> Function:
    """The gradient of a function with one scalar result; with `has_aux`, of its first result.

    Its results are the cost where `keep_value`, the other results, then the gradient.
    """
    check_sources(function, wrt)
    function = walk.inline(function)
    results = list(outputs(function, function.tree))
    if not results or (len(results) > 1 and not has_aux):
        raise UnsupportedError(
            f"cost must be a scalar, not {len(results)} results",
            function.span,
            "return the cost alone, or ask for has_aux=True and return (cost, others)",
        )
    cost, *aux = results
    if cost.type.dims or not cost.type.is_float:
        raise UnsupportedError(f"cost must be a scalar, not {cost.type}", function.span)
    seed = Const(1.0, Type(cost.type.dtype, (), "numpy"))
    values = [cost, *aux] if keep_value else aux
    return Reversal(function, wrt, [cost]).written("grad", [], [], [seed], values)


def result_cotangent(function: Function, result: Atom, sizes: list[Var]) -> Var:
    """The param for the cotangent of a result, its dims in sizes that are bound on entry."""
    name = cotangent_name(result) or "d_result"
    dims = []
    for dim in result.type.dims:
        if any(s not in function.sizes for s in dim.symbols()):
            size = Var("", INT)
            sizes.append(size)
            dim = Affine.of(size)
        dims.append(dim)
    return Var(name, cotangent_type(result.type).having(dims=tuple(dims)))


class Reversal:
    """One function being reversed."""

    def __init__(self, function: Function, wrt: Sequence[int], results: Sequence[Atom]) -> None:
        self.function, self.results = function, results
        self.sources = [function.params[k] for k in wrt]
        self.program = Program(function.body)
        self.active = active(function.body, self.sources, results)
        self.mirror = Mirror()

    def builder(self) -> Builder:
        build = Builder()
        build.unequal = lambda build, a, b: None
        build.forms = dict(self.program.forms)
        build.facts = build.facts.having(*map(Affine.of, self.function.sizes))
        return build

    def written(
        self,
        suffix: str,
        params: Sequence[Var],
        sizes: Sequence[Var],
        seeds: Sequence[Atom | None],
        values: Sequence[Atom],
    ) -> Function:
        function = self.function
        reverse = self.reverse(seeds)
        build = self.builder()
        cotangents = self.resolved(reverse, build)
        body = build.block([*function.params, *params], [*values, *cotangents])
        leaves = tuple(Leaf(k) for k in range(len(body.results)))
        tree = leaves[0] if len(leaves) == 1 else Tree("tuple", leaves)
        return Function(
            f"{function.name}_{suffix}", body.params, (*function.sizes, *sizes), body, tree,
            span=function.span, about=self.about(params, values),
        )  # fmt: skip

    def about(self, params: Sequence[Var], values: Sequence[Atom]) -> str:
        """What the new function gives, in a sentence."""
        names = [cotangent_name(source) for source in self.sources]
        shown = names[0] if len(names) == 1 else f"({', '.join(names)})"
        name = self.function.name
        if not params:
            if not values:
                return f"The gradient of {name}: {shown}."
            beside = "The value" if values[0] is self.results[0] else "What stands beside the value"
            return f"{beside} of {name}, and its gradient: {shown}."
        given = " and ".join(p.name for p in params)
        what = "cotangent of" if len(params) == 1 else "cotangents of"
        results = "result" if len(params) == 1 else "results"
        return f"Given {given}, the {what} {name}'s {results}, return {shown}."

    def reverse(self, seeds: Sequence[Atom | None]) -> Block:
        """The reverse sweep, reading the program's variables wherever it needs them."""
        sweep = Sweep(self.builder(), self.active, self.mirror, {})
        for result, seed in zip(self.results, seeds, strict=True):
            if seed is not None:
                sweep.add(result, seed)
        sweep.run(self.function.body)
        sweep.build.span = self.function.span
        block = sweep.build.block([], [sweep.running(source) for source in self.sources])
        self.mirror.blocks[block] = self.function.body
        return block

    def resolved(self, reverse: Block, build: Builder) -> list[Atom]:
        """Write the program with its logs, then the reverse that reads them."""
        held = {v for eqn in reverse.eqns for v in walk.atoms(eqn.rhs) if isinstance(v, Var)}
        alive = Alive(self.function, self.program, held)
        planner = planned(self.program, self.mirror, alive, reverse)
        chosen = [v for plan in planner.plans.values() for v in plan.kept]
        chosen.sort(key=lambda v: v.serial)
        room = Room(self.program, build)
        logs: dict[Var, Log] = {}
        final: State = {}
        copies: dict[Var, Atom] = {}
        for eqn in self.function.body.eqns:
            for old in alive.chains.overwritten(eqn):
                if old in planner.plans[reverse].late and old not in copies:
                    copies[old] = room.copy(old)
            inside = [v for v in chosen if self.program.outermost(self.program.home[v]) is eqn]
            made = room.logs(inside)
            logs.update(made)
            stores: list[Store] = [log for log in made.values() if log.main is None]
            for log in made.values():
                if log.main is None:
                    final[log] = room.empty(log)
            for counter in dict.fromkeys(log.counter for log in logs.values()):
                if counter is not None and counter not in final:
                    final[counter] = constant(0)
                    stores.append(counter)
            Recorder(self.program, stores).eqn(eqn, final, build)
            for out in eqn.outs:
                if out in build.forms:
                    build.atoms.setdefault(build.forms[out], out)
        final.update((storage, copies.get(storage, storage)) for storage in planner.undone)
        known = Residuals(self.program, planner.plans, logs, planner.undone, self.mirror)
        scope = Scope(known, reverse, build, None, final)
        scope.values.update(copies)
        scope.run(reverse)
        return [scope.atom(result) for result in reverse.results]
