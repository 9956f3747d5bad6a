"""Elements that a loop reads or adds to at one place live in a scalar while it runs.

    for j: s[i] += a[j]             s_i = s[i]; for j: s_i += a[j]; s[i] = s_i
    for j: A[i][j] -= A[i][k] * b   A_ik = A[i][k]; for j: A[i][j] -= A_ik * b

C cannot know by itself that other elements of the same array are others; here it is proved from
the loops' bounds. The element has to be in range also where the loop does not run at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops.hoist import either, split
from transpile.loops.nest import (
    Array,
    Assign,
    Bind,
    Check,
    Expr,
    Fill,
    Kernel,
    Load,
    Local,
    Loop,
    Overflow,
    Perform,
    Stmt,
    Store,
    Swap,
    While,
)
from transpile.loops.walk import (
    assigned,
    bodies,
    expressions,
    may_fail,
    parts,
    rebuild,
    statements,
    with_bodies,
    with_expressions,
)
from transpile.sym.affine import Affine, Facts, Symbol

Index = tuple[Affine, ...]
LARGEST = 40  # accesses of one array in one loop; with more the pairs are not looked at


class Access(Struct, frozen=True):
    index: Index
    store: bool
    facts: tuple[Affine, ...]


def promote(kernel: Kernel) -> Kernel:
    """The kernel with elements kept in scalars across loops."""
    facts = [Affine.of(size) for size in kernel.sizes]
    body = Promotion(kernel).body(kernel.body, Facts(facts))
    return replace(kernel, body=body)


class Promotion:
    """Goes from the outermost loops inwards."""

    def __init__(self, kernel: Kernel) -> None:
        self.passed: list[tuple[Affine, ...]] = []
        self.names = names_of(kernel)
        self.steady = steady(kernel)

    def body(self, body: tuple[Stmt, ...], facts: Facts) -> tuple[Stmt, ...]:
        done: list[Stmt] = []
        mark = len(self.passed)
        facts = self.resolved(facts)
        for stmt in body:
            if isinstance(stmt, Check):
                facts = self.note(stmt, facts)
            facts = facts.having(*self.equal(stmt))
            before, stmt, after = self.loop(stmt, facts)
            inner = facts.having(*inside(stmt))
            done += before
            done.append(with_bodies(stmt, partial(self.body, facts=inner)))
            done += after
        del self.passed[mark:]
        return tuple(done)

    def equal(self, stmt: Stmt) -> tuple[Affine, ...]:
        """What an integer that has one value is the same as: `n = len(x) - 1`."""
        match stmt:
            case Assign(declare=True, op="=", value=Affine() as value) if (
                stmt.local in self.steady and all(s in self.steady for s in value.symbols())
            ):
                difference = Affine.of(stmt.local) - value
                return difference, -difference
        return ()

    def note(self, check: Check, facts: Facts) -> Facts:
        """What a check that has not failed says: of several things not all hold."""
        for fails in either(check.fails):
            affine, others = split(fails)
            if not others and affine:
                self.passed.append(affine)
        return self.resolved(facts)

    def resolved(self, facts: Facts) -> Facts:
        """Where all but one of those are certain, the last does not hold."""
        for affine in self.passed:
            left = [a for a in affine if not facts.nonnegative(a)]
            if len(left) == 1:
                facts = facts.having(-left[0] - 1)
        return facts

    def loop(self, stmt: Stmt, facts: Facts) -> tuple[list[Stmt], Stmt, list[Stmt]]:
        """What comes before the loop, the loop, and what comes after it."""
        if not isinstance(stmt, Loop | While) or getattr(stmt, "simd", None) is not None:
            return [], stmt, []
        before: list[Stmt] = []
        after: list[Stmt] = []
        fails = any(map(may_fail, statements(stmt.body)))
        for array, accesses in touched(stmt).items():
            for index in dict.fromkeys(access.index for access in accesses):
                stored = any(a.store for a in accesses if a.index == index)
                seen = fails and array.role == "param"  # what is ours nobody sees after a failure
                if (stored and seen) or not self.may_move(stmt, array, index, accesses, facts):
                    continue
                local = Local(element_name(self.names, array, index), array.dtype)
                before.append(Assign(local, Load(array, index), "=", True, stmt.place))
                if stored:
                    after.append(Store(array, index, local, "=", stmt.place))
                stmt = replaced(stmt, array, index, local)
        return before, stmt, after

    def may_move(
        self, loop: Loop | While, array: Array, index: Index, accesses: list[Access], facts: Facts
    ) -> bool:
        own = [a for a in accesses if a.index == index]
        stored = any(a.store for a in own)
        others = [a for a in accesses if a.index != index and (stored or a.store)]
        if (not stored and not others) or len(accesses) > LARGEST:
            return False  # C sees by itself that nothing writes there
        symbols = {part for i in index for part in parts(i) if not isinstance(part, Affine)}
        if not all(isinstance(s, Local) for s in symbols) or symbols & changed(loop):
            return False
        if not all(within(facts, i, d) for i, d in zip(index, array.dims, strict=True)):
            return False
        return all(apart(facts.having(*a.facts), index, a.index) for a in others)


def steady(kernel: Kernel) -> set[Symbol]:
    """The integers that have one value: sizes, parameters, and what is assigned once, no loop's."""
    found: set[Symbol] = {*kernel.sizes, *(p for p in kernel.params if isinstance(p, Local))}
    again: set[Symbol] = set()
    for stmt in statements(kernel.body):
        match stmt:
            case Assign(local=local, declare=declare) | Overflow(local=local, declare=declare):
                if not declare:
                    again.add(local)
                found.add(local)
            case Loop(index=index):
                again.add(index)
            case _:
                pass
    return found - again


