"""Going through nests: what a statement evaluates and changes, and what tests assert of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from transpile.loops.nest import (
    Array,
    Assign,
    Binary,
    Bind,
    Cast,
    Check,
    Choose,
    Elements,
    Expr,
    Fill,
    If,
    Invoke,
    Kernel,
    Lit,
    Load,
    Local,
    Loop,
    Opaque,
    Overflow,
    Perform,
    Print,
    Stmt,
    Store,
    Swap,
    Unary,
    While,
)
from transpile.sym.affine import Affine, Symbol


def bodies(stmt: Stmt) -> tuple[tuple[Stmt, ...], ...]:
    """The statement lists inside a statement."""
    match stmt:
        case Loop() | While():
            return (stmt.body,)
        case If():
            return (stmt.then, stmt.orelse)
        case _:
            return ()


def with_bodies(stmt: Stmt, change: Callable[[tuple[Stmt, ...]], tuple[Stmt, ...]]) -> Stmt:
    """The same statement with each list inside it changed."""
    match stmt:
        case Loop() | While():
            return replace(stmt, body=change(stmt.body))
        case If():
            return replace(stmt, then=change(stmt.then), orelse=change(stmt.orelse))
        case _:
            return stmt


def statements(body: tuple[Stmt, ...]) -> Iterator[Stmt]:
    """Every statement, those inside others included."""
    left = [*reversed(body)]
    while left:
        stmt = left.pop()
        yield stmt
        for inner in reversed(bodies(stmt)):
            left.extend(reversed(inner))


def expressions(stmt: Stmt) -> tuple[Expr, ...]:
    """The expressions that stand in the statement itself, what it stores to not included."""
    match stmt:
        case Assign():
            return () if stmt.value is None else (stmt.value,)
        case Store():
            return (*stmt.index, stmt.value)
        case Loop():
            return (stmt.start, stmt.stop)
        case While() | If():
            return (stmt.test,)
        case Check():
            return (stmt.fails,)
        case Overflow():
            return (stmt.left, stmt.right)
        case Print():
            return tuple(p for p in stmt.parts if not isinstance(p, str))
        case Perform():
            return tuple(e for arg in (*stmt.args, stmt.target) for e in own(arg))
        case Bind():
            return stmt.array.dims
        case _:
            return ()


def may_fail(stmt: Stmt) -> bool:
    """Can the kernel end here?"""
    numbered = isinstance(stmt, Perform | Print) and stmt.number > 0
    return numbered or isinstance(stmt, Check | Overflow)


def own(arg: Expr | Elements) -> tuple[Expr, ...]:
    """What is evaluated for an argument of a C function."""
    return arg.index if isinstance(arg, Elements) else (arg,)


def with_own(arg: Expr | Elements, change: Callable[[Expr], Expr]) -> Any:
    if isinstance(arg, Elements):
        return replace(arg, index=tuple(affine(change(i)) for i in arg.index))
    return change(arg)


def with_expressions(stmt: Stmt, change: Callable[[Expr], Expr]) -> Stmt:
    """The same statement with its own expressions changed; affine ones have to stay so."""
    match stmt:
        case Assign() if stmt.value is not None:
            return replace(stmt, value=change(stmt.value))
        case Store():
            index = tuple(affine(change(i)) for i in stmt.index)
            return replace(stmt, index=index, value=change(stmt.value))
        case Loop():
            return replace(stmt, start=affine(change(stmt.start)), stop=affine(change(stmt.stop)))
        case While() | If():
            return replace(stmt, test=change(stmt.test))
        case Check():
            return replace(stmt, fails=change(stmt.fails))
        case Overflow():
            return replace(stmt, left=change(stmt.left), right=change(stmt.right))
        case Print():
            parts = tuple(p if isinstance(p, str) else change(p) for p in stmt.parts)
            return replace(stmt, parts=parts)
        case Perform():
            args = tuple(with_own(arg, change) for arg in stmt.args)
            return replace(stmt, args=args, target=with_own(stmt.target, change))
        case _:
            return stmt


def children(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Affine():
            return tuple(s.expr if isinstance(s, Opaque) else local(s) for s in expr.symbols())
        case Load():
            return expr.index
        case Binary():
            return (expr.left, expr.right)
        case Unary() | Cast():
            return (expr.arg,)
        case Invoke():
            return expr.args
        case Choose():
            return (expr.test, expr.yes, expr.no)
        case _:
            return ()


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The same expression with `change` applied to each child."""
    match expr:
        case Affine() if expr.terms:
            total = Affine((), expr.const)
            for symbol, factor in expr.terms:
                part = symbol.expr if isinstance(symbol, Opaque) else local(symbol)
                changed = change(part)
                kept = Affine.of(symbol) if changed is part else affine(changed)
                total = total + kept * factor
            return expr if total == expr else total
        case Load():
            index = tuple(affine(change(i)) for i in expr.index)
            return expr if index == expr.index else replace(expr, index=index)
        case Binary():
            return replace(expr, left=change(expr.left), right=change(expr.right))
        case Unary() | Cast():
            return replace(expr, arg=change(expr.arg))
        case Invoke():
            return replace(expr, args=tuple(map(change, expr.args)))
        case Choose():
            return replace(expr, test=change(expr.test), yes=change(expr.yes), no=change(expr.no))
        case _:
            return expr


