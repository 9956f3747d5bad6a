"""What the rows of the seed have in common: where they are noted, with what they must give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
as_numpy = PHRASES.program
ROWS: list[tuple[Callable, tuple, Any]] = []
SLOPES: list[tuple[Callable, tuple, tuple[str, ...], tuple]] = []


def gives(want: Any, *args: Any) -> Callable:
    """The function has this value at these arguments."""

    def noted(f: Callable) -> Callable:
        ROWS.append((f, args, want))
        return f

    return noted


def slope(*want: Any, at: tuple, wrt: tuple[str, ...]) -> Callable:
    """The function, or the sum of what it gives, has these derivatives there."""

    def noted(f: Callable) -> Callable:
        SLOPES.append((f, at, wrt, want))
        return f

    return noted


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)
