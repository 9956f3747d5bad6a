"""What is asked of a program, each question held against an answer that is not our own."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

import transpile
from tests.fuzz import variants
from tests.fuzz.program import arguments, load, parameters_of, wrt_of
from tests.fuzz.reference import Reference, Unfit
from tests.numerics import STEP, assert_gradients_close, assert_values_equal, copied

TRIES = 8  # arguments, until some are fit


class Unsuitable(Exception):
    """No arguments were fit for this program."""


@dataclass
class Case:
    """A program with fit arguments, and what Python and complex step say of it."""

    text: str
    path: Path
    parameters: tuple[str, ...] = ()
    args: tuple[Any, ...] = ()
    plain: Callable[..., Any] = field(default=lambda: None)
    value: Any = None
    written: tuple[Any, ...] = ()
    gradient: tuple[Any, ...] = ()
    reference: Any = None

    @cached_property
    def function(self) -> Any:
        return transpile.function(self.plain)

    @cached_property
    def derivative(self) -> Any:
        return transpile.value_and_grad(self.function, wrt=self.wrt)

    @property
    def wrt(self) -> tuple[str, ...]:
        return wrt_of(self.parameters)

    @property
    def positions(self) -> tuple[int, ...]:
        return tuple(self.parameters.index(name) for name in self.wrt)


def case(text: str, path: Path, seed: int) -> Case:
    """The text with the first arguments that are fit. Unsuitable if there are none.

    Where a value overflows on the way, read or not, the arguments are not: a zero cotangent times
    an infinite slope is NaN.
    """
    made = Case(text, path, parameters_of(text))
    made.plain, made.reference = load(text, path), Reference(text)
    for k in range(TRIES):
        args = arguments(made.parameters, TRIES * seed + k)
        made.args, made.written = args, copied(args)
        try:
            with np.errstate(all="ignore", over="raise"):
                made.value = made.plain(*made.written)
            made.gradient = made.reference.fit(args, made.positions)
        except (Unfit, AssertionError, ArithmeticError):
            continue
        return made
    raise Unsuitable


# -- the questions


def value(c: Case, mode: str = "FAST_COMPILE", **settings: Any) -> None:
    """Result and written arguments are NumPy's."""
    ours = copied(c.args)
    with transpile.config.change(mode=mode, **settings):
        assert_values_equal(c.function(*ours), c.value)
    assert_values_equal(ours, c.written)


def gradient(c: Case, mode: str = "FAST_COMPILE", **settings: Any) -> None:
    """Value and gradient are those of Python and of complex step, and nothing is written."""
    ours = copied(c.args)
    with transpile.config.change(mode=mode, **settings):
        found, got = c.derivative(*ours)
    assert_values_equal(found, c.value)
    assert_gradients_close([flat(got)], [flat(c.gradient)])
    assert_values_equal(ours, c.args)


def flat(parts: Any) -> np.ndarray:
    return np.concatenate([np.ravel(part) for part in parts])


def in_c(c: Case) -> None:
    gradient(c, "FAST_RUN")


def value_in_c(c: Case) -> None:
    value(c, "FAST_RUN")


def optimised(c: Case) -> None:
    """The compiler's own optimisation changes nothing."""
    again = replace(c)
    value(again, "FAST_RUN", cc=None)
    gradient(again, "FAST_RUN", cc=None)


def as_written(c: Case) -> None:
    """Without our own rewrites of loops."""
    gradient(c, "FAST_RUN", optimizer=None)


def variant(change: Callable[[str], str]) -> Callable[[Case], None]:
    """The program, said in another way, has the same value and gradient."""

    def same(c: Case) -> None:
        text = change(c.text)
        if text == c.text:
            return
        path = c.path.with_stem(f"{c.path.stem}_{change.__name__}")
        other = replace(c, text=text, path=path, plain=load(text, path))
        ours = copied(c.args)
        assert_values_equal(other.plain(*ours), c.value)
        value(other)
        gradient(other)

    return same


