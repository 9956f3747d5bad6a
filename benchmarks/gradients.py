"""The programs of tests/programs: how long a gradient takes beside its value, and what it keeps."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from large import LARGE
from turns import in_turns

import transpile
from transpile.runtime.call import release_arena

sys.path.append(str(Path(__file__).parent.parent))


@dataclass(frozen=True)
class Measured:
    """Seconds of a program's value and gradient, and the bytes that the gradient works in."""

    name: str
    value: float
    gradient: float
    scratch: int

    @property
    def ratio(self) -> float:
        return self.gradient / self.value


def measured(name: str) -> Measured:
    """One program; its arguments are filled again before each value, which may write into them."""
    module = import_module(f"tests.programs.{name}")
    program: Callable[..., Any] = getattr(module, "cost", getattr(module, name))
    args = LARGE[name](np.random.default_rng(0))
    work = [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]
    kinds = [p.kind for p in inspect.signature(program).parameters.values()]
    n = len(args) - kinds.count(inspect.Parameter.KEYWORD_ONLY)
    names = list(inspect.signature(program).parameters)[n:]
    named = dict(zip(names, args[n:], strict=True))
    arrays = [(w, a) for w, a in zip(work, args, strict=True) if isinstance(a, np.ndarray)]
    value = transpile.function(program)
    slope = transpile.grad(value, wrt=module.wrt)

    def refill() -> None:
        for to, source in arrays:
            to[...] = source

    def refilled_value() -> None:
        refill()
        value(*work[:n], **named)

    release_arena()
    held = slope(*args[:n], **named)  # memory of results is kept too, once nobody has them
    scratch = release_arena()
    del held
    r, v, g = in_turns(refill, refilled_value, lambda: slope(*args[:n], **named), rounds=25)
    return Measured(name, v - r, g, scratch)


def gradients() -> Iterator[tuple[str, ...]]:
    """The table's rows: every program, then the median and the worst."""
    found = [measured(name) for name in LARGE]
    for m in found:
        yield (
            m.name, f"{1e3 * m.value:.2f} ms", f"{1e3 * m.gradient:.2f} ms", f"{m.ratio:.2f}",
            f"{m.scratch / 2**20:.1f} MiB",
        )  # fmt: skip
    ratios = [m.ratio for m in found]
    yield "median, at most 2.5", "", "", f"{median(ratios):.2f}", ""
    yield "worst, at most 6", "", "", f"{max(ratios):.2f}", ""
