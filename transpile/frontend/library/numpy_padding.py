"""`np.pad`; and what is chosen or placed by several indices at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.iterables import items
from transpile.frontend.library.numpy_args import (
    as_index,
    converted_to,
    extents,
    in_full,
    operand,
    row_major,
    text_of,
)  # fmt: skip
from transpile.frontend.library.numpy_grids import numbers
from transpile.frontend.library.numpy_table import read, reads
from transpile.frontend.operands import as_python, integer
from transpile.frontend.values import Array, Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, constant
from transpile.sym.ops import shape
from transpile.sym.ops.table import broadcast
from transpile.sym.types import Mismatch, promote

Pair = tuple[Value, Value]

# Where the element at place i comes from, of n elements that go on for ever.
BEYOND = {
    "edge": "minimum(maximum(i, 0), n - 1)",
    "wrap": "i % n",
    "reflect": "where(i % turn < n, i % turn, turn - i % turn)",
    "symmetric": "where(i % turn < n, i % turn, turn - 1 - i % turn)",
}
TURN = {"reflect": "maximum(2 * n - 2, 1)", "symmetric": "2 * n"}


def pairs_of(ctx: Context, value: Value, ndim: int) -> list[Pair]:
    """What stands before and after each axis: one number, a pair, or a pair for each axis."""
    if not isinstance(value, Structure | Array):
        return [(value, value)] * ndim
    parts = items(ctx, value)
    if any(isinstance(part, Structure | Array) for part in parts):
        found = [pairs_of(ctx, part, 1)[0] for part in parts]
    else:
        found = [(parts[0], parts[-1])]
        if len(parts) > 2:
            ctx.fail("a pair is expected here", "write ((before, after), ...), one for each axis")
    if len(found) not in (1, ndim):
        ctx.misfit(f"{len(found)} pairs do not go with {ndim} dimensions")
    return found * ndim if len(found) == 1 else found


OF_MODES = {"reflect_type": ("reflect", "symmetric"), "constant_values": ("constant",)}


@reads("pad", "array*, pad_width*, mode, constant_values, reflect_type")
def pad(ctx: Context, given: dict[str, Value]) -> Value:
    build, x = ctx.build, in_full(ctx, operand(ctx, given["array"]))
    ndim = x.type.ndim
    mode = text_of(ctx, given, "mode", "constant", *BEYOND)
    text_of(ctx, given, "reflect_type", "even")
    for key, modes in OF_MODES.items():
        if key in given and mode not in modes:
            ctx.fail(f"np.pad with mode={mode!r} takes no {key}", "leave it out")
    widths = []
    for pair in pairs_of(ctx, given["pad_width"], max(ndim, 1)):
        before, after = (integer(ctx, width, "a width") for width in pair)
        widths.append(expr.extents(build, (before, after)))
    widths = widths[:ndim]
    if mode == "constant":
        values = pairs_of(ctx, given.get("constant_values", constant(0)), ndim)
        return ctx.made(surrounded(ctx, x, widths, values))
    for axis, (before, after) in enumerate(widths):
        if (before, after) != (constant(0), constant(0)):
            x = continued(ctx, x, axis, (before, after), mode)
    return ctx.made(build.apply(shape.COPY, x))


def surrounded(
    ctx: Context, x: Atom, widths: Sequence[tuple[Atom, ...]], values: Sequence[Pair]
) -> Atom:
    """The array with numbers around it; at corners stand those of the last axis."""
    build, dtype = ctx.build, x.type.dtype
    inner: list[tuple[Atom, Atom]] = []
    sides: list[Atom] = []
    for dim, (before, after) in zip(x.type.dims, widths, strict=True):
        stop = expr.binary(build, "+", before, build.extent(dim))
        sides.append(expr.binary(build, "+", stop, after))
        inner.append((before, stop))
        build.facts = build.facts.having(*(build.dim(w) for w in (before, after)))
    atoms = [tuple(operand(ctx, value) for value in pair) for pair in values]
    one = all(atom == atoms[0][0] for pair in atoms for atom in pair)
    if one and atoms:
        value = views.converted(ctx, atoms[0][0], dtype)
        out = expr.call(build, "full", [tuple(sides), value], {"dtype": dtype})
    else:
        out = build.apply(shape.EMPTY, *sides, dtype=dtype)
    whole = ("slice", True, True, False)
    bounds = [atom for pair in inner for atom in pair]
    out = build.update(out, x, (whole,) * len(inner), bounds)
    for axis in () if one else range(len(inner)):
        start, stop = inner[axis]
        rest = ((whole,) * (len(inner) - axis - 1), bounds[2 * axis + 2 :])
        for k, (item, at) in enumerate(
            ((("slice", False, True, False), start), (("slice", True, False, False), stop))
        ):
            value = views.converted(ctx, atoms[axis][k], dtype)
            out = build.update(out, value, (*(":",) * axis, item, *rest[0]), (at, *rest[1]))
    return out


def continued(ctx: Context, x: Atom, axis: int, width: tuple[Atom, Atom], mode: str) -> Atom:
    """The array with more of its own elements before and after."""
    build = ctx.build
    n = build.extent(x.type.dims[axis])
    env = {"before": width[0], "after": width[1], "n": n}
    if not build.facts.positive(build.dim(n)):
        some = as_python(ctx, build.text("(n > 0) | (before + after == 0)", env))
        ctx.check(some, "ValueError", f"can't extend empty axis {axis} using modes other than "
                                      "'constant' or 'empty'")  # fmt: skip
    count = build.text("before + n + after", env)
    env["i"] = build.text("k - before", {"k": numbers(ctx, count), **env})
    if mode in TURN:
        env["turn"] = build.text(TURN[mode], env)
    places = build.text(BEYOND[mode], env)
    return build.index(x, (*(":",) * axis, "a"), (places,))


# -- several indices at once


@reads("ix_", "*args")
def ix(ctx: Context, given: dict[str, Value]) -> Value:
    """Each array of indices along an axis of its own."""
    args = given["args"]
    assert isinstance(args, Structure)
    found: list[Value] = []
    for k, value in enumerate(args.items):
        atom = operand(ctx, as_index(ctx, value))
        if atom.type.ndim != 1:
            ctx.misfit("Cross index must be 1 dimensional")
        if atom.type.dtype == "bool":
            (atom,) = indices.found(ctx, atom)
        behind = len(args.items) - k - 1
        found.append(ctx.made(ctx.build.index(atom, (*("new",) * k, ":", *("new",) * behind))))
    return Structure("tuple", tuple(found))


@reads("ndarray.compress", "a*, condition*, axis")
def compress(ctx: Context, given: dict[str, Value]) -> Value:
    rest = {"axis": given["axis"]} if "axis" in given else {}
    return read(ctx, "compress", (given["condition"], given["a"]), rest)


@reads("ndarray.resize", "a*, *new_shape, refcheck")
def resize(ctx: Context, given: dict[str, Value]) -> Value:
    ctx.fail("an array does not change its size in place", "bind a new one, x = np.resize(x, ...)")


@reads("choose", "a*, choices*, out, mode")
def choose(ctx: Context, given: dict[str, Value]) -> Value:
    """The element of the array that `a` numbers, at each place."""
    build, a = ctx.build, operand(ctx, given["a"])
    mode = text_of(ctx, given, "mode", "raise", "clip", "wrap")
    if "out" in given:
        ctx.fail("np.choose does not take out here", "write y[...] = np.choose(...)")
    choices = [operand(ctx, choice) for choice in items(ctx, given["choices"])]
    if not choices:
        ctx.fail("np.choose has nothing to choose from", "give it arrays, in a list")
    if not np.can_cast(a.type.dtype, "int64"):
        ctx.fail(f"what np.choose chooses by has to be of integers, it is {a.type}")
    count = constant(len(choices))
    env = {"a": a, "n": count}
    if mode == "raise":
        inside = build.text("(a >= 0) & (a < n)", env)
        inside = build.text("all(x)", {"x": inside}) if a.type.dims else inside
        inside = build.convert(inside, "bool", "python")
        ctx.check(inside, "ValueError", "invalid entry in choice array")
    a = build.text("minimum(maximum(a, 0), n - 1)", env) if mode == "clip" else a
    a = build.text("a % n", env) if mode == "wrap" else a
    dtype = promote([choice.type for choice in choices])
    found = converted_to(ctx, choices[-1], dtype)
    for k in reversed(range(len(choices) - 1)):
        env = {"a": a, "k": constant(k), "x": converted_to(ctx, choices[k], dtype), "y": found}
        found = build.text("where(a == k, x, y)", env)
    dims = broadcast(build, [a.type.dims, *(choice.type.dims for choice in choices)])
    return ctx.made(build.broadcast_to(found, dims) if found.type.dims != dims else found)


@reads("select", "condlist*, choicelist*, default")
def select(ctx: Context, given: dict[str, Value]) -> Value:
    """The first choice whose condition holds, at each place."""
    build = ctx.build
    tests = [operand(ctx, test) for test in items(ctx, given["condlist"])]
    choices = [operand(ctx, choice) for choice in items(ctx, given["choicelist"])]
    if len(tests) != len(choices) or not tests:
        ctx.misfit("list of cases must be same length as list of conditions")
    default = operand(ctx, given.get("default", constant(0)))
    dtype = promote([atom.type for atom in (*choices, default)])
    found = converted_to(ctx, default, dtype)
    for test, choice in zip(reversed(tests), reversed(choices), strict=True):
        if test.type.dtype != "bool":
            ctx.fail("conditions have to be booleans")
        env = {"test": test, "x": converted_to(ctx, choice, dtype), "y": found}
        found = build.text("where(test, x, y)", env)
    return ctx.made(in_full(ctx, found))


@reads("unravel_index", "indices*, shape*, order")
def unravel_index(ctx: Context, given: dict[str, Value]) -> Value:
    row_major(ctx, given)
    build, left = ctx.build, operand(ctx, given["indices"])
    whole(ctx, left)
    sides = extents(ctx, given["shape"])
    env = {"k": left, "n": views.product(ctx, list(sides))}
    inside = build.text("(k >= 0) & (k < n)", env)
    inside = build.text("all(x)", {"x": inside}) if left.type.dims else inside
    inside = build.convert(inside, "bool", "python")
    ctx.check(inside, "ValueError", "an index is out of bounds for the array's size")
    left = build.convert(left, "int64", "array" if left.type.dims else "numpy")
    found: list[Atom] = []
    for side in reversed(sides[1:]):
        found.insert(0, expr.binary(build, "%", left, side))
        left = expr.binary(build, "//", left, side)
    found.insert(0, left)
    return Structure("tuple", tuple(map(ctx.made, found[: len(sides)])))


def whole(ctx: Context, *places: Atom) -> None:
    if not all(place.type.is_integer for place in places):
        ctx.fail("only int indices permitted")


@reads("ravel_multi_index", "multi_index*, dims*, mode, order")
def ravel_multi_index(ctx: Context, given: dict[str, Value]) -> Value:
    row_major(ctx, given)
    text_of(ctx, given, "mode", "raise")
    build, sides = ctx.build, extents(ctx, given["dims"])
    parts = [operand(ctx, part) for part in items(ctx, given["multi_index"])]
    whole(ctx, *parts)
    if len(parts) != len(sides):
        ctx.misfit(f"{len(parts)} indices do not go with {len(sides)} dimensions")
    total: Atom = constant(0)
    for k, (part, side) in enumerate(zip(parts, sides, strict=True)):
        inside = build.text("(k >= 0) & (k < n)", {"k": part, "n": side})
        inside = build.text("all(x)", {"x": inside}) if part.type.dims else inside
        inside = build.convert(inside, "bool", "python")
        ctx.check(inside, "ValueError", "invalid entry in coordinates array")
        part = build.convert(part, "int64", "array" if part.type.dims else "numpy")
        total = part if k == 0 else build.text(
            "total * n + part", {"total": total, "n": side, "part": part}
        )  # fmt: skip
    return ctx.made(total)


# -- shapes that are common to several


@reads("broadcast_arrays", "*args, subok")
def broadcast_arrays(ctx: Context, given: dict[str, Value]) -> Value:
    args = given["args"]
    assert isinstance(args, Structure)
    sides = common(ctx, [operand(ctx, value).type.dims for value in args.items])
    return Structure("tuple", tuple(
        read(ctx, "broadcast_to", (value, sides), {}) for value in args.items
    ))  # fmt: skip


@reads("broadcast_shapes", "*args")
def broadcast_shapes(ctx: Context, given: dict[str, Value]) -> Value:
    args = given["args"]
    assert isinstance(args, Structure)
    return common(ctx, [tuple(map(ctx.build.dim, extents(ctx, arg))) for arg in args.items])


def common(ctx: Context, dims: Sequence[tuple[Affine, ...]]) -> Structure:
    """The shape that all of these are broadcast to."""
    try:
        found = broadcast(ctx.build, list(dims))
    except Mismatch as error:
        ctx.misfit(f"the shapes {', '.join(map(views.shown, dims))} do not fit: {error}")
    return Structure("tuple", tuple(map(ctx.build.extent, found)))
