"""One NumPy statement over arrays is one loop nest with one expression."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from transpile.loops import convert, host, reductions
from transpile.loops.access import pick
from transpile.loops.around import check_listed, loop_nest, zeros
from transpile.loops.context import Context, Int, located
from transpile.loops.contract import Product
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
    Load,
    Local,
    Overflow,
    Store,
)
from transpile.loops.statement import write
from transpile.loops.walk import parts
from transpile.sym.affine import Affine
from transpile.sym.ir import Apply, Atom, Const, Eqn, Var
from transpile.sym.ops import Host, Reduce, linalg

SUMS = (linalg.MATMUL, linalg.CONTRACT)
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
        if overflows(c, eqn) or rhs.op in SUMS or isinstance(rhs.op.c, Reduce | Host):
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
    if isinstance(rhs.op.c, Reduce) or rhs.op in SUMS:
        total = c.local("total", local.dtype) if is_read(c, rhs.args, local) else local
        if rhs.op in SUMS:
            Product(c, rhs).sum({}, total)
        else:
            reductions.single(c, rhs, (), total)
        if total is not local:
            c.assign(local, total)
    elif isinstance(rhs.op.c, Host):
        held = c.take(c.fresh(f"{local.name}_at"), local.dtype, [])
        host.call(c, rhs, eqn.outs[0].type, held)
        c.assign(local, Load(held, ()))
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
    source = same_elements(c, rhs)
    if source is not None and all(c.facts.nonnegative(c.dim(d).form) for d in source.type.dims):
        c.emit(Fill(target, c.array(source), c.place, source.type.dims != out.type.dims))
        return
    if rhs.op.name == "zeros":
        zeros(c, target, dims)
        return
    for arg in rhs.args:
        prepare(c, arg, bool(dims))
    if rhs.op.name == "index":
        select(c, out, rhs)
    write(c, target, dims, lambda at: tuple(at), lambda at: applied(c, out, rhs, at))


def same_elements(c: Context, rhs: Apply) -> Var | None:
    """An array with storage whose elements, one after the other, are those of the result."""
    source: Atom | None = rhs.args[0] if rhs.op.name in ("copy", "reshape") else None
    while isinstance(source, Var) and not c.is_stored(source):
        inner = c.defs[source].rhs
        reshaped = isinstance(inner, Apply) and inner.op.name == "reshape"
        source = inner.args[0] if isinstance(inner, Apply) and reshaped else None
    return source if isinstance(source, Var) else None


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


# -- by others


def contraction(c: Context, eqn: Eqn) -> None:
    """An array of products, or of sums of them."""
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    for arg in rhs.args:
        prepare(c, arg, True)
    Product(c, rhs).write(c.array(eqn.outs[0]))


def by_host(c: Context, eqn: Eqn) -> None:
    """An array that LAPACK computes."""
    (out,) = eqn.outs
    assert isinstance(eqn.rhs, Apply)
    for arg in eqn.rhs.args:
        prepare(c, arg, True)
    host.call(c, eqn.rhs, out.type, c.array(out))


def places(c: Context, eqn: Eqn) -> None:
    """Where an array is true, one place after the other: each is written, and kept if it counts."""
    (out,), rhs = eqn.outs, eqn.rhs
    assert isinstance(rhs, Apply)
    x, axis = rhs.args[0], rhs.params.get("axis", 0)
    prepare(c, x, True)
    target = c.array(out)
    number = c.local("found", "int64")
    c.assign(number, Affine())

    def body(at: Index) -> None:
        store = Store(target, (Affine.of(number),), at[axis].shown, "=", c.place)
        count = Assign(number, element(c, x, at), "+=", False, c.place)
        room = Binary("<", Affine.of(number), target.dims[0], "bool")
        c.emit(If(room, (store, count), (), c.place))

    loop_nest(c, [c.dim(d) for d in x.type.dims], body)


def views_of(c: Context, eqn: Eqn) -> None:
    """A view is a function of the index; its own integers are taken here."""
    rhs = eqn.rhs
    assert isinstance(rhs, Apply)
    for arg in rhs.args:
        prepare(c, arg)
    if rhs.op.name == "index":
        picked(c, eqn.outs[0], rhs)
