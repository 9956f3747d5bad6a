"""One NumPy statement over arrays is one loop nest with one expression.

The right side is evaluated first, as NumPy has it: where the nest would read an element that it
has written already, the loops run the other way, or the value goes to scratch first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transpile.loops import convert
from transpile.loops.access import pick
from transpile.loops.around import check_listed, loop_nest, symbol_of, zeros
from transpile.loops.context import Context, Int, located
from transpile.loops.element import ZERO, Index, applied, element, picked
from transpile.loops.names import by_content
from transpile.loops.nest import (
    Array,
    Assign,
    Binary,
    Expr,
    Fill,
    If,
    Invoke,
    Lit,
    Load,
    Local,
    Overflow,
    Stmt,
    Store,
)
from transpile.loops.walk import parts
from transpile.sym import walk
from transpile.sym.affine import Affine, Symbol
from transpile.sym.ir import Apply, Atom, Const, Eqn, Var
from transpile.sym.ops.table import Infix, Reduce

CHECKED = {"add": "+", "subtract": "-", "multiply": "*", "negative": "-", "power": "**"}


# -- what has to stand before


def prepare(c: Context, atom: Atom, loops: bool = False) -> None:
    """Write what the value needs before it; with `loops`, scalars are computed before those."""
    if isinstance(atom, Const) or atom in c.ready or atom not in c.defs:
        return
    if atom not in c.placed.inline:
        return
    outer, c.span = c.span, c.defs[atom].span or c.span
    prepare_inline(c, atom, c.defs[atom], loops)
    c.span = outer


def prepare_inline(c: Context, atom: Var, eqn: Eqn, loops: bool) -> None:
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    inner = loops or not atom.type.is_scalar
    for arg in rhs.args:
        prepare(c, arg, inner)
    if rhs.op.name == "index":
        select(c, atom, rhs)
    if atom.type.is_scalar:
        if overflows(c, eqn) or rhs.op.name == "matmul" or isinstance(rhs.op.c, Reduce):
            local = c.local(by_content(eqn, 0, {}, False), atom.type.dtype)
            scalar(c, eqn, local)
            c.ready[atom] = local
        elif loops and not simple(value := element(c, atom)):
            local = c.local(by_content(eqn, 0, {}, False), atom.type.dtype)
            c.assign(local, value)
            c.ready[atom] = local


def select(c: Context, out: Var, rhs: Apply) -> None:
    """Take the integers of an index, and check those that arrays of them have."""
    check_listed(c, rhs.args[0], picked(c, out, rhs))


def simple(expr: Expr) -> bool:
    """May the value stand in a loop, for the compiler to take out?"""
    inside = list(parts(expr))
    return len(inside) <= 5 and not any(isinstance(p, Load | Invoke) for p in inside)


def overflows(c: Context, eqn: Eqn) -> bool:
    """May a Python integer's arithmetic leave 64 bits?"""
    rhs = eqn.rhs
    if not isinstance(rhs, Apply) or not eqn.outs[0].type.is_index or rhs.op.name not in CHECKED:
        return False
    return c.form(eqn.outs[0]).constant is None and c.exact_bits(eqn) > 62


# -- scalars


def scalar(c: Context, eqn: Eqn, local: Local) -> None:
    """`local = ...` for one equation with a scalar result; what it reads is prepared."""
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    if isinstance(rhs.op.c, Reduce) or rhs.op.name == "matmul":
        total = c.local("total", local.dtype) if is_read(c, rhs.args, local) else local
        if rhs.op.name == "matmul":
            dot(c, rhs, (), total)
        else:
            reduction(c, eqn, rhs, (), total)
        if total is not local:
            c.assign(local, total)
    elif overflows(c, eqn):
        args = [c.integer(a).shown for a in rhs.args]
        left, right = args if len(args) == 2 else (Affine(), args[0])
        number = c.site("OverflowError", located(c.place, "the integer is too large"))
        first = not c.is_declared(local)
        c.declared[-1].add(local)
        symbol = CHECKED[rhs.op.name]
        c.emit(Overflow(local, symbol, left, right, number, first, c.place))
    else:
        value = applied(c, eqn.outs[0], rhs, ())
        short = augmented(local, value)
        if short is None or not c.is_declared(local):
            c.assign(local, convert.implicit(value, local.dtype))
        else:
            c.assign(local, short[1], short[0])


def is_read(c: Context, args: Sequence[Atom], local: Local) -> bool:
    """Do the elements of these arrays, or how many there are, read the local?"""
    with c.scope():
        for x in args:
            value = element(c, x, tuple(c.index_local() for _ in x.type.dims))
            found = [value, *(c.dim(d).shown for d in x.type.dims)]
            if any(part is local for expr in found for part in parts(expr)):
                return True
    return False


