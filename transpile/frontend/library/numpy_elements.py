"""NumPy's functions of elements that are more than one operator."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.iterables import items
from transpile.frontend.library import numpy_table, numpy_ufuncs
from transpile.frontend.library.numpy_args import is_none, like_dims, operand, text_of
from transpile.frontend.library.numpy_out import castable, into, masking
from transpile.frontend.library.numpy_table import reads, written, written_as
from transpile.frontend.operands import described
from transpile.frontend.values import NONE, Array, Closure, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom
from transpile.sym.ops import arithmetic, shape


@reads("clip", "a*, a_min, a_max, out, min, max", none=True)
@reads("ndarray.clip", "a*, min, max, out", none=True)
def clip(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.clip` and the method: None, or nothing, is no bound."""
    found: Atom = operand(ctx, given["a"])
    old, new = {"a_min", "a_max"} & set(given), {"min", "max"} & set(given)
    if len(old) == 1 or (old and new):
        ctx.fail("np.clip takes a_min and a_max, or min and max", "give both of a pair, or None")
    bounds = [(given.get(f"{'a_' * bool(old)}{key}", NONE), key) for key in ("min", "max")]
    for bound, key in bounds:
        if not is_none(bound):
            step = "maximum" if key == "min" else "minimum"
            found = expr.call(ctx.build, step, [found, operand(ctx, bound)], {})
    if all(is_none(bound) for bound, _ in bounds):
        found = expr.call(ctx.build, "positive", [found], {})
    return into(ctx, "clip", found, given, spread=True)


