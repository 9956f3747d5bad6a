"""Writes docs/numpy.md from the tables that the frontend reads: `python docs/write.py --write`."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy

sys.path.insert(0, str(Path(__file__).parent))

from kinds import GROUPS, Kind, kind

from transpile.frontend.accept import REFUSED
from transpile.frontend.library.numpy_calls import FAMILIES
from transpile.frontend.library.numpy_draws import DRAWS
from transpile.frontend.library.numpy_instead import ADD_ENTRY, INSTEAD
from transpile.frontend.library.numpy_table import FUNCTIONS, Entry
from transpile.sym import expr
from transpile.sym.ops import Infix, Op, Prefix
from transpile.sym.types import DTYPES, FLOATS, SIGNED, UNSIGNED, Mismatch, loop_dtypes

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "numpy.md"
MEMBERS = {
    "bool": ("bool",), "signed": SIGNED, "unsigned": UNSIGNED, "float": FLOATS,
    "complex": ("complex64", "complex128"),
}  # fmt: skip

INTRODUCTION = f"""\
# NumPy, as it is taken

Written from the tables by `python docs/write.py --write`; a test holds that it is what they say.

The dtypes are {", ".join(DTYPES[:9])},
{", ".join(DTYPES[9:])}. Arrays have up to 8 dimensions. Promotion, broadcasting, shapes
and errors are NumPy's. Arguments have NumPy's names; those that are not listed are refused, with
the line. `axis` is an integer or, for reductions, a tuple of them, and is known when a function is
compiled.

* **dtypes**: *bool*, *signed* and *unsigned* integers of all widths, *float* and *complex* of both
  precisions; *all* of these. Without a word the arrays do not come from arguments: `dtype=` says.
* **derivative**: *yes*, first and higher ones; *flat*, zero wherever it is defined; *none*, refused
  where it is asked for. A function that is no operator is made of operators, and has the
  derivatives of those.

## What is not done as NumPy does

* NumPy warns of a division by zero and of invalid values (`RuntimeWarning`). C does not: the values
  are NumPy's (infinities and NaN), and nothing is said. Generated Python, `mode="FAST_COMPILE"`, is
  NumPy and warns; `with np.errstate(all="ignore"):` around the call silences it, and so does one in
  the program, which generated Python has again. Modes of `np.errstate` that raise are refused.
* Python's integers have 64 bits: what does not fit is an `OverflowError`. NumPy's wrap, as ever.
* Sums are added in another order than NumPy's pairwise one, and `exp`, `log`, `sin` and their like
  may differ in the last bits.
* What is returned is a copy, unless it is an argument itself.
* What is not used is not computed: a `LinAlgError` of it is not raised. An `IndexError` is.
* A mask that is of length 0 along an axis of another length is an `IndexError`; NumPy takes it.
* `np.cross` takes vectors of 2 numbers where the program shows that they are (`[dx, dy]`); those
  whose length only the run tells have to be of 3.
* A number has one type, whether a loop makes a step or none: `s = 0` and then `s += x[i]` for no
  `i` at all is `0.0`. So has one that two ways through a function give.
* `np.partition` and `np.argpartition` sort: NumPy has the same numbers on either side, in an order
  of its own.
* Where an error class of the program's own is raised, generated Python imports the module that has
  it.
