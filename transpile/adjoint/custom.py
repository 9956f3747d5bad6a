"""Forward mode of a user's own rule: its transpose, where it is linear in the cotangent."""

from __future__ import annotations

from collections.abc import Sequence

from transpile.adjoint.vjp import vjp
from transpile.errors import NotDifferentiableError
from transpile.sym import walk
from transpile.sym.build import Builder
from transpile.sym.fold import fold
from transpile.sym.ir import Atom, Block, Custom, Eqn, Function, Leaf, Tree


def pushed(build: Builder, eqn: Eqn, rhs: Custom, dots: Sequence[Atom]) -> tuple[Atom, ...]:
    """The tangents of an equation's outs, given those of the sources.

    The rule gives `g J`. Its own derivative with respect to `g`, for the cotangents `dots` of what
    it gives, is `J dots`; as long as `g` is read nowhere in that, the rule was linear.
    """
    rule = rhs.rule
    seeds = rule.params[len(rule.params) - len(eqn.outs) :]
    sizes = [p for p in rule.params if p.type.is_index]
    params = [p for p in rule.params if not p.type.is_index]
    tree = Tree("tuple", tuple(Leaf(k) for k in range(len(rule.results))))
    body = Block(tuple(params), rule.eqns, rule.results)
    function = Function("rule", body.params, tuple(sizes), body, tree, span=eqn.span)
    pulled = fold(vjp(function, [params.index(g) for g in seeds], keep_value=False)).body
    rest = Block((), pulled.eqns, pulled.results)
    if set(seeds).intersection(walk.captures(rest)):
        raise NotDifferentiableError(
            f"the rule of {rhs.name} is not linear in its cotangent, as forward mode needs it",
            eqn.span,
            "use reverse mode, transpile.vjp or transpile.grad",
        )
    known = dict(zip(rule.params, (*rhs.args, *eqn.outs), strict=False))
    known.update(zip(pulled.params[len(params) :], dots, strict=True))
    found = walk.Substitution(known, True, build.dim).block(rest)
    build.eqns.extend(found.eqns)
    return found.results
