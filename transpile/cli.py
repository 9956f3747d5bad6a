"""The command: write the generated text of a function in a file."""

from __future__ import annotations

import argparse
import functools
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from transpile import api
from transpile.errors import TranspileError

SCALARS = {"int": 1, "float": 1.0, "bool": True}
WRITTEN = ("python", "c")
DERIVATIVES = {
    "grad": "write the gradient with respect to these parameters, such as x,y",
    "value_and_grad": "the value and the gradient together",
    "vjp": "the cotangents of these parameters; TYPES ends with the result's cotangent",
    "jvp": "the tangent of the result; TYPES ends with the tangent of these parameters",
    "hvp": "the Hessian by these parameters times a vector; TYPES ends with the vector",
    "jacobian": "the derivative of each element of the result by each of these parameters",
    "hessian": "all second derivatives by these parameters",
}
EXAMPLES = """\
examples:
  python -m transpile decay.py:decay --args 'float64[:], float, int' --to c
  python -m transpile decay.py:decay --args 'float64[:], float, int' --grad y,k

TYPES are separated by commas: int, float, bool, np.float32, float64[:], float64[:, 1],
and (int, float) for a tuple.
A derivative of a derivative is asked for by two options, the inner one first.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = parser().parse_args(argv)
    try:
        print(text(options), end="")
    except (TranspileError, TypeError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m transpile",
        description="Write the C or the Python that transpile makes of a NumPy function.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("function", help="a file and a function in it, such as decay.py:decay")
    made.add_argument("--args", default="", metavar="TYPES", help="the types of its arguments")
    for kind, what in DERIVATIVES.items():
        made.add_argument(
            f"--{kind.replace('_', '-')}", dest="derivatives", action="append", metavar="NAMES",
            default=[], type=functools.partial(derivative, kind), help=what,
        )  # fmt: skip
    made.add_argument("--has-aux", action="store_true", help="it returns (cost, others)")
    made.add_argument("--to", default="python", choices=WRITTEN, help="the language")
    return made


def derivative(kind: str, names: str) -> tuple[str, str | tuple[str, ...]]:
    """What `--grad x,y` asks for; `x` gives one gradient, `x,` a tuple of one."""
    parts = tuple(name.strip() for name in names.split(",") if name.strip())
    return kind, parts if "," in names else names.strip()


def text(options: argparse.Namespace) -> str:
    file, _, name = options.function.rpartition(":")
    found = getattr(module(Path(file)), name, None)
    if not callable(found):
        raise ValueError(f"there is no function {name} in {file}")
    found = api.decorated(found)
    aux = {"has_aux": True} if options.has_aux else {}  # of the innermost
    for kind, wrt in options.derivatives:
        found = getattr(api, kind)(found, wrt=wrt, **aux)
        aux = {}
    return found.source(options.to, *map(sample, split(options.args)))


def module(path: Path) -> ModuleType:
    """The module in a file, run as `import` runs it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise OSError(f"{path} is no Python file")
    made = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = made
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(made)
    return made


def split(types: str) -> list[str]:
    """The types, cut at the commas that are not in brackets."""
    parts, depth = [""], 0
    for letter in types:
        depth += {"[": 1, "]": -1, "(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def sample(type: str) -> Any:
    """A value of a type: `float64[:, 1]`, `float`, `np.float32`, `(int, float)`.

    >>> sample("float64[:, 1]").shape
    (2, 1)
    """
    if type in SCALARS:
        return SCALARS[type]
    if type.startswith("("):
        return tuple(map(sample, split(type[1:-1])))
    dtype, bracket, dims = type.removeprefix("np.").partition("[")
    if not bracket:
        return np.dtype(dtype).type(1)
    shape = [1 if d.strip() == "1" else 2 for d in dims.rstrip("]").split(",") if d.strip()]
    return np.ones(shape, dtype)
