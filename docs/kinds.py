"""What dtypes a function takes, and what derivative it has: a call of it is put to the frontend."""

from __future__ import annotations

import linecache
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import scipy.fft
import scipy.linalg
import scipy.sparse
import scipy.special
from msgspec import Struct

from transpile import frontend
from transpile.adjoint.activity import active
from transpile.adjoint.outputs import outputs
from transpile.sym import fold, walk
from transpile.sym.ir import Function

GROUPS = {
    "bool": "bool", "signed": "int64", "unsigned": "uint8", "float": "float64",
    "complex": "complex128",
}  # fmt: skip
# A row, a matrix that has all factors, places, booleans and an integer.
NAMES = "xakbn"
ROW = np.array([0.25, 0.5, 0.75, 1.0])
MATRIX = np.array([
    [4.0, 1.0, 0.0, 0.0], [1.0, 4.0, 1.0, 0.0], [0.0, 1.0, 5.0, 1.0], [0.0, 0.0, 1.0, 6.0],
])  # fmt: skip
PLACES, MASK, COUNT = np.array([1, 0, 3, 2]), np.array([True, False, True, True]), 3

# What is tried for the arguments of a function that has no call of its own below.
ARGUMENTS = (
    "x", "a", "a, a", "x, x", "x, n", "n", "x, k", "a, n", "x, x, x", "(x, x)", "[x, x]", "a, 0",
    "a, (1, 0)", "a, 0, 1", "b, x", "n, x", "x, b", "n, n", "a, x",
)  # fmt: skip
CALLS = {
    "np.apply_along_axis": "np.apply_along_axis(np.sum, 0, a)",
    "np.astype": "np.astype(x, x.dtype)",
    "np.bincount": "np.bincount(k, weights=x)",
    "np.broadcast_arrays": "np.broadcast_arrays(x, a)",
    "np.broadcast_to": "np.broadcast_to(x, (2, 4))",
    "np.can_cast": "np.can_cast(x.dtype, np.float64)",
    "np.choose": "np.choose(k % 2, [x, x + x])",
    "np.cross": "np.cross(x[:3], x[1:])",
    "np.delete": "np.delete(x, 1)",
    "np.dsplit": "np.dsplit(a[None], 2)",
    "np.dtype": "np.dtype(x.dtype).itemsize",
    "np.einsum": 'np.einsum("ij,j", a, x)',
    "np.frombuffer": "np.frombuffer(bytes([n, 255]), np.uint8)",
    "np.fromfunction": "np.fromfunction(lambda i, j: i + j, (n, n))",
    "np.full": "np.full(3, x[0])",
    "np.indices": "np.indices((n, n))",
    "np.insert": "np.insert(x, 1, x[0])",
    "np.issubdtype": "np.issubdtype(x.dtype, np.floating)",
    "np.linalg.matrix_power": "np.linalg.matrix_power(a, 3)",
    "np.linalg.tensorinv": "np.linalg.tensorinv(a.reshape(2, 2, 4), 2)",
    "np.piecewise": "np.piecewise(x, [b, ~b], [lambda v: v, 0])",
    "np.polyder": "np.polyder(x)",
    "np.polyfit": "np.polyfit(x, x, 1)",
    "np.polyint": "np.polyint(x)",
    "np.promote_types": "np.promote_types(x.dtype, np.int8).itemsize",
    "np.put": "np.put(x, k, x)",
    "np.put_along_axis": "np.put_along_axis(x, k, x, 0)",
    "np.ravel_multi_index": "np.ravel_multi_index((k, k), (4, 4))",
    "np.repeat": "np.repeat(x, 2)",
    "np.reshape": "np.reshape(x, (2, 2))",
    "np.resize": "np.resize(x, 6)",
    "np.result_type": "np.result_type(x).itemsize",
    "np.rollaxis": "np.rollaxis(a, 1)",
    "np.select": "np.select([b, ~b], [x, x + x])",
    "np.take": "np.take(x, k)",
    "np.unravel_index": "np.unravel_index(k, (4, 4))",
    "np.vectorize": "np.vectorize(lambda v: v + v)(x)",
    "np.where": "np.where(b, x, x + x)",
    "scipy.linalg.cho_solve": "scipy.linalg.cho_solve((a, True), x)",
    "scipy.linalg.eigh": "scipy.linalg.eigh(a, eigvals_only=True)",
    "scipy.linalg.lu_solve": "scipy.linalg.lu_solve(scipy.linalg.lu_factor(a), x)",
    "scipy.linalg.qr": 'scipy.linalg.qr(a, mode="economic")',
    "scipy.linalg.solve_banded": "scipy.linalg.solve_banded((0, 0), np.sum(a, 0)[None], x)",
    "scipy.linalg.solveh_banded": "scipy.linalg.solveh_banded(np.sum(a, 0)[None], x)",
    "scipy.special.polygamma": "scipy.special.polygamma(2, x)",
    "x.flatten": "x.flatten()",
    "x.copy": "x.copy()",
    "x.sort": "x.sort()",
    "scipy.spatial.distance.squareform": "scipy.spatial.distance.squareform(x[:3])",
    "x.partition": "x.partition(2)",
    "x.compress": "x.compress(b)",
    "x.view": "x.view()",
}


