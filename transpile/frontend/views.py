"""Which array is a view of what: reading through views, and writing through them to the base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np

from transpile.frontend import extents
from transpile.frontend.context import Context
from transpile.frontend.values import (
    Array,
    Base,
    Flat,
    Indexed,
    Locked,
    Masked,
    Reshaped,
    Spread,
    Step,
    Transposed,
    Value,
)
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.build import clipped, sliced
from transpile.sym.ir import Atom, Block, Const, If, Var, constant
from transpile.sym.ops import arithmetic, shape
from transpile.sym.types import COMPLEX, INT, INTEGERS, LARGE, PYTHON_TYPES, Mismatch, Type, bounds

FULL = Indexed(())


def read(ctx: Context, array: Array) -> Atom:
    """What the array holds now."""
    source = array.base.source
    if source is not None and ctx.bases[source[0]] is not source[1]:
        unsure(ctx, "and what it was made of has been written since")
    atom = content(ctx, array.base)
    for step in array.path:
        atom = viewed(ctx, atom, step)
    return atom


def content(ctx: Context, base: Base) -> Atom:
    """What a base holds now, if need be by way of the names that may hold it."""
    if base not in ctx.bases:
        ctx.fail(
            "a name may be of an array here that was made in a loop or branch which has ended",
            "bind the name to a copy, x.copy(), where it is assigned in a branch or loop",
        )
    own, moved = ctx.bases[base], ctx.moved.get(base)
    if moved is None:
        return own
    held = {k: content(ctx, moved.holders[k - 1]) for k in sorted(moved.places)}
    seen = moved.seen
    if seen is not None and all(atom is seen[k - 1] for k, atom in held.items()):
        return own
    for k, atom in held.items():
        own = selected(ctx, moved.where, k, atom, own)
    return own


def selected(ctx: Context, where: Atom, k: int, a: Atom, b: Atom) -> Atom:
    """`a if where == k else b`, of two arrays or integers of one type."""
    if isinstance(where, Const) or a is b:
        return a if where == constant(k) else b
    test = expr.binary(ctx.build, "==", where, constant(k))
    out = Var(a.name if isinstance(a, Var) else "", a.type)
    ctx.build.emit(If(test, Block((), (), (a,)), Block((), (), (b,))), [out])
    return out


def located(ctx: Context, base: Base, finals: Mapping[Base, int]) -> tuple[Atom, bool]:
    """Which of the final places (counted from 1) holds a base; 0 and False where one may not."""
    if base in finals:
        return constant(finals[base]), True
    moved = ctx.moved.get(base)
    if moved is None:
        return constant(0), False
    found: Atom = constant(0)
    kept = moved.sure
    for k in sorted(moved.places):
        place, certain = located(ctx, moved.holders[k - 1], finals)
        found = selected(ctx, moved.where, k, place, found)
        kept = kept and certain
    return found, kept


def possible(ctx: Context, base: Base, finals: Mapping[Base, int]) -> frozenset[int]:
    """The final places that `located` may say."""
    if base in finals:
        return frozenset((finals[base],))
    moved = ctx.moved.get(base)
    places = () if moved is None else (moved.holders[k - 1] for k in moved.places)
    return frozenset().union(*(possible(ctx, holder, finals) for holder in places))


def viewed(ctx: Context, atom: Atom, step: Step) -> Atom:
    match step:
        case Indexed(index=index, at=at):
            return ctx.build.index(atom, index, at)
        case Transposed(axes=axes):
            return ctx.build.transpose(atom, axes)
        case Reshaped(dims=dims):
            return ctx.build.reshape(atom, [ctx.build.dim(d) for d in dims])
        case Spread(dims=dims):
            return ctx.build.broadcast_to(atom, [ctx.build.dim(d) for d in dims])
        case Masked() | Locked() | Flat():
            return atom


def type_of(ctx: Context, array: Array) -> Type:
    """The array's type; nothing is read for that, extents may be computed."""
    type = ctx.bases[array.base].type
    for step in array.path:
        match step:
            case Indexed(index=index, at=at):
                type = type.having(dims=ctx.build.selected(Var("", type), index, at))
            case Transposed(axes=axes):
                type = type.having(dims=tuple(type.dims[k] for k in axes))
            case Reshaped(dims=dims) | Spread(dims=dims):
                type = type.having(dims=tuple(map(ctx.build.dim, dims)))
    return type


