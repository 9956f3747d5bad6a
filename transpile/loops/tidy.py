"""Small things that one would not write: a flag that is tested once, branches that only leave.

stop = x > 9; if (stop) {a} else {b}; if (stop) break;      if (x > 9) {a; break;} b
bool stop = x > 9; if (stop) {a}                            if (x > 9) {a}
double s; if (c) { s = a; } else { s = b; }                 double s = c ? a : b;
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from transpile.loops.nest import (
    Assign,
    Break,
    Choose,
    If,
    Kernel,
    Local,
    Stmt,
    Store,
    Unary,
    dtype_of,
)
from transpile.loops.walk import assigned, expressions, parts, statements, with_bodies

SHORT = 12  # parts of an expression that may stand in `c ? a : b`


def tidy(kernel: Kernel) -> Kernel:
    """The same kernel, as one would write it."""
    body = everywhere(kernel.body, lambda b: chosen(leaving([signed(s) for s in b])))
    counted = Reads(body)
    return replace(kernel, body=everywhere(body, lambda b: tested(b, counted)))


def everywhere(
    body: tuple[Stmt, ...], change: Callable[[list[Stmt]], list[Stmt]]
) -> tuple[Stmt, ...]:
    """Every list of statements changed, the innermost first."""
    return tuple(change([with_bodies(s, lambda b: everywhere(b, change)) for s in body]))


class Reads:
    """How often each local is read, and how often it is assigned."""

    def __init__(self, body: tuple[Stmt, ...]) -> None:
        self.reads: dict[Local, int] = {}
        self.writes: dict[Local, int] = {}
        for stmt in statements(body):
            for expr in expressions(stmt):
                for part in parts(expr):
                    if isinstance(part, Local):
                        self.reads[part] = self.reads.get(part, 0) + 1
            if isinstance(stmt, Assign):
                self.writes[stmt.local] = self.writes.get(stmt.local, 0) + (stmt.value is not None)


def signed(stmt: Stmt) -> Stmt:
    """`x += -e` is `x -= e`."""
    match stmt:
        case Assign(op="+=", value=Unary(symbol="-", arg=arg)):
            return replace(stmt, op="-=", value=arg)
        case Store(op="+=", value=Unary(symbol="-", arg=arg)):
            return replace(stmt, op="-=", value=arg)
        case _:
            return stmt


def leaving(stmts: list[Stmt]) -> list[Stmt]:
    """`if (f) {a} else {b}; if (f) break;` with f the same: leave in the first."""
    if len(stmts) < 2:
        return stmts
    match stmts[-2], stmts[-1]:
        case If(test=Local() as flag) as work, If(test=Local() as again, then=(Break(),)):
            if flag is again and flag not in assigned((work,)):
                out = replace(work, then=(*work.then, Break(work.place)), orelse=())
                return [*stmts[:-2], out, *work.orelse]
    return stmts


def tested(stmts: list[Stmt], counted: Reads) -> list[Stmt]:
    """A flag that is computed only for the next statement's test stands in the test."""
    done: list[Stmt] = []
    for stmt in stmts:
        match done[-1] if done else None, stmt:
            case Assign(declare=True, op="=", value=value) as flag, If(test=test) if (
                test is flag.local and value is not None and only_here(flag.local, counted)
            ):
                done[-1] = replace(stmt, test=value)
                continue
        done.append(stmt)
    return done


def only_here(flag: Local, counted: Reads) -> bool:
    return flag.dtype == "bool" and counted.reads.get(flag) == counted.writes.get(flag) == 1


def chosen(stmts: list[Stmt]) -> list[Stmt]:
    """Both branches give one scalar its value and do nothing else."""
    done: list[Stmt] = []
    for stmt in stmts:
        done.append(stmt)
        match stmt:
            case If(then=(Assign(op="=") as a,), orelse=(Assign(op="=") as b,)):
                first = done[-2] if len(done) > 1 else None
                if not (isinstance(first, Assign) and first.declare and first.value is None):
                    continue
                if not (a.local is b.local is first.local and fits(a) and fits(b)):
                    continue
                assert a.value is not None and b.value is not None
                choice = Choose(stmt.test, a.value, b.value, a.local.dtype)
                done[-2:] = [Assign(a.local, choice, "=", True, stmt.place)]
    return done


def fits(assign: Assign) -> bool:
    """Is the value short, and of the variable's own dtype?"""
    value = assign.value
    if value is None or dtype_of(value) != assign.local.dtype:
        return False
    return sum(1 for _ in parts(value)) <= SHORT
