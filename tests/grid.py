"""Every function of elements and every reduction, over dtypes, layouts and special values.

The calls of a family are the lines of one generated function, so that one translation serves all
of them; those that NumPy itself does not take for the arguments are left out.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import transpile

DTYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32",
    "float64",
)  # fmt: skip

ONE = """
np.absolute(x); np.fabs(x); np.sign(x); np.square(x); np.reciprocal(x); np.sqrt(x); np.cbrt(x)
np.exp(x); np.exp2(x); np.expm1(x); np.log(x); np.log2(x); np.log10(x); np.log1p(x); np.sin(x)
np.cos(x); np.tan(x); np.arcsin(x); np.arccos(x); np.arctan(x); np.sinh(x); np.cosh(x); np.tanh(x)
np.arcsinh(x); np.arccosh(x); np.arctanh(x); np.floor(x); np.ceil(x); np.trunc(x); np.rint(x)
np.fix(x); np.round(x); np.round(x, 1); np.isnan(x); np.isinf(x); np.isfinite(x); np.spacing(x)
np.deg2rad(x); np.rad2deg(x); np.negative(x); np.positive(x); -x; +x; abs(x); ~x; np.invert(x)
np.logical_not(x); np.sinc(x); np.nan_to_num(x); np.isposinf(x); np.isneginf(x); np.modf(x)
np.clip(x, 0.25, 2); np.clip(x, None, 1); np.heaviside(x, 1); x + 1; x * 2.5; 2 - x; x / 2; x // 2
x % 3; 1 / x; np.maximum(x, 0.25); np.ldexp(x, 3); x << 1; x >> 1
"""

TWO = """
x + y; x - y; x * y; x / y; x // y; x % y; np.power(x, y); np.maximum(x, y); np.minimum(x, y)
np.fmax(x, y); np.fmin(x, y); np.fmod(x, y); np.remainder(x, y); np.floor_divide(x, y)
np.float_power(x, y); np.copysign(x, y); np.nextafter(x, y); np.hypot(x, y); np.arctan2(x, y)
np.logaddexp(x, y); np.logaddexp2(x, y); np.heaviside(x, y); np.gcd(x, y); np.lcm(x, y)
np.logical_and(x, y); np.logical_or(x, y); np.logical_xor(x, y); x & y; x | y; x ^ y; x < y; x <= y
x > y; x >= y; x == y; x != y; np.isclose(x, y); np.where(x > y, x, y); np.divmod(x, y)
np.array_equal(x, y); np.allclose(x, y); np.left_shift(x, y & 3)
"""

REDUCED = """
np.sum(x); np.sum(x, axis=0); np.sum(x, axis=-1, keepdims=True); np.prod(x); np.prod(x, axis=-1)
np.mean(x, axis=0); np.var(x); np.std(x, axis=0); np.std(x, ddof=1); np.max(x); np.min(x, axis=0)
np.amax(x, axis=-1); np.ptp(x); np.all(x); np.any(x, axis=0); np.argmax(x); np.argmin(x, axis=-1)
np.cumsum(x); np.cumsum(x, axis=0); np.cumprod(x, axis=-1); np.count_nonzero(x)
np.count_nonzero(x, axis=0); np.max(x, initial=1); np.sum(x, where=x > 0); np.sum(x, initial=3)
np.max(x, initial=0, where=x > 0); np.mean(x, where=x > 0); np.add.reduce(x)
np.maximum.reduce(x, axis=-1); np.add.accumulate(x); np.multiply.accumulate(x)
"""

STATISTICS = """
np.median(np.abs(x)); np.median(x + 1, axis=0); np.percentile(x, 40); np.quantile(x, 0.25, axis=0)
np.average(x, axis=0); np.nansum(x); np.nansum(x, axis=0); np.nanmax(x); np.nanmin(x, axis=0)
np.nanvar(x); np.nanstd(x, axis=0); np.nanprod(x, axis=0); np.diff(x); np.diff(x, axis=0)
np.ediff1d(x); np.trapezoid(x); np.nancumsum(x); np.nanargmax(x); np.nanmedian(np.abs(x))
np.gradient(x, axis=-1); np.add.outer(x, x); np.logical_and.reduce(x); np.cumulative_sum(x, axis=0)
"""

FAMILIES = {"one": ONE, "two": TWO, "reduced": REDUCED, "statistics": STATISTICS}
SPECIAL = [0.0, -0.0, 1, -1, np.inf, -np.inf, np.nan, 2, 0.5]


def calls(family: str) -> list[str]:
    text = FAMILIES[family].replace("\n", "; ")
    return [one.strip() for one in text.split(";") if one.strip()]


def values(dtype: str, count: int, seed: int) -> np.ndarray:
    """Numbers of moderate size with special ones among them."""
    rng = np.random.default_rng(seed)
    if dtype == "bool":
        return rng.random(count) < 0.5
    if dtype.startswith("float"):
        some = np.round(rng.normal(size=count) * 2, 2)
        special = SPECIAL[:count]
        some[rng.permutation(count)[: len(special)]] = special
        return some.astype(dtype)
    info = np.iinfo(dtype)
    whole = rng.integers(max(info.min, -6), 7, count).astype(dtype)
    whole[2:3] = min(info.max, 2**40)
    whole[3:4] = max(info.min, -(2**40))
    return whole


def layouts(dtype: str, seed: int) -> dict[str, Any]:
    """Arrays of one dtype in the layouts that NumPy has, and a scalar."""
    table = values(dtype, 12, seed).reshape(3, 4)
    return {
        "contiguous": table,
        "fortran": np.asfortranarray(table),
        "reversed": values(dtype, 12, seed + 1).reshape(3, 4)[::-1, ::-1],
        "strided": values(dtype, 48, seed).reshape(6, 8)[::2, 1::2],
        "row": values(dtype, 9, seed),
        "empty": values(dtype, 0, seed).reshape(3, 0),
        "no axes": values(dtype, 1, seed).reshape(()),
        "scalar": values(dtype, 1, seed)[0],
    }


def is_taken(value: Any) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return all(np.asarray(part).dtype.name in DTYPES for part in parts)


def differences(family: str, dtype: str, layout: str, mode: str, folder: Path) -> Iterator[str]:
    """What differs from NumPy, a line each."""
    x, y = layouts(dtype, 3)[layout], layouts(dtype, 5)[layout]
    args = (x, y) if family == "two" else (x,)
    names = "x, y" if family == "two" else "x"
    taken, wanted = [], []
    for call in calls(family):
        with np.errstate(all="ignore"):
            try:
                want = eval(f"lambda {names}: {call}", {"np": np})(*args)
            except (ArithmeticError, IndexError, TypeError, ValueError):
                continue
        if is_taken(want):
            taken.append(call)
            wanted.append(want)
    got = written(taken, names, folder, f"{family}_{dtype}_{layout}_{mode}")
    for call, g, w in zip(taken, transpile.function(got, mode=mode)(*args), wanted, strict=True):
        fault = different(g, w)
        if fault:
            yield f"{call}: {fault}"


def written(taken: Sequence[str], names: str, folder: Path, name: str) -> Any:
    """The function that makes all the calls, from a file of its own."""
    name = name.replace(" ", "_")
    path = folder / f"{name}.py"
    lines = "".join(f"        {call},\n" for call in taken)
    text = f"import numpy as np\n\n\ndef f({names}):\n    return (\n{lines}    )\n"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module.f


def different(got: Any, want: Any) -> str:
    """Kind, dtype and shape are NumPy's; floats within a few units in the last place, sums within
    rounding; zeros have their sign."""
    if type(got) is not type(want):
        return f"{type(got).__name__}, not {type(want).__name__}"
    if isinstance(want, tuple):
        return "; ".join(filter(None, map(different, got, want)))
    g, w = np.asarray(got), np.asarray(want)
    if (g.dtype, g.shape) != (w.dtype, w.shape):
        return f"{g.dtype}{g.shape}, not {w.dtype}{w.shape}"
    if w.dtype.kind != "f":
        return "" if np.array_equal(g, w) else f"{g}, not {w}"
    with np.errstate(all="ignore"):
        size = np.max(np.abs(w[np.isfinite(w)]), initial=0.0)
        bound = np.maximum(np.abs(w) * 4, size if w.size < 13 else 0) * np.finfo(w.dtype).eps * 4
        near = (g == w) | (np.isnan(g) & np.isnan(w)) | (np.abs(g - w) <= bound)
    if not np.all(near):
        return f"{g[~near][:3]}, not {w[~near][:3]}"
    zero = (g == 0) & (w == 0)
    return "" if np.array_equal(np.signbit(g[zero]), np.signbit(w[zero])) else "a zero's sign"
