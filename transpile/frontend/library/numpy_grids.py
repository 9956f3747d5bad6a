"""NumPy's functions that make ranges, grids, windows, triangles and diagonals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import (
    axis_of,
    converted_to,
    dtype_of,
    extents,
    in_full,
    operand,
    text_of,
)  # fmt: skip
from transpile.frontend.library.numpy_table import Reader, read, reads
from transpile.frontend.operands import CONSTANT, integer
from transpile.frontend.values import Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import shape
from transpile.sym.ops.table import broadcast
from transpile.sym.types import promote

ONE = Affine((), 1)


def numbers(ctx: Context, count: Atom, dtype: str = "int64") -> Atom:
    return expr.call(ctx.build, "arange", [count], {"dtype": dtype})


def known_bool(ctx: Context, given: Mapping[str, Value], key: str, default: bool) -> bool:
    value = given.get(key, constant(default))
    if not isinstance(value, Const):
        ctx.unknown(f"{key} has to be a constant", CONSTANT)
    return bool(value.value)


def behind(x: Atom, ndim: int) -> tuple[str, ...]:
    """The index that puts a row of numbers before so many axes."""
    return (":", *("new",) * ndim)


# -- from one number to another


def inexact(atoms: Sequence[Atom]) -> str:
    """The floating-point dtype that numbers are counted in."""
    found = promote([a.type for a in atoms])
    return found if found.startswith("float") else "float64"


class Steps:
    """`start + step * k` for k = 0, ..., count - 1; what `np.linspace` counts."""

    def __init__(self, ctx: Context, given: Mapping[str, Value]) -> None:
        self.ctx = ctx
        atoms = [operand(ctx, given[key]) for key in ("start", "stop")]
        self.dtype = inexact(atoms)
        self.start, self.stop = (strong(ctx, atom, self.dtype) for atom in atoms)
        asked = integer(ctx, given.get("num", constant(50)), "num")
        (self.count,) = expr.extents(ctx.build, asked)
        self.endpoint = known_bool(ctx, given, "endpoint", True)
        build = ctx.build
        less = build.dim(self.count) - int(self.endpoint)
        self.parts = build.atom(less)
        env = {"start": self.start, "stop": self.stop, "parts": self.parts}
        self.delta = build.text("stop - start", env)
        env["delta"] = self.delta
        env["nan"] = Const(float("nan"), self.start.type.having(kind="numpy", dims=()))
        if less.constant is not None:
            some = less.constant > 0
            self.step = build.text("delta / parts", env) if some else constant(float("nan"))
            self.unit = self.step if some else self.delta
            return
        env["some"] = build.text("where(parts > 0, parts, 1)", env)
        env["even"] = build.text("delta / some", env)
        self.step = build.text("where(parts > 0, even, nan)", env)
        self.unit = build.text("where(parts > 0, even, delta)", env)

    def values(self) -> Atom:
        """The numbers, along the first axis."""
        build, ndim = self.ctx.build, self.delta.type.ndim
        number = numbers(self.ctx, self.count, self.dtype)
        if ndim:
            number = build.index(number, behind(number, ndim))
        env = {"number": number, "unit": self.unit, "start": self.start}
        found = build.text("number * unit", env)
        zero = isinstance(self.start, Const) and str(self.start.value) == "0.0"
        if not (zero and isinstance(self.stop, Const) and self.stop.value > 0):
            found = build.text("start + y", {"y": found, **env})
        if not self.endpoint or self.count == constant(1):
            return found
        if isinstance(self.count, Const):
            if self.count.value == 0:
                return found
            return build.update(found, self.stop, ("i",), (constant(-1),))
        last = build.text("where(parts > 1, parts, 1)", {"parts": self.parts})
        return build.update(found, self.stop, (("slice", True, False, False),), (last,))


def strong(ctx: Context, x: Atom, dtype: str) -> Atom:
    """A number of this dtype that is not weak; an array of it."""
    if x.type.is_complex:
        ctx.fail("the ends are complex", "write a + (b - a) * np.linspace(0.0, 1.0, n)")
    if isinstance(x, Const):
        return Const(float(x.value), x.type.having(dtype=dtype, kind="numpy"))
    return ctx.build.convert(x, dtype, "array" if x.type.dims else "numpy")


def finished(ctx: Context, found: Atom, dtype: str, given: Mapping[str, Value]) -> Atom:
    """With its dtype, and along its axis."""
    found = converted_to(ctx, found, dtype)
    axis = axis_of(ctx, found.type.ndim, given)
    order = list(range(1, found.type.ndim))
    order.insert(axis, 0)
    return ctx.build.transpose(found, tuple(order))


@reads("linspace", "start*, stop*, num, endpoint, retstep, dtype, axis=0")
def linspace(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.linspace`; where the step is no more than subnormal, it is zero here."""
    steps = Steps(ctx, given)
    values = steps.values()
    dtype = dtype_of(ctx, given, values.type.dtype)
    if dtype.startswith(("int", "uint")):
        values = ctx.build.text("floor(y)", {"y": values})
    found = ctx.made(finished(ctx, values, dtype, given))
    if known_bool(ctx, given, "retstep", False):
        return Structure("tuple", (found, ctx.made(steps.step)))
    return found