def forward(c: Case) -> None:
    """Forward and reverse mode agree: the value's tangent is the gradient times the tangent."""
    rng = np.random.default_rng(len(c.text))
    tangent = tuple(rng.normal(size=np.shape(c.args[p]))[()] for p in c.positions)
    with transpile.config.change(mode="FAST_COMPILE"):
        got = transpile.jvp(c.function, wrt=c.wrt)(*copied(c.args), tangent)
        _, reverse = c.derivative(*copied(c.args))
    steps = flat(tangent)
    for slope, tolerance in ((reverse, 1e-12), (c.gradient, 1e-10)):
        terms = flat(slope) * steps
        bound = tolerance * max(1e-300, float(np.sum(np.abs(terms))))
        assert abs(float(got) - float(np.sum(terms))) <= bound, f"{got} is not {np.sum(terms)}"


def bounded(c: Case) -> None:
    """What is computed again from a few snapshots is what would have been kept."""
    for policy in (2, "recompute"):
        again = transpile.value_and_grad(c.plain, wrt=c.wrt, checkpoint=policy)
        with transpile.config.change(mode="FAST_COMPILE"):
            _, got = again(*copied(c.args))
        assert_gradients_close([flat(got)], [flat(c.gradient)])


def second(c: Case) -> None:
    """The gradient's own gradient by `c`, against differences of complex step."""
    if "c" not in c.wrt:
        return
    at = c.parameters.index("c")

    def slope(moved: float) -> float:
        args = [*copied(c.args)]
        args[at] += moved
        direction = [0.0] * len(args)
        direction[at] = 1.0
        return float(np.imag(c.reference.run(tuple(args), tuple(direction))[0]) / STEP)

    with np.errstate(all="ignore"):
        table = [(slope(h) - slope(-h)) / (2 * h) for h in (4e-6, 2e-6)]
    coarse, want = table[-1], (4 * table[1] - table[0]) / 3
    if not abs(want - coarse) <= 1e-7 * max(1.0, abs(want)):
        return
    with transpile.config.change(mode="FAST_COMPILE"):
        got = transpile.grad(transpile.grad(c.function, wrt="c"), wrt="c")(*copied(c.args))
    assert abs(got - want) <= 1e-6 * max(1.0, abs(want)), f"{got} is not {want}"


ALWAYS: dict[str, Callable[[Case], None]] = {
    "value": value,
    "gradient": gradient,
    "gradient in C": in_c,
}
# One of `share` programs is asked each of these.
SHARES: dict[str, tuple[int, Callable[[Case], None]]] = {
    "value in C": (3, value_in_c),
    "optimised": (16, optimised),
    "without rewrites": (16, as_written),
    "renamed": (8, variant(variants.renamed)),
    "unrolled": (6, variant(variants.unrolled)),
    "split": (6, variant(variants.split)),
    "forward": (4, forward),
    "checkpointed": (4, bounded),
    "second derivative": (8, second),
}


def questions(seed: int) -> dict[str, Callable[[Case], None]]:
    """What the program of a seed is asked."""
    shared = {
        name: ask
        for k, (name, (share, ask)) in enumerate(SHARES.items())
        if (seed + k) % share == 0
    }
    return {**ALWAYS, **shared}


@dataclass(frozen=True)
class Outcome:
    """How a program fared: "held", "refused", "unfit", or what went wrong and at which question."""

    kind: str
    question: str = ""
    detail: str = ""

    @property
    def failed(self) -> bool:
        return self.kind not in ("held", "refused", "unfit")


def examine(text: str, path: Path, seed: int, asked: dict[str, Callable[[Case], None]]) -> Outcome:
    """Ask until an answer is wrong."""
    try:
        c = case(text, path, seed)
    except Unsuitable:
        return Outcome("unfit")
    except Exception as error:
        return Outcome("invalid", "in Python itself", f"{type(error).__name__}: {error}")
    for name, ask in asked.items():
        try:
            ask(c)
        except (transpile.UnsupportedError, transpile.NotDifferentiableError) as refusal:
            if refusal.span is None or not refusal.message:
                return Outcome("refused without a line", name, str(refusal))
            return Outcome("refused", name, str(refusal))
        except AssertionError as error:
            return Outcome("wrong", name, str(error)[:1500])
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.name}"
            return Outcome("crash", name, f"{type(error).__name__} in {place}: {error}"[:1500])
    return Outcome("held")
