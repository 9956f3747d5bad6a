"""Functions with a derivative of the user's own, and `stop_gradient`.

The function's text is read where it is called, as any helper's. Beside it stands its rule, read for
itself: a block that is written out where the call is reversed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from transpile.errors import ArgumentError, ShapeError, TranspileError
from transpile.frontend import captures, views
from transpile.frontend.args import RULE
from transpile.frontend.context import Context
from transpile.frontend.operands import conjugate, described, number
from transpile.frontend.source import plain, read
from transpile.frontend.values import NONE, Array, Base, Static, Structure, Value
from transpile.sym import walk
from transpile.sym.ir import Atom, Block, Const, Custom, Var
from transpile.sym.ops import shape
from transpile.sym.types import Type

Given = Mapping[str, Value]
Body = Callable[[], Value]


def stop_gradient(x: Any) -> Any:
    """A number, or a copy of an array, that is a constant to every derivative.

    >>> import transpile
    >>> def relaxed(x):
    ...     return x * transpile.stop_gradient(x)
    >>> float(transpile.grad(relaxed)(3.0))
    3.0
    """
    return np.array(x) if isinstance(x, np.ndarray) else x


def stopped(ctx: Context, args: Sequence[Value], named: Given) -> Value:
    """A call of `stop_gradient`."""
    if len(args) != 1 or named:
        ctx.fail("stop_gradient takes one number or array")
    atom = number(ctx, args[0])
    if not atom.type.is_scalar:
        atom = ctx.build.apply(shape.COPY, atom)
    if isinstance(atom, Const) or not atom.type.is_smooth:
        return ctx.made(atom)
    (out,) = ctx.build.emit(
        Custom("stop_gradient", (atom,), (), Block((), (), ())), [Var("", atom.type)]
    )
    return ctx.made(out)


def call(ctx: Context, owner: Any, args: Sequence[Value], named: Given) -> Value:
    """A call of a function that has a rule."""
    function = plain(owner)
    signature = inspect.signature(function)
    try:
        given = dict(signature.bind(*args, **named).arguments)
    except TypeError as error:
        ctx.fail(str(error))
    for name, parameter in signature.parameters.items():
        if name not in given:
            given[name] = captures.known(ctx, name, parameter.default)
    ordered = [given[name] for name in signature.parameters]
    return ruled(ctx, owner, ordered, lambda: ctx.hooks.inline(ctx, function, ordered, {}))


def ruled(ctx: Context, owner: Any, given: Sequence[Value], body: Body) -> Value:
    """What the body gives, with its derivative by the owner's rule."""
    rule, name = getattr(owner, RULE), owner.__name__
    if rule is None:
        raise TranspileError(
            f"{name} has no rule for its derivative yet",
            ctx.span(),
            f"write one under @{name}.rule",
        )
    if read(rule).tree in ctx.frame.calls:
        *_, out, _ = inspect.signature(rule).parameters
        ctx.fail(f"the rule of {name} calls {name}", f"read its result, {out}")
    ctx.shared.guards[id(owner), RULE] = (vars(owner), RULE, rule)
    for leaf in leaves(given):
        if not isinstance(leaf, Var | Const | Array | Static):
            ctx.fail(f"{described(leaf)} is passed to {name}, which has a rule", "pass numbers")
    args = [number(ctx, leaf) for leaf in leaves(given) if is_variable(ctx, leaf)]
    before = dict(ctx.bases)
    value = body()
    if any(ctx.bases[base] is not content for base, content in before.items()):
        ctx.fail(f"{name} has a rule, and writes into its argument", "write into a copy of it")
    if any(isinstance(leaf, Array) and leaf.base in before for leaf in leaves([value])):
        ctx.fail(f"{name} has a rule, and returns its argument itself", "return a copy of it")
    values = [number(ctx, leaf) for leaf in leaves([value]) if is_float(ctx, leaf)]
    if not values:
        ctx.fail(f"{name} has a rule, and returns no floating-point number")
    block = Rule(ctx, rule, given, value).block()
    outside = list(captured(block))
    block = Block((*outside, *block.params), block.eqns, block.results)
    outs = [Var("", atom.type) for atom in values]
    ctx.build.emit(Custom(name, tuple(values), (*outside, *args), block), outs)
    made = iter(outs)
    return mapped(value, lambda leaf: ctx.made(next(made)) if is_float(ctx, leaf) else leaf)


