"""Forward mode: beside each equation the one of its tangents, in the order of the program.

The tangent of `x` is `x_dot`. It comes from the same rules as the cotangent: element by element the
derivative is a factor, which serves both ways; what is linear in an argument is applied to its
tangent; any other rule is transposed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from transpile.adjoint import custom
from transpile.adjoint.activity import active
from transpile.adjoint.cotangents import Mirror, cotangent_type, literal
from transpile.adjoint.outputs import check_sources, numbered, outputs
from transpile.adjoint.program import builder, forms
from transpile.adjoint.reverse import Sweep, by_rule, contributions
from transpile.sym import walk
from transpile.sym.affine import Affine
from transpile.sym.build import Builder, scan_facts
from transpile.sym.ir import (
    Apply,
    Atom,
    Block,
    Const,
    Custom,
    Eqn,
    Function,
    If,
    Scan,
    Tree,
    Var,
    While,
    constant,
)  # fmt: skip
from transpile.sym.ops import Op, Reduce, arithmetic, reduce, shape
from transpile.sym.ops.table import Rule
from transpile.sym.types import Type


def tangent_name(atom: Atom) -> str:
    return f"{atom.name}_dot" if isinstance(atom, Var) and atom.name else ""


class Push:
    """A program being written with its tangents; `tangents` are those of the active variables."""

    def __init__(self, body: Block, sources: Sequence[Var], results: Iterable[Atom]) -> None:
        self.active = active(body, sources, results)
        self.body, self.forms = body, forms(body)
        self.tangents: dict[Var, Atom] = {}
        self.empty = {
            eqn.outs[0]
            for eqn in walk.equations(body)
            if isinstance(eqn.rhs, Apply) and eqn.rhs.op is shape.EMPTY
        }

    def builder(self, sizes: Iterable[Var]) -> Builder:
        return builder(self.body, sizes, self.forms)

    def run(self, block: Block, build: Builder) -> None:
        for eqn in block.eqns:
            build.span = eqn.span
            match eqn.rhs:
                case Apply() as rhs if eqn.outs[0] in self.active:
                    self.apply(eqn, rhs, build)
                case Custom() as rhs if self.active.intersection(eqn.outs):
                    self.custom(eqn, rhs, build)
                case Scan() | While() as rhs:
                    self.loop(eqn, rhs, build)
                case If() as rhs:
                    self.branches(eqn, rhs, build)
                case _:
                    build.eqns.append(eqn)
            for out in eqn.outs:
                if out in self.forms:
                    build.atoms.setdefault(self.forms[out], out)

    # -- tangents

    def tangent(self, atom: Atom) -> Atom | None:
        """None where the value does not vary, or matters for nothing."""
        return self.tangents.get(atom) if isinstance(atom, Var) else None

    def running(self, atom: Atom, type: Type, build: Builder) -> Atom:
        """The tangent, zero if there is none, as one of this type."""
        found = self.tangent(atom)
        if found is not None:
            return fit(found, type, build)
        if atom in self.empty:
            return allocated(shape.EMPTY, Var(tangent_name(atom), type), build)
        return zero(type, tangent_name(atom), build)

    # -- one operator

    def apply(self, eqn: Eqn, rhs: Apply, build: Builder) -> None:
        """The tangent stands before the value, which may overwrite what both read."""
        out, start = eqn.outs[0], len(build.eqns)
        match rhs.op:
            case shape.UPDATE:
                found = self.update(rhs, build)
            case shape.INCREMENT:
                found = self.increment(rhs, build)
            case shape.CONVERT:  # to the dtype only: a tangent is no scalar of Python's
                found = self.running(rhs.args[0], cotangent_type(out.type), build)
            case _:
                found = self.by_rules(eqn, rhs, build)
        fitted = fit(found, cotangent_type(out.type), build)
        new = len(build.eqns) > start  # else it is the tangent of another value too
        self.tangents[out] = self.named(fitted, out, build) if new else fitted
        reads_out = any(out in walk.reads(new) for new in build.eqns[start:])
        build.eqns.insert(start if reads_out else len(build.eqns), eqn)

    def named(self, value: Atom, out: Var, build: Builder) -> Atom:
        """The value under the name of a tangent, if it is a temporary just made."""
        last = build.eqns[-1] if build.eqns else None
        if last is None or last.outs != (value,) or not isinstance(value, Var) or value.name:
            return value
        build.eqns[-1] = Eqn((renamed := Var(tangent_name(out), value.type),), last.rhs, last.span)
        return renamed

    def by_rules(self, eqn: Eqn, rhs: Apply, build: Builder) -> Atom:
        total, start = None, len(build.eqns)
        for part in self.parts(eqn, rhs, build):
            total = part if total is None else plus(total, part, build, start)
        assert total is not None
        return total

    def parts(self, eqn: Eqn, rhs: Apply, build: Builder) -> Iterator[Atom]:
        """What the tangent of each argument adds to that of the result."""
        for k, arg in enumerate(rhs.args if rhs.op.linear else ()):
            t = self.tangent(arg)
            if t is not None:
                args = (*rhs.args[:k], t, *rhs.args[k + 1 :])
                yield build.apply(rhs.op, *args, **rhs.params)
        for arg, rule, twice in () if rhs.op.linear else contributions(rhs):
            t = self.tangent(arg)
            if t is not None:
                if twice:
                    t = build.apply(arithmetic.MULTIPLY, constant(2), t)
                yield pushed(build, eqn, rhs, rule, t)

    def update(self, rhs: Apply, build: Builder) -> Atom:
        x, value, *at = rhs.args
        new = self.tangent(value)
        stored: Atom = constant(0.0) if new is None else new
        d = self.running(x, cotangent_type(x.type), build)
        return build.apply(shape.UPDATE, d, stored, *at, name=tangent_name(x), **rhs.params)

    def increment(self, rhs: Apply, build: Builder) -> Atom:
        x, value, *at = rhs.args
        d, added = self.running(x, cotangent_type(x.type), build), self.tangent(value)
        if added is None:
            return d
        return build.apply(shape.INCREMENT, d, added, *at, name=tangent_name(x), **rhs.params)

    def custom(self, eqn: Eqn, rhs: Custom, build: Builder) -> None:
        build.eqns.append(eqn)
        dots = [self.running(a, cotangent_type(a.type), build) for a in rhs.sources]
        found = custom.pushed(build, eqn, rhs, dots)
        self.tangents.update(zip(eqn.outs, found, strict=True))

    # -- loops and branches

    def loop(self, eqn: Eqn, rhs: Scan | While, build: Builder) -> None:
        """The loop carries the tangents of what it carries, after that."""
        count = len(rhs.init)
        params = rhs.body.params[len(rhs.body.params) - count :]
        moved = [k for k in range(count) if {params[k], eqn.outs[k]} & self.active]
        types = [cotangent_type(params[k].type) for k in moved]
        init = [self.running(rhs.init[k], t, build) for k, t in zip(moved, types, strict=True)]
        dots = [Var(tangent_name(params[k]), t) for k, t in zip(moved, types, strict=True)]
        self.tangents.update((params[k], dot) for k, dot in zip(moved, dots, strict=True))
        inner = build.child(*self.facts(rhs, build))
        self.run(rhs.body, inner)
        inner.span = eqn.span
        results = rhs.body.results
        new = [self.running(results[k], t, inner) for k, t in zip(moved, types, strict=True)]
        body = Block(
            (*rhs.body.params, *dots),
            tuple(inner.eqns),
            (*results[:count], *new, *results[count:]),
        )
        outs = [Var(tangent_name(eqn.outs[k]), t) for k, t in zip(moved, types, strict=True)]
        changed: Scan | While = replace(rhs, init=(*rhs.init, *init), body=body)
        if isinstance(changed, While):
            unread = [Var(dot.name, dot.type) for dot in dots]
            test = Block((*changed.test.params, *unread), changed.test.eqns, changed.test.results)
            changed = replace(changed, test=test)
        build.emit(changed, (*eqn.outs[:count], *outs, *eqn.outs[count:]))
        self.tangents.update((eqn.outs[k], out) for k, out in zip(moved, outs, strict=True))

    def facts(self, rhs: Scan | While, build: Builder) -> tuple[Affine, ...]:
        if isinstance(rhs, While):
            return ()
        return scan_facts(rhs.body.params[0], *map(build.dim, (rhs.start, rhs.stop, rhs.step)))

    def branches(self, eqn: Eqn, rhs: If, build: Builder) -> None:
        moved = [k for k, out in enumerate(eqn.outs) if out in self.active]
        types = [cotangent_type(eqn.outs[k].type) for k in moved]
        made = []
        for branch in (rhs.then, rhs.orelse):
            inner = build.child()
            self.run(branch, inner)
            inner.span = eqn.span
            ends = [
                self.running(branch.results[k], t, inner)
                for k, t in zip(moved, types, strict=True)
            ]  # fmt: skip
            made.append(inner.block([], [*branch.results, *ends]))
        outs = [Var(tangent_name(eqn.outs[k]), t) for k, t in zip(moved, types, strict=True)]
        build.emit(If(rhs.test, *made), (*eqn.outs, *outs))
        self.tangents.update((eqn.outs[k], out) for k, out in zip(moved, outs, strict=True))


def pushed(build: Builder, eqn: Eqn, rhs: Apply, rule: Rule | None, t: Atom) -> Atom:
    """The tangent of a result, by the rule for the cotangent of an argument with tangent `t`."""
    for name, own in rhs.op.jvp.items():
        if rhs.op.vjp is not None and rhs.op.vjp[name] is rule:
            return by_rule(build, eqn, rhs, own, t)
    if rhs.op.elementwise:
        kind, out = "array" if t.type.kind == "array" else "numpy", eqn.outs[0].type
        to_real = t.type.is_complex and not out.is_complex  # of which the rule takes the part
        dtype = t.type.dtype if to_real else out.dtype
        return by_rule(build, eqn, rhs, rule, build.convert(t, dtype, kind))
    if isinstance(rhs.op.c, Reduce):
        return build.apply(reduce.SUM, by_rule(build, eqn, rhs, rule, t), **rhs.params)
    return transposed(build, eqn, rhs, rule, t)


def zero(type: Type, name: str, build: Builder) -> Atom:
    """The tangent of what does not vary."""
    if type.kind == "numpy":
        return literal(0.0, type)
    return allocated(shape.ZEROS, Var(name, type), build)


def allocated(op: Op, out: Var, build: Builder) -> Atom:
    """A new array."""
    extents = tuple(map(build.extent, out.type.dims))
    return build.emit(Apply(op, extents, {"dtype": out.type.dtype}), [out])[0]


def fit(value: Atom, type: Type, build: Builder) -> Atom:
    """The value spread to the dims of `type`, with its dtype."""
    if isinstance(value, Const) and type.kind == "numpy":
        return literal(value.value, type)
    value = build.projected(value, type.dtype, "array" if value.type.dims else type.kind)
    dims = value.type.dims
    lead = type.ndim - len(dims)
    if lead or any(
        dims[k - lead].constant == 1 and type.dims[k].constant != 1 for k in range(type.ndim)
    ):
        return build.broadcast_to(value, type.dims)
    return value


def plus(x: Atom, y: Atom, build: Builder, start: int) -> Atom:
    """`x + y`; where(c, a, 0) + where(c, 0, b) is where(c, a, b), c being the same or equal."""
    made = {eqn.outs[0]: eqn.rhs for eqn in build.eqns[start:] if isinstance(eqn.rhs, Apply)}
    first = made.get(x) if isinstance(x, Var) else None
    second = made.get(y) if isinstance(y, Var) else None
    if first is not None and second is not None and first.op is second.op is arithmetic.WHERE:
        (c, a, other), (d, none, b) = first.args, second.args
        if other == none == constant(0) and is_same(c, d, made):
            return build.apply(arithmetic.WHERE, c, a, b)
    return build.apply(arithmetic.ADD, x, y)


def is_same(c: Atom, d: Atom, made: dict[Var, Apply]) -> bool:
    """Are two tests one value, or the same operator on the same values?"""
    if c == d:
        return True
    first, second = (made.get(test) if isinstance(test, Var) else None for test in (c, d))
    if first is None or second is None:
        return False
    return (first.op, first.args) == (second.op, second.args)


def transposed(build: Builder, eqn: Eqn, rhs: Apply, rule: Rule | None, t: Atom) -> Atom:
    """The tangent by the transpose, in `g`, of the rule that gives the cotangent from `g`."""
    g = Var("g", cotangent_type(eqn.outs[0].type))
    inner = build.child()
    pulled = by_rule(inner, eqn, rhs, rule, g)
    if pulled is g:
        return t
    varying = active(inner.block([g], [pulled]), [g], [pulled])
    linear = [e for e in inner.eqns if varying.intersection(e.outs)]
    build.eqns.extend(e for e in inner.eqns if not varying.intersection(e.outs))
    sweep = Sweep(build, varying, Mirror(), {})
    sweep.add(pulled, t)
    sweep.run(Block((g,), tuple(linear), ()))
    return sweep.running(g)


def jvp(function: Function, wrt: Sequence[int], keep_value: bool) -> Function:
    """The function that takes tangents of the params `wrt`, and gives those of the results.

    Its params are the function's, then `<name>_dot` for each of `wrt`; its results are what the
    user gets of the function where `keep_value`, then the tangent of each float of that. It writes
    into none of them.
    """
    check_sources(function, wrt)
    function = walk.inline(function)
    given = list(outputs(function, function.tree))
    sources = [function.params[k] for k in wrt]
    push = Push(function.body, sources, given)
    dots = [Var(tangent_name(s), cotangent_type(s.type)) for s in sources]
    push.tangents.update(zip(sources, dots, strict=True))
    build = push.builder(function.sizes)
    push.run(function.body, build)
    build.span = function.span
    moving = [r for r in given if r.type.is_smooth]
    tangents = [push.running(r, cotangent_type(r.type), build) for r in moving]
    body = build.block([*function.params, *dots], [*(given if keep_value else ()), *tangents])
    numbers = itertools.count()
    values = numbered(function.tree, itertools.repeat(True), numbers) if keep_value else None
    tree = numbered(function.tree, (r.type.is_smooth for r in given), numbers)
    if values is not None:
        tree = Tree("tuple", (values, tree))
    return Function(
        f"{function.name}_jvp", body.params, function.sizes, body, tree, span=function.span,
        about=f"Given {' and '.join(dot.name for dot in dots)}, the tangent of "
        f"{' and '.join(source.name for source in sources)}, return that of the result.",
    )  # fmt: skip
