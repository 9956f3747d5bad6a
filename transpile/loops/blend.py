"""A branch that only stores what is cheap is a choice of values, where its elements are at hand.

    if (d < x[i]) { x[i] = d; }                 x[i] = d < x[i] ? d : x[i];
    if (x[j] > x[k]) {                          bool yes = x[j] > x[k];
        double t = x[j];                        double t = x[j];
        x[j] = x[k];                            x[j] = yes ? x[k] : x[j];
        x[k] = t; }                             x[k] = yes ? t : x[k];

A compiler may not store where the program does not. Here it is known that nobody else looks: the
array is ours, or the element has just been read. That an element is there is known from another at
the same place, of that array or of one of its shape, which is read or written in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from transpile.loops.fuse import put
from transpile.loops.nest import (
    Array,
    Assign,
    Binary,
    Choose,
    Expr,
    If,
    Invoke,
    Kernel,
    Lit,
    Load,
    Local,
    Loop,
    Stmt,
    Store,
    Unary,
    While,
    dtype_of,
)
from transpile.loops.promote import names_of
from transpile.loops.walk import (
    assigned,
    children,
    expressions,
    parts,
    statements,
    with_bodies,
    with_expressions,
)
from transpile.sym.affine import Affine
from transpile.sym.types import FLOATS

Index = tuple[Affine, ...]
Place = tuple[Array, Index]

LONG = 24  # parts of an expression that is computed in any case
MOST = 4  # statements that become choices
CHEAP = ("maximum", "minimum", "absolute", "square")
PLAIN = ("+", "-", "*", "<", "<=", ">", ">=", "==", "!=", "&", "|", "!", "&&", "||")


def blend(kernel: Kernel) -> Kernel:
    """The kernel with such branches in loops as choices."""
    declared = [
        s.local.name for s in statements(kernel.body) if isinstance(s, Assign) and s.declare
    ]
    names = Names(names_of(kernel), {name for name in declared if declared.count(name) > 1})
    return replace(kernel, body=blended(kernel.body, names, False))


class Names(Struct):
    """The names that the kernel has, and those that several of its variables have."""

    taken: set[str]
    shared: set[str]

    def new(self, base: str) -> Local:
        """A variable that is a truth or takes the place of another."""
        number, name = 0, base
        while name in self.taken:
            number += 1
            name = f"{base}_{number}"
        self.taken.add(name)
        return Local(name, "bool")

    def own(self, local: Local) -> Local:
        """The variable, by a name that nothing else has in the scope that it moves to."""
        if local.name not in self.shared:
            return local
        return Local(self.new(local.name).name, local.dtype)


def blended(body: Sequence[Stmt], names: Names, looped: bool) -> tuple[Stmt, ...]:
    done: list[Stmt] = []
    seen: dict[Place, None] = {}
    for stmt in body:
        found = choices(stmt, seen, names) if looped and isinstance(stmt, If) else None
        if found is None:
            inner = looped or isinstance(stmt, Loop | While)
            found = [with_bodies(stmt, partial(blended, names=names, looped=inner))]
        for one in found:
            note(one, seen)
        done += found
    return tuple(done)


def note(stmt: Stmt, seen: dict[Place, None]) -> None:
    """What the statement reads or writes in any case is there, until its index changes."""
    if not isinstance(stmt, Assign | Store | If):
        seen.clear()
        return
    seen.update(dict.fromkeys(p for e in expressions(stmt) for p in surely(e)))
    if isinstance(stmt, Store):
        seen[stmt.array, stmt.index] = None
    changed = assigned((stmt,))
    for place in list(seen):
        inside = [part for i in place[1] for part in parts(i)]
        if any(part in changed or not isinstance(part, Local | Affine) for part in inside):
            del seen[place]


def surely(expr: Expr) -> Iterator[Place]:
    """The elements that are read whatever the values are."""
    match expr:
        case Binary(symbol="&&" | "||", left=left):
            yield from surely(left)
        case Choose(test=test):
            yield from surely(test)
        case _:
            if isinstance(expr, Load):
                yield expr.array, expr.index
            for child in children(expr):
                yield from surely(child)


def choices(stmt: If, seen: dict[Place, None], names: Names) -> list[Stmt] | None:
    """What stands for the branch, or None."""
    known = {**seen, **dict.fromkeys(surely(stmt.test))}
    target = only_target(stmt)
    if target is not None:
        value = chosen(stmt, target, known)
        if value is not None and ours(target, known):
            return [Store(*target, value, "=", stmt.place)]
    if stmt.orelse or not 1 < len(stmt.then) <= MOST or not pure(stmt.test, known):
        return None
    return one_by_one(stmt, known, names)


def one_by_one(stmt: If, known: dict[Place, None], names: Names) -> list[Stmt] | None:
    """The statements of the branch in turn, the test kept before them."""
    yes = Local("", "bool")
    renamed: dict[Expr, Expr] = {}
    done: list[Stmt] = []
    for one in stmt.then:
        one = with_expressions(one, partial(put, renamed))
        match one:
            case Assign(declare=True, value=value) if value is not None and pure(value, known):
                own = names.own(one.local)
                renamed[one.local] = own
                done.append(replace(one, local=own))
            case Store() if ours((one.array, one.index), known):
                value = stored(one, known)
                if value is None:
                    return None
                value = Choose(yes, value, Load(one.array, one.index), one.array.dtype)
                done.append(replace(one, value=value, op="="))
            case _:
                return None
    if not any(isinstance(s, Store) for s in done):
        return None
    flag = names.new("yes")
    done = [with_expressions(s, partial(put, {yes: flag})) for s in done]
    return [Assign(flag, stmt.test, "=", True, stmt.place), *done]


def only_target(stmt: If) -> Place | None:
    """The one element that all the branches store to, and do nothing else."""
    found: set[Place] = set()
    for body in (stmt.then, stmt.orelse):
        if len(body) > 1:
            return None
        for one in body:
            match one:
                case Store():
                    found.add((one.array, one.index))
                case If():
                    inner = only_target(one)
                    if inner is None:
                        return None
                    found.add(inner)
                case _:
                    return None
    return found.pop() if len(found) == 1 else None


def chosen(stmt: If, target: Place, known: dict[Place, None]) -> Expr | None:
    """The value of the element after the branch."""
    if not pure(stmt.test, known):
        return None
    ends: list[Expr] = []
    for body in (stmt.then, stmt.orelse):
        value: Expr | None = Load(*target)
        for one in body:
            value = chosen(one, target, known) if isinstance(one, If) else stored(one, known)
        if value is None:
            return None
        ends.append(value)
    return Choose(stmt.test, ends[0], ends[1], target[0].dtype)


def stored(stmt: Stmt, known: dict[Place, None]) -> Expr | None:
    """What a store stores, if that may be computed in any case."""
    assert isinstance(stmt, Store)
    dtype, value = stmt.array.dtype, stmt.value
    if not pure(value, known) or not (dtype_of(value) == dtype or dtype in ("float64", "int64")):
        return None
    if stmt.op == "=":
        return value
    if stmt.op not in ("+=", "-=") or dtype not in (*FLOATS, "int64"):
        return None
    return Binary(stmt.op[0], Load(stmt.array, stmt.index), value, dtype)


def ours(target: Place, known: dict[Place, None]) -> bool:
    """Is the element there, and does nobody notice that it is stored to?"""
    return target in known or (target[0].role != "param" and at_hand(target, known))


def at_hand(place: Place, known: dict[Place, None]) -> bool:
    array, index = place
    return any(index == i and array.dims == other.dims for other, i in known)


def pure(expr: Expr, known: dict[Place, None]) -> bool:
    """May the expression be computed in any case: in range, cheap, and without a fault?"""
    for count, part in enumerate(parts(expr), 1):
        match part:
            case Load():
                fine = at_hand((part.array, part.index), known)
            case Binary() | Unary():
                fine = part.symbol in PLAIN
            case Invoke():
                fine = part.op is not None and part.op.name in CHEAP
            case _:
                fine = isinstance(part, Local | Lit | Affine | Choose)
        if not fine or count > LONG:
            return False
    return True