@reads("logspace", "start*, stop*, num, endpoint, base, dtype, axis=0")
def logspace(ctx: Context, given: dict[str, Value]) -> Value:
    base = operand(ctx, given.get("base", constant(10.0)))
    powers = Steps(ctx, given).values()
    if base.type.ndim >= powers.type.ndim:
        ctx.fail("the base of np.logspace has more axes than its ends", "give the ends as many")
    found = ctx.build.text("power(base, powers)", {"base": base, "powers": powers})
    return ctx.made(finished(ctx, found, dtype_of(ctx, given, found.type.dtype), given))


@reads("geomspace", "start*, stop*, num, endpoint, dtype, axis=0")
def geomspace(ctx: Context, given: dict[str, Value]) -> Value:
    """Powers of ten between logarithms; the ends are what was given."""
    build = ctx.build
    atoms = [operand(ctx, given[key]) for key in ("start", "stop")]
    dtype = "float64"
    start, stop = (strong(ctx, atom, dtype) for atom in atoms)
    proper = build.text("all((start != 0) & (stop != 0))", {"start": start, "stop": stop})
    proper = build.convert(proper, "bool", "python")
    ctx.check(proper, "ValueError", "Geometric sequence cannot include zero")
    env = {"start": start, "stop": stop, "sign": build.text("sign(start)", {"start": start})}
    env |= {"first": build.text("start / sign", env), "last": build.text("stop / sign", env)}
    ends = {key: build.text(f"log10({key})", env) for key in ("first", "last")}
    steps = Steps(ctx, {**given, "start": ends["first"], "stop": ends["last"]})
    found = build.text("power(10.0, y)", {"y": steps.values()})
    found = build.update(found, env["first"], (("slice", False, True, False),), (constant(1),))
    if steps.endpoint:
        last = build.text("where(parts > 1, parts, 1)", {"parts": steps.parts})
        found = build.update(found, env["last"], (("slice", True, False, False),), (last,))
    found = build.text("y * sign", {"y": found, **env})
    return ctx.made(finished(ctx, found, dtype_of(ctx, given, dtype), given))


# -- windows


