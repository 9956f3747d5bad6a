"""What a step stores in the next step's element stays in a scalar for it.

    for i: { t = d[i]; d[i + 1] += t * a[i]; }     d_i = d[0];
                                                   for i: { t = d_i;
                                                            d_i = d[i + 1] + t * a[i];
                                                            d[i + 1] = d_i; }

Otherwise each step would wait until what the one before stored can be loaded again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace

from transpile.loops.fuse import put
from transpile.loops.nest import (
    Assign,
    Binary,
    Choose,
    Expr,
    Kernel,
    Lit,
    Load,
    Local,
    Loop,
    Stmt,
    Store,
)
from transpile.loops.promote import element_name, names_of
from transpile.loops.reuse import put as put_scalar
from transpile.loops.walk import apart, assigned, reads, with_bodies, with_expressions
from transpile.sym.affine import Affine


def neighbour(kernel: Kernel) -> Kernel:
    """The kernel with such elements in scalars."""
    names = names_of(kernel)
    return replace(kernel, body=carried(kernel.body, names))


def carried(body: tuple[Stmt, ...], names: set[str]) -> tuple[Stmt, ...]:
    done: list[Stmt] = []
    for stmt in body:
        stmt = with_bodies(stmt, partial(carried, names=names))
        if isinstance(stmt, Loop) and stmt.simd is None and abs(stmt.step) == 1:
            while (found := chain(stmt)) is not None:
                load, store = found
                local = Local(element_name(names, load.array, load.index), load.array.dtype)
                done.append(first(stmt, load, local))
                stmt = replace(stmt, body=through(stmt.body, load, store, local))
        done.append(stmt)
    return tuple(done)


def chain(loop: Loop) -> tuple[Load, Store] | None:
    """An element that each step reads, and where the step before has stored it last."""
    if not all(isinstance(s, Assign | Store) for s in loop.body):
        return None
    step: dict[Expr, Expr] = {loop.index: Affine.of(loop.index) + loop.step}
    loads = dict.fromkeys(part for part in reads(loop.body) if isinstance(part, Load))
    for at, stmt in enumerate(loop.body):
        if not isinstance(stmt, Store) or not is_said(loop, stmt):
            continue
        for load in loads:
            if load.array is not stmt.array or put(step, load) != Load(stmt.array, stmt.index):
                continue
            if reads_first(loop.body, load) < at and is_last(loop, stmt, load):
                return load, stmt
    return None


def is_said(loop: Loop, store: Store) -> bool:
    """Is it a sum, or does the step store to the array elsewhere too? Else C sees it by itself."""
    others = sum(isinstance(s, Store) and s.array is store.array for s in loop.body) > 1
    return store.op in ("+=", "-=") or (store.op == "=" and others)


def reads_first(body: Sequence[Stmt], load: Load) -> int:
    return next(k for k, stmt in enumerate(body) if load in reads((stmt,)))


def is_last(loop: Loop, store: Store, load: Load) -> bool:
    """Does nothing else write the element before the next step has read it for the last time?"""
    symbols = {s for i in load.index for s in i.symbols()} - {loop.index}
    if symbols & assigned(loop.body):
        return False
    last = max(k for k, stmt in enumerate(loop.body) if load in reads((stmt,)))
    for k, stmt in enumerate(loop.body):
        if not isinstance(stmt, Store) or stmt is store or stmt.array is not store.array:
            continue
        if not apart(stmt.index, store.index) or (k < last and not apart(stmt.index, load.index)):
            return False
    return True


def first(loop: Loop, load: Load, local: Local) -> Assign:
    """The element of the first step, if there is one."""
    start: dict[Expr, Expr] = {loop.index: loop.start}
    value = put(start, load)
    low, high = (loop.start, loop.stop) if loop.step > 0 else (loop.stop, loop.start)
    runs = Binary("<", low, high, "bool")
    value = Choose(runs, value, Lit(0.0, local.dtype), local.dtype)
    return Assign(local, value, "=", True, loop.place)


def through(body: tuple[Stmt, ...], load: Load, store: Store, local: Local) -> tuple[Stmt, ...]:
    """The body that reads the element from the scalar and leaves the next one there."""
    done: list[Stmt] = []
    for stmt in body:
        changed = with_expressions(stmt, partial(put_scalar, load, local))
        if stmt is store:
            assert isinstance(changed, Store)
            value = changed.value
            if store.op != "=":
                old = Load(store.array, store.index)
                value = Binary(store.op[0], old, value, local.dtype)
            done.append(Assign(local, value, "=", False, stmt.place))
            changed = replace(store, value=local, op="=")
        done.append(changed)
    return tuple(done)
