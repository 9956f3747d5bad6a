"""The command: write the generated text of a function in a file."""

from __future__ import annotations

import argparse
import ast
import functools
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from transpile import api
from transpile.api.structure import remade
from transpile.errors import TranspileError

SCALARS = {
    "int": 1, "float": 1.0, "bool": True,
    "str": "ab", "bytes": b"ab", "bytearray": bytearray(b"ab"),
}  # fmt: skip
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

TYPES are separated by commas: int, float, bool, np.float32, float64[:], float64[:, 1], and
structures of them, (int, float), [int], {'x': float}, Point(x=float).
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
    made.add_argument(
        "--checkpoint", default=None, type=checkpoint, metavar="HOW",
        help="what is kept for the way back: store, recompute, a number of steps, "
        "or auto:1, auto:2 for what takes over where the memory budget is too small",
    )  # fmt: skip
    made.add_argument("--to", default="python", choices=WRITTEN, help="the language")
    return made


def derivative(kind: str, names: str) -> tuple[str, str | tuple[str, ...]]:
    """What `--grad x,y` asks for; `x` gives one gradient, `x,` a tuple of one."""
    parts = tuple(name.strip() for name in names.split(",") if name.strip())
    return kind, parts if "," in names else names.strip()


def checkpoint(how: str) -> tuple[str | int, int | None]:
    """What `--checkpoint` asks for, and how deep loops inside loops are run again."""
    word, _, depth = how.partition(":")
    return int(word) if word.isdigit() else word, int(depth) if depth else None


def text(options: argparse.Namespace) -> str:
    file, _, name = options.function.rpartition(":")
    found = getattr(module(Path(file)), name, None)
    if not callable(found):
        raise ValueError(f"there is no function {name} in {file}")
    found = api.decorated(found)
    more: dict[str, Any] = {"has_aux": True} if options.has_aux else {}  # of the innermost
    how, depth = options.checkpoint or (None, None)
    if how is not None:
        more["checkpoint"] = how
    for kind, wrt in options.derivatives:
        found = getattr(api, kind)(found, wrt=wrt, **more)
        found = found if depth is None else found._at_depth(depth)
        more, depth = {}, None
    return found.source(options.to, *samples(options.args, vars(sys.modules[Path(file).stem])))


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


def samples(types: str, names: Mapping[str, Any]) -> tuple[Any, ...]:
    """Values of these types; `names` are the module's, for its classes.

    >>> samples("float64[:, 1], np.float32, (int, 'text')", {})[1:]
    (np.float32(1.0), (1, 'text'))
    """
    try:
        parts = ast.parse(f"[{types}]", mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{types} are no types: {error.msg}") from None
    return tuple(sample(parts, names))


def sample(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """A value of one type: `float64[:, 1]`, `np.float32`, `{'x': int}`, `Point(x=float)`."""
    match node:
        case ast.Constant(value=str() | int() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
        case ast.Tuple(elts=parts):
            return tuple(sample(part, names) for part in parts)
        case ast.List(elts=parts):
            return [sample(part, names) for part in parts]
        case ast.Dict(keys=keys, values=parts):
            pairs = zip(keys, parts, strict=True)
            return {ast.literal_eval(k): sample(part, names) for k, part in pairs if k is not None}
        case ast.Call(func=ast.Name(id=name), keywords=fields) if name in names:
            return remade(names[name], {str(f.arg): sample(f.value, names) for f in fields})
        case ast.Name(id="Generator"):
            return np.random.Generator(np.random.Philox(0))
        case ast.Name(id=name) if name in SCALARS:
            return SCALARS[name]
        case ast.Subscript(value=ast.Name(id=dtype), slice=dims):
            extents = dims.elts if isinstance(dims, ast.Tuple) else [dims]
            return np.ones([1 if isinstance(d, ast.Constant) else 2 for d in extents], dtype)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return np.dtype(name).type(1)
    raise ValueError(f"{ast.unparse(node)} is no type")