class Kind(Struct, frozen=True):
    """The groups of dtypes that are taken, and the derivative: "yes", "flat" or "none"."""

    dtypes: tuple[str, ...]
    derivative: str


def kind(name: str) -> Kind | None:
    """What is known of `np.name`, `scipy.linalg.name` or `x.name`; None where no call is taken."""
    calls = [CALLS[name]] if name in CALLS else [f"{name}({one})" for one in ARGUMENTS]
    for call in calls:
        f = program(f"def f(x, a, k, b, n):\n    y = {call}\n    return x, a, y\n")
        taken = tuple(group for group, dtype in GROUPS.items() if is_taken(f, dtype))
        if taken:
            varies = any(one in call.partition("(")[2] for one in "xa") or name[:2] == "x."
            return Kind(taken if varies else (), derivative(f, taken))
    return None


def program(text: str) -> Callable[..., Any]:
    """The function of this text, whose lines can be read."""
    file = f"<{text}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    names: dict[str, Any] = {"np": np, "scipy": scipy}
    exec(compile(text, file, "exec"), names)
    made: Callable[..., Any] = names["f"]
    return made


def given(dtype: str) -> list[Any]:
    row = ROW * 4 if dtype in ("int64", "uint8") else ROW
    matrix = MATRIX > 1 if dtype == "bool" else MATRIX
    return [row.astype(dtype), matrix.astype(dtype), PLACES, MASK, COUNT]


def is_taken(f: Callable[..., Any], dtype: str) -> bool:
    """Do NumPy and the frontend both take this dtype?"""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            f(*given(dtype))
        lowered(f, dtype)
    except Exception:
        return False
    return True


def lowered(f: Callable[..., Any], dtype: str) -> Function:
    sizes: list[Any] = []
    args = [frontend.arg_of(v, n, sizes) for v, n in zip(given(dtype), NAMES, strict=True)]
    return fold.fold(walk.inline(frontend.lower(frontend.read(f), args).function))


def derivative(f: Callable[..., Any], taken: Sequence[str]) -> str:
    """Does what is given, or written, vary with a floating-point argument?"""
    smooth = [group for group in ("float", "complex") if group in taken]
    return "yes" if any(varies(lowered(f, GROUPS[group])) for group in smooth) else "flat"


def varies(function: Function) -> bool:
    sources = [p for p in function.params if p.type.is_smooth]
    results = [atom for atom in made(function) if atom not in sources]
    return bool(active(function.body, sources, results)) or has_same(function)


def made(function: Function) -> Iterator[Any]:
    yield from outputs(function, function.tree)
    yield from function.body.results


def has_same(function: Function) -> bool:
    """Is an argument itself the third of the results?"""
    third = function.tree.items[2]
    return type(third).__name__ == "Same"
