"""Writes docs/numpy.md from the tables that the frontend reads: `python docs/write.py --write`."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import scipy.fft
import scipy.linalg
import scipy.special

from transpile.frontend.accept import REFUSED
from transpile.frontend.library.numpy_calls import ADD_ENTRY, FAMILIES
from transpile.frontend.library.numpy_table import FUNCTIONS, Entry
from transpile.sym import expr
from transpile.sym.ops import Infix, Op, Prefix
from transpile.sym.types import COMPLEX, DTYPES, FLOATS, SIGNED, UNSIGNED, Mismatch, loop_dtypes

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "numpy.md"
PARTS = "of its parts"
GROUPS = {
    "bool": ("bool",), "signed": SIGNED, "unsigned": UNSIGNED, "float": FLOATS, "complex": COMPLEX,
}  # fmt: skip

INTRODUCTION = f"""\
# NumPy, as it is taken

Written from the tables by `python docs/write.py --write`; a test holds that it is what they say.

The dtypes are {", ".join(DTYPES[:9])},
{", ".join(DTYPES[9:])}. Arrays have up to 8 dimensions. Promotion, broadcasting, shapes
and errors are NumPy's. Arguments have NumPy's names; those that are not listed are refused, with
the line. `axis` is an integer or, for reductions, a tuple of them, and is known when a function is
compiled.

Derivative: *yes*, first and higher ones; *flat*, zero wherever it is defined; *none*, refused where
it is asked for. A function that is no operator is read into operators, or is itself NumPy that is
read where it is called: it has the derivatives of what it does, which are *flat* where it gives
whole numbers, and *of its parts* where that depends on the call.
"""


def page() -> str:
    """The whole of the page."""
    parts = [INTRODUCTION, "## Operators\n", *table(OPERATORS, map(operator, operators()))]
    parts += ["\n## Functions\n"]
    for family in FAMILIES:
        entries = [e for e in FUNCTIONS.values() if e.read.__module__ == family.__name__]
        heading = (family.__doc__ or "").splitlines()[0]
        if entries:
            parts += [f"\n{heading}\n", *table(ENTRIES, map(function, sorted(entries, key=named)))]
    written = [e for e in FUNCTIONS.values() if e.read.__module__ not in family_names()]
    parts += ["\nNumPy functions that are NumPy themselves, with loops.\n"]
    parts += table(ENTRIES, map(function, sorted(written, key=named)))
    parts += ["\n## What is refused\n", *refusals()]
    return "\n".join(parts) + "\n"


def family_names() -> set[str]:
    return {family.__name__ for family in FAMILIES}


def named(entry: Entry) -> str:
    return entry.name


OPERATORS = ("operator", "method", "dtypes", "derivative")
ENTRIES = ("function", "method", "derivative")


def table(heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


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
        calls.insert(0, f"`{op.numpy.symbol}{op.args[0]}`")
    return ", ".join(calls), f"`{op.method}`" if op.method else "", dtypes(op), derivative(op)


def spelled(name: str) -> str:
    return name if name.startswith("scipy.") else f"np.{name}"


def dtypes(op: Op) -> str:
    """The groups of dtypes that NumPy has a loop for."""
    if op.ufunc is None:
        return "all" if op.c is not None else ""
    taken = [g for g, members in GROUPS.items() if any(has_loop(op, d) for d in members)]
    return "all" if len(taken) == len(GROUPS) else ", ".join(taken)


def has_loop(op: Op, dtype: str) -> bool:
    assert op.ufunc is not None
    try:
        loop_dtypes(op.ufunc, ((dtype, False),) * len(op.args))
    except Mismatch:
        return False
    return True


def derivative(op: Op) -> str:
    if op.vjp is None:
        return "none"
    return "flat" if all(rule == "0" for rule in op.vjp.values()) else "yes"


def function(entry: Entry) -> tuple[str, ...]:
    parameters = ", ".join(p.removesuffix("*") for p in entry.signature if p)
    method = f"`{entry.name.removeprefix('ndarray.')}`" if entry.method else ""
    if entry.name.startswith("ndarray."):
        return "", f"`x.{entry.name.removeprefix('ndarray.')}({parameters})`", PARTS
    return f"`{spelled(entry.name)}({parameters})`", method, of_function(entry.name)


EXAMPLES: tuple[tuple[Any, ...], ...] = (
    (np.eye(3) + 1,), (np.eye(3) + 1, np.eye(3)), (np.arange(4.0),), (np.arange(4.0), 1),
    (3,), (np.arange(4.0), np.arange(4.0), np.arange(4.0)),
)  # fmt: skip


def of_function(name: str) -> str:
    """The derivative: that of the operator, or flat where NumPy gives whole numbers of floats."""
    if name in expr.NAMES:
        return derivative(expr.NAMES[name])
    for args in EXAMPLES:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = there(name)(*deepcopy(args))
        except Exception:
            continue
        parts = found if isinstance(found, tuple | list) else (found,)
        kinds = {np.asarray(part).dtype.kind for part in parts if part is not None}
        return "yes" if kinds & set("fc") else "flat" if kinds and kinds <= set("biu") else PARTS
    return PARTS


def refusals() -> list[str]:
    """What has a message of its own, with the remedy: syntax, then what else has a golden error."""
    lines = [
        f"A function that is not on this page: {ADD_ENTRY}.\n",
        *table(("syntax", "instead"), syntax()),
    ]
    lines += ["\nSome others, as they are said:\n", *table(("said", "instead"), said())]
    return lines


def syntax() -> Iterator[tuple[str, ...]]:
    for what, remedy in dict.fromkeys(REFUSED.values()):
        yield what.replace("|", "\\|"), remedy.replace("|", "\\|")


def said() -> Iterator[tuple[str, ...]]:
    """The messages of the golden errors that say what to write instead, without their places."""
    found: dict[tuple[str, str], None] = {}
    for path in sorted((ROOT / "tests" / "errors").glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            first, *rest = block.splitlines()
            helps = [line.removeprefix("  help: ") for line in rest if line.startswith("  help: ")]
            if helps:
                found[first.split(": ", 1)[-1], helps[0]] = None
    for message, help in found:
        yield message.replace("|", "\\|"), help.replace("|", "\\|")


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")