def parts(expr: Expr) -> Iterator[Expr]:
    """The expression and everything inside it."""
    left = [expr]
    while left:
        part = left.pop()
        yield part
        if not isinstance(part, Local | Lit):
            left.extend(reversed(children(part)))


def local(symbol: Symbol) -> Local:
    """The symbols of the nests' affine expressions are locals."""
    assert isinstance(symbol, Local)
    return symbol


def affine(expr: Expr) -> Affine:
    """An integer expression as an index."""
    match expr:
        case Affine():
            return expr
        case Local():
            return Affine.of(expr)
        case Lit():
            return Affine((), int(expr.value))
        case _:
            return Affine.of(Opaque(expr))


def reads(body: tuple[Stmt, ...]) -> Iterator[Expr]:
    """Every expression part that a list of statements evaluates."""
    for stmt in statements(body):
        for expr in expressions(stmt):
            yield from parts(expr)


def apart(a: tuple[Affine, ...], b: tuple[Affine, ...]) -> bool:
    """Are two elements others, by a distance that is always the same?"""
    return any((x - y).constant not in (None, 0) for x, y in zip(a, b, strict=True))


def assigned(body: tuple[Stmt, ...]) -> set[Local]:
    """The locals that a list of statements changes, its loops' indices included."""
    found = set()
    for stmt in statements(body):
        match stmt:
            case Assign() | Overflow():
                found.add(stmt.local)
            case Loop():
                found.add(stmt.index)
            case _:
                pass
    return found


def stored(stmt: Stmt) -> tuple[Array, ...]:
    """The arrays that the statement itself writes, or the names of which it changes."""
    match stmt:
        case Store():
            return (stmt.array,)
        case Fill():
            return (stmt.target,)
        case Swap():
            return (*stmt.targets, *stmt.sources)
        case Bind():
            return (stmt.array,)
        case Perform():
            return stmt.written
        case _:
            return ()


# -- what tests assert


def in_loops(body: tuple[Stmt, ...], inside: bool = False) -> Iterator[Stmt]:
    """Every statement that stands in a loop."""
    for stmt in body:
        if inside:
            yield stmt
        for inner in bodies(stmt):
            yield from in_loops(inner, inside or isinstance(stmt, Loop | While))


def allocations_in_loops(kernel: Kernel) -> list[Stmt]:
    """Statements in loops that take room of their own: there are none."""
    first: set[int | None] = {s.room for s in kernel.body if isinstance(s, Bind)}
    rooms = {None, *range(len(kernel.rooms))} | first
    return [s for s in in_loops(kernel.body) if isinstance(s, Bind) and s.room not in rooms]


def copies_in_loops(kernel: Kernel) -> list[Stmt]:
    """Statements in the program's loops that copy an array: memcpy, or a nest that only copies."""
    found: list[Stmt] = []
    for stmt in in_loops(kernel.body):
        match stmt:
            case Fill() if stmt.source is not None:
                found.append(stmt)
            case Loop() if is_copy(stmt):
                found.append(stmt)
            case _:
                pass
    return found


def is_copy(loop: Loop, outer: tuple[Local, ...] = ()) -> bool:
    """Is this loop a nest whose whole work is `a[i] = b[i]`?"""
    if len(loop.body) != 1:
        return False
    loops = (*outer, loop.index)
    match loop.body[0]:
        case Loop() as inner:
            return is_copy(inner, loops)
        case Store(value=Load(index=index), op="=") as store:
            return store.index == index and all(i.symbol in loops for i in index)
        case _:
            return False
