"""Checks of a loop's indices are made once, before the loop.

    for j in a..b: check j < m          check not (a < b and b > m); for j in a..b

A check fails in some step if and only if there is an index within the loop's bounds for which it
fails; the index is eliminated from that (Fourier-Motzkin, exact for steps of one). Loops that may
be left early, and asserts, keep their checks where they stand. A loop that does nothing but check,
the integers of an array that is an index, goes before the loop around it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops.fuse import put
from transpile.loops.nest import (
    Array,
    Binary,
    Bind,
    Break,
    Check,
    Expr,
    Fill,
    If,
    Kernel,
    Load,
    Local,
    Loop,
    Opaque,
    Perform,
    Print,
    Stmt,
    Store,
    Swap,
    While,
)
from transpile.loops.walk import (
    assigned,
    bodies,
    expressions,
    parts,
    reads,
    statements,
    with_bodies,
)
from transpile.sym.affine import Affine, Facts, Symbol


class Failure(Struct, frozen=True):
    """All of `affine >= 0` and of `others` hold: then check `number` has failed."""

    affine: tuple[Affine, ...]
    others: tuple[Expr, ...]
    number: int
    place: str


def hoist(kernel: Kernel) -> Kernel:
    """The kernel with checks before the loops, where that is the same."""
    facts = Facts([Affine.of(size) for size in kernel.sizes])
    asserts = {k for k, c in enumerate(kernel.checks, 1) if c.error == "AssertionError"}
    return replace(kernel, body=hoisted(kernel.body, facts, asserts))


def hoisted(body: tuple[Stmt, ...], facts: Facts, asserts: set[int]) -> tuple[Stmt, ...]:
    done: list[Stmt] = []
    for stmt in body:
        stmt = with_bodies(stmt, lambda b: hoisted(b, facts, asserts))
        if isinstance(stmt, Loop) and may_hoist(stmt, asserts):
            checks, stmt = out_of(stmt, facts)
            nests, stmt = nests_out_of(stmt, facts)
            done += [s for s in (*checks, *nests) if not same_before(s, done)]
        if not isinstance(stmt, Loop) or stmt.body:
            done.append(stmt)
    return tuple(done)


def same_before(stmt: Stmt, done: Sequence[Stmt]) -> bool:
    """Has the same been checked before, of values that nothing changes?"""
    match stmt:
        case Check(fails=fails, number=number):
            return any(
                isinstance(s, Check) and s.fails == fails and s.number == number for s in done
            )
    loaded = {part.array for part in reads((stmt,)) if isinstance(part, Load)}
    if any(array.written or array.role != "param" for array in loaded):
        return False
    return said(stmt) in (said(s) for s in done if only_checks(s))


def may_hoist(loop: Loop, asserts: set[int]) -> bool:
    """Does every step run once the loop is entered, unless a check of an index fails?"""
    inside = list(statements(loop.body))
    if any(isinstance(s, Print | While) or (isinstance(s, Check) and s.number in asserts)
           or (isinstance(s, Perform) and s.number > 0) for s in inside):  # fmt: skip
        return False
    return not leaves(loop.body)


def leaves(body: tuple[Stmt, ...]) -> bool:
    """Is there a `break` of the loop whose body this is?"""
    for stmt in body:
        if isinstance(stmt, Break):
            return True
        if isinstance(stmt, If) and any(map(leaves, bodies(stmt))):
            return True
    return False


def out_of(loop: Loop, facts: Facts) -> tuple[list[Check], Loop]:
    """The checks that go before the loop, and the loop without them."""
    changed: set[Expr] = {*assigned(loop.body), loop.index}
    checks: list[Check] = []
    kept: list[Stmt] = []
    for stmt in loop.body:
        left: list[Expr] = []
        for fails in either(stmt.fails) if isinstance(stmt, Check) else ():
            assert isinstance(stmt, Check)
            failure = Failure(*split(fails), stmt.number, stmt.place)
            before = eliminated(failure, loop, changed)
            if before is None:
                left.append(fails)
            else:
                test = condition(before, facts)
                if test is not None:
                    checks.append(Check(test, stmt.number, stmt.place))
        if not isinstance(stmt, Check) or len(left) == len(either(stmt.fails)):
            kept.append(stmt)
            continue
        kept += [Check(fails, stmt.number, stmt.place) for fails in left]
    return checks, replace(loop, body=tuple(kept))


# -- loops that only check


def nests_out_of(loop: Loop, facts: Facts) -> tuple[list[Stmt], Loop]:
    """The loops that check the same in every step, to go before this one, and it without them."""
    changed: set[Expr] = {*assigned(loop.body), loop.index}
    stored = set(targets(loop.body))
    nests: list[Stmt] = []
    kept: list[Stmt] = []
    runs = (loop.stop - loop.start if loop.step > 0 else loop.start - loop.stop) - 1
    for stmt in loop.body:
        own = {s.index for s in statements((stmt,)) if isinstance(s, Loop)}
        inside = set(reads((stmt,)))
        loaded = {part.array for part in inside if isinstance(part, Load)}
        moves = only_checks(stmt) and not isinstance(stmt, Check)
        if moves and not inside & (changed - own) and not loaded & stored:
            sure = facts.nonnegative(runs)
            nests.append(stmt if sure else If(written(runs), (stmt,), (), stmt.place))
        else:
            kept.append(stmt)
    return nests, replace(loop, body=tuple(kept))


def only_checks(stmt: Stmt) -> bool:
    match stmt:
        case Check():
            return True
        case Loop() | If():
            return all(only_checks(s) for body in bodies(stmt) for s in body)
    return False


def targets(body: tuple[Stmt, ...]) -> Iterator[Array]:
    """The arrays that statements write, or whose pointers they change."""
    for stmt in statements(body):
        match stmt:
            case Store(array=array) | Bind(array=array) | Fill(target=array):
                yield array
            case Swap():
                yield from (*stmt.targets, *stmt.sources)
            case Perform():
                yield from stmt.written


PLACES = tuple(Local(f"place_{k}", "int64") for k in range(8))


def said(stmt: Stmt, names: Mapping[Expr, Expr] | None = None) -> tuple[object, ...]:
    """What a statement checks, whatever its loops' indices are called and its line is."""
    names = names or {}
    if isinstance(stmt, Loop):
        names = {**names, stmt.index: PLACES[len(names)]}
    own = tuple(put(names, expr) for expr in expressions(stmt))
    inner = tuple(said(s, names) for body in bodies(stmt) for s in body)
    return type(stmt), own, inner