def stepped(ctx: Context, array: Array, step: Step) -> Array:
    """The view of a view; two indexings become one where that is certain to mean the same."""
    if array.path and isinstance(step, Indexed) and isinstance(array.path[-1], Indexed):
        shorter = Array(array.base, array.path[:-1])
        joined = composed(ctx, type_of(ctx, shorter), array.path[-1], step)
        if joined is not None:
            return Array(array.base, (*shorter.path, joined))
    return Array(array.base, (*array.path, step))


def of_no_axis(view: Array) -> Array:
    """The view of one element that `x[..., i]` is: an array, and no number, in NumPy too."""
    last = view.path[-1] if view.path else FULL
    assert isinstance(last, Indexed)
    if "i" not in last.index:
        return view
    kept = Indexed((*last.index, "new"), last.at)
    return Array(view.base, (*view.path[:-1], kept, Reshaped(())))


def composed(ctx: Context, type: Type, outer: Indexed, inner: Indexed) -> Indexed | None:
    """`x[outer][inner]` as one indexing of `x`, which has this type; None where unsure."""
    given, more = iter(outer.at), iter(inner.at)
    left = list(inner.index)
    extents = iter(type.dims)
    index: list[Any] = []
    at: list[Atom] = []
    axes = [*outer.index, *[":"] * (type.ndim - sum(i != "new" for i in outer.index))]
    for item in axes:
        bounds = integers(item, given)
        extent = None if item == "new" else next(extents)
        if item == "i":
            index.append("i")
            at.extend(bounds)
            continue
        while left and left[0] == "new":
            index.append(left.pop(0))
        asked = left.pop(0) if left else ":"
        found = axis(ctx, extent, item, bounds, asked, integers(asked, more))
        if found is None:
            return None
        index.extend(found[0])
        at.extend(found[1])
    return Indexed((*index, *left), tuple(at))


def integers(item: Any, at: Any) -> list[Atom]:
    """The integers that belong to one item of an index."""
    if item in ("i", "a"):
        return [next(at)]
    if isinstance(item, tuple):
        return [next(at) for there in item[1:] if there]
    return []


def axis(
    ctx: Context, extent: Affine | None, item: Any, bounds: list[Atom], asked: Any, at: list[Atom]
) -> tuple[list[Any], list[Atom]] | None:
    """One axis of `composed`: what `asked` of `item` is, of an axis with this extent."""
    if asked == ":":
        return [item], bounds
    if item == ":":
        return [asked], at
    if item == "new" or extent is None or item[3]:
        return None
    known = iter(bounds)
    start = next(known) if item[1] else None
    stop = next(known) if item[2] else None
    low = clipped(ctx.build, start, extent, first=True)
    length = sliced(ctx.build, extent, start, stop, None)
    if low is None or asked != "i":
        return None
    place, facts = ctx.build.dim(at[0]), ctx.build.facts
    if place.constant is not None and place.constant < 0:
        place = length + place
    if not (facts.nonnegative(place) and facts.positive(length - place)):
        return None
    return ["i"], [ctx.build.atom(low + place)]


# -- writing


def unsure(ctx: Context, why: str) -> NoReturn:
    ctx.fail(
        f"this array may share its elements with the one that it was made from, {why}",
        "make it from a copy, as in x.copy().reshape(...)",
    )


def write(ctx: Context, array: Array, value: Atom, add: bool = False) -> None:
    """`array[...] = value`, or `+= value`: the base gets a new content."""
    if any(isinstance(step, Spread | Locked) for step in array.path):
        ctx.check(constant(False), "ValueError", "assignment destination is read-only")
        return
    if array.base.source is not None:
        unsure(ctx, "and it is written")
    if array.base in ctx.frozen or array.base in ctx.moved:
        ctx.fail(
            f"{array.base.name or 'this array'} may be one of several arrays here, and is written",
            "bind the name to a copy, x.copy(), where it is assigned in a branch or loop",
        )
    ctx.bases[array.base] = put(ctx, ctx.bases[array.base], array.path, value, add)


