"""What the programs of this folder have in common: their arguments, and where they are noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

n = 6
rng = np.random.default_rng(5)


def U(*shape: int) -> np.ndarray:
    return rng.uniform(0.5, 1.5, shape)


def N(*shape: int) -> np.ndarray:
    return rng.normal(size=shape)


CASES: list[tuple[Callable, tuple, tuple[str, ...]]] = []


def runs(*args: Any, wrt: tuple[str, ...]) -> Callable:
    """The program is differentiated at these arguments."""

    def noted(program: Callable) -> Callable:
        CASES.append((program, args, wrt))
        return program

    return noted
