"""`np.fft` and `scipy.fft`: all are transforms of complex numbers along one axis after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import axes, operand, text_of
from transpile.frontend.library.numpy_linalg import stacked
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.operands import as_atom, compute, conjugate, integer, number, truth
from transpile.frontend.values import Static, Structure, Value
from transpile.sym.ir import Atom, constant
from transpile.sym.ops import Op, shape, transforms
from transpile.sym.types import real_dtype

Given = Mapping[str, Value]
MORE = "norm, overwrite_x, workers, plan"  # SciPy's own ask for nothing that a result shows


# -- one axis


def complex_of(ctx: Context, x: Atom) -> Atom:
    """In the precision that NumPy transforms it in."""
    narrow = x.type.dtype in ("float32", "complex64")
    return ctx.build.convert(x, "complex64" if narrow else "complex128")


def axis_in(ctx: Context, x: Atom, axis: Any) -> int:
    ndim = x.type.ndim
    if not isinstance(axis, int) or not -ndim <= axis < ndim:
        ctx.fail(f"axis {axis} is out of bounds for an array of {ndim} dimensions")
    return axis % ndim


def swapped(ctx: Context, x: Atom, axis: int) -> Atom:
    """The axis and the last in each other's place."""
    order = list(range(x.type.ndim))
    order[axis], order[-1] = order[-1], order[axis]
    return ctx.build.transpose(x, tuple(order))


def fitted(ctx: Context, x: Atom, n: Atom) -> Atom:
    """The last axis cut to length `n`, or filled up with zeros."""
    build, form = ctx.build, ctx.build.dim(n)
    have = x.type.dims[-1]
    if form == have:
        return x
    index = (*(":",) * (x.type.ndim - 1), ("slice", False, True, False))
    if form.constant is not None and have.constant is not None and form.constant < have.constant:
        return build.index(x, index, [n])
    lead = [build.extent(d) for d in x.type.dims[:-1]]
    room = build.apply(shape.ZEROS, *lead, n, dtype=x.type.dtype)
    short = build.text("where(m < n, m, n)", {"m": build.extent(have), "n": n})
    return build.update(room, build.index(x, index, [short]), index, [short])


def length(ctx: Context, x: Atom, given: Atom | None) -> Atom:
    """How many points are transformed: at least one."""
    n = ctx.build.extent(x.type.dims[-1]) if given is None else given
    if not ctx.build.facts.positive(ctx.build.dim(n)):
        some = ctx.build.text("n > 0", {"n": n})
        message = "Invalid number of FFT data points specified"
        ctx.build.check(some, "ValueError", message)
    return n


def scaled(ctx: Context, x: Atom, n: Atom, norm: str, inverse: bool) -> Atom:
    """From NumPy's usual norm to the one that is asked for."""
    text = {
        ("ortho", False): "x * (1 / sqrt(n))", ("ortho", True): "x * sqrt(n)",
        ("forward", False): "x * (1 / n)", ("forward", True): "x * n",
    }.get((norm, inverse))  # fmt: skip
    if text is None:
        return x
    real = real_dtype(x.type.dtype)
    return ctx.build.text(text, {"x": x, "n": ctx.build.convert(n, real, "numpy")})


def norm_of(ctx: Context, given: Given) -> str:
    return text_of(ctx, given, "norm", "backward", "ortho", "forward")


def along(ctx: Context, op: Op, x: Atom, n: Atom | None, axis: int, norm: str) -> Atom:
    """The transform of complex numbers along one axis."""
    x = swapped(ctx, x, axis)
    n = length(ctx, x, n)
    found = ctx.build.apply(op, fitted(ctx, x, n))
    return swapped(ctx, scaled(ctx, found, n, norm, op is transforms.IFFT), axis)


