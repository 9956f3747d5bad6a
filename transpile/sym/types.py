"""Types: dtype, dims and, for scalars, whose scalar it is.

A dim is an affine expression over sizes and loop indices and means `max(0, expression)`: the
extent of `x[1:-1]` is `n - 2`, which is no element at all where n < 2. NumPy itself is asked for
every promotion, so that they are NumPy's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from transpile.sym.affine import Affine

Kind = Literal["python", "numpy", "array"]

SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = (*SIGNED, *UNSIGNED)
FLOATS = ("float32", "float64")
COMPLEX = ("complex64", "complex128")
DTYPES = ("bool", *INTEGERS, *FLOATS, *COMPLEX)


class Type(Struct, frozen=True):
    """The type of one value.

    `kind` tells Python's scalars (weak in promotion) from NumPy's (strong) and from 0-d arrays;
    it is "array" wherever there are dims.
    """

    dtype: str
    dims: tuple[Affine, ...] = ()
    kind: Kind = "array"

    @property
    def ndim(self) -> int:
        return len(self.dims)

    @property
    def is_scalar(self) -> bool:
        """Held in a variable, not in storage."""
        return self.kind != "array"

    @property
    def is_float(self) -> bool:
        return self.dtype in FLOATS

    @property
    def is_complex(self) -> bool:
        return self.dtype in COMPLEX

    @property
    def is_smooth(self) -> bool:
        """Real or complex: what has derivatives."""
        return self.dtype in FLOATS or self.dtype in COMPLEX

    @property
    def is_integer(self) -> bool:
        """Of either sign and any width; bool is none."""
        return self.dtype in INTEGERS

    @property
    def is_index(self) -> bool:
        """Python's int, the only kind that dims and loop bounds are made of."""
        return self.kind == "python" and self.dtype == "int64"

    @property
    def itemsize(self) -> int:
        return np.dtype(self.dtype).itemsize

    def having(self, **changes: Any) -> Type:
        return replace(self, **changes)

    def __str__(self) -> str:
        if self.kind == "array":
            return f"{self.dtype}[{', '.join(map(str, self.dims))}]"
        return PYTHON_TYPES[self.dtype].__name__ if (self.kind == "python") else f"np.{self.dtype}"


INT = Type("int64", (), "python")
LARGE = Type("uint64", (), "python")  # a constant int beyond int64, for NumPy's unsigned integers
FLOAT = Type("float64", (), "python")
BOOL = Type("bool", (), "python")
IMAGINARY = Type("complex128", (), "python")
PYTHON = {int: INT, float: FLOAT, bool: BOOL, complex: IMAGINARY}
PYTHON_TYPES: dict[str, type] = {
    "bool": bool, "int64": int, "uint64": int, "float64": float, "complex128": complex,
}  # fmt: skip


def array(dtype: str, *dims: Affine) -> Type:
    return Type(dtype, tuple(dims), "array")


def result_of_element(dtype: str, dims: Sequence[Affine]) -> Type:
    """What NumPy gives: an array, or a NumPy scalar where no dims are left."""
    return Type(dtype, tuple(dims), "array" if dims else "numpy")


TOO_LARGE = "this integer does not fit into 64 bits"


class Mismatch(Exception):
    """Dims or dtypes that can never fit; the reader of the user's text adds its line."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help


class NoLoop(Mismatch):
    """Dtypes that an operator is not defined for, whatever the shapes."""


class Malformed(Mismatch):
    """What the frontend never writes: a fault of ours, which `verify` finds."""


def weak(type: Type) -> Any:
    """The operand as NumPy's promotion sees it."""
    if type.kind == "python":
        return PYTHON_TYPES[type.dtype]
    return np.dtype(type.dtype)


@lru_cache(maxsize=4096)
def loop_dtypes(ufunc: str, operands: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    """The dtypes of NumPy's inner loop: each operand's, then the result's.

    `operands` are (dtype, is it a Python scalar). Raises Mismatch where NumPy has no such loop
    or one whose dtypes are not ours.
    """
    if ufunc.startswith("scipy."):
        if any(dtype in COMPLEX for dtype, _ in operands):
            raise NoLoop(
                f"{ufunc} of complex numbers is not taken", "write it with np.exp and np.log"
            )
        return (float_of(operands),) * (len(operands) + 1)
    function = getattr(np, ufunc)
    asked: list[Any] = [
        np.dtype(dtype) if dtype == "bool" or not python else PYTHON_TYPES[dtype]
        for dtype, python in operands
    ]
    if all(python for _, python in operands):
        if ("uint64", True) in operands:
            raise NoLoop(TOO_LARGE, "write it as a float, or np.uint64(...)")
        asked = [np.dtype(dtype) for dtype, _ in operands]
    try:
        found = function.resolve_dtypes((*asked, *[None] * function.nout))
    except TypeError as error:
        given = [dtype for dtype, _ in operands]
        help = "write ~x, x ^ y, or x.astype(np.int64)" if "bool" in given else None
        raise NoLoop(f"np.{ufunc} has no loop for {', '.join(given)}", help) from error
    names = tuple(np.dtype(d).name for d in found)
    for name in names:
        if name not in DTYPES:
            help = "convert what it is taken of, x.astype(np.float64)"
            raise NoLoop(f"np.{ufunc} computes in {name} here, which is not taken", help)
    return names


def float_of(operands: Sequence[tuple[str, bool]]) -> str:
    """The dtype of the loop of one of SciPy's functions: that for float64 is tried first."""
    return "float32" if set(operands) == {("float32", False)} else "float64"


def promote(types: Sequence[Type]) -> str:
    """NumPy's common dtype of several values, Python scalars being weak."""
    if all(t.kind == "python" for t in types):
        if LARGE in types:
            raise Mismatch(TOO_LARGE, "write it as a float, or np.uint64(...)")
        return str(np.result_type(*(np.dtype(t.dtype) for t in types)).name)
    operands = [weak(t)(0) if t.kind == "python" else np.dtype(t.dtype) for t in types]
    return str(np.result_type(*operands).name)


@lru_cache(maxsize=64)
def sum_dtype(dtype: str) -> str:
    """The dtype in which NumPy sums and multiplies elements of this one."""
    return str(np.add.reduce(np.zeros(1, dtype)).dtype.name)


def real_dtype(dtype: str) -> str:
    """The dtype of the parts of complex numbers; another is its own."""
    return {"complex64": "float32", "complex128": "float64"}.get(dtype, dtype)


def bounds(dtype: str) -> tuple[int, int]:
    """The least and the greatest of an integer dtype.

    >>> bounds("uint8")
    (0, 255)
    """
    limits = np.iinfo(dtype)
    return int(limits.min), int(limits.max)