"""


DRAWN = """\
`rng = np.random.Generator(np.random.Philox(seed))` draws the numbers that NumPy's does. Derivatives
go through what shifts and scales them, and through the arrays that are chosen from and shuffled.
"""


def page() -> str:
    """The whole of the page."""
    parts = [INTRODUCTION, "## Methods and attributes of arrays\n", *members()]
    parts += ["\n## Operators\n", *table(OPERATORS, map(operator, operators()))]
    parts += ["\n## Functions\n"]
    for family in FAMILIES:
        entries = [e for e in FUNCTIONS.values() if e.read.__module__ == family.__name__]
        heading = (family.__doc__ or "").splitlines()[0]
        parts += section(f"\n{heading}\n", entries)
    names = {family.__name__ for family in FAMILIES}
    written = [e for e in FUNCTIONS.values() if e.read.__module__ not in names]
    parts += section("\nNumPy functions that are NumPy themselves, with loops.\n", written)
    parts += ["\n## Random numbers\n", DRAWN, draws()]
    parts += ["\n## What is refused\n", *refusals()]
    return "\n".join(parts) + "\n"


def named(entry: Entry) -> str:
    return entry.name


OPERATORS = ("operator", "method", "dtypes", "derivative")
ENTRIES = ("function", "method", "dtypes", "derivative")


def section(heading: str, entries: Sequence[Entry]) -> list[str]:
    rows = [row for entry in sorted(entries, key=named) if (row := function(entry)) is not None]
    return [heading, *table(ENTRIES, rows)] if rows else []


def table(
    heads: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]
) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


# -- methods


ATTRIBUTES = (
    "T", "dtype", "flat", "imag", "itemsize", "nbytes", "ndim", "real", "shape", "size",
)  # fmt: skip
OWN = ("conj", "conjugate", "fill", "item")  # which no function has


def members() -> list[str]:
    """Which methods and attributes arrays have here, and which not."""
    every = [name for name in dir(np.ndarray) if not name.startswith("_")]
    methods = [name for name in every if is_method(name)]
    left = [name for name in every if name not in methods and name not in ATTRIBUTES]
    return [
        f"Methods: {listed(methods)}.\n",
        f"Attributes: {listed(ATTRIBUTES)}.\n",
        f"Not taken, since they are about memory, files, objects or fields: {listed(left)}.",
    ]


def is_method(name: str) -> bool:
    if name in OWN or f"ndarray.{name}" in FUNCTIONS:
        return name != "resize"
    return name in FUNCTIONS and FUNCTIONS[name].method


def listed(names: Sequence[str]) -> str:
    return ", ".join(f"`x.{name}`" for name in names)


def draws() -> str:
    """What a generator draws, with the arguments."""
    calls = ((name, [*inspect.signature(draw).parameters][1:]) for name, draw in DRAWS.items())
    return ", ".join(f"`rng.{name}({', '.join(names)})`" for name, names in calls) + "."


# -- operators


def operators() -> list[Op]:
    """Each operator that a program can name, once."""
    found = dict.fromkeys([*expr.INFIX.values(), *expr.PREFIX.values()])
    found |= dict.fromkeys(entry for name, entry in expr.NAMES.items() if is_operator(name))
    return sorted(found, key=lambda op: op.name)


def is_operator(name: str) -> bool:
    """Does the name stand for an operator, rather than for a function that is made of them?"""
    return name not in FUNCTIONS and there(name) is not None


def there(name: str) -> Any:
    """NumPy's or SciPy's function of this name."""
    found: Any = np
    for part in name.split("."):
        found = scipy if part == "scipy" and found is np else getattr(found, part, None)
    return found if callable(found) else None


def operator(op: Op) -> tuple[str, ...]:
    names = sorted(n for n, entry in expr.NAMES.items() if entry is op and is_operator(n))
    calls = [f"`{spelled(name)}({', '.join(op.args)})`" for name in names]
    if isinstance(op.numpy, Infix):
        calls.insert(0, f"`{op.args[0]} {op.numpy.symbol} {op.args[-1]}`".replace("|", "\\|"))
    if isinstance(op.numpy, Prefix):
        space = " " if op.numpy.symbol.isalpha() else ""
        calls.insert(0, f"`{op.numpy.symbol}{space}{op.args[0]}`")
    return ", ".join(calls), f"`{op.method}`" if op.method else "", dtypes(op), derivative(op)


def spelled(name: str) -> str:
    return name if name.startswith("scipy.") else f"np.{name}"


def dtypes(op: Op) -> str:
    """The groups of dtypes that there is a loop for."""
    if op.ufunc is None:
        return "all"
    return shown([g for g, group in MEMBERS.items() if any(has_loop(op, d) for d in group)])


def shown(groups: Sequence[str]) -> str:
    return "all" if len(groups) == len(GROUPS) else ", ".join(groups)


def has_loop(op: Op, dtype: str) -> bool:
    assert op.ufunc is not None
    try:
        loop_dtypes(op.ufunc, ((dtype, False),) * len(op.args))
    except Mismatch:
        return False
    return op.takes_complex or dtype not in MEMBERS["complex"]


def derivative(op: Op) -> str:
    if op.vjp is None:
        return "none"
    return "flat" if all(rule == "0" for rule in op.vjp.values()) else "yes"


# -- functions


GENERATORS = Kind((), "flat")


def function(entry: Entry) -> tuple[str, ...] | None:
    """A row of the table; None for what is refused in any case."""
    parameters = ", ".join(p.rstrip("*!") for p in entry.signature if p)
    plain = entry.name.removeprefix("ndarray.")
    if there(entry.name) is None or plain != entry.name:
        call, method, found = (
            "",
            f"`x.{plain}({parameters.partition(', ')[2]})`",
            kind(f"x.{plain}"),
        )
    else:
        method = f"`x.{plain}`" if entry.method else ""
        call, found = f"`{spelled(entry.name)}({parameters})`", kind(spelled(entry.name))
    if entry.name == "ndarray.resize":
        return None
    if entry.name.startswith("random."):
        found = GENERATORS
    if found is None:
        raise ValueError(
            f"no call of {entry.name} that is tried is taken: add one to CALLS, kinds.py"
        )
    return call, method, shown(found.dtypes), found.derivative


# -- what is refused


def refusals() -> list[str]:
    """Functions and syntax that have a remedy of their own, and where all the others are."""
    return [
        "Each refusal says file, line, what is wrong there and what to write instead.\n",
        *table(("function", "since", "instead"), functions()),
        f"\nOf a function that stands nowhere on this page it says: {ADD_ENTRY}.\n",
        *table(("syntax", "instead"), syntax()),
        "\nAll others, each as it is said, are in `tests/errors`:\n",
        *table(("text", "what"), said()),
    ]


def functions() -> Iterator[tuple[str, ...]]:
    for name, (why, instead) in sorted(INSTEAD.items(), key=lambda row: spelled(row[0])):
        rest = "*" if name.endswith(".") else ""
        yield f"`{spelled(name)}{rest}`", why, instead


def syntax() -> Iterator[tuple[str, ...]]:
    for what, remedy in dict.fromkeys(REFUSED.values()):
        yield what.replace("|", "\\|"), remedy.replace("|", "\\|")


def said() -> Iterator[tuple[str, ...]]:
    """What each of the golden errors is about."""
    for path in sorted((ROOT / "tests" / "errors").glob("[a-z]*.py")):
        about = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        yield f"`{path.stem}.txt`", about.splitlines()[0]


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