@reads("copyto", "dst*, src*, casting, where")
def copyto(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.copyto(x, y)`: `x[...] = y` of the same kind."""
    casting = text_of(ctx, given, "casting", "same_kind", "unsafe")
    target, value = given["dst"], operand(ctx, given["src"])
    if not isinstance(target, Array):
        ctx.fail(f"np.copyto into {described(target)}")
    type = views.type_of(ctx, target)
    fits = value.type.kind == "python" and value.type.is_integer and type.is_integer
    if casting == "same_kind" and not fits:
        castable(ctx, "copyto", value.type.dtype, type.dtype)
    mask = masking(ctx, given)
    if mask is not None:
        value = views.converted(ctx, value, type.dtype)
        value = ctx.build.apply(arithmetic.WHERE, mask, value, views.read(ctx, target))
    views.write(ctx, target, value)
    return Static(None)


@written
def fix(x: Any, out: Any = None) -> Any:
    return np.trunc(x, out)


@written_as("round around")
def round_(a: Any, decimals: Any = 0, out: Any = None) -> Any:
    x = np.asarray(a)
    if np.ndim(decimals) != 0 or np.asarray(decimals).dtype.kind not in "biu":
        raise TypeError("only integer scalar arrays can be converted to a scalar index")
    if out is not None and not isinstance(out, np.ndarray):
        raise TypeError("output must be an array")
    if out is not None and np.shape(out) != x.shape:
        raise ValueError("invalid output shape")
    if x.dtype.kind in "fc" and decimals == 0:
        return np.rint(x, out)
    if x.dtype.kind == "b" or (decimals >= 0 and x.dtype.kind not in "fc"):
        return np.positive(x, out)
    scale = 10.0 ** abs(decimals)
    kept = x.dtype if out is None else out.dtype
    scaled = x * scale if decimals > 0 else x / scale
    scaled = scaled if scaled.dtype == kept or kept.kind != "f" else scaled.astype(kept)
    found = np.rint(scaled) / scale if decimals > 0 else np.rint(scaled) * scale
    found = found if found.dtype == kept else found.astype(kept)
    return np.positive(found, out)


@written
def modf(x: Any) -> Any:
    """Both parts have the sign of x; whole numbers have the floats of NumPy's own loops."""
    y = x if np.asarray(x).dtype.kind == "f" else np.ldexp(x, 0)
    rest = np.where(np.isinf(y), np.copysign(0.0, y), np.fmod(y, 1.0))
    return rest[()], np.trunc(y)


@written
def divmod_(x: Any, y: Any) -> Any:
    return np.floor_divide(x, y), np.remainder(x, y)


@written
def isposinf(x: Any, out: Any = None) -> Any:
    if np.iscomplexobj(x):
        raise TypeError("complex numbers have no infinity with a sign")
    return np.equal(x, np.inf, out)


@written
def isneginf(x: Any, out: Any = None) -> Any:
    if np.iscomplexobj(x):
        raise TypeError("complex numbers have no infinity with a sign")
    return np.equal(x, -np.inf, out)


@written
def isclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: Any = False) -> Any:
    y = b if np.ndim(b) == 0 else np.asarray(b)
    near = np.less_equal(np.absolute(np.subtract(a, y * 1.0)), atol + rtol * np.absolute(y))
    found = near & np.isfinite(y) | np.equal(a, y)
    return found | np.isnan(a) & np.isnan(b) if equal_nan else found


@written
def allclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: Any = False) -> Any:
    return bool(np.all(np.isclose(a, b, rtol, atol, equal_nan)))


@written
def array_equal(a1: Any, a2: Any, equal_nan: Any = False) -> Any:
    x, y = np.asarray(a1), np.asarray(a2)
    if x.shape != y.shape:
        return False
    same = x == y
    return bool(np.all(same | np.isnan(x) & np.isnan(y) if equal_nan else same))


@written
def nan_to_num(
    x: Any, copy: Any = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    y = np.asarray(x)
    if y.dtype.kind == "c":
        imaginary = made_finite(y.imag, nan, posinf, neginf) * 1j
        found = made_finite(y.real, nan, posinf, neginf) + imaginary
    elif y.dtype.kind == "f":
        found = made_finite(y, nan, posinf, neginf)
    else:
        found = np.array(y)
    if copy:
        return found[()]
    np.copyto(x, found)
    return x


def made_finite(y: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    most = np.finfo(y.dtype).max if posinf is None else posinf
    least = np.finfo(y.dtype).min if neginf is None else neginf
    finite = np.array(y)
    np.copyto(finite, nan, where=np.isnan(y))
    np.copyto(finite, most, where=y == np.inf)
    np.copyto(finite, least, where=y == -np.inf)
    return finite


@written
def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    at, places, heights = np.asarray(x), np.asarray(xp), np.asarray(fp)
    if np.iscomplexobj(at) or np.iscomplexobj(places):
        raise TypeError("x and xp have to be real numbers")
    if np.ndim(places) != 1 or np.ndim(heights) != 1:
        raise ValueError("xp and fp have to be rows")
    if len(places) != len(heights):
        raise ValueError("fp and xp are not of the same length.")
    if len(places) == 0:
        raise ValueError("array of sample points is empty")
    if period is not None:
        at, places, length = at % abs(period), places % abs(period), abs(period)
        order = np.argsort(places)
        places, heights = places[order], heights[order]
        places = np.concatenate((places[-1:] - length, places, places[:1] + length))
        heights = np.concatenate((heights[-1:], heights, heights[:1]))
    n = len(places)
    k = np.clip(np.searchsorted(places, at, side="right") - 1, 0, max(n - 2, 0))
    j = np.minimum(k + 1, n - 1)
    slope = (heights[j] - heights[k]) / (places[j] - places[k])
    found = slope * (at - places[k]) + heights[k]
    found = np.where((at >= places[-1]) | (n == 1), heights[-1], found)
    below = heights[0] if left is None or period is not None else left
    above = heights[-1] if right is None or period is not None else right
    return np.where(at < places[0], below, np.where(at > places[-1], above, found))[()]


@reads("i0", "x*")
def i0(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.i0`, an array in any case."""
    found = expr.call(ctx.build, "scipy.special.i0", [operand(ctx, given["x"])], {})
    return ctx.made(ctx.build.convert(found, found.type.dtype, "array"))


@reads("where", "condition*, x, y")
def where(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.where`, of scalars too an array; of a condition alone the places where it holds."""
    if ("x" in given) != ("y" in given):
        ctx.fail("np.where takes both x and y, or neither")
    if "x" not in given:
        return numpy_table.read(ctx, "nonzero", [given["condition"]], {})
    atoms = [operand(ctx, given[key]) for key in ("condition", "x", "y")]
    if any(a.type.dims for a in atoms):
        return ctx.made(numpy_ufuncs.applied(ctx, "where", atoms))
    return ctx.made(ctx.build.apply(arithmetic.WHERE, *atoms, array=True))


@reads("frexp", "x*")
def frexp(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.frexp`, of numbers for which it has no narrow loop of its own."""
    type = operand(ctx, given["x"]).type
    if np.dtype(type.dtype).itemsize < 4:
        ctx.fail(f"np.frexp of {type.dtype} has a narrow result", "write np.frexp(x * 1.0)")
    with ctx.quoting():
        return ctx.hooks.inline(ctx, parted, (given["x"],), {})


def parted(x: Any) -> Any:
    """`x = m * 2 ** e` with m between a half and one: e by the logarithm, then set right."""
    y = np.asarray(x) * 1.0
    plain = np.isfinite(y) & (y != 0)
    e = (np.floor(np.log2(np.abs(np.where(plain, y, 1.0)))) + 1).astype(np.int32)
    m = np.ldexp(y, -e)
    e = e + (np.abs(m) >= 1) * plain - (np.abs(m) < 0.5) * plain
    e = np.where(plain, e, 0).astype(np.int32)
    return np.ldexp(y, -e), e[()]


@reads("piecewise", "x*, condlist*, funclist*, *args")
def piecewise(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.piecewise`: each function is called with the elements where its condition holds."""
    x = operand(ctx, given["x"])
    listed, functions = given["condlist"], items(ctx, given["funclist"])
    tests = items(ctx, listed) if isinstance(listed, Structure) else [listed]
    more = given["args"]
    assert isinstance(more, Structure)
    if not x.type.dims or len(functions) - len(tests) not in (0, 1):
        ctx.fail("np.piecewise takes an array, conditions, and a function for each or one more")
    if len(functions) > len(tests):
        other = operand(ctx, tests[0])
        for test in tests[1:]:
            other = expr.binary(ctx.build, "|", other, operand(ctx, test))
        tests = [*tests, ctx.made(expr.unary(ctx.build, "~", other))]
    y = ctx.made(ctx.build.apply(shape.ZEROS, *like_dims(ctx, x.type.dims), dtype=x.type.dtype))
    for test, function in zip(tests, functions, strict=True):
        text = piece if isinstance(function, Closure | Static) else constant_piece
        with ctx.quoting():
            ctx.hooks.inline(ctx, text, (ctx.made(x), y, test, function, *more.items), {})
    return y


def piece(x: Any, y: Any, test: Any, function: Any, *more: Any) -> None:
    y[test] = function(x[test], *more)


def constant_piece(x: Any, y: Any, test: Any, value: Any, *more: Any) -> None:
    y[test] = value