def put(ctx: Context, content: Atom, path: tuple[Step, ...], value: Atom, add: bool) -> Atom:
    """The content with `value` stored at the end of the path."""
    build = ctx.build
    match path:
        case ():
            return stored(ctx, content, FULL, value, add)
        case (Indexed() as last,):
            return stored(ctx, content, last, value, add)
        case (Masked(mask=mask),):
            value = expr.binary(build, "+", content, value) if add else value
            value = as_whole(ctx, value, content.type.dtype, strict=False)
            value = converted(ctx, value, content.type.dtype)
            return build.apply(arithmetic.WHERE, mask, value, content)
    step, rest = path[0], path[1:]
    inner = put(ctx, viewed(ctx, content, step), rest, value, add)
    match step:
        case Indexed():
            return stored(ctx, content, step, inner, False)
        case Transposed(axes=axes):
            return build.transpose(inner, tuple(axes.index(k) for k in range(len(axes))))
        case Reshaped():
            return build.reshape(inner, content.type.dims)
        case Masked() | Flat() | Spread() | Locked():
            return inner


def stored(ctx: Context, content: Atom, where: Indexed, value: Atom, add: bool) -> Atom:
    """One UPDATE or INCREMENT, its value fitting the place."""
    build = ctx.build
    dims = build.selected(content, where.index, where.at)
    value = as_whole(ctx, value, content.type.dtype, strict="a" not in where.index)
    value = fitted(ctx, value, content.type.dtype, dims)
    write = build.increment if add else build.update
    return write(content, value, where.index, where.at)


def fitted(ctx: Context, value: Atom, dtype: str, dims: tuple[Affine, ...]) -> Atom:
    """The value as an assignment to a place of this dtype and these dims takes it."""
    given = value.type.dims
    while len(given) > len(dims) and given[0].constant == 1:
        value, given = ctx.build.index(value, ("i",), (constant(0),)), given[1:]
    if len(given) > len(dims):
        ctx.misfit(f"a value of shape {shown(given)} does not fit into {shown(dims)}")
    for axis in range(-len(given), 0):
        mine, place = given[axis], dims[axis]
        short = mine.terms and mine != place and extents.at_most(ctx.build, mine, extents.ONE)
        if short and not extents.at_most(ctx.build, place, extents.ONE):
            value = extents.spread_to(ctx.build, value, axis, place, {mine})
        elif mine.constant != 1 or place.constant == 1:
            try:
                ctx.build.same(mine, place)
            except Mismatch:
                ctx.misfit(f"a value of shape {shown(given)} does not fit into {shown(dims)}")
    return converted(ctx, value, dtype)


def converted(ctx: Context, value: Atom, dtype: str) -> Atom:
    """The value with the dtype of an array that it is stored in."""
    value = in_range(ctx, value, dtype)
    if value.type.is_complex and dtype not in COMPLEX:
        ctx.fail(
            f"a complex number does not go into an array of {dtype}",
            "write z.real, or make the array with dtype=complex",
        )
    if value.type.dtype == dtype:
        return value
    if isinstance(value, Const) and value.type.kind == "python":
        match dtype:
            case "float64" | "complex128":
                return constant(PYTHON_TYPES[dtype](value.value))
            case "int64" if not isinstance(value.value, float):
                return constant(int(value.value))
    return ctx.build.convert(value, dtype, "array" if value.type.kind == "array" else "numpy")


def as_whole(ctx: Context, value: Atom, dtype: str, strict: bool) -> Atom:
    """A float of which an assignment makes an integer: NaN, or one that does not fit, is an error.

    NumPy's own floats are cast as they are, but into signed integers where the index is plain.
    """
    type, build = value.type, ctx.build
    if type.dims or not type.is_float or type.kind == "array" or dtype not in INTEGERS:
        return value
    if type.kind == "numpy" and (dtype.startswith("u") or not strict):
        return value
    if isinstance(value, Const) and np.isfinite(value.value):
        return in_range(ctx, constant(int(value.value)), dtype)
    low, high = bounds(dtype)
    env = {"x": build.convert(value, "float64", "python"), "low": constant(float(low - 1))}
    env["high"] = constant(float(high + 1))
    above = ">" if float(low - 1) < low else ">="
    for text, error, message in (
        ("x == x", "ValueError", "cannot convert float NaN to integer"),
        (f"(x {above} low) & (x < high)", "OverflowError", f"a number out of bounds for {dtype}"),
    ):
        ctx.check(build.convert(build.text(text, env), "bool", "python"), error, message)
    return value


