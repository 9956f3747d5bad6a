"""SciPy's special functions that are made of others, written in NumPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.custom import stop_gradient
from transpile.frontend.library.numpy_args import operand
from transpile.frontend.library.numpy_table import reads, written_as
from transpile.frontend.operands import CONSTANT
from transpile.frontend.values import Value
from transpile.sym.ir import Const, constant


@written_as("scipy.special.logsumexp")
def logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: Any = False, return_sign: Any = False
) -> Any:
    least: Any = None if np.iscomplexobj(a) else -np.inf
    top = stop_gradient(np.max(np.asarray(a) * 1.0, axis=axis, keepdims=True, initial=least))
    top = np.where(np.isfinite(top), top, 0.0)
    terms = np.exp(a - top) if b is None else b * np.exp(a - top)
    total = np.sum(terms, axis=axis, keepdims=True)
    found = np.log(np.abs(total) if return_sign else total) + top
    found = found if keepdims else np.sum(found, axis=axis)
    if not return_sign:
        return found
    return found, np.sign(total if keepdims else np.sum(total, axis=axis))


@written_as("scipy.special.softmax")
def softmax(x: Any, axis: Any = None) -> Any:
    terms = np.exp(x - stop_gradient(np.max(x, axis=axis, keepdims=True)))
    return terms / np.sum(terms, axis=axis, keepdims=True)


@written_as("scipy.special.log_softmax")
def log_softmax(x: Any, axis: Any = None) -> Any:
    terms = x - stop_gradient(np.max(x, axis=axis, keepdims=True))
    return terms - np.log(np.sum(np.exp(terms), axis=axis, keepdims=True))


def real(x: Any, y: Any = 0.0) -> None:
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        raise TypeError("complex numbers are not taken here")


def precise(found: Any, x: Any, y: Any = False) -> Any:
    """In single precision where all arguments fit into it, as SciPy's own loops are."""
    narrow = np.result_type(x, y).itemsize < 8
    if narrow and np.result_type(x, y, np.float32) == np.float32:
        return found.astype(np.float32)
    return found


@written_as("scipy.special.entr")
def entr(x: Any) -> Any:
    real(x)
    below = np.where(x == 0, 0.0, -np.inf)
    return precise(np.where(x > 0, x * -np.log(x), np.where(np.isnan(x), x, below))[()], x)


@written_as("scipy.special.rel_entr")
def rel_entr(x: Any, y: Any) -> Any:
    real(x, y)
    outside = np.where((x == 0) & (y >= 0), 0.0, np.inf)
    unknown = np.isnan(x) | np.isnan(y)
    found = np.where((x > 0) & (y > 0), x * np.log(x / y), outside)
    return precise(np.where(unknown, np.nan, found)[()], x, y)


@written_as("scipy.special.kl_div")
def kl_div(x: Any, y: Any) -> Any:
    real(x, y)
    outside = np.where((x == 0) & (y >= 0), y, np.inf)
    unknown = np.isnan(x) | np.isnan(y)
    found = np.where((x > 0) & (y > 0), x * np.log(x / y) - x + y, outside)
    return precise(np.where(unknown, np.nan, found)[()], x, y)


@written_as("scipy.special.huber")
def huber(delta: Any, r: Any) -> Any:
    real(delta, r)
    size = np.abs(r)
    found = np.where(size <= delta, 0.5 * r * r, delta * (size - 0.5 * delta))
    return precise(np.where(delta < 0, np.inf, found)[()], delta, r)


@written_as("scipy.special.pseudo_huber")
def pseudo_huber(delta: Any, r: Any) -> Any:
    real(delta, r)
    v = r / delta
    found = delta * delta * (v * v / (1.0 + np.sqrt(1.0 + v * v)))
    return precise(
        np.where(delta < 0, np.inf, np.where((delta == 0) | (r == 0), 0.0, found))[()], delta, r
    )


@written_as("scipy.special.boxcox")
def boxcox(x: Any, lmbda: Any) -> Any:
    real(x, lmbda)
    log = np.log(x * np.float64(1.0))
    return precise(
        np.where(np.abs(lmbda) < 1e-19, log, np.expm1(lmbda * log) / lmbda)[()], x, lmbda
    )


@written_as("scipy.special.exprel")
def exprel(x: Any) -> Any:
    real(x)
    small = np.abs(x) < 1e-16
    return precise(np.where(small, 1.0 + 0.5 * x, np.expm1(x) / np.where(small, 1.0, x))[()], x)


@reads("scipy.special.polygamma", "n*, x*")
def polygamma(ctx: Context, given: dict[str, Value]) -> Value:
    """The derivative of that order of digamma, an array in any case."""
    n = given["n"]
    if not isinstance(n, Const) or not isinstance(n.value, int) or n.value < 0:
        ctx.unknown("the order of scipy.special.polygamma has to be a constant integer", CONSTANT)
    x = ctx.build.convert(operand(ctx, given["x"]), "float64", "array")
    scale = constant(-((-1.0) ** n.value) * math.gamma(n.value + 1.0))
    rule = "digamma(x)" if n.value == 0 else "scale * zeta(m, x)"
    found = ctx.build.text(rule, {"x": x, "m": constant(n.value + 1), "scale": scale})
    return ctx.made(ctx.build.convert(found, "float64", "array"))
