"""`python -m tests.fuzz.mutate`: derivatives broken on purpose, each of which has to be caught.

A rule of the operator table is dropped, negated and doubled, and the operator's own tests or the
fuzzer's programs have to see it. The reverse sweep is broken in the symbolic form that comes out of
the adjoint, all equations of one kind in one way, and the fuzzer's programs have to see it.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from unittest import mock

import pytest
from msgspec.structs import replace

import transpile
from tests import test_ops
from tests.fuzz import oracles
from tests.fuzz.program import draw
from transpile import adjoint
from transpile.sym import walk
from transpile.sym.ir import (
    Apply,
    Block,
    Const,
    Eqn,
    Function,
    If,
    Scan,
    Var,
    constant,
)
from transpile.sym.ops import TABLE, Op, arithmetic, shape

PROGRAMS = 120  # of the fuzzer's, at most, until a mutant is caught
Change: TypeAlias = Callable[[Eqn], "list[Eqn] | None"]


# -- rules


def broken_rules() -> Iterator[tuple[str, Op, str, Any]]:
    """Every rule with each of its breakages: a name, the operator, the argument, the new rule."""
    for op in TABLE.values():
        for arg, rule in (op.vjp or {}).items():
            if not isinstance(rule, str) or rule == "0" or op.name in STRUCTURAL:
                continue
            for how, text in (("dropped", "0 * ({})"), ("sign", "-({})"), ("doubled", "2 * ({})")):
                yield f"{op.name}, {arg}: {how}", op, arg, text.format(rule)


# Of the first three the text names a method of the sweep; a copy has its source's cotangent.
STRUCTURAL = ("index", "update", "increment", "copy")


@contextmanager
def rule(op: Op, arg: str, text: str) -> Iterator[None]:
    assert isinstance(op.vjp, dict)
    with mock.patch.dict(op.vjp, {arg: text}):
        yield


def op_tests_fail(op: Op) -> bool:
    """Do the tests that are drawn from the operator's entry see it?"""
    for case in test_ops.derivative_cases():
        if case.values[0] is op:
            try:
                test_ops.test_derivative(*case.values)
            except pytest.skip.Exception:
                continue
            except AssertionError:
                return True
    return False


# -- the reverse sweep


def is_cotangent(eqn: Eqn) -> bool:
    return any(out.name.startswith("d_") for out in eqn.outs)


def is_log(var: object) -> bool:
    return isinstance(var, Var) and var.name.endswith("_at") and var.type.kind == "array"


def apply_of(eqn: Eqn, op: Op) -> Apply | None:
    return eqn.rhs if isinstance(eqn.rhs, Apply) and eqn.rhs.op is op else None


def first_kept(eqn: Eqn, rhs: Apply) -> list[Eqn]:
    """The result is the first argument as it was."""
    return [replace(eqn, rhs=Apply(shape.COPY, rhs.args[:1]))]


def negated(eqn: Eqn, rhs: Apply, position: int) -> list[Eqn]:
    value = rhs.args[position]
    turned = Var("", value.type)
    args = (*rhs.args[:position], turned, *rhs.args[position + 1 :])
    first = Eqn((turned,), Apply(TABLE["negative"], (value,)), eqn.span)
    return [first, replace(eqn, rhs=replace(rhs, args=args))]


def displaced(eqn: Eqn, rhs: Apply, position: int) -> list[Eqn] | None:
    """The first integer of the index is one less, so that 0 becomes the last."""
    if rhs.params["index"][:1] != ("i",):
        return None
    at = rhs.args[position]
    moved = Var("", at.type)
    args = (*rhs.args[:position], moved, *rhs.args[position + 1 :])
    first = Eqn((moved,), Apply(arithmetic.SUBTRACT, (at, constant(1))), eqn.span)
    return [first, replace(eqn, rhs=replace(rhs, args=args))]


