"""The command: write the generated text of a function in a file.

python -m transpile decay.py:decay --args 'float64[:], float64[:], float, int' --to c
python -m transpile decay.py:decay --args 'float64[:], float64[:], float, int' --grad y0,k
"""

from __future__ import annotations

import argparse
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
    made = argparse.ArgumentParser(prog="python -m transpile", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("function", help="a file and a function in it: decay.py:decay")
    made.add_argument("--args", default="", help="the arguments' types, separated by commas")
    made.add_argument("--grad", help="write the gradient with respect to these parameters")
    made.add_argument("--value", action="store_true", help="with --grad: the value too")
    made.add_argument("--to", default="python", choices=api.LANGUAGES, help="the language")
    return made


def text(options: argparse.Namespace) -> str:
    file, _, name = options.function.rpartition(":")
    found = api.decorated(getattr(module(Path(file)), name))
    if options.grad is not None:
        names = options.grad.split(",")
        wrt = names[0] if len(names) == 1 else tuple(names)
        make = api.value_and_grad if options.value else api.grad
        found = make(found, wrt=wrt)
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
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def sample(type: str) -> Any:
    """A value of a type: `float64[:, 1]`, `float`, `np.float32`.

    >>> sample("float64[:, 1]").shape
    (2, 1)
    """
    if type in SCALARS:
        return SCALARS[type]
    dtype, bracket, dims = type.removeprefix("np.").partition("[")
    if not bracket:
        return np.dtype(dtype).type(1)
    shape = [1 if d.strip() == "1" else 2 for d in dims.rstrip("]").split(",") if d.strip()]
    return np.ones(shape, dtype)
