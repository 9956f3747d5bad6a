"""Functions to functions: the pullback of a function, and the gradient of one with a scalar result.

The new function runs the program, keeping what its reverse will read, and then the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from transpile.adjoint.activity import active
from transpile.adjoint.checkpoint import divided
from transpile.adjoint.cotangents import cotangent_name, cotangent_type
from transpile.adjoint.outputs import check_sources, outputs
from transpile.adjoint.part import Policy
from transpile.adjoint.program import forms
from transpile.adjoint.reversal import Reversal
from transpile.errors import UnsupportedError
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom, Block, Const, Function, Leaf, Tree, Var
from transpile.sym.ops import arithmetic, parts
from transpile.sym.types import INT, Type


def vjp(
    function: Function, wrt: Sequence[int], keep_value: bool, policy: Policy | None = None
) -> Function:
    """The function that takes cotangents of the results, and gives those of the params `wrt`.

    Its params are the function's, then `d_<name>` for each float that the user gets of it; its
    results are what the user gets where `keep_value`, then one cotangent for each of `wrt`. With a
    checkpoint `policy`, the last param is the bytes of memory that it may take.
    """
    check_sources(function, wrt)
    function = walk.inline(function)
    sizes: list[Var] = []
    results = list(outputs(function, function.tree))
    params = [result_cotangent(function, r, sizes) for r in results if r.type.is_smooth]
    seeds = list(params)
    given = [seeds.pop(0) if r.type.is_smooth else None for r in results]
    values = results if keep_value else []
    function = replace(function, sizes=(*function.sizes, *sizes))
    floats = [result for result in results if result.type.is_smooth]
    function = replace(function, body=with_lengths_checked(function, params, floats))
    made = written(function, wrt, results, ("vjp", params, given, values), policy)
    return conjugated(made, params, len(wrt))


def grad(
    function: Function,
    wrt: Sequence[int],
    keep_value: bool,
    has_aux: bool = False,
    policy: Policy | None = None,
) -> Function:
    """The gradient of a function with one scalar result; with `has_aux`, of its first result.

    Its results are the cost where `keep_value`, the other results, then the gradient. For `policy`
    see `vjp`.
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
    if cost.type.is_complex:
        raise UnsupportedError(
            f"cost must be real, not {cost.type}", function.span, "return its real part or abs(...)"
        )
    if cost.type.dims or not cost.type.is_float:
        raise UnsupportedError(
            f"cost must be a scalar, not {cost.type}",
            function.span,
            "return a sum or a mean, np.sum(...)" if cost.type.dims else "return a float",
        )
    seed = Const(1.0, Type(cost.type.dtype, (), "numpy"))
    values = [cost, *aux] if keep_value else aux
    made = written(function, wrt, [cost], ("grad", [], [seed], values), policy)
    return conjugated(made, [], len(wrt))


def conjugated(function: Function, params: Sequence[Var], count: int) -> Function:
    """The function with cotangents as users have them: conjugates of those inside.

    Inside, the cotangent g of a complex z says that the cost moves by the real part of g * dz.
    For users it is the direction in which the cost rises most, so that `z - rate * gradient`
    lowers it. `params` are those that are cotangents, the last `count` results too.
    """
    given = {p: Var(p.name, p.type) for p in params if p.type.is_complex}
    before, build = Builder(), Builder()
    before.span = build.span = function.span
    for inside, outside in given.items():
        before.emit(Apply(parts.CONJ, (outside,)), [inside])
    results = list(function.body.results)
    for k in range(len(results) - count, len(results)):
        atom = results[k]
        if atom.type.is_complex:
            results[k] = build.apply(parts.CONJ, atom)
    eqns = (*before.eqns, *function.body.eqns, *build.eqns)
    outer = tuple(given.get(p, p) for p in function.params)
    return replace(function, params=outer, body=Block(outer, eqns, tuple(results)))


def written(
    function: Function,
    wrt: Sequence[int],
    results: Sequence[Atom],
    more: tuple[str, Sequence[Var], Sequence[Atom | None], Sequence[Atom]],
    policy: Policy | None,
) -> Function:
    """The function that runs `function` and then its reverse.

    `more` is a suffix to the name, the params that are added, the results' cotangents, and the
    values that are results beside the cotangents.
    """
    suffix, params, seeds, values = more
    sources = [function.params[k] for k in wrt]
    reached = active(function.body, sources, results)
    reversal = Reversal(function, sources, results, reached)
    reversal.plan(seeds)
    given = [*function.params, *params]
    if policy is not None:
        reversal = divided(reversal, seeds, policy)
        given.append(policy.memory)
    build = reversal.builder()
    cotangents = reversal.write(build)
    body = build.block(given, [*values, *cotangents])
    leaves = tuple(Leaf(k) for k in range(len(body.results)))
    tree = leaves[0] if len(leaves) == 1 else Tree("tuple", leaves)
    return Function(
        f"{function.name}_{suffix}", body.params, function.sizes, body, tree,
        span=function.span, about=about(reversal, params, values),
    )  # fmt: skip


def about(reversal: Reversal, params: Sequence[Var], values: Sequence[Atom]) -> str:
    """What the new function gives, in a sentence."""
    names = [cotangent_name(source) for source in reversal.sources]
    shown = names[0] if len(names) == 1 else f"({', '.join(names)})"
    name = reversal.function.name
    if not params:
        if not values:
            return f"The gradient of {name}: {shown}."
        is_value = values[0] is reversal.results[0]
        beside = "The value" if is_value else "What stands beside the value"
        return f"{beside} of {name}, and its gradient: {shown}."
    given = " and ".join(p.name for p in params)
    what = "cotangent of" if len(params) == 1 else "cotangents of"
    results = "result" if len(params) == 1 else "results"
    return f"Given {given}, the {what} {name}'s {results}, return {shown}."


def result_cotangent(function: Function, result: Atom, sizes: list[Var]) -> Var:
    """The param for the cotangent of a result, its dims in sizes that are bound on entry."""
    name = cotangent_name(result) or "d_result"
    dims = []
    for letter, dim in zip("nmklpqrs", result.type.dims, strict=False):
        if dim.constant != 1 and dim.symbol not in function.sizes:
            size = Var(f"{letter}_{name}", INT)
            sizes.append(size)
            dim = Affine.of(size)
        dims.append(dim)
    return Var(name, cotangent_type(result.type).having(dims=tuple(dims)))


def with_lengths_checked(
    function: Function, params: Sequence[Var], results: Sequence[Atom]
) -> Block:
    """The program, and after it: is each cotangent as long as its result?"""
    build = Builder()
    build.forms, build.span = forms(function.body), function.span
    for param, result in zip(params, results, strict=True):
        for given, dim in zip(param.type.dims, result.type.dims, strict=True):
            if given != dim:
                fits = build.apply(arithmetic.EQUAL, build.atom(given), build.extent(dim))
                build.check(fits, "ShapeError", f"{param.name} has not the result's shape")
    return replace(function.body, eqns=(*function.body.eqns, *build.eqns))