def increments(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = apply_of(eqn, shape.INCREMENT)
    if rhs is None or not is_cotangent(eqn):
        return None
    match how:
        case "dropped":
            return first_kept(eqn, rhs)
        case "sign":
            return negated(eqn, rhs, 1)
        case _:
            return displaced(eqn, rhs, 2)


def scalar_sums(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = apply_of(eqn, arithmetic.ADD)
    if rhs is None or not is_cotangent(eqn):
        return None
    if how == "sign":
        return [replace(eqn, rhs=replace(rhs, op=arithmetic.SUBTRACT))]
    zero = Const(0.0, rhs.args[1].type)
    return [replace(eqn, rhs=replace(rhs, args=(rhs.args[0], zero)))]


def zeroing(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = apply_of(eqn, shape.UPDATE)
    if rhs is None or not is_cotangent(eqn) or not isinstance(rhs.args[1], Const):
        return None
    return first_kept(eqn, rhs) if how == "dropped" else displaced(eqn, rhs, 2)


def cotangent_reads(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = apply_of(eqn, shape.INDEX)
    if rhs is None or not isinstance(rhs.args[0], Var) or not rhs.args[0].name.startswith("d_"):
        return None
    return displaced(eqn, rhs, 1)


def log_writes(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = apply_of(eqn, shape.UPDATE)
    if rhs is None or not is_log(rhs.args[0]):
        return None
    match how:
        case "dropped":
            return first_kept(eqn, rhs)
        case "sign" if rhs.args[1].type.is_float:
            return negated(eqn, rhs, 1)
        case "off by one":
            return displaced(eqn, rhs, 2)
    return None


def log_reads(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = apply_of(eqn, shape.INDEX)
    if rhs is None or not is_log(rhs.args[0]) or rhs.params["index"][:1] != ("i",):
        return None
    if how == "off by one":
        return displaced(eqn, rhs, 1)
    args = (rhs.args[0], constant(0), *rhs.args[2:])
    return [replace(eqn, rhs=replace(rhs, args=args))]


def restored(eqn: Eqn, how: str) -> list[Eqn] | None:
    """An element that the reverse sweep puts back."""
    rhs = apply_of(eqn, shape.UPDATE)
    if rhs is None or is_cotangent(eqn) or is_log(rhs.args[0]):
        return None
    return first_kept(eqn, rhs) if how == "dropped" else displaced(eqn, rhs, 2)


def still_there(eqn: Eqn, how: str) -> list[Eqn] | None:
    """An element that the reverse sweep reads again."""
    rhs = apply_of(eqn, shape.INDEX)
    if rhs is None or is_log(rhs.args[0]) or is_cotangent(eqn):
        return None
    name = rhs.args[0].name if isinstance(rhs.args[0], Var) else ""
    return None if name.startswith("d_") else displaced(eqn, rhs, 1)


def recomputed(eqn: Eqn, how: str) -> list[Eqn] | None:
    """A value that the reverse sweep makes again."""
    if not isinstance(eqn.rhs, Apply) or is_cotangent(eqn) or not eqn.outs[0].type.is_float:
        return None
    if not eqn.rhs.op.elementwise or not eqn.rhs.args:
        return None
    wrong = Var("", eqn.outs[0].type)
    turned = Apply(TABLE["negative"], (wrong,))
    return [replace(eqn, outs=(wrong,)), Eqn(eqn.outs, turned, eqn.span)]


def loops(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = eqn.rhs
    if not isinstance(rhs, Scan) or not is_cotangent(eqn):
        return None
    if how == "order":
        return [replace(eqn, rhs=replace(rhs, reverse=not rhs.reverse))]
    later = Var("", rhs.start.type)
    first = Eqn((later,), Apply(arithmetic.ADD, (rhs.start, constant(1))), eqn.span)
    return [first, replace(eqn, rhs=replace(rhs, start=later))]


def branches(eqn: Eqn, how: str) -> list[Eqn] | None:
    rhs = eqn.rhs
    if not isinstance(rhs, If) or not is_cotangent(eqn):
        return None
    return [replace(eqn, rhs=replace(rhs, then=rhs.orelse, orelse=rhs.then))]


KINDS: dict[str, tuple[tuple[str, ...], Callable[[Eqn, str], list[Eqn] | None], bool]] = {
    "increment of a cotangent": (("dropped", "sign", "off by one"), increments, False),
    "sum of cotangents": (("dropped", "sign"), scalar_sums, False),
    "cotangent set to zero": (("dropped", "off by one"), zeroing, False),
    "cotangent read": (("off by one",), cotangent_reads, False),
    "kept: write": (("dropped", "sign", "off by one"), log_writes, False),
    "kept: read": (("off by one", "stale"), log_reads, False),
    "restored": (("dropped", "off by one"), restored, True),
    "still there": (("off by one",), still_there, True),
    "recomputed": (("sign",), recomputed, True),
    "reverse loop": (("order", "off by one"), loops, False),
    "reverse branch": (("exchanged",), branches, False),
}


def changed(block: Block, change: Change, reverse_only: bool, inside: bool = False) -> Block:
    """The block with the change made wherever it applies."""
    eqns: list[Eqn] = []
    for eqn in block.eqns:
        within = inside or (isinstance(eqn.rhs, Scan) and is_cotangent(eqn))
        inner = [changed(b, change, reverse_only, within) for b in walk.blocks(eqn.rhs)]
        eqn = replace(eqn, rhs=walk.with_blocks(eqn.rhs, inner)) if inner else eqn
        made = change(eqn) if inside or not reverse_only else None
        eqns += [eqn] if made is None else made
    return replace(block, eqns=tuple(eqns))


@contextmanager
def sweep(change: Change, reverse_only: bool) -> Iterator[None]:
    right = adjoint.grad

    def wrong(*args: Any, **named: Any) -> Function:
        made = right(*args, **named)
        return replace(made, body=changed(made.body, change, reverse_only))

    with mock.patch.object(adjoint, "grad", wrong):
        yield


def programs_fail(folder: Path) -> bool:
    """Does one of the fuzzer's first programs see a wrong number? A crash does not count."""
    asked = {"gradient": oracles.gradient}
    for seed in range(PROGRAMS):
        path = folder / f"mutant_{seed}.py"
        if oracles.examine(draw(seed).text, path, seed, asked).kind == "wrong":
            return True
    return False


# -- the score


def survivors(folder: Path, report: Callable[[str], None]) -> tuple[int, list[str]]:
    """How many mutants there were, and those that nobody noticed."""
    count, left = 0, []
    for name, (ways, kind, reverse_only) in KINDS.items():
        for how in ways:
            count += 1
            with sweep(partial(kind, how=how), reverse_only):
                caught = programs_fail(folder)
            left += [] if caught else [f"{name}: {how}"]
            report(f"{name}: {how}: {'caught' if caught else 'SURVIVED'}")
    for name, op, arg, text in broken_rules():
        count += 1
        with rule(op, arg, text):
            caught = op_tests_fail(op) or programs_fail(folder)
        left += [] if caught else [name]
        if not caught:
            report(f"{name}: SURVIVED")
    return count, left


def main() -> int:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="mutants-") as made:
        folder = Path(made)
        transpile.config.cache_dir = folder / "cache"
        transpile.config.cc = "/no/compiler"  # generated Python is enough
        count, left = survivors(folder, partial(print, flush=True))
    score = 100 * (count - len(left)) / count
    print(f"{count} mutants, {count - len(left)} caught: {score:.1f} %")
    return 0 if score >= 95 else 1


if __name__ == "__main__":
    sys.exit(main())
