"""What is certain of integers of which a test has been made: facts of branches and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Const, Eqn, If, Var

Form = Callable[[Atom], Affine]
Definition = Callable[[Var], "Eqn | None"]


def facts_of(test: Atom, truth: bool, define: Definition, form: Form) -> Iterator[Affine]:
    """What is >= 0 where `test` has come out as `truth`."""
    if not isinstance(test, Var):
        return
    eqn = define(test)
    if eqn is not None and isinstance(eqn.rhs, If):
        yield from facts_of_both(eqn, test, truth, define, form)
    if eqn is None or not isinstance(eqn.rhs, Apply):
        return
    op, args = eqn.rhs.op.name, eqn.rhs.args
    if op in ("logical_not", "not_"):
        yield from facts_of(args[0], not truth, define, form)
    elif (op in ("logical_and", "bitwise_and") and truth) or (
        op in ("logical_or", "bitwise_or") and (not truth)
    ):
        for arg in args:
            yield from facts_of(arg, truth, define, form)
    elif len(args) == 2 and all(a.type.is_index for a in args):
        x, y = map(form, args)
        yield from compared(op if truth else OPPOSITE.get(op, ""), x, y)


def facts_of_both(
    eqn: Eqn, test: Var, truth: bool, define: Definition, form: Form
) -> Iterator[Affine]:
    """`a and b` is true where both are, `a or b` false where neither is."""
    assert isinstance(eqn.rhs, If)
    k = eqn.outs.index(test)
    ends = eqn.rhs.then.results[k], eqn.rhs.orelse.results[k]
    for way, closed in ((True, ends[1]), (False, ends[0])):
        known = closed.value if isinstance(closed, Const) else None
        if closed is eqn.rhs.test:
            known = not way
        if known is not None and bool(known) != truth:
            yield from facts_of(eqn.rhs.test, way, define, form)
            yield from facts_of(ends[0] if way else ends[1], truth, define, form)


OPPOSITE = {
    "less": "greater_equal", "greater_equal": "less", "greater": "less_equal",
    "less_equal": "greater", "equal": "not_equal", "not_equal": "equal",
}  # fmt: skip


def compared(op: str, x: Affine, y: Affine) -> tuple[Affine, ...]:
    match op:
        case "less":
            return (y - x - 1,)
        case "less_equal":
            return (y - x,)
        case "greater":
            return (x - y - 1,)
        case "greater_equal":
            return (x - y,)
        case "equal":
            return (x - y, y - x)
        case _:
            return ()