def names_of(kernel: Kernel) -> set[str]:
    """The names that the kernel has already."""
    names = {p.name for p in (*kernel.sizes, *kernel.params, *kernel.outs)}
    for stmt in statements(kernel.body):
        match stmt:
            case Assign() | Overflow():
                names.add(stmt.local.name)
            case Loop():
                names.add(stmt.index.name)
            case Bind():
                names.add(stmt.array.name)
            case _:
                pass
    return names


def element_name(names: set[str], array: Array, index: Index) -> str:
    """A new name: `A_ik`, or `A_at` where the index is more than names."""
    words = [str(i) for i in index]
    short = all(len(w) == 1 for w in words)
    plain = all(w.isidentifier() or w.isdigit() for w in words)
    name = f"{array.name}_{('' if short else '_').join(words) if plain and words else 'at'}"
    number, free = 0, name
    while free in names:
        number += 1
        free = f"{name}_{number}"
    names.add(free)
    return free


def changed(loop: Loop | While) -> set[Expr]:
    found: set[Expr] = set(assigned(loop.body))
    return found | {loop.index} if isinstance(loop, Loop) else found


def touched(loop: Loop | While) -> dict[Array, list[Access]]:
    """Every array of which the loop reads or writes single elements only, and where."""
    found: dict[Array, list[Access]] = {}
    whole: set[Array] = set()

    def note(array: Array, index: Index, store: bool, facts: tuple[Affine, ...]) -> None:
        access = Access(index, store, facts)
        if access not in found.setdefault(array, []):
            found[array].append(access)

    def visit(stmt: Stmt, facts: tuple[Affine, ...]) -> None:
        match stmt:
            case Store():
                note(stmt.array, stmt.index, True, facts)
            case Fill():
                whole.update({stmt.target, stmt.source or stmt.target})
            case Swap():
                whole.update((*stmt.targets, *stmt.sources))
            case Perform():
                whole.update(stmt.arrays)
            case Bind():
                whole.add(stmt.array)
            case _:
                pass
        for expr in expressions(stmt):
            for part in parts(expr):
                if isinstance(part, Load):
                    note(part.array, part.index, False, facts)
        more = (*facts, *inside(stmt))
        for body in bodies(stmt):
            for inner in body:
                visit(inner, more)

    visit(loop, ())
    return {array: accesses for array, accesses in found.items() if array not in whole}


def inside(stmt: Stmt) -> Iterator[Affine]:
    """What is certain in a loop's body: its index is between its bounds."""
    if not isinstance(stmt, Loop):
        return
    i = Affine.of(stmt.index)
    steady = assigned(stmt.body)
    up = stmt.step > 0
    for bound, fact in (
        (stmt.start, i - stmt.start if up else stmt.start - i),
        (stmt.stop, stmt.stop - i - 1 if up else i - stmt.stop - 1),
    ):
        if not steady.intersection(s for s in bound.symbols() if isinstance(s, Local)):
            yield fact


def within(facts: Facts, index: Affine, extent: Affine) -> bool:
    return facts.nonnegative(index) and facts.positive(extent - index)


def apart(facts: Facts, a: Index, b: Index) -> bool:
    """Are two elements certainly not the same?"""
    return any(facts.positive(x - y) or facts.positive(y - x) for x, y in zip(a, b, strict=True))


def replaced(loop: Loop | While, array: Array, index: Index, local: Local) -> Loop | While:
    """The loop with one element of an array replaced by a scalar."""
    own = Load(array, index)

    def value(expr: Expr) -> Expr:
        return local if expr == own else rebuild(expr, value)

    def visit(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
        return tuple(map(statement, body))

    def statement(stmt: Stmt) -> Stmt:
        stmt = with_bodies(with_expressions(stmt, value), visit)
        if isinstance(stmt, Store) and stmt.array is array and stmt.index == index:
            return Assign(local, stmt.value, stmt.op, False, stmt.place)
        return stmt

    new = statement(loop)
    assert isinstance(new, Loop | While)
    return new