class Rule:
    """A rule being read, for arguments and a result like these."""

    def __init__(
        self, ctx: Context, rule: Callable[..., Any], given: Sequence[Value], value: Value
    ) -> None:
        self.ctx, self.rule, self.given, self.value = ctx, rule, given, value
        self.params: list[Var] = []

    def block(self) -> Block:
        """Its params are the floats of the arguments, of the result, and of its cotangent; its
        results the cotangents of the first."""
        ctx, state = self.ctx, self.ctx.save()
        with ctx.inside(branch=True) as build:
            span, build.span = build.span, read(self.rule).span(read(self.rule).tree)
            args = [mapped(v, self.argument) for v in self.given]
            result = mapped(self.value, self.result)
            cotangent = mapped(self.value, self.cotangent)
            found = ctx.hooks.inline(ctx, self.rule, [*args, result, cotangent], {})
            pulled = list(self.cotangents(found))
            build.span = span
        ctx.restore(state)
        return walk.inline_block(build.block(self.params, pulled))

    # -- what the rule is called with

    def param(self, type: Type) -> Value:
        self.params.append(Var("", type))
        if type.is_scalar:
            return self.params[-1]
        base = Base("")
        self.ctx.bases[base] = self.params[-1]
        return Array(base)

    def argument(self, leaf: Value) -> Value:
        return self.param(type_of(self.ctx, leaf)) if is_variable(self.ctx, leaf) else leaf

    def result(self, leaf: Value) -> Value:
        return self.param(type_of(self.ctx, leaf)) if is_float(self.ctx, leaf) else leaf

    def cotangent(self, leaf: Value) -> Value:
        if not is_float(self.ctx, leaf):
            return NONE
        type = type_of(self.ctx, leaf)
        given = self.param(type.having(kind="numpy") if type.is_scalar else type)
        if not type.is_complex:
            return given
        return self.ctx.made(conjugate(self.ctx, number(self.ctx, given)))  # see adjoint.vjp

    # -- what it gives

    def cotangents(self, found: Value) -> Iterator[Atom]:
        names, count = list(inspect.signature(self.rule).parameters), len(self.given)
        if count == 1 and not is_tuple(found, 1):
            found = Structure("tuple", (found,))
        if not is_tuple(found, count):
            self.wrong(f"{self.rule.__name__} has to return {count} cotangents, one an argument")
        assert isinstance(found, Structure)
        for value, cotangent, name in zip(self.given, found.items, names, strict=False):
            yield from self.paired(value, cotangent, name)

    def paired(self, value: Value, found: Value, name: str) -> Iterator[Atom]:
        """The cotangents of one argument's floats."""
        if isinstance(value, Structure) and isinstance(found, Structure):
            if (value.kind, value.keys) != (found.kind, found.keys):
                self.wrong(f"the cotangent of {name} has to be a {value.kind} as {name} is")
            keys = value.keys or tuple(map(str, range(len(value.items))))
            for key, part, cotangent in zip(keys, value.items, found.items, strict=False):
                yield from self.paired(part, cotangent, f"{name}_{key}")
            if len(value.items) != len(found.items):
                self.wrong(f"the cotangent of {name} has to have {len(value.items)} parts")
        elif not any(is_float(self.ctx, leaf) for leaf in leaves([value])):
            if found != NONE:
                self.wrong(f"{name} is no floating-point number: its cotangent is None")
        elif isinstance(found, Static | Structure) or isinstance(value, Structure):
            self.wrong(f"the cotangent of {name} is {described(found)}, not numbers like {name}")
        elif is_variable(self.ctx, value):
            yield self.fitted(number(self.ctx, found), type_of(self.ctx, value), name)

    def fitted(self, atom: Atom, type: Type, name: str) -> Atom:
        """The cotangent of an argument of this type. Raises ShapeError."""
        ctx, both = self.ctx, zip(atom.type.dims, type.dims, strict=False)
        apart = [(a - b).constant for a, b in both]
        if atom.type.ndim != type.ndim or any(d not in (None, 0) for d in apart):
            raise ShapeError(
                f"the cotangent of {name} is {atom.type}, {name} is {type}",
                ctx.span(),
                "sum what was broadcast, or spread what was summed",
            )
        for a, b in zip(atom.type.dims, type.dims, strict=True):
            ctx.build.same(a, b)
        found = ctx.build.convert(atom, type.dtype, "numpy" if type.is_scalar else "array")
        return conjugate(ctx, found)

    def wrong(self, message: str) -> NoReturn:
        raise ArgumentError(message, self.ctx.span())


def captured(block: Block) -> Iterator[Var]:
    """What a block reads of the program around it, in its params' dims too; sizes first."""
    found = dict.fromkeys(s for p in block.params for s in walk.type_symbols(p.type))
    found.update(dict.fromkeys(walk.captures(block)))
    seen: dict[Var, None] = {}
    for var in found:
        seen.update(dict.fromkeys((*walk.type_symbols(var.type), var)))
    return iter(seen)


# -- the leaves of values


def leaves(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        if isinstance(value, Structure):
            yield from leaves(value.items)
        else:
            yield value


def mapped(value: Value, leaf: Callable[[Value], Value]) -> Value:
    if isinstance(value, Structure):
        items = tuple(mapped(item, leaf) for item in value.items)
        return Structure(value.kind, items, value.keys, value.cls)
    return leaf(value)


def type_of(ctx: Context, value: Value) -> Type:
    if isinstance(value, Array):
        return views.type_of(ctx, value)
    assert isinstance(value, Var | Const)
    return value.type


def is_float(ctx: Context, value: Value) -> bool:
    return isinstance(value, Var | Const | Array) and type_of(ctx, value).is_smooth


def is_variable(ctx: Context, value: Value) -> bool:
    """Has it a derivative? A number that is known has none."""
    return not isinstance(value, Const) and is_float(ctx, value)


def is_tuple(value: Value, count: int) -> bool:
    return isinstance(value, Structure) and value.kind == "tuple" and len(value.items) == count
