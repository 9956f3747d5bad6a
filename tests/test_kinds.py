"""Programs as users of NumPy write them, several of each kind: as C and as generated Python.

The modules of tests/programs/kinds hold them, each with its arguments. Result and writes are those
of NumPy, the known answer is NumPy's too; gradients are those of complex step, or of differences
where the program has no meaning on complex numbers.
"""

from __future__ import annotations

import importlib
import inspect
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transpile
from tests.numerics import (
    assert_gradients_close,
    assert_values_equal,
    central_difference,
    complex_step,
    copied,
)
from tests.programs.kinds._case import CASES, Case

KINDS = sorted(p.stem for p in (Path(__file__).parent / "programs" / "kinds").glob("[a-z]*.py"))
for name in KINDS:
    importlib.import_module(f"tests.programs.kinds.{name}")

TAKEN = [case for case in CASES if not case.refused]
REFUSED = [case for case in CASES if case.refused]

pytestmark = [
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
    pytest.mark.usefixtures("fast_compiler"),
]


def named(case: Case) -> str:
    return f"{case.program.__module__.rpartition('.')[2]}-{case.program.__name__}"


def of_number(number: int) -> str:
    return named(TAKEN[number])


def cotangent(value: Any) -> Any:
    """A weight for every float of a result, None for what is none."""
    if isinstance(value, tuple | list):
        return type(value)(map(cotangent, value))
    if np.asarray(value).dtype.kind != "f":
        return None
    return np.cos(1.0 + np.arange(np.size(value))).reshape(np.shape(value))[()]


def weighted(value: Any, weights: Any) -> Any:
    """The scalar whose gradient is that of `value` with these cotangents."""
    if isinstance(value, tuple | list):
        return sum(weighted(v, w) for v, w in zip(value, weights, strict=True))
    return 0.0 if weights is None else np.sum(value * weights)


def with_defaults(case: Case) -> tuple:
    bound = inspect.signature(case.program).bind(*copied(case.args))
    bound.apply_defaults()
    return tuple(bound.arguments.values())


@cache
def reference(number: int) -> tuple[Any, tuple]:
    """The cotangent of the result, and the gradient with it, without us."""
    case = TAKEN[number]
    weights = cotangent(case.program(*copied(case.args)))
    asked = case.program, with_defaults(case), case.wrt
    if case.by_differences:
        return weights, central_difference(*asked, 1e-3, partial(weighted, weights=weights))
    return weights, complex_step(*asked, partial(weighted, weights=weights))


@pytest.mark.parametrize("case", TAKEN, ids=named)
def test_value(case, mode):
    theirs, ours = copied(case.args), copied(case.args)
    want = case.program(*theirs)
    if case.gives is not None:
        np.testing.assert_allclose(want, case.gives, rtol=1e-9, atol=1e-9)
    got = transpile.function(case.program)(*ours)
    assert_values_equal(got, want)
    assert_values_equal(ours, theirs)  # what was written in place


@pytest.mark.parametrize("number", [k for k, c in enumerate(TAKEN) if c.wrt], ids=of_number)
def test_gradient(number, mode):
    case = TAKEN[number]
    weights, want = reference(number)
    ours = with_defaults(case)
    got = transpile.vjp(transpile.function(case.program), wrt=case.wrt)(*ours, weights)
    assert_gradients_close(got, want, 1e-8 if case.by_differences else 1e-10)
    assert_values_equal(ours, with_defaults(case))  # a gradient never writes into its arguments


@pytest.mark.parametrize("case", REFUSED, ids=named)
def test_refused(case, mode):
    """What is not taken says on which line, and why."""
    with pytest.raises(transpile.UnsupportedError, match=rf"\.py:\d+:\d+: {case.refused}"):
        transpile.function(case.program)(*copied(case.args))
