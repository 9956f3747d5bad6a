"""The normal distribution of `scipy.stats`, written in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import operand
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.values import Value
from transpile.sym import expr
from transpile.sym.ir import constant

PARAMETERS = "x*, loc, scale"
ROOT, LOG_ROOT = 2.5066282746310002, 0.9189385332046727  # sqrt(2 pi) and its logarithm


def standard(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    """How many deviations from the mean, of double precision; NaN where there are none."""
    z = (np.asarray(x) - loc) / np.where(np.asarray(scale) > 0, scale, np.nan)
    return z.astype(float)


def density(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return (np.exp(-(standard(x, loc, scale) ** 2) / 2.0) / ROOT / scale)[()]


def log_density(x: Any, loc: Any = 0, scale: Any = 1) -> Any:
    return (-(standard(x, loc, scale) ** 2) / 2.0 - LOG_ROOT - np.log(scale))[()]


def inlined(ctx: Context, function: Any, given: dict[str, Value]) -> Value:
    if any(operand(ctx, value).type.is_complex for value in given.values()):
        ctx.fail("complex numbers are not taken in scipy.stats.norm", "write the formula")
    with ctx.quoting():
        return ctx.hooks.inline(ctx, function, (), given)


@reads("scipy.stats.norm.pdf", PARAMETERS)
def pdf(ctx: Context, given: dict[str, Value]) -> Value:
    return inlined(ctx, density, given)


@reads("scipy.stats.norm.logpdf", PARAMETERS)
def logpdf(ctx: Context, given: dict[str, Value]) -> Value:
    return inlined(ctx, log_density, given)


@reads("scipy.stats.norm.cdf", PARAMETERS)
def cdf(ctx: Context, given: dict[str, Value]) -> Value:
    return below(ctx, given, 1.0)


@reads("scipy.stats.norm.sf", PARAMETERS)
def sf(ctx: Context, given: dict[str, Value]) -> Value:
    return below(ctx, given, -1.0)


def below(ctx: Context, given: dict[str, Value], sign: float) -> Value:
    """The probability of less, or of more."""
    z = operand(ctx, inlined(ctx, standard, given))
    z = ctx.build.text("sign * z", {"sign": constant(sign), "z": z})
    return ctx.made(expr.call(ctx.build, "scipy.special.ndtr", [z], {}))