def augmented(local: Local, value: Expr) -> tuple[str, Expr] | None:
    """`x = x + e` as `x += e`."""
    match value:
        case Affine() if value.coefficient(local) == 1:
            rest = value - Affine.of(local)
            if rest.constant is not None and rest.constant < 0:
                return "-=", -rest
            return "+=", rest
        case Binary(symbol=symbol, left=left, right=right) if value.dtype == local.dtype:
            if left is local and symbol in "+-*/":
                return f"{symbol}=", right
            if right is local and symbol in "+*":
                return f"{symbol}=", left
    return None


# -- nests


def write(
    c: Context,
    target: Array,
    dims: Sequence[Int],
    locate: Callable[[Index], tuple[Int, ...]],
    value: Callable[[Index], Expr],
    op: str = "=",
) -> None:
    """`target[locate(i)] op value(i)` for all i, the right side evaluated first."""
    with c.scope():
        at = tuple(ZERO if d.constant == 1 else c.index_local() for d in dims)
        where = tuple(i.shown for i in locate(at))
        expr = convert.implicit(value(at), target.dtype)
    loops = [symbol_of(i) for i in at if i.constant is None]
    extents = [d.shown for d in dims if d.constant != 1]
    order = directions(target, where, expr, loops)
    if order is None:
        held = temporary(c, target, dims)
        store: Stmt = Store(held, tuple(i.shown for i in at), expr, "=", c.place)
        c.emit_nest(store, loops, extents, [1] * len(loops), worth_simd(expr))
        expr, order = Load(held, tuple(i.shown for i in at)), [1] * len(loops)
    once = all(isinstance(s, Local) for axis in where for s in axis.symbols())
    parallel = once and not any(is_of(part, target, where) for part in parts(expr))
    store = Store(target, where, expr, op, c.place)
    c.emit_nest(store, loops, extents, order, worth_simd(expr) if parallel else None)


def is_of(part: Expr, target: Array, where: tuple[Affine, ...]) -> bool:
    return isinstance(part, Load) and part.array is target and part.index != where


def worth_simd(expr: Expr) -> str | None:
    return None if isinstance(expr, Load | Lit | Local) else ""


def temporary(c: Context, target: Array, dims: Sequence[Int]) -> Array:
    name = c.fresh(f"{target.name}_new")
    return c.take(name, target.dtype, dims)


def directions(
    target: Array, where: tuple[Affine, ...], expr: Expr, loops: list[Local]
) -> list[int] | None:
    """Which way each loop has to run for reads to come before writes; None where neither does."""
    order = dict.fromkeys(loops, 0)
    for part in parts(expr):
        if not is_of(part, target, where) or pinned(where, part, loops):  # type: ignore[arg-type]
            continue
        assert isinstance(part, Load)
        found = ahead(where, part.index, loops)
        if found is None or order[found[0]] == -found[1]:
            return None
        order[found[0]] = found[1]
    return [order[i] or 1 for i in loops]


def pinned(where: tuple[Affine, ...], load: Load, loops: list[Local]) -> bool:
    """Do different steps of the loops never meet, since an axis of each is indexed alike?"""
    alike: set[Symbol] = set()
    for a, b in zip(where, load.index, strict=True):
        inside = [s for s in a.symbols() if s in loops]
        if a == b and len(inside) == 1:
            alike.update(inside)
    return alike == set(loops)


def ahead(
    where: tuple[Affine, ...], index: tuple[Affine, ...], loops: list[Local]
) -> tuple[Local, int] | None:
    """The loop by which a read is away from the write, and the way that loop has to run."""
    away: dict[Symbol, int] = {}
    seen: list[Symbol] = []
    for a, b in zip(where, index, strict=True):
        inside = [s for s in a.symbols() if s in loops]
        distance = (b - a).constant
        if distance is None or len(inside) > 1 or any(s in seen for s in inside):
            return None
        if not inside:
            if distance != 0:
                return None
            continue
        if abs(a.coefficient(inside[0])) != 1:
            return None
        seen += inside
        away[inside[0]] = distance * a.coefficient(inside[0])
    if len(seen) < len(loops):
        return None
    for loop in loops:
        if away[loop] != 0:
            return loop, 1 if away[loop] > 0 else -1
    return None


# -- equations with arrays for results