def either(fails: Expr) -> tuple[Expr, ...]:
    if isinstance(fails, Binary) and fails.symbol == "||":
        return (*either(fails.left), *either(fails.right))
    return (fails,)


def split(fails: Expr) -> tuple[tuple[Affine, ...], tuple[Expr, ...]]:
    """A condition as affine parts and others, all of which have to hold."""
    match fails:
        case Binary(symbol="&&", left=left, right=right):
            ours, theirs = split(left), split(right)
            return (*ours[0], *theirs[0]), (*ours[1], *theirs[1])
        case Binary(symbol=symbol, left=x, right=y) if symbol in ("<", "<=", ">", ">="):
            a, b = form(x), form(y)
            if a is not None and b is not None:
                low, high = (a, b) if symbol[0] == "<" else (b, a)
                return (high - low - (0 if symbol.endswith("=") else 1),), ()
    return (), (fails,)


def form(expr: Expr) -> Affine | None:
    if isinstance(expr, Local) and expr.dtype == "int64":
        return Affine.of(expr)
    if isinstance(expr, Affine) and not any(isinstance(s, Opaque) for s in expr.symbols()):
        return expr
    return None


def eliminated(failure: Failure, loop: Loop, changed: set[Expr]) -> Failure | None:
    """What holds before the loop if and only if the check fails in it; None where not known."""
    i: Symbol = loop.index
    first, last = loop.start, loop.stop
    bounds = [Affine.of(i) - first, last - Affine.of(i) - 1]
    if loop.step < 0:
        bounds = [first - Affine.of(i), Affine.of(i) - last - 1]
    runs = last - first - 1 if loop.step > 0 else first - last - 1
    inner = {s for a in failure.affine for s in a.symbols()}
    outer = {s for b in (first, last) for s in b.symbols()}
    if any(isinstance(s, Opaque) for s in inner | outer):
        return None
    if (
        (inner - {i}) & changed
        or outer & changed
        or not all(steady(other, changed) for other in failure.others)
    ):
        return None
    if i not in inner:
        return replace(failure, affine=merged((runs, *failure.affine)))
    if abs(loop.step) != 1 or any(abs(a.coefficient(i)) > 1 for a in failure.affine):
        return None
    system = [*bounds, *failure.affine]
    low = [a for a in system if a.coefficient(i) > 0]
    high = [a for a in system if a.coefficient(i) < 0]
    rest = [a for a in system if a.coefficient(i) == 0]
    return replace(failure, affine=merged((*(a + b for a in low for b in high), *rest)))


def steady(other: Expr, changed: set[Expr]) -> bool:
    return not any(part in changed or isinstance(part, Load) for part in parts(other))


def merged(system: Sequence[Affine]) -> tuple[Affine, ...]:
    return tuple(dict.fromkeys(system))


def condition(failure: Failure, facts: Facts) -> Expr | None:
    """The test to be written, without what is certain anyway; None where it never holds."""
    needed = [a for a in failure.affine if not facts.nonnegative(a)]
    if facts.having(*failure.affine).impossible():
        return None
    for a in list(needed):
        others = [b for b in needed if b != a]
        if facts.having(*others).nonnegative(a):
            needed = others
    tests: list[Expr] = [written(a) for a in needed] + list(failure.others)
    if not tests:
        return Binary("<=", Affine(), Affine(), "bool")
    test = tests[0]
    for other in tests[1:]:
        test = Binary("&&", test, other, "bool")
    return test


def written(a: Affine) -> Expr:
    """`a >= 0` as a comparison of what is added with what is subtracted."""
    more = Affine.build({s: c for s, c in a.terms if c > 0}, 0)
    less = Affine.build({s: -c for s, c in a.terms if c < 0}, 0)
    if a.const < 0:
        strict = a.const == -1
        return Binary(">" if strict else ">=", more, less if strict else less - a.const, "bool")
    return Binary(">=", more + a.const, less, "bool")