def window(rule: str) -> Reader:
    """A window of M points, of which `n` are twice the distances from its middle."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        build, size = ctx.build, integer(ctx, given["M"], "M")
        count = build.extent(build.dim(size))
        number = numbers(ctx, count)
        env = {"size": size, "k": number, "pi": constant(float(np.pi))}
        env["n"] = build.text("1 - size + 2 * k", env)
        env["half"] = build.text("where(size > 1, size - 1, 1)", env)
        return ctx.made(build.text(rule, env))

    return found


reads("hanning", "M*")(window("0.5 + 0.5 * cos(pi * n / half)"))
reads("hamming", "M*")(window("0.54 + 0.46 * cos(pi * n / half)"))
reads("blackman", "M*")(window("0.42 + 0.5 * cos(pi * n / half) + 0.08 * cos(2.0 * pi * n / half)"))
reads("bartlett", "M*")(window("where(n <= 0, 1 + n / half, 1 - n / half)"))


# -- grids


@reads("meshgrid", "*xi, copy, sparse, indexing")
def meshgrid(ctx: Context, given: dict[str, Value]) -> Value:
    build, xi = ctx.build, given["xi"]
    assert isinstance(xi, Structure)
    ndim = len(xi.items)
    swap = text_of(ctx, given, "indexing", "xy", "ij") == "xy" and ndim > 1
    rows: list[Atom] = []
    for k, value in enumerate(xi.items):
        row = in_full(ctx, operand(ctx, value))
        row = indices.flat(ctx, row) if row.type.dims else build.index(row, ("new",))
        place = 1 - k if swap and k < 2 else k
        rows.append(build.index(row, (*("new",) * place, ":", *("new",) * (ndim - place - 1))))
    sparse = known_bool(ctx, given, "sparse", False)
    if not sparse and rows:
        dims = broadcast(build, [row.type.dims for row in rows])
        rows = [build.broadcast_to(row, dims) for row in rows]
    return Structure("tuple", tuple(ctx.made(build.apply(shape.COPY, row)) for row in rows))


@reads("indices", "dimensions*, dtype, sparse")
def indices_(ctx: Context, given: dict[str, Value]) -> Value:
    dtype = dtype_of(ctx, given, "int64")
    if not isinstance(given["dimensions"], Structure):
        ctx.fail("the dimensions have to be a tuple", "write a tuple, (n,)")
    counts = expr.extents(ctx.build, extents(ctx, given["dimensions"]))
    rows = [numbers(ctx, count, dtype) for count in counts]
    return grid(ctx, rows, known_bool(ctx, given, "sparse", False), dtype)


def grid(ctx: Context, rows: Sequence[Atom], sparse: bool, dtype: str) -> Value:
    """For each axis an array of where along it an element is: one array of all, or a tuple."""
    build, ndim = ctx.build, len(rows)
    spread = [
        build.index(row, (*("new",) * k, ":", *("new",) * (ndim - k - 1)))
        for k, row in enumerate(rows)
    ]
    if sparse:
        return Structure("tuple", tuple(map(ctx.made, spread)))
    dims = [build.extent(row.type.dims[0]) for row in rows]
    out = build.apply(shape.EMPTY, constant(ndim), *dims, dtype=dtype)
    for k, row in enumerate(spread):
        out = build.update(out, row, ("i",), (constant(k),))
    return ctx.made(out)


# -- triangles and diagonals


def below(ctx: Context, rows: Atom, columns: Atom, k: Atom, sign: str = ">=") -> Atom:
    """Where `i + k >= j`: on and below a diagonal; with another sign, above it."""
    build = ctx.build
    env = {"i": build.index(numbers(ctx, rows), (":", "new")), "j": numbers(ctx, columns), "k": k}
    return build.text(f"i {sign} j" if k == constant(0) else f"i + k {sign} j", env)


def diagonal_of(ctx: Context, given: Mapping[str, Value]) -> Atom:
    return integer(ctx, given.get("k", constant(0)), "k")


@reads("tri", "N*, M, k, dtype")
def tri(ctx: Context, given: dict[str, Value]) -> Value:
    rows = integer(ctx, given["N"], "an extent")
    columns = integer(ctx, given["M"], "an extent") if "M" in given else rows
    height, width = (ctx.build.extent(ctx.build.dim(n)) for n in (rows, columns))
    found = below(ctx, height, width, diagonal_of(ctx, given))
    return ctx.made(converted_to(ctx, found, dtype_of(ctx, given, "float64")))


def triangle(lower: bool) -> Reader:
    """`np.tril`, `np.triu`: the other elements are zero."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        build, m = ctx.build, operand(ctx, given["m"])
        if not m.type.dims:
            ctx.fail("a number has no triangle")
        sides = [build.extent(d) for d in m.type.dims[-2:]]
        k = diagonal_of(ctx, given)
        k = k if lower else build.atom(build.dim(k) - 1)
        zero = Const(m.type.dtype.startswith("float") and 0.0, m.type.having(kind="numpy", dims=()))
        env = {"mask": below(ctx, sides[0], sides[-1], k), "m": m, "zero": zero}
        rule = "where(mask, m, zero)" if lower else "where(mask, zero, m)"
        return ctx.made(build.text(rule, env))

    return found


reads("tril", "m*, k")(triangle(True))
reads("triu", "m*, k")(triangle(False))


def triangle_places(lower: bool, of_array: bool) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        build = ctx.build
        if of_array:
            type = operand(ctx, given["arr"]).type
            if type.ndim != 2:
                ctx.misfit("input array must be 2-d")
            rows, columns = (build.extent(d) for d in type.dims)
        else:
            rows = integer(ctx, given["n"], "an extent")
            columns = integer(ctx, given["m"], "an extent") if "m" in given else rows
        k = diagonal_of(ctx, given)
        k = k if lower else build.atom(build.dim(k) - 1)
        # The mask is written twice: how many there are has to be known before there are arrays.
        masks = (below(ctx, rows, columns, k, ">=" if lower else "<") for _ in range(2))
        counted, flat = (indices.flat(ctx, mask) for mask in masks)
        found = build.apply(shape.FLATNONZERO, flat, indices.count(ctx, counted))
        pair = (expr.binary(build, symbol, found, columns) for symbol in ("//", "%"))
        return Structure("tuple", tuple(map(ctx.made, pair)))

    return found


