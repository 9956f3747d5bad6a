"""A whole program of a seed: its text, its arguments, and how it is loaded."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzz import loops, statements  # noqa: F401  (they enter the grammar's productions)
from tests.fuzz.draft import MATRIX, VECTOR, Array, Draft

HELPERS = {
    "mix": """\
def mix(a, b=0.4):
    if a > b:
        return 0.5 * a + b
    return np.sin(b) - a
""",
    "damped": """\
def damped(a):
    for _ in range(3):
        a = 0.5 * a + np.sin(a * a)
    return a
""",
    "first_large": """\
def first_large(v, a):
    for i in range(len(v)):
        for j in range(i):
            if v[i] * v[j] > a:
                return v[i] - a * v[j]
        a = 0.6 * a + v[i]
    return a
""",
    "both": """\
def both(a, b):
    return a * b, np.tanh(a) - b
""",
    "bump": """\
def bump(v, t):
    v[1:] += t * np.tanh(v[:-1])
    return v[0]
""",
    "blend": """\
def blend(u, v):
    w = u + 0.5 * v
    w[0] = np.sin(w[-1])
    return w
""",
}
PARAMETERS = ("x", "y", "A", "B", "c", "k", "m")


@dataclass(frozen=True)
class Program:
    """What was drawn: the text of a module with `f`, and the productions that are in it."""

    seed: int
    text: str
    labels: Counter[str]


def parameters_of(text: str) -> tuple[str, ...]:
    found = re.search(r"^def f\((.*)\):", text, re.MULTILINE)
    assert found is not None
    return tuple(found.group(1).split(", "))


def wrt_of(parameters: tuple[str, ...]) -> tuple[str, ...]:
    """The parameters that have a gradient."""
    return tuple(p for p in parameters if p in "xyABc")


def draw(seed: int) -> Program:
    """The program of a seed."""
    w = Draft(seed)
    w.scope.arrays = [Array("x", VECTOR), Array("y", VECTOR), Array("A", MATRIX)]
    w.scope.arrays += [Array("B", (0, -1))] if w.chance(0.3) else []
    w.scope.floats = ["s", "c"]
    w.scope.integers = ["k"]
    for _ in range(w.pick.randint(2, 5)):
        if len(w.lines) < w.MOST:
            w.statement()
    owned = w.scope.arrays[:2] + w.pick.sample(w.scope.arrays[2:], min(2, len(w.scope.arrays) - 2))
    ends = ["s", *(f"np.sum({end(w, a.name)})" for a in owned), *w.scope.floats[2:][:2]]
    body = ["    n = len(x)", f"    s = {w.pick.choice(('0.3', 'x[0] * c'))}", *w.head, *w.lines]
    body += [f"    return {' + '.join(ends)}"]
    used = set(re.findall(r"\w+", "\n".join(body)))
    parameters = ", ".join(p for p in PARAMETERS if p in used)
    helpers = [text for name, text in HELPERS.items() if name in used]
    blocks = ["import numpy as np\n", *helpers, f"def f({parameters}):\n" + "\n".join(body) + "\n"]
    return Program(seed, "\n\n".join(blocks), Counter({k: 1 for k in w.labels if k}))


def end(w: Draft, name: str) -> str:
    return w.pick.choice((f"{name} * {name}", f"np.sin({name})", f"{name} * np.cos({name})"))


def arguments(parameters: tuple[str, ...], seed: int) -> tuple[Any, ...]:
    """Values for these parameters: `n` is 3 to 5, and `m` at most n and perhaps zero."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 6))
    drawn: dict[str, Any] = {
        "x": rng.normal(size=n),
        "y": rng.normal(size=n),
        "A": rng.normal(size=(n, n)),
        "B": rng.normal(size=(n, n - 1)),
        "c": float(rng.normal()),
        "k": rng.integers(0, n, size=n),
        "m": int(rng.integers(0, n + 1)),
    }
    return tuple(drawn[name] for name in parameters)


def load(text: str, path: Path) -> Callable[..., Any]:
    """The `f` of a text, from a file of its own, where its source can be found again."""
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made.f
