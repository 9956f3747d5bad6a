"""NumPy's functions that join arrays and take them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.iterables import item, items, length
from transpile.frontend.library.numpy_args import (
    as_array,
    axis_of,
    converted_to,
    dtype_of,
    in_full,
    operand,
    text_of,
)  # fmt: skip
from transpile.frontend.library.numpy_out import castable, into
from transpile.frontend.library.numpy_table import Reader, read, reads
from transpile.frontend.operands import as_atom, compute, described, integer, truth
from transpile.frontend.values import Array, Indexed, Listed, Range, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import shape
from transpile.sym.types import Mismatch, promote

SLICE = ("slice", True, True, False)


def parts_of(ctx: Context, value: Value) -> list[Atom]:
    """The arrays of a list or tuple, or the rows of an array whose length is known."""
    if not isinstance(value, Structure | Array):
        ctx.fail(f"a list or tuple of arrays is expected here, this is {described(value)}")
    found = [in_full(ctx, operand(ctx, part)) for part in items(ctx, value)]
    if not found:
        ctx.check(constant(False), "ValueError", "need at least one array")
        ctx.fail("there is nothing to join")
    return found


def in_one(ctx: Context, value: Value) -> Atom | None:
    """The array whose rows are the items of a list whose length only the running program knows."""
    if not isinstance(value, Listed):
        return None
    rows = operand(ctx, value)
    length = ctx.build.extent(rows.type.dims[0])
    some = truth(ctx, compute(ctx, ">", length, constant(0)))
    ctx.check(as_atom(some), "ValueError", "need at least one array")
    return rows


def rows_joined(ctx: Context, rows: Atom, axis: int, dtype: str | None) -> Atom:
    """The rows one after the other along one of their axes."""
    build, dims = ctx.build, list(rows.type.dims)
    order = (*range(1, axis + 1), 0, *range(axis + 1, rows.type.ndim))
    moved = build.apply(shape.COPY, build.transpose(rows, order))
    total = expr.binary(build, "*", build.extent(dims[0]), build.extent(dims[axis + 1]))
    final = [*dims[1 : axis + 1], build.dim(total), *dims[axis + 2 :]]
    return converted_to(ctx, build.reshape(moved, final), dtype or rows.type.dtype)


def joined(ctx: Context, parts: Sequence[Atom], axis: int, dtype: str | None = None) -> Atom:
    """The arrays one after the other along an axis: each is stored in its slice of the result."""
    build, ndim = ctx.build, parts[0].type.ndim
    ends: list[Atom] = [constant(0)]
    for part in parts:
        if part.type.ndim != ndim:
            ctx.misfit(f"arrays of {ndim} and {part.type.ndim} dimensions cannot be joined")
        for k in range(ndim):
            if k != axis:
                same_extent(ctx, parts[0], part, k)
        length = build.extent(part.type.dims[axis])
        ends.append(expr.binary(build, "+", ends[-1], length))
        build.facts = build.facts.having(build.dim(length))
    extents = [build.extent(d) for d in parts[0].type.dims]
    extents[axis] = ends[-1]
    dtype = dtype or promote([p.type for p in parts])
    out = build.apply(shape.EMPTY, *extents, dtype=dtype)
    for part, start, stop in zip(parts, ends, ends[1:], strict=False):
        value = converted_to(ctx, part, dtype)
        out = build.update(out, value, ((":",) * axis) + (SLICE,), (start, stop))
    return out


def asked(ctx: Context, given: dict[str, Value], parts: Sequence[Atom]) -> str | None:
    """`dtype=`, which the parts are of the same kind as, or less."""
    dtype = dtype_of(ctx, given, "") or None
    casting = text_of(ctx, given, "casting", "same_kind", "unsafe")
    for part in parts:
        if dtype is not None and casting == "same_kind":
            castable(ctx, "concatenate", part.type.dtype, dtype, "input")
    return dtype


def same_extent(ctx: Context, a: Atom, b: Atom, axis: int) -> None:
    """Joined arrays agree in the axes along which they are not joined."""
    try:
        ctx.build.same(a.type.dims[axis], b.type.dims[axis])
    except Mismatch as error:
        ctx.misfit(f"the arrays do not fit along axis {axis}: {error}")


def flat_parts(ctx: Context, parts: Sequence[Atom]) -> list[Atom]:
    return [indices.flat(ctx, part) for part in parts]


@reads("concatenate concat", "arrays*, axis=0, out, dtype, casting")
def concatenate(ctx: Context, given: dict[str, Value]) -> Value:
    rows = in_one(ctx, given["arrays"])
    parts = [rows] if rows is not None else parts_of(ctx, given["arrays"])
    dtype = asked(ctx, given, parts)
    if rows is not None and "axis" in given:
        axis = axis_of(ctx, rows.type.ndim - 1, given)
        return into(ctx, "concatenate", rows_joined(ctx, rows, axis, dtype), given)
    if "axis" not in given:
        if dtype is None and rows is None:  # here alone Python's numbers are weak
            dtype = promote([operand(ctx, one).type for one in items(ctx, given["arrays"])])
        return into(ctx, "concatenate", joined(ctx, flat_parts(ctx, parts), 0, dtype), given)
    if not parts[0].type.dims:
        ctx.fail("zero-dimensional arrays cannot be concatenated", "write np.array([a, b])")
    axis = axis_of(ctx, parts[0].type.ndim, given)
    return into(ctx, "concatenate", joined(ctx, parts, axis, dtype), given)


@reads("stack", "arrays*, axis=0, out, dtype, casting")
def stack(ctx: Context, given: dict[str, Value]) -> Value:
    build, rows = ctx.build, in_one(ctx, given["arrays"])
    if rows is not None:
        axis = axis_of(ctx, rows.type.ndim, given)
        order = (*range(1, axis + 1), 0, *range(axis + 1, rows.type.ndim))
        found = build.apply(shape.COPY, build.transpose(rows, order))
        return into(
            ctx,
            "stack",
            converted_to(ctx, found, asked(ctx, given, [rows]) or found.type.dtype),
            given,
        )
    parts = parts_of(ctx, given["arrays"])
    first = parts[0].type
    axis = axis_of(ctx, first.ndim + 1, given)
    for part in parts:
        if part.type.ndim != first.ndim:
            ctx.misfit("all input arrays must have the same shape")
        for k in range(first.ndim):
            same_extent(ctx, parts[0], part, k)
    dtype = asked(ctx, given, parts) or promote([p.type for p in parts])
    extents = [build.extent(d) for d in first.dims]
    extents.insert(axis, constant(len(parts)))
    out = build.apply(shape.EMPTY, *extents, dtype=dtype)
    for k, part in enumerate(parts):
        where = ((":",) * axis) + ("i",)
        out = build.update(out, converted_to(ctx, part, dtype), where, (constant(k),))
    return into(ctx, "stack", out, given)


def at_least(ctx: Context, x: Atom, ndim: int) -> Atom:
    """`np.atleast_2d` and `np.atleast_3d` of an array."""
    missing = ndim - x.type.ndim
    if missing <= 0:
        return x
    forms: dict[tuple[int, int], tuple[str, ...]] = {
        (1, 0): ("new",), (2, 0): ("new", "new"), (2, 1): ("new", ":"),
        (3, 0): ("new", "new", "new"), (3, 1): ("new", ":", "new"), (3, 2): (":", ":", "new"),
    }  # fmt: skip
    return ctx.build.index(x, forms[ndim, x.type.ndim])


def rows_stacked(ctx: Context, rows: Atom, ndim: int, axis: int, dtype: str) -> Atom:
    """The same of the rows of an array."""
    own = rows.type.ndim - 1
    if own < ndim:
        if ndim == 3:
            ctx.fail("np.dstack of a list of this kind is not taken", "write np.stack")
        return (
            converted_to(ctx, ctx.build.apply(shape.COPY, rows), dtype)
            if own
            else (ctx.build.index(rows, (":",) + ("new",) * (ndim - 1)))
        )
    return rows_joined(ctx, rows, 0 if ndim == own == 1 else axis, dtype)


def stacked(ndim: int, axis: int) -> Reader:
    """`np.vstack`, `np.hstack`, `np.dstack`: arrays of at least so many axes, joined along one."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        rows = in_one(ctx, given["tup"])
        if rows is not None:
            dtype = asked(ctx, given, [rows]) or rows.type.dtype
            return ctx.made(rows_stacked(ctx, rows, ndim, axis, dtype))
        parts = [at_least(ctx, part, ndim) for part in parts_of(ctx, given["tup"])]
        along = 0 if ndim == 1 and parts[0].type.ndim == 1 else axis
        return ctx.made(joined(ctx, parts, along, asked(ctx, given, parts)))

    return found