def in_range(ctx: Context, value: Atom, dtype: str) -> Atom:
    """A Python int of which NumPy makes this dtype: one that does not fit is an OverflowError."""
    if value.type not in (INT, LARGE) or dtype not in INTEGERS or fits(ctx, value, dtype):
        return value
    if isinstance(value, Const):
        message = f"Python integer {value.value} out of bounds for {dtype}"
        ctx.check(constant(False), "OverflowError", message)
        return constant(0)
    low, high = bounds(dtype)
    message = f"a Python integer out of bounds for {dtype}"
    for symbol, limit in ((">=", low), ("<=", high)):
        if abs(limit) < 2**63 - 1:
            inside = expr.binary(ctx.build, symbol, value, constant(limit))
            ctx.check(inside, "OverflowError", message)
    return value


def fits(ctx: Context, value: Atom, dtype: str) -> bool:
    """Does a Python int certainly fit into this dtype?"""
    low, high = bounds(dtype)
    if isinstance(value, Const):
        return low <= value.value <= high
    facts, form = ctx.build.facts, ctx.build.dim(value)
    return high >= 2**63 - 1 and (low < 0 or facts.nonnegative(form))


def shown(dims: tuple[Affine, ...]) -> str:
    """A shape as Python writes it."""
    inner = ", ".join(map(str, dims))
    return f"({inner},)" if len(dims) == 1 else f"({inner})"


# -- what makes views


def transposed(ctx: Context, array: Array, axes: tuple[int, ...] | None = None) -> Value:
    type = type_of(ctx, array)
    order = tuple(range(type.ndim))[::-1] if axes is None else axes
    return Array(array.base, (*array.path, Transposed(order))) if type.ndim > 1 else array


def reshaped(ctx: Context, array: Array, given: tuple[Atom, ...]) -> Value:
    """`x.reshape(...)`, one of the extents may be -1."""
    type = type_of(ctx, array)
    total = extent_of(ctx, type.dims)
    known_now = (ctx.build.dim(d).constant for d in given)
    unknown = [k for k, d in enumerate(known_now) if d is not None and d < 0]
    if len(unknown) > 1:
        ctx.fail("can only specify one unknown dimension")
    dims = list(given)
    if unknown:
        known = product(ctx, [d for k, d in enumerate(given) if k not in unknown])
        if type.ndim == 1 and len(dims) == 1:
            dims = [ctx.build.extent(type.dims[0])]
        elif known == constant(1):
            dims[unknown[0]] = total
        else:
            positive = expr.binary(ctx.build, ">", known, constant(0))
            ctx.check(positive, "ValueError", "cannot reshape into an unknown size")
            dims[unknown[0]] = expr.binary(ctx.build, "//", total, known)
    if ctx.build.dim(product(ctx, dims)) != ctx.build.dim(total):
        fits = expr.binary(ctx.build, "==", product(ctx, dims), total)
        ctx.check(fits, "ValueError", "the sizes do not fit in reshape")
    if tuple(map(ctx.build.dim, dims)) == type.dims:
        return array
    if type.ndim == 1 or contiguous(array):
        return Array(array.base, (*array.path, Reshaped(tuple(dims))))
    return gathered(ctx, array, dims)


def gathered(ctx: Context, array: Array, dims: list[Atom]) -> Value:
    """The elements in one stretch: a copy, where the array's own may be so already."""
    content = ctx.build.apply(shape.COPY, read(ctx, array))
    made = ctx.made(ctx.build.reshape(content, [ctx.build.dim(d) for d in dims]))
    if isinstance(made, Array):
        made.base.source = (array.base, ctx.bases[array.base])
    return made


def contiguous(array: Array) -> bool:
    """Are the elements in one stretch for certain, so that NumPy's reshape gives a view?"""
    for step in array.path:
        match step:
            case Transposed() | Spread() | Locked():
                return False
            case Indexed(index=index) if not leading(index):
                return False
    return array.base.contiguous


def leading(index: tuple[Any, ...]) -> bool:
    """Does this index take one stretch of rows: integers, then at most one slice of step 1?"""
    kept = [item for item in index if item != "new"]
    while kept and kept[0] == "i":
        del kept[0]
    first = not kept or kept[0] == ":" or not kept[0][3]
    return first and all(item == ":" for item in kept[1:])


def product(ctx: Context, parts: list[Atom]) -> Atom:
    total: Atom = constant(1)
    for part in parts:
        total = expr.binary(ctx.build, "*", total, part)
    return total


def extent_of(ctx: Context, dims: tuple[Affine, ...]) -> Atom:
    return product(ctx, [ctx.build.extent(dim) for dim in dims])
