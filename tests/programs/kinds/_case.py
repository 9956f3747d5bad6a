"""What the programs of this folder have in common: their arguments, and where they are noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec import Struct


class Case(Struct, frozen=True):
    """A program and what is asked of it.

    `wrt` names the arguments to differentiate; `by_differences` those whose reference is not
    complex step, because the program has no meaning on complex numbers; `gives` is the known
    answer, to 1e-9. `refused` is what is said of a program that is not taken.
    """

    program: Callable[..., Any]
    args: tuple[Any, ...]
    wrt: tuple[str, ...]
    by_differences: bool
    gives: Any
    refused: str


CASES: list[Case] = []


def runs(
    *args: Any,
    wrt: tuple[str, ...] = (),
    by_differences: bool = False,
    gives: Any = None,
    refused: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The program is run at these arguments."""

    def noted(program: Callable[..., Any]) -> Callable[..., Any]:
        CASES.append(Case(program, args, wrt, by_differences, gives, refused))
        return program

    return noted


def normal(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def uniform(seed: int, *shape: int, low: float = 0.5, high: float = 1.5) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, high, shape)


def integers(seed: int, *shape: int, high: int = 10) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, high, shape)
