"""Carries an array in the shape in which a loop sees it, where it sees it in no other.

    x1 = scan carrying x0: flat = reshape(x); ...; y = update(flat, ...); -> reshape(y)
    x1 = reshape(scan carrying reshape(x0): ...; y = update(flat, ...); -> y)

A write into another shape of an array then is one in place, with no copy of it for each step. A
branch that gives the array in its own shape gives it in the other too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeAlias

from msgspec.structs import replace

from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Eqn,
    Function,
    If,
    Scan,
    Var,
    While,
    constant,
)
from transpile.sym.ops import arithmetic, shape

Dims: TypeAlias = "tuple[Affine, ...]"
Around: TypeAlias = "tuple[list[Eqn], Eqn, list[Eqn]]"  # before an equation, itself, after it


Makers: TypeAlias = "dict[Var, Eqn]"


def carried(function: Function) -> Function:
    """The function with such arrays carried in the shape in which they are seen."""
    makers = {out: eqn for eqn in walk.equations(function.body) for out in eqn.outs}
    return replace(function, body=changed(function.body, makers))


def changed(block: Block, makers: Makers) -> Block:
    eqns: list[Eqn] = []
    for eqn in block.eqns:
        inner = [changed(one, makers) for one in walk.blocks(eqn.rhs)]
        now = Eqn(eqn.outs, walk.with_blocks(eqn.rhs, inner), eqn.span) if inner else eqn
        ends: list[Eqn] = []
        for k in range(len(eqn.outs)):
            found = of_loop(now, k, makers) or of_branch(now, k, makers)
            if found is not None:
                before, now, after = found
                eqns += before
                ends += after
        eqns += [now, *ends]
    return replace(block, eqns=tuple(eqns))


def of_loop(eqn: Eqn, k: int, makers: Makers) -> Around | None:
    """The loop with carried value number k in the other shape; None where it stays as it is."""
    rhs = eqn.rhs
    if not isinstance(rhs, Scan | While) or k >= len(rhs.init):
        return None
    at, body = k + isinstance(rhs, Scan), rhs.body
    param = body.params[at]
    made = maker(body, k)
    dims = None if made is None else made.args[0].type.dims
    if made is None or dims is None or not seen_only(body, param, dims):
        return None
    there, back = lengths(body, dims), lengths(body, param.type.dims)
    if there is None or back is None or count(there, makers) != count(back, makers):
        return None
    new = Var(param.name, param.type.having(dims=dims))
    inner = replace(body, params=put(body.params, at, new))
    inner = replace(inner, results=put(inner.results, k, made.args[0]))
    inner = walk.substitute(inner, {param: new})
    start = Var("", new.type)
    if isinstance(rhs, While):
        tested = rhs.test.params[k]
        if any(tested in walk.reads(one) for one in rhs.test.eqns) or tested in rhs.test.results:
            return None
        test = replace(rhs.test, params=put(rhs.test.params, k, Var(tested.name, new.type)))
        loop: Scan | While = replace(rhs, test=test, body=inner, init=put(rhs.init, k, start))
    else:
        loop = replace(rhs, body=inner, init=put(rhs.init, k, start))
    out = Var(eqn.outs[k].name, new.type)
    return (
        [Eqn((start,), Apply(shape.RESHAPE, (rhs.init[k], *there)), eqn.span)],
        Eqn(put(eqn.outs, k, out), loop, eqn.span),
        [Eqn((eqn.outs[k],), Apply(shape.RESHAPE, (out, *back)), eqn.span)],
    )


def of_branch(eqn: Eqn, k: int, makers: Makers) -> Around | None:
    """The branch with result number k in the other shape; None where it stays as it is."""
    rhs = eqn.rhs
    if not isinstance(rhs, If) or not eqn.outs[k].type.dims:
        return None
    out, arms = eqn.outs[k], (rhs.then, rhs.orelse)
    made = [maker(arm, k) for arm in arms]
    shapes = [one.args[0].type.dims for one in made if one is not None]
    if not shapes or any(one != shapes[0] for one in shapes):
        return None
    there = [lengths(arm, shapes[0]) for arm in arms]
    back = [lengths(arm, out.type.dims) for arm in arms]
    new = Var(out.name, out.type.having(dims=shapes[0]))
    done = []
    for arm, one, given in zip(arms, made, there, strict=True):
        if given is None:
            return None
        if one is not None:
            done.append(replace(arm, results=put(arm.results, k, one.args[0])))
            continue
        other = Var("", new.type)
        more = Eqn((other,), Apply(shape.RESHAPE, (arm.results[k], *given)), eqn.span)
        done.append(Block(arm.params, (*arm.eqns, more), put(arm.results, k, other)))
    found = back[0] or back[1]
    given = there[0] or there[1]
    if found is None or given is None or count(found, makers) != count(given, makers):
        return None
    return (
        [],
        Eqn(put(eqn.outs, k, new), replace(rhs, then=done[0], orelse=done[1]), eqn.span),
        [Eqn((out,), Apply(shape.RESHAPE, (new, *found)), eqn.span)],
    )


def maker(block: Block, k: int) -> Apply | None:
    """The reshape that result number k of the block is, where nothing else reads it."""
    result = block.results[k]
    if not isinstance(result, Var) or block.results.count(result) > 1:
        return None
    for eqn in block.eqns:
        if eqn.outs == (result,) and isinstance(eqn.rhs, Apply) and eqn.rhs.op is shape.RESHAPE:
            read = any(result in walk.reads(one) for one in block.eqns)
            return None if read else eqn.rhs
    return None


def lengths(block: Block, dims: Dims) -> tuple[Atom, ...] | None:
    """The lengths as values from outside the block; None where there are none."""
    own = {out for eqn in walk.equations(block) for out in eqn.outs} | {*block.params}
    found: list[Atom] = []
    for dim in dims:
        if dim.constant is not None:
            found.append(constant(dim.constant))
        elif isinstance(dim.symbol, Var) and dim.symbol not in own:
            found.append(dim.symbol)
        else:
            return None
    return tuple(found)


def count(dims: Iterable[Atom], makers: Makers) -> Counter[Atom]:
    """The factors of the number of elements, those that are products taken apart: where they are
    the same it is the same, wherever it is asked."""
    found: Counter[Atom] = Counter()
    for dim in dims:
        made = makers.get(dim) if isinstance(dim, Var) else None
        if made is not None and isinstance(made.rhs, Apply) and made.rhs.op is arithmetic.MULTIPLY:
            found += count(made.rhs.args, makers)
        elif dim != constant(1):
            found[dim] += 1
    return found


def seen_only(block: Block, array: Var, dims: Dims) -> bool:
    """Is the array read, and in that shape only?"""
    inner = [block, *(b for eqn in walk.equations(block) for b in walk.blocks(eqn.rhs))]
    if any(array in one.results for one in inner):
        return False
    found = [eqn for eqn in walk.equations(block) if array in walk.atoms(eqn.rhs)]
    return bool(found) and all(
        isinstance(eqn.rhs, Apply) and eqn.rhs.op is shape.RESHAPE and eqn.outs[0].type.dims == dims
        for eqn in found
    )


def put(items: tuple[Any, ...], k: int, new: Any) -> tuple[Any, ...]:
    return (*items[:k], new, *items[k + 1 :])