def half(ctx: Context, x: Atom, n: Atom | None, axis: int, norm: str) -> Atom:
    """The transform of real numbers: the half that the other follows from."""
    if x.type.is_complex:
        ctx.fail("this transform is of real numbers", "pass x.real, or use np.fft.fft")
    dtype = "float32" if x.type.dtype == "float32" else "float64"
    x = swapped(ctx, ctx.build.convert(x, dtype), axis)
    n = length(ctx, x, n)
    kept = ctx.build.text("n // 2 + 1", {"n": n})
    found = ctx.build.apply(transforms.RFFT, fitted(ctx, x, n), kept)
    return swapped(ctx, scaled(ctx, found, n, norm, False), axis)


def whole(ctx: Context, x: Atom, n: Atom | None, axis: int, norm: str) -> Atom:
    """The real numbers that have this half of a transform."""
    x = swapped(ctx, complex_of(ctx, x), axis)
    if n is None:
        n = ctx.build.text("2 * (m - 1)", {"m": ctx.build.extent(x.type.dims[-1])})
    n = length(ctx, x, n)
    x = fitted(ctx, x, ctx.build.text("n // 2 + 1", {"n": n}))
    found = ctx.build.apply(transforms.IRFFT, x, n)
    return swapped(ctx, scaled(ctx, found, n, norm, True), axis)


def points(ctx: Context, given: Given) -> Atom | None:
    return integer(ctx, given["n"], "the number of points") if "n" in given else None


def one_axis(name: str, of: Any) -> None:
    @reads(f"fft.{name}", "a*, n, axis=-1, norm")
    @reads(f"scipy.fft.{name}", f"a*, n, axis=-1, {MORE}")
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        x = operand(ctx, given["a"])
        axis = axis_in(ctx, x, axes(ctx, given.get("axis", Static(None))))
        return made(ctx, of(ctx, x, points(ctx, given), axis, norm_of(ctx, given)))


def made(ctx: Context, found: Atom) -> Value:
    """An array of its own."""
    return ctx.made(ctx.build.apply(shape.COPY, found))


def complex_along(op: Op) -> Any:
    def found(ctx: Context, x: Atom, n: Atom | None, axis: int, norm: str) -> Atom:
        return along(ctx, op, complex_of(ctx, x), n, axis, norm)

    return found


OPPOSITE = {"backward": "forward", "ortho": "ortho", "forward": "backward"}


def hermitian(ctx: Context, x: Atom, n: Atom | None, axis: int, norm: str) -> Atom:
    """The real transform of what is its own conjugate, read backwards."""
    turned = conjugate(ctx, complex_of(ctx, x))
    return whole(ctx, turned, n, axis, OPPOSITE[norm])


def to_hermitian(ctx: Context, x: Atom, n: Atom | None, axis: int, norm: str) -> Atom:
    return conjugate(ctx, half(ctx, x, n, axis, OPPOSITE[norm]))


for _name, _of in (
    ("fft", complex_along(transforms.FFT)), ("ifft", complex_along(transforms.IFFT)),
    ("rfft", half), ("irfft", whole), ("hfft", hermitian), ("ihfft", to_hermitian),
):  # fmt: skip
    one_axis(_name, _of)


# -- several axes


def places(ctx: Context, x: Atom, given: Given, usual: Any) -> list[tuple[int, Atom | None]]:
    """The axes, each with its number of points where one is given."""
    asked = given.get("s")
    sizes = list(asked.items) if isinstance(asked, Structure) else None
    if sizes is None and asked is not None:
        ctx.fail("s has to be a tuple of integers")
    chosen = axes(ctx, given["axes"], "axes") if "axes" in given else usual
    if isinstance(chosen, int):
        ctx.fail("axes has to be a tuple of integers")
    if chosen is None:
        count = x.type.ndim if sizes is None else len(sizes)
        chosen = tuple(range(-count, 0))
    if chosen == ():
        ctx.fail("there is no axis to transform along", "leave the call out")
    if sizes is not None and len(sizes) != len(chosen):
        ctx.misfit("Shape and axes have different lengths.")
    where = [axis_in(ctx, x, axis) for axis in chosen]
    if sizes is None:
        return [(axis, None) for axis in where]
    return [(k, asked_size(ctx, x, k, size)) for k, size in zip(where, sizes, strict=True)]


