"""Values that may be None: what is None on one way and something else on another.

    if tol < 0: return None         r, given = if tol < 0: empty(n), False else: x * 2.0, True
    return x * 2.0

What is asked of such a value but whether it is there is asked of what it is where it is, which is
checked as Python does. Inside a branch that tests it, it is known to be there, or to be None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace

from transpile.frontend.context import Context
from transpile.frontend.forms import leaves, same_form
from transpile.frontend.values import (
    NONE,
    Array,
    Letters,
    Listed,
    Option,
    Static,
    Structure,
    Value,
)
from transpile.sym import expr
from transpile.sym.ir import Apply, Atom, Const, Eqn, Var, constant

Sides = tuple[Value, list[Atom | Array | None], list[Atom | Array | None]]


def united(a: Value, b: Value) -> Sides | None:
    """One form for both, and the leaves of each, None where it has none; None where there is no
    such form."""
    if same_form(a, b):
        return a, [*leaves(a)], [*leaves(b)]
    if isinstance(a, Structure) and isinstance(b, Structure):
        if (a.kind, a.keys, a.cls, len(a.items)) != (b.kind, b.keys, b.cls, len(b.items)):
            return None
        forms: list[Value] = []
        sides: tuple[list[Atom | Array | None], list[Atom | Array | None]] = ([], [])
        for pair in zip(a.items, b.items, strict=True):
            if (found := united(*pair)) is None:
                return None
            forms.append(found[0])
            for side, more in zip(sides, found[1:], strict=True):
                side += more
        return replace(a, items=tuple(forms)), *sides
    if not any(isinstance(x, Option) or x == NONE for x in (a, b)):
        return None
    inner = [x.value if isinstance(x, Option) else x for x in (a, b)]
    there, here = (x.given if isinstance(x, Option) else constant(x != NONE) for x in (a, b))
    found = with_none(*inner)
    return found and (Option(found[0], constant(True)), [*found[1], there], [*found[2], here])


def with_none(a: Value, b: Value) -> Sides | None:
    """The same of two of which one may be None itself."""
    if a != NONE and b != NONE:
        return united(a, b)
    form = b if a == NONE else a
    if not can_be(form):
        return None
    given: list[Atom | Array | None] = [*leaves(form)]
    nothing: list[Atom | Array | None] = [None] * len(given)
    return (form, nothing, given) if a == NONE else (form, given, nothing)


def can_be(value: Value) -> bool:
    """May there be None in the place of such a value?"""
    if isinstance(value, Structure):
        return value.kind != "generator" and all(x == NONE or can_be(x) for x in value.items)
    text = isinstance(value, Static) and isinstance(value.value, str)
    return text or isinstance(value, Var | Const | Array | Listed | Letters | Option)


def present(ctx: Context, value: Value, error: str, message: str) -> Value:
    """What a value is where it is there; elsewhere this is Python's error."""
    if not isinstance(value, Option):
        return value
    ctx.check(value.given, error, message)
    return value.value


def subscripted(ctx: Context, value: Value) -> Value:
    return present(ctx, value, "TypeError", "'NoneType' object is not subscriptable")


def owning(ctx: Context, value: Value, name: str) -> Value:
    message = f"'NoneType' object has no attribute '{name}'"
    return present(ctx, value, "AttributeError", message)


def iterated(ctx: Context, value: Value) -> Value:
    return present(ctx, value, "TypeError", "'NoneType' object is not iterable")


def passed(ctx: Context, args: Sequence[Value]) -> list[Value]:
    """Arguments of a function of Python's or NumPy's, which takes no None for an array."""
    message = "an argument is None, where an array is expected"
    plain = Var | Const
    return [
        value
        if not isinstance(value, Option) or isinstance(value.value, plain)
        else present(ctx, value, "TypeError", message)
        for value in args
    ]


def narrowed(ctx: Context, test: Atom, holds: bool) -> Iterator[tuple[str, Value, Value]]:
    """The names of which the test says that they are there, or None; and what they are then."""
    found = {name: v for name, v in ctx.frame.names.items() if isinstance(v, Option)}
    if not found:
        return
    opposite = denied(ctx, test)
    for name, value in found.items():
        if value.given is test:
            yield name, value, value.value if holds else NONE
        elif value.given is opposite or denied(ctx, value.given) is test:
            yield name, value, NONE if holds else value.value


@contextmanager
def tested(ctx: Context, test: Atom, holds: bool) -> Iterator[None]:
    """What is read inside is where the test holds, or does not."""
    known = list(narrowed(ctx, test, holds))
    ctx.frame.names.update((name, now) for name, _, now in known)
    yield
    for name, before, now in known:
        if ctx.frame.names.get(name) is now:
            ctx.frame.names[name] = before


def settle(ctx: Context, test: Atom | bool, holds: bool) -> None:
    """From here on the test is known to hold, or not to: where it does not, an error is raised."""
    if not isinstance(test, bool):
        ctx.frame.names.update((name, now) for name, _, now in narrowed(ctx, test, holds))


def is_none(ctx: Context, value: Option) -> Atom:
    """`value is None`."""
    return denied(ctx, value.given) or expr.unary(ctx.build, "not", value.given)


def denied(ctx: Context, test: Atom) -> Atom | None:
    """What the test is the opposite of."""
    match ctx.build.maker(test):
        case Eqn(rhs=Apply(op=op, args=(opposite,))) if op.name == "not_":
            return opposite
    return None