def whole(c: Context, eqn: Eqn) -> None:
    """An equation that makes an array: elementwise, filled, copied."""
    (out,) = eqn.outs
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    if rhs.op.name == "empty":
        return
    target = c.array(out)
    dims = [c.dim(d) for d in out.type.dims]
    nonnegative = all(c.facts.nonnegative(d.form) for d in dims)
    source = rhs.args[0] if rhs.args and rhs.op.name == "copy" else None
    if nonnegative and isinstance(source, Var) and c.is_stored(source):
        c.emit(Fill(target, c.array(source), c.place))
        return
    if rhs.op.name == "zeros":
        zeros(c, target, dims)
        return
    for arg in rhs.args:
        prepare(c, arg, bool(dims))
    if rhs.op.name == "index":
        select(c, out, rhs)
    write(c, target, dims, lambda at: tuple(at), lambda at: applied(c, out, rhs, at))


def update(c: Context, eqn: Eqn, op: str) -> None:
    """`x[index] = value` or `+=`."""
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    x, value, *at = rhs.args
    target = c.array(eqn.outs[0])
    dims = [c.dim(d) for d in rhs.params["dims"]]
    for atom in (*at, value):
        prepare(c, atom, bool(dims))
    chosen = pick(c, x, rhs.params, at, indices_apart(c, target))
    check_listed(c, x, chosen)
    lead = len(dims) - value.type.ndim

    def element_at(index: Index) -> Expr:
        own = index[lead:] if lead >= 0 else (*(ZERO,) * -lead, *index)
        kept = zip(own, value.type.dims, strict=True)
        return element(c, value, tuple(ZERO if d.constant == 1 else i for i, d in kept))

    if not dims and op == "=":
        short = augmented_store(target, chosen.at(()), element_at(()))
        if short is not None:
            c.emit(Store(target, *short, c.place))
            return
    write(c, target, dims, chosen.at, element_at, op)


def indices_apart(c: Context, target: Array) -> Callable[[Atom, Index], Expr]:
    """The elements of arrays of indices, read from a copy where they lie in what is written."""
    held: dict[Atom, Array] = {}

    def value(array: Atom, at: Index) -> Expr:
        if array not in held:
            found = element(c, array, at)
            if not any(isinstance(p, Load) and p.array is target for p in parts(found)):
                return found
            dims = [c.dim(d) for d in array.type.dims]
            held[array] = c.take(c.fresh("places"), array.type.dtype, dims)
            write(c, held[array], dims, tuple, lambda index: element(c, array, index))
        return Load(held[array], tuple(i.shown for i in at))

    return value


def augmented_store(
    target: Array, at: tuple[Int, ...], value: Expr
) -> tuple[tuple[Affine, ...], Expr, str] | None:
    """`a[i] = a[i] - e` as `a[i] -= e`."""
    where = tuple(i.shown for i in at)
    own = Load(target, where)
    match value:
        case Binary(symbol=symbol, left=left, right=right) if (
            left == own and symbol in "+-*/" and value.dtype == target.dtype
        ):
            return where, right, f"{symbol}="
    return None


# -- reductions


def reduction(c: Context, eqn: Eqn, rhs: Apply, at: Index, total: Local) -> None:
    """`total` becomes the reduction of the elements that belong to the result's index `at`."""
    x, spelling = rhs.args[0], rhs.op.c
    assert isinstance(spelling, Reduce)
    axes = rhs.params["axis"]
    dims = [c.dim(x.type.dims[k]) for k in axes]
    kept = [k for k in range(x.type.ndim) if k not in axes]

    def full(index: Index) -> Index:
        known = dict(zip(axes, index, strict=True))
        outer = at if not rhs.params["keepdims"] else tuple(at[k] for k in kept)
        known.update(zip(kept, outer, strict=True))
        return tuple(known[k] for k in range(x.type.ndim))

    if spelling.start is not None:
        c.assign(total, convert.literal(spelling.start, total.dtype))
    else:
        first = element(c, x, full((ZERO,) * len(axes)))
        c.assign(total, convert.implicit(first, total.dtype))
    fold(c, rhs, dims, lambda i: element(c, x, full(i)), total)


def fold(
    c: Context, rhs: Apply, dims: list[Int], value: Callable[[Index], Expr], total: Local
) -> None:
    """The loops that go over the elements of one result."""
    spelling = rhs.op.c.step if isinstance(rhs.op.c, Reduce) else Infix("+")

    def body(index: Index) -> None:
        item = convert.implicit(value(index), total.dtype)
        if isinstance(spelling, Infix) and spelling.symbol in "+*":
            c.emit(Assign(total, item, f"{spelling.symbol}=", False, c.place))
        else:
            c.emit(Assign(total, convert.step(rhs.op, spelling, total, item, total.dtype),
                          "=", False, c.place))  # fmt: skip

    simd = None
    if isinstance(spelling, Infix):
        simd = f"reduction({spelling.symbol}:{total.name})"
    loop_nest(c, dims, body, simd)


