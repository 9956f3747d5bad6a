"""`statistics` of floats, as it would be written in Python."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import partial
from statistics import StatisticsError
from typing import Any

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.iterables import items, unrolled
from transpile.frontend.operands import described
from transpile.frontend.values import NONE, Array, Listed, Value
from transpile.sym.ir import Const, Var


def mean(data: Any, centre: Any) -> Any:
    if len(data) < 1:
        raise StatisticsError("mean requires at least one data point")
    return sum(data) / len(data)


def fmean(data: Any, centre: Any) -> Any:
    if len(data) < 1:
        raise StatisticsError("fmean requires at least one data point")
    return float(sum(data) / len(data))


def squares(data: Any, centre: Any) -> Any:
    middle = sum(data) / len(data) if centre is None else centre
    total = (data[0] - middle) ** 2
    for k in range(1, len(data)):
        total += (data[k] - middle) ** 2
    return total


def variance(data: Any, centre: Any) -> Any:
    if len(data) < 2:
        raise StatisticsError("variance requires at least two data points")
    return squares(data, centre) / (len(data) - 1)


def pvariance(data: Any, centre: Any) -> Any:
    if len(data) < 1:
        raise StatisticsError("pvariance requires at least one data point")
    return squares(data, centre) / len(data)


def stdev(data: Any, centre: Any) -> Any:
    if len(data) < 2:
        raise StatisticsError("stdev requires at least two data points")
    return math.sqrt(squares(data, centre) / (len(data) - 1))


def pstdev(data: Any, centre: Any) -> Any:
    if len(data) < 1:
        raise StatisticsError("pstdev requires at least one data point")
    return math.sqrt(squares(data, centre) / len(data))


def of_floats(written: Callable[..., Any], ctx: Context, given: dict[str, Value]) -> Value:
    data = given["data"]
    if not is_of_floats(ctx, data):
        message = f"statistics.{written.__name__} of {described(data)} that has no floats in it"
        ctx.fail(message, "write [float(v) for v in x]")
    with ctx.quoting():
        centre = given.get("xbar", given.get("mu", NONE))
        return ctx.hooks.inline(ctx, written, (data, centre), {})


def is_of_floats(ctx: Context, data: Value) -> bool:
    """Are these numbers of float64, so that what Python finds of them is one, too?"""
    if isinstance(data, Array | Listed):
        type = views.type_of(ctx, data.array if isinstance(data, Listed) else data)
        return type.dtype == "float64" and type.ndim == 1
    found = items(ctx, data) if unrolled(data) else []
    numbers = [one for one in found if isinstance(one, Var | Const)]
    floats = any(one.type.dtype == "float64" for one in numbers)
    return len(numbers) == len(found) and (floats or not found)


READERS: dict[Any, tuple[str, Callable[[Context, dict[str, Value]], Value]]] = {
    statistics.mean: ("data*", partial(of_floats, mean)),
    statistics.fmean: ("data*", partial(of_floats, fmean)),
    statistics.variance: ("data*, xbar", partial(of_floats, variance)),
    statistics.pvariance: ("data*, mu", partial(of_floats, pvariance)),
    statistics.stdev: ("data*, xbar", partial(of_floats, stdev)),
    statistics.pstdev: ("data*, mu", partial(of_floats, pstdev)),
}