reads("vstack row_stack", "tup*, dtype, casting")(stacked(2, 0))
reads("hstack", "tup*, dtype, casting")(stacked(1, 1))
reads("dstack", "tup*, dtype, casting")(stacked(3, 2))


@reads("column_stack", "tup*")
def column_stack(ctx: Context, given: dict[str, Value]) -> Value:
    rows = in_one(ctx, given["tup"])
    if rows is not None and rows.type.ndim <= 2:
        rows = rows if rows.type.ndim == 2 else ctx.build.index(rows, (":", "new"))
        return ctx.made(ctx.build.apply(shape.COPY, ctx.build.transpose(rows, (1, 0))))
    if rows is not None:
        return ctx.made(rows_joined(ctx, rows, 1, None))
    parts = [as_columns(ctx, part) for part in parts_of(ctx, given["tup"])]
    return ctx.made(joined(ctx, parts, 1))


def as_columns(ctx: Context, x: Atom) -> Atom:
    x = at_least(ctx, x, 1)
    return ctx.build.index(x, (":", "new")) if x.type.ndim == 1 else x


@reads("block", "arrays*")
def block(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.block`: the innermost lists are joined along the last axis, those around them before."""
    depth = depth_of(given["arrays"])
    leaves = list(leaves_of(given["arrays"]))
    if not leaves:
        ctx.fail("the lists of np.block cannot be empty")
    ndim = max([depth, *(operand(ctx, leaf).type.ndim for leaf in leaves)])

    def level(value: Value, left: int) -> Atom:
        if isinstance(value, Structure):
            if value.kind != "list":
                ctx.fail("np.block takes lists, not tuples", "write lists")
            return joined(ctx, [level(item, left - 1) for item in value.items], ndim - left)
        x = in_full(ctx, operand(ctx, value))
        lead = ndim - x.type.ndim
        return ctx.build.index(x, ("new",) * lead) if lead else x

    if depth_of(given["arrays"]) == 0:
        return ctx.made(ctx.build.apply(shape.COPY, level(given["arrays"], 0)))
    if len(set(depths_of(given["arrays"]))) > 1:
        ctx.fail("the lists of np.block have to be nested equally deep")
    return ctx.made(level(given["arrays"], depth))


def depth_of(value: Value) -> int:
    return max(depths_of(value), default=0)


def depths_of(value: Value, depth: int = 0) -> list[int]:
    """How deep each leaf stands."""
    if isinstance(value, Structure):
        return [d for item in value.items for d in depths_of(item, depth + 1)]
    return [depth]


def leaves_of(value: Value) -> list[Value]:
    if isinstance(value, Structure):
        return [leaf for item in value.items for leaf in leaves_of(item)]
    return [value]


@reads("append", "arr*, values*, axis")
def append(ctx: Context, given: dict[str, Value]) -> Value:
    parts = [in_full(ctx, operand(ctx, given[key])) for key in ("arr", "values")]
    if "axis" not in given:
        return ctx.made(joined(ctx, flat_parts(ctx, parts), 0))
    return ctx.made(joined(ctx, parts, axis_of(ctx, parts[0].type.ndim, given)))


# -- taking apart


def split_at(ctx: Context, value: Value, axis: int, ends: Sequence[Atom]) -> Structure:
    """The views between one end and the next."""
    array = value if isinstance(value, Array) else ctx.made(operand(ctx, value))
    assert isinstance(array, Array)
    lead = (":",) * axis
    found = []
    for k in range(len(ends) + 1):
        bounds = tuple(ends[max(0, k - 1) : k + 1])
        there = ("slice", k > 0, k < len(ends), False)
        found.append(views.stepped(ctx, array, Indexed((*lead, there), bounds)))
    return Structure("list", tuple(found))


def splits(equal: bool, fixed: Callable[[int], int] | None = None) -> Reader:
    """`np.split`; `np.array_split`, whose parts may differ by one; along an axis of its own."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        value, build = given["ary"], ctx.build
        type = operand(ctx, value).type
        axis = axis_of(ctx, type.ndim, given) if fixed is None else fixed(type.ndim)
        if axis >= type.ndim:
            ctx.fail(f"an array of {type.ndim} dimensions has no such axis to split along")
        where = given["indices_or_sections"]
        if isinstance(where, Structure | Array | Range):
            ends = [integer(ctx, end) for end in items(ctx, where)]
            return split_at(ctx, value, axis, ends)
        count = integer(ctx, where)
        if not isinstance(count, Const) or count.value <= 0:
            wanted = "the number of sections has to be a positive constant"
            ctx.unknown(wanted, "name where to split")
        length, sections = build.extent(type.dims[axis]), int(count.value)
        rest = expr.binary(build, "%", length, count)
        if equal:
            even = expr.binary(build, "==", rest, constant(0))
            ctx.check(even, "ValueError", "array split does not result in an equal division")
        return split_at(ctx, value, axis, section_ends(ctx, length, sections, equal))

    return found


def section_ends(ctx: Context, length: Atom, sections: int, equal: bool) -> list[Atom]:
    """Where sections of one length end, the first ones one longer where it does not come out."""
    build, count = ctx.build, constant(sections)
    each = expr.binary(build, "//", length, count)
    build.facts = build.facts.having(
        build.dim(each), build.dim(length) - build.dim(each) * sections
    )
    ends = [build.atom(build.dim(each) * k) for k in range(1, sections)]
    if equal:
        return ends
    rest = expr.binary(build, "%", length, count)
    if isinstance(rest, Const):
        return [build.atom(build.dim(e) + min(k, int(rest.value))) for k, e in enumerate(ends, 1)]
    return [
        expr.binary(
            build, "+", end, build.text("where(k < r, k, r)", {"k": constant(k), "r": rest})
        )
        for k, end in enumerate(ends, 1)
    ]


reads("split", "ary*!, indices_or_sections*, axis=0")(splits(True))
reads("array_split", "ary*, indices_or_sections*, axis=0")(splits(False))
reads("hsplit", "ary*!, indices_or_sections*")(splits(True, lambda ndim: int(ndim > 1)))
reads("vsplit", "ary*!, indices_or_sections*")(splits(True, lambda ndim: 0 if ndim > 1 else 9))
reads("dsplit", "ary*!, indices_or_sections*")(splits(True, lambda ndim: 2))


# -- the same elements moved, or more than once


@reads("roll", "a*, shift*, axis")
def roll(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.roll`: two slices that change places, for each axis."""
    x = in_full(ctx, operand(ctx, given["a"]))
    named = listed(ctx, given["axis"]) if "axis" in given else []
    steps = [integer(ctx, one, "a shift") for one in shifts_of(ctx, given["shift"], len(named))]
    if not named:
        total = steps[0]
        for step in steps[1:]:
            total = expr.binary(ctx.build, "+", total, step)
        moved = rolled(ctx, indices.flat(ctx, x), total, 0)
        return ctx.made(ctx.build.reshape(moved, x.type.dims))
    count = max(len(steps), len(named))
    if not {len(steps), len(named)} <= {1, count}:
        ctx.misfit("'shift' and 'axis' have to be as many")
    for k in range(count):
        axis = axis_of(ctx, x.type.ndim, {"axis": named[k % len(named)]})
        x = rolled(ctx, x, steps[k % len(steps)], axis)
    return ctx.made(x)


def shifts_of(ctx: Context, shift: Value, axes: int) -> list[Value]:
    """The shifts, one for each of so many axes where they are an array's elements."""
    if not (isinstance(shift, Array) and views.type_of(ctx, shift).ndim == 1):
        return listed(ctx, shift)
    count = length(ctx, shift)
    if isinstance(count, Const) or not axes:
        return items(ctx, shift)
    fits = expr.binary(ctx.build, "==", count, constant(axes))
    ctx.check(fits, "ValueError", "'shift' and 'axis' have to be as many")
    return [item(ctx, shift, constant(k)) for k in range(axes)]


def listed(ctx: Context, value: Value) -> list[Value]:
    """The items of a list or tuple, or the one value."""
    return items(ctx, value) if isinstance(value, Structure) else [value]


def rolled(ctx: Context, x: Atom, shift: Atom, axis: int) -> Atom:
    return ctx.build.apply(shape.ROLL, x, shift, axis=axis) if x.type.dims else x


@reads("tile", "A*, reps*")
def tile(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.tile`: each axis behind a new one, along which it is repeated."""
    build, x = ctx.build, in_full(ctx, operand(ctx, given["A"]))
    reps = [integer(ctx, r, "a count") for r in listed(ctx, given["reps"])]
    counts = expr.extents(build, tuple(reps))
    ndim = max(len(counts), x.type.ndim)
    counts = (*[constant(1)] * (ndim - len(counts)), *counts)
    if ndim > x.type.ndim:
        x = build.index(x, ("new",) * (ndim - x.type.ndim))
    return ctx.made(repeated(ctx, x, counts, before=True))


def repeated(ctx: Context, x: Atom, counts: Sequence[Atom], before: bool) -> Atom:
    """Each axis with its elements so many times: all of them again, or each one."""
    build = ctx.build
    spread: list[Affine] = []
    final: list[Affine] = []
    index: list[str] = []
    for dim, count in zip(x.type.dims, counts, strict=True):
        if count == constant(1):
            spread.append(dim)
            final.append(dim)
            index.append(":")
            continue
        pair = [build.dim(count), dim] if before else [dim, build.dim(count)]
        spread += pair
        index += ["new", ":"] if before else [":", "new"]
        total = expr.binary(build, "*", build.extent(dim), count)
        final.append(build.dim(total))
    if len(spread) == len(final):
        return build.apply(shape.COPY, x)
    wide = build.broadcast_to(build.index(x, index), spread)
    return build.reshape(build.apply(shape.COPY, wide), final)


@reads("repeat", "a*, repeats*, axis")
def repeat(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.repeat`: by one count, or by one for each element."""
    build, x = ctx.build, in_full(ctx, operand(ctx, given["a"]))
    axis = 0
    if "axis" in given:
        axis = axis_of(ctx, x.type.ndim, given)
    else:
        x = indices.flat(ctx, at_least(ctx, x, 1))
    if isinstance(given["repeats"], Structure) and len(given["repeats"].items) > 1:
        return ctx.made(by_known_counts(ctx, x, given["repeats"].items, axis))
    counts = operand(ctx, given["repeats"])
    if not counts.type.dims or counts.type.dims[0].constant == 1:
        if counts.type.dims:
            counts = build.index(counts, ("i",), (constant(0),))
        count = expr.extents(build, integer(ctx, counts, "a count"))
        whole: list[Atom] = [constant(1)] * x.type.ndim
        whole[axis] = count[0]
        return ctx.made(repeated(ctx, x, whole, before=False))
    if not (counts.type.is_integer or counts.type.dtype == "bool"):
        ctx.fail(f"counts have to be integers, they are {counts.type}")
    ctx.build.same(counts.type.dims[0], x.type.dims[axis])
    env = {"counts": build.convert(counts, "int64")}
    proper = build.text("all(counts >= 0)", env)
    ctx.check(build.convert(proper, "bool", "python"), "ValueError", "counts cannot be negative")
    total = build.convert(build.text("sum(counts)", env), "int64", "python")
    build.facts = build.facts.having(build.dim(total))
    return ctx.made(by_counts(ctx, x, env["counts"], total, axis))


def by_known_counts(ctx: Context, x: Atom, counts: Sequence[Value], axis: int) -> Atom:
    """The same where the program itself lists how often."""
    ctx.build.same(x.type.dims[axis], ctx.build.dim(constant(len(counts))))
    came: list[Value] = []
    for k, count in enumerate(counts):
        often = integer(ctx, count, "a count")
        if not isinstance(often, Const) or often.value < 0:
            ctx.fail("the counts in a list have to be known", "make an array of them, np.array")
        came += [constant(k)] * int(often.value)
    dtype = {"dtype": Static(np.int64)}
    places = operand(ctx, as_array(ctx, Structure("list", tuple(came)), dtype))
    return ctx.build.index(x, ((":",) * axis) + ("a",), (places,))


def by_counts(ctx: Context, x: Atom, counts: Atom, total: Atom, axis: int) -> Atom:
    """Element k as often as `counts[k]` says: where each place of the result comes from."""
    build = ctx.build
    ends = operand(ctx, read(ctx, "cumsum", (counts,), {}))
    number = expr.call(build, "arange", [total], {})
    came = operand(ctx, read(ctx, "searchsorted", (ends, number, Static("right")), {}))
    return build.index(x, ((":",) * axis) + ("a",), (came,))
