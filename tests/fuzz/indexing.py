"""Random programs of one kind: indices of all sorts, read, written and added to, through views.

`draw(seed)` gives the text of a function `f` and its arguments. NumPy is asked what a selection
looks like while the program is drawn, so that most of what is written fits.
"""

from __future__ import annotations

import contextlib
import random
import textwrap
from typing import Any

import numpy as np

OPERATIONS = ("=", "+=", "-=", "*=")
KINDS = ("int", "int", "slice", "slice", "slice", "array", "mask", "list")
SIZES = (1, 2, 3, 4, 2, 3, 0)


class Draft:
    """A function being drawn: its lines, its arguments, and the arrays that its names hold."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.numbers = np.random.default_rng(seed)
        self.lines: list[str] = []
        self.args: dict[str, Any] = {}
        self.held: dict[str, np.ndarray] = {}

    def argument(self, letter: str, value: Any) -> str:
        name = f"{letter}{len(self.args)}"
        self.args[name] = value
        return name

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # -- indices

    def integer(self, extent: int) -> int:
        low, high = -extent, extent - 1
        if self.chance(0.02) or high < low:
            return self.random.choice((low - 1, high + 1))
        return self.random.randint(low, high)

    def item(self, shape: tuple[int, ...], common: tuple[int, ...]) -> tuple[str, int]:
        """An index of the first axes of this shape, and how many of them it is for."""
        extent = shape[0]
        kind = self.random.choice(
            ("int", "int", "slice", "slice", "slice", "array", "mask", "list")
        )
        match kind:
            case "int":
                at = self.integer(extent)
                return (str(at) if self.chance(0.5) else self.argument("i", at)), 1
            case "slice":
                return self.slice(extent), 1
            case "list" if extent > 0:
                count = common[-1] if common else 2
                return str([self.integer(extent) for _ in range(count)]), 1
            case "mask":
                axes = 2 if len(shape) > 1 and self.chance(0.3) else 1
                mask = self.numbers.random(shape[:axes]) < 0.5
                if self.chance(0.03):
                    mask = np.concatenate((mask, mask[:1]))
                return self.argument("m", mask), axes
        dims = common if self.chance(0.6) else tuple(self.random.choice((1, d)) for d in common)
        if extent == 0:
            dims = (*dims[:-1], 0) if dims else (0,)
        low, high = (0, extent) if self.chance(0.4) else (-extent, extent)
        at = self.numbers.integers(low, max(high, low + 1), dims)
        return self.argument("k", at), 1

    def slice(self, extent: int) -> str:
        bounds = []
        for _ in range(2):
            bound = self.random.choice(("", "", *range(-extent - 1, extent + 2)))
            if bound != "" and self.chance(0.3):
                bound = self.argument("b", bound)
            bounds.append(str(bound))
        step = self.random.choice(("", "", "", "1", "2", "-1", "-2", "3"))
        if step and self.chance(0.2):
            step = self.argument("s", int(step))
        return ":".join(bounds) + (f":{step}" if step else "")

    def index(self, shape: tuple[int, ...]) -> str:
        """What stands in the brackets of an array of this shape."""
        common = self.random.choice(((2,), (3,), (2, 3), (1,)))
        left, items, dots = list(shape), [], False
        while left and not (items and self.chance(0.25)):
            if self.chance(0.12):
                items.append("None")
            elif not dots and self.chance(0.1):
                items.append("...")
                dots = True
                left = left[self.random.randint(0, len(left)) :]
            else:
                text, used = self.item(tuple(left), common)
                items.append(text)
                left = left[used:]
        if self.chance(0.1):
            items.append("None")
        return ", ".join(items) or "..."

    # -- statements

    def value(self, expression: str) -> Any:
        """What an expression is now, or None where NumPy refuses it."""
        try:
            return eval(expression, {"np": np, **self.args, **self.held})
        except (IndexError, ValueError):
            return None

    def view(self) -> None:
        """A name for a part of another array."""
        source = self.random.choice(list(self.held))
        array = self.held[source]
        form = self.random.choice(("index", "index", "index", "T", "turn", "reshape", "swap"))
        match form:
            case "T":
                text = f"{source}.T"
            case "turn":
                text = f"{source}[::-1]"
            case "reshape":
                text = f"{source}.reshape(-1)"
            case "swap" if array.ndim > 1:
                text = f"np.moveaxis({source}, 0, -1)"
            case _:
                text = f"{source}[{self.index(array.shape)}]"
        found = self.value(text)
        name = f"B{len(self.held)}"
        self.lines.append(f"{name} = {text}")
        if isinstance(found, np.ndarray):
            self.held[name] = found

    def write(self) -> None:
        name = self.random.choice(list(self.held))
        place = f"{name}[{self.index(self.held[name].shape)}]"
        operation = self.random.choice(OPERATIONS)
        there = self.value(place)
        dims = list(np.shape(there)) if there is not None else [1]
        if dims and self.chance(0.3):
            dims = dims[self.random.randint(0, len(dims)) :]
        dims = [1 if self.chance(0.15) else d for d in dims]
        if not dims or self.chance(0.3):
            what = f"{self.random.uniform(-2, 2):.2f}"
        else:
            what = self.argument("v", self.numbers.normal(size=dims))
        self.lines.append(f"{place} {operation} {what}")
        if there is not None:
            with contextlib.suppress(IndexError, ValueError):
                exec(self.lines[-1], {"np": np, **self.args, **self.held})

    def add_at(self) -> None:
        name = self.random.choice(list(self.held))
        at = self.argument("k", self.numbers.integers(0, max(1, len(self.held[name])), 3))
        self.lines.append(f"np.add.at({name}, {at}, 0.5)")

    def text(self) -> str:
        dims = tuple(
            self.random.choice((1, 2, 3, 4, 2, 3, 0)) for _ in range(self.random.randint(1, 4))
        )
        base = self.argument("A", self.numbers.normal(size=dims))
        self.held[base] = self.args[base].copy()
        for _ in range(self.random.randint(1, 2)):
            self.view()
        for _ in range(self.random.randint(0, 2)):
            self.write()
            if self.chance(0.3):
                self.view()
        reads = [f"{name}[{self.index(a.shape)}]" for name, a in self.held.items()]
        found = [f"(({text}) ** 2 * 1.5)" for text in [*self.held, self.random.choice(reads)]]
        self.lines.append(f"return {base}, ({', '.join(found)},)")
        head = f"def f({', '.join(self.args)}):\n"
        return head + textwrap.indent("\n".join(self.lines), "    ") + "\n"


def draw(seed: int) -> tuple[str, tuple[Any, ...]]:
    """The text of a program and its arguments."""
    draft = Draft(seed)
    return draft.text(), tuple(draft.args.values())