def asked_size(ctx: Context, x: Atom, axis: int, size: Value) -> Atom:
    """A number of points in `s=`, where -1 is all that there are."""
    n = integer(ctx, size, "the number of points")
    return ctx.build.extent(x.type.dims[axis]) if n == constant(-1) else n


def several(name: str, usual: Any, last: Any, op: Op) -> None:
    """`last` is what is done along the last axis, where that is not what is done along all."""
    reads(f"fft.{name}", "a*, s, axes, norm")(along_all(usual, last, op, unique=False))
    more = f"a*, s, axes, {MORE}"
    reads(f"scipy.fft.{name}", more)(along_all(usual, last, op, unique=True))


def along_all(usual: Any, last: Any, op: Op, unique: bool) -> Reader:
    """The transform along several axes, in SciPy each of them once."""

    def found(ctx: Context, given: dict[str, Value]) -> Value:
        x, norm = operand(ctx, given["a"]), norm_of(ctx, given)
        if not x.type.dims:
            ctx.misfit("a transform takes an array, not a number")
        *first, end = where = places(ctx, x, given, usual)
        if unique and len({axis for axis, _ in where}) < len(where):
            ctx.fail("all axes must be unique", "name each axis once")
        if last is half:
            x = half(ctx, x, end[1], end[0], norm)
        for axis, n in (*first, *(() if last is not None else (end,)))[::-1]:
            x = along(ctx, op, complex_of(ctx, x), n, axis, norm)
        if last is whole:
            x = whole(ctx, x, end[1], end[0], norm)
        return made(ctx, x)

    return found


for _suffix, _axes in (("2", (-2, -1)), ("n", None)):
    several(f"fft{_suffix}", _axes, None, transforms.FFT)
    several(f"ifft{_suffix}", _axes, None, transforms.IFFT)
    several(f"rfft{_suffix}", _axes, half, transforms.FFT)
    several(f"irfft{_suffix}", _axes, whole, transforms.IFFT)


# -- frequencies and shifts


def frequencies(n: Any, d: Any) -> Any:
    i = np.arange(n)
    return np.where(i < (n - 1) // 2 + 1, i, i - n) * (1.0 / (n * d))


def half_frequencies(n: Any, d: Any) -> Any:
    return np.arange(n // 2 + 1) * (1.0 / (n * d))


def shifted(x: Any, axis: Any) -> Any:
    return np.roll(x, x.shape[axis] // 2, axis)


def shifted_back(x: Any, axis: Any) -> Any:
    return np.roll(x, -(x.shape[axis] // 2), axis)


def spaced(name: str, function: Any) -> None:
    @reads(f"fft.{name} scipy.fft.{name}", "n*, d")
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        n = number(ctx, given["n"])
        if not n.type.is_integer or n.type.kind == "array":
            ctx.misfit("n should be an integer")
        if name == "fftfreq":
            fits = as_atom(truth(ctx, compute(ctx, ">=", n, constant(0))))
            ctx.check(fits, "ValueError", "negative dimensions are not allowed")
        return stacked(ctx, function, n, given.get("d", constant(1.0)))


def rolled(name: str, function: Any) -> None:
    @reads(f"fft.{name} scipy.fft.{name}", "x*, axes")
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        x = given["x"]
        chosen = axes(ctx, given["axes"], "axes") if "axes" in given else None
        if chosen is None:
            chosen = tuple(range(operand(ctx, x).type.ndim))
        if not operand(ctx, x).type.ndim:
            ctx.fail("a number has no axis to shift along")
        for axis in (chosen,) if isinstance(chosen, int) else chosen:
            x = stacked(ctx, function, x, constant(axis))
        return x


spaced("fftfreq", frequencies)
spaced("rfftfreq", half_frequencies)
rolled("fftshift", shifted)
rolled("ifftshift", shifted_back)