reads("tril_indices", "n*, k, m")(triangle_places(True, False))
reads("triu_indices", "n*, k, m")(triangle_places(False, False))
reads("tril_indices_from", "arr*!, k")(triangle_places(True, True))
reads("triu_indices_from", "arr*!, k")(triangle_places(False, True))


@reads("diag_indices", "n*, ndim")
def diag_indices(ctx: Context, given: dict[str, Value]) -> Value:
    ndim = given.get("ndim", constant(2))
    if not isinstance(ndim, Const):
        ctx.unknown("ndim has to be a constant", CONSTANT)
    row = numbers(ctx, integer(ctx, given["n"], "an extent"))
    return Structure("tuple", (ctx.made(row),) * int(ndim.value))


@reads("diag_indices_from", "arr*!")
def diag_indices_from(ctx: Context, given: dict[str, Value]) -> Value:
    type = operand(ctx, given["arr"]).type
    if type.ndim < 2:
        ctx.misfit("input array must be at least 2-d")
    for dim in type.dims[1:]:
        same = expr.binary(ctx.build, "==", ctx.build.extent(dim), ctx.build.extent(type.dims[0]))
        ctx.check(same, "ValueError", "All dimensions of input must be of equal length")
    row = numbers(ctx, ctx.build.extent(type.dims[0]))
    return Structure("tuple", (ctx.made(row),) * type.ndim)


@reads("diag", "v*, k")
def diag(ctx: Context, given: dict[str, Value]) -> Value:
    """The diagonal of a matrix, or the matrix with this diagonal."""
    type = operand(ctx, given["v"]).type
    if type.ndim == 2:
        return read(ctx, "diagonal", (given["v"], given.get("k", constant(0))), {})
    if type.ndim != 1:
        ctx.misfit("Input must be 1- or 2-d.")
    return matrix_of(ctx, operand(ctx, given["v"]), diagonal_of(ctx, given))


@reads("diagflat", "v*, k")
def diagflat(ctx: Context, given: dict[str, Value]) -> Value:
    v = in_full(ctx, operand(ctx, given["v"]))
    v = indices.flat(ctx, v) if v.type.dims else ctx.build.index(v, ("new",))
    return matrix_of(ctx, v, diagonal_of(ctx, given))


def matrix_of(ctx: Context, v: Atom, k: Atom) -> Value:
    """Zeros with `v` on a diagonal: written at the places `(i + down, i + right)`."""
    build = ctx.build
    count = build.extent(v.type.dims[0])
    right = build.extent(build.dim(k))
    down = build.extent(-build.dim(k))
    side = expr.binary(build, "+", expr.binary(build, "+", count, right), down)
    zeros = build.apply(shape.ZEROS, side, side, dtype=v.type.dtype)
    row = numbers(ctx, count)
    at = [row if by == constant(0) else expr.binary(build, "+", row, by) for by in (down, right)]
    return ctx.made(build.update(zeros, v, ("a", "a"), at))


@reads("vander", "x*, N, increasing")
def vander(ctx: Context, given: dict[str, Value]) -> Value:
    """Columns of powers, each the one before times x."""
    build, x = ctx.build, operand(ctx, given["x"])
    if x.type.ndim != 1:
        ctx.misfit("x must be a one-dimensional array or sequence.")
    size = build.extent(x.type.dims[0])
    count = integer(ctx, given["N"], "N") if "N" in given else size
    (count,) = expr.extents(build, count)
    dtype = promote([x.type, constant(0).type.having(dtype="int64", kind="array")])
    rows = build.broadcast_to(
        build.index(converted_to(ctx, x, dtype), (":", "new")), (x.type.dims[0], build.dim(count))
    )
    first = build.text("arange(n) == 0", {"n": count})
    env = {
        "rows": rows,
        "first": first,
        "one": Const(
            1.0 if dtype[0] == "f" else 1, x.type.having(dtype=dtype, kind="numpy", dims=())
        ),
    }
    powers = read(ctx, "cumprod", (build.text("where(first, one, rows)", env), constant(1)), {})
    if known_bool(ctx, given, "increasing", False):
        return powers
    return ctx.made(views.read(ctx, read(ctx, "fliplr", (powers,), {})))  # type: ignore[arg-type]