def dot(c: Context, rhs: Apply, at: Index, total: Local) -> None:
    """`total` becomes one element of `x @ y`."""
    x, y = rhs.args
    rows = at[:1] if x.type.ndim == 2 else ()
    columns = at[len(at) - 1 :] if y.type.ndim == 2 else ()

    def value(index: Index) -> Expr:
        k = index[0]
        left, right = element(c, x, (*rows, k)), element(c, y, (k, *columns))
        return convert.infix("*", left, right, total.dtype, total.dtype)

    c.assign(total, convert.literal(0, total.dtype))
    fold(c, rhs, [c.dim(x.type.dims[-1])], value, total)


def reduced(c: Context, eqn: Eqn) -> None:
    """An array of sums or products: one accumulator for each of its elements."""
    (out,) = eqn.outs
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    target = c.array(out)
    for arg in rhs.args:
        prepare(c, arg, True)
    dims = [c.dim(d) for d in out.type.dims]
    if rhs.op.name == "matmul" and by_rows(c, rhs):
        product(c, rhs, target, dims)
        return

    def body(at: Index) -> None:
        total = c.local("total" if rhs.op.name == "matmul" else rhs.op.name, out.type.dtype)
        if rhs.op.name == "matmul":
            dot(c, rhs, at, total)
        else:
            reduction(c, eqn, rhs, at, total)
        c.emit(Store(target, tuple(i.shown for i in at), total, "=", c.place))

    loop_nest(c, dims, body)


def by_rows(c: Context, rhs: Apply) -> bool:
    """Are the elements of `y` next to one another along the result's last axis?"""
    y = rhs.args[1]
    if y.type.ndim == 1:
        x = rhs.args[0]
        return not contiguous_last(c, x)
    return contiguous_last(c, y)


def contiguous_last(c: Context, x: Atom) -> bool:
    with c.scope():
        at = tuple(c.index_local() for _ in x.type.dims)
        loads = [p for p in parts(element(c, x, at)) if isinstance(p, Load) and p.index]
    last = symbol_of(at[-1])
    return all(load.index[-1].coefficient(last) != 0 for load in loads)


def product(c: Context, rhs: Apply, target: Array, dims: list[Int]) -> None:
    """`x @ y` row by row: each element of x times a row of y."""
    x, y = rhs.args
    zeros(c, target, dims)
    inner = c.dim(x.type.dims[-1])
    vector = y.type.ndim == 1
    outer = [inner] if vector or x.type.ndim == 1 else [dims[0], inner]

    def body(index: Index) -> None:
        k = index[-1]
        rows = index[:-1]

        def value(at: Index) -> Expr:
            left = element(c, x, (*at, k) if vector else (*rows, k))
            right = element(c, y, (k,) if vector else (k, *at))
            return convert.infix("*", left, right, target.dtype, target.dtype)

        write(c, target, dims[-1:], lambda at: (*rows, *at), value, "+=")

    loop_nest(c, outer, body)


def outer(c: Context, eqn: Eqn) -> None:
    (out,) = eqn.outs
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    x, y = rhs.args
    for arg in rhs.args:
        prepare(c, arg, True)
    dtype = out.type.dtype

    def value(at: Index) -> Expr:
        return convert.infix("*", element(c, x, at[:1]), element(c, y, at[1:]), dtype, dtype)

    dims = [c.dim(d) for d in out.type.dims]
    write(c, c.array(out), dims, lambda at: tuple(at), value)


def places(c: Context, eqn: Eqn) -> None:
    """Where an array is true, one place after the other."""
    (out,), (x, _) = eqn.outs, walk.atoms(eqn.rhs)
    prepare(c, x, True)
    target = c.array(out)
    number = c.local("found", "int64")
    c.assign(number, Affine())

    def body(at: Index) -> None:
        store = Store(target, (Affine.of(number),), at[0].shown, "=", c.place)
        count = Assign(number, Affine((), 1), "+=", False, c.place)
        c.emit(If(element(c, x, at), (store, count), (), c.place))

    loop_nest(c, [c.dim(d) for d in x.type.dims], body)


def views_of(c: Context, eqn: Eqn) -> None:
    """A view is a function of the index; its own integers are taken here."""
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    for arg in rhs.args:
        prepare(c, arg)
    if rhs.op.name == "index":
        picked(c, eqn.outs[0], rhs)
