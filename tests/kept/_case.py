"""What the programs of this folder have in common: their arguments, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

n, T = 7, 5
rng = np.random.default_rng(3)


def U(*shape: int) -> np.ndarray:
    return rng.uniform(0.5, 1.0, shape)


def spd(n: int) -> np.ndarray:
    A = U(n, n)
    return A @ A.T + n * np.eye(n)


CASES: list[tuple[Callable, Sequence[str], tuple, tuple[str, ...]]] = []


def keeps(sizes: Sequence[str], *args: Any, wrt: tuple[str, ...]) -> Callable:
    """The gradient of a program, with these arguments, keeps arrays of these sizes."""

    def noted(program: Callable) -> Callable:
        CASES.append((program, sizes, args, wrt))
        return program

    return noted
