"""Derivatives of plain Python programs that nothing of ours has a part in.

Complex step: the imaginary part of `f(x + i h) / h` is the derivative to rounding, where the
program runs on complex numbers and is analytic. Differences: of any program, with an estimate of
the error.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import CellType, CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from msgspec import Struct

from transpile.frontend import stop_gradient
from transpile.frontend.args import ORIGINAL

STEP = 1e-30
HALVINGS = 8
Along = Callable[[Any], Any]  # the program, as a function of what is added to one entry


class Slope(Struct, frozen=True):
    """A derivative, about how far off it may be, and how it was found."""

    value: float
    error: float
    method: str


def by_complex_step(along: Along, at: float) -> Slope | None:
    """The derivative at 0; None where the program does not run on complex numbers, or gives
    another value there than `at`."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            found = complex(along(1j * STEP))
    except Exception:  # whatever the program may raise, it does not run on complex numbers
        return None
    value = found.imag / STEP
    if not math.isfinite(value) or abs(found.real - at) > 1e-12 * max(1.0, abs(at)):
        return None
    return Slope(value, np.finfo(float).eps * abs(value), "complex step")


def by_differences(along: Along, x: float) -> Slope:
    """The derivative at 0 by Ridders' extrapolation, the better of two first steps."""
    steps = dict.fromkeys([0.01 * max(1.0, abs(x)), 0.05 * abs(x) or 0.01])
    return min((ridders(along, step) for step in steps), key=lambda slope: slope.error)


def ridders(along: Along, step: float) -> Slope:
    """Central differences of ever smaller steps, extrapolated to step 0 (Ridders 1982)."""
    best, row = Slope(math.nan, math.inf, "differences"), [math.nan]
    for k in range(HALVINGS):
        h = step / 2**k
        with np.errstate(all="ignore"):
            above, below = float(along(h)), float(along(-h))
        noise = np.finfo(float).eps * (abs(above) + abs(below)) / h
        before, row = row, [(above - below) / (2 * h)]
        for order, coarse in enumerate(before[: k or 0], 1):
            row.append(row[-1] + (row[-1] - coarse) / (4**order - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - coarse)) + noise
            if error < best.error:
                best = Slope(row[-1], error, "differences")
    return best


# -- plain programs, on complex numbers where need be


class Plain:
    """The Python function with all decorated functions that it calls plain too.

    The user's code is run with other globals; nothing of it is rewritten. What `stop_gradient`
    gives in the first run, it gives in all others.
    """

    def __init__(self, fn: Callable[..., Any]) -> None:
        self.held: list[Any] = []
        self.is_first = True
        self.left: Iterator[Any] = iter(())
        self.versions = [Rebound(swaps, self.stop).value(fn) for swaps in ({}, COMPLEX)]

    def __call__(self, *args: Any, on_complex: bool = False) -> Any:
        self.left = iter(self.held)
        try:
            return self.versions[on_complex](*args)
        finally:
            self.is_first = False

    def stop(self, x: Any) -> Any:
        if self.is_first:
            self.held.append(stop_gradient(x))
            return stop_gradient(x)
        return stop_gradient(next(self.left))


class Rebound:
    """Functions with other values in place of some that they read, and `stop` for stop_gradient."""

    def __init__(self, swaps: Mapping[str, Any], stop: Callable[[Any], Any]) -> None:
        self.swaps, self.stop = swaps, stop
        self.seen: dict[int, Any] = {}

    def value(self, value: Any) -> Any:
        value = getattr(value, ORIGINAL, value)
        if value is stop_gradient:
            return self.stop
        if isinstance(value, ModuleType) and value.__name__ == "transpile":
            return SimpleNamespace(**{**vars(value), "stop_gradient": self.stop})
        if self.swaps and (value is np or value is math):
            return NUMPY
        return self.function(value) if isinstance(value, FunctionType) else value

    def function(self, fn: FunctionType) -> Any:
        if id(fn) in self.seen or str(fn.__module__).split(".")[0] in PACKAGES:
            return self.seen.get(id(fn), fn)
        names = dict(fn.__globals__)
        cells = tuple(CellType() for _ in fn.__closure__ or ())
        made = FunctionType(fn.__code__, names, fn.__name__, fn.__defaults__, cells)
        made.__kwdefaults__ = fn.__kwdefaults__
        self.seen[id(fn)] = made
        for name in read_by(fn.__code__):
            if name in names:
                names[name] = self.value(names[name])
            elif name in self.swaps:
                names[name] = self.swaps[name]
        for cell, old in zip(cells, fn.__closure__ or (), strict=True):
            cell.cell_contents = self.value(old.cell_contents)
        return made


PACKAGES = ("numpy", "scipy", "transpile")


def read_by(code: CodeType) -> Iterator[str]:
    """The names that a function's code and the code inside of it read."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from read_by(inner)


class ComplexNumPy:
    """NumPy, but new arrays are complex unless a dtype says otherwise, and signs are of the real
    part. Complex numbers are ordered by that in NumPy itself."""

    float64 = np.complex128

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @staticmethod
    def abs(x: Any) -> Any:
        return np.where(np.real(x) < 0, np.negative(x), x)[()]

    absolute = fabs = abs

    @staticmethod
    def sign(x: Any) -> Any:
        return np.sign(np.real(x))

    @staticmethod
    def array(values: Any, dtype: Any = None) -> np.ndarray:
        made = np.array(values, dtype=dtype)
        return made.astype(complex) if made.dtype.kind == "f" else made

    asarray = array


def filled(make: Callable[..., np.ndarray], *args: Any, dtype: Any = None) -> np.ndarray:
    is_float = dtype is None or dtype is float or np.dtype(dtype).kind == "f"
    return make(*args, dtype=complex if is_float else dtype)


def absolute(x: Any) -> Any:
    return -x if np.real(x) < 0 else x


def integer(x: Any = 0) -> int:
    return int(np.real(x))


NUMPY = ComplexNumPy()
for _name in ("zeros", "ones", "empty"):
    setattr(ComplexNumPy, _name, staticmethod(partial(filled, getattr(np, _name))))
COMPLEX = {"abs": absolute, "int": integer, "float": np.complex128}
