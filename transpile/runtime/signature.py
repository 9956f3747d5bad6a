"""What a kernel takes and gives, and what its shared object exports: the contract with the writers.

A kernel named NAME exports two functions, and nothing else is asked of it:

    int64_t NAME_plan(void *const *a, int64_t *plan);
    int64_t NAME_entry(void *const *a);

`a` holds pointers: to each size (int64_t), then for each argument to its data (an array) or its
value (a scalar in its C type; bool is one byte), then likewise for each result, then the scratch
memory, 64 bytes aligned, then to a Caller, then to the addresses of the host's functions, one
after the other. `NAME_plan` is called first, with sizes and arguments only. It sets
`plan[0]` to the bytes of scratch memory wanted and the rest to the dims of all array results in
order, but for those that are late. Both return 0, or the 1-based number of the check that failed.
Neither keeps anything between calls.

While it runs, `NAME_entry` may ask for more:

    typedef struct Caller {
        void *(*more)(struct Caller *, int64_t bytes);
        void *(*result)(struct Caller *, int64_t number, const int64_t *shape);
        int (*tell)(struct Caller *, int64_t number, const Value *values);
    } Caller;

`more` gives scratch memory of any size, `result` the memory of a late result, by its number among
all, once its shape is known. Where either gives NULL, the kernel returns -1. `tell` says what
number `number` of `tells` is, with these values, each an int64_t or a double, and gives 0; where
that raises, it gives another number, and the kernel returns -1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct

from transpile.errors import CheckSite, ShapeError, Tell, class_of
from transpile.sym.types import DTYPES

KINDS = ("array", "numpy", "python", "argument")
PYTHON_TYPES = {"bool": bool, "int64": int, "float64": float, "complex128": complex}
ONE = -1
BIND = 1 << 30
MOST_DIMS = 64


class _Miss:
    """The type of MISS."""

    def __repr__(self) -> str:
        return "MISS"


MISS = _Miss()
"""What a kernel returns if it does not fit its arguments; it has then called nothing."""


class ArgSpec(Struct, frozen=True):
    """One flat parameter: a C-contiguous array, a NumPy scalar, or a Python bool, int or float.

    `dims` has for each dimension the name of a size, or the constant 1. A size is never 1: which
    dimensions are 1 is part of the specialisation.
    """

    name: str
    kind: str
    dtype: str
    dims: tuple[str | int, ...] = ()
    written: bool = False


class OutSpec(Struct, frozen=True):
    """One flat result: a new array, a NumPy scalar, or a Python bool, int or float.

    The kind `argument` is the argument of that name itself, as NumPy gives it where a function
    returns what it was given; it has no place among the pointers. The shape of a `late` array is
    known only to the kernel, which asks for it.
    """

    name: str
    kind: str
    dtype: str = "float64"
    ndim: int = 0
    late: bool = False


class Signature(Struct, frozen=True):
    """A kernel's C name, its sizes, arguments, results, and the checks it may report as failed;
    `host` are the functions of LAPACK and BLAS whose addresses it is given, `tells` what it may
    tell."""

    name: str
    sizes: tuple[str, ...]
    args: tuple[ArgSpec, ...]
    outs: tuple[OutSpec, ...]
    checks: tuple[CheckSite, ...] = ()
    host: tuple[str, ...] = ()
    tells: tuple[Tell, ...] = ()

    def __post_init__(self) -> None:
        named = {dim for arg in self.args for dim in arg.dims}
        unbound = [size for size in self.sizes if size not in named]
        if unbound:
            raise ValueError(f"no array argument of {self.name} has the size {unbound[0]!r}")
        for dim in named - set(self.sizes) - {1}:
            raise ValueError(f"the dim {dim!r} is no size of {self.name}")
        names = [arg.name for arg in self.args]
        specs: tuple[ArgSpec | OutSpec, ...] = (*self.args, *self.outs)
        for spec in specs:
            _check_spec(spec, names)
        for check in self.checks:
            error_type(check.error)


def _check_spec(spec: ArgSpec | OutSpec, names: list[str]) -> None:
    """Refuse a spec that no kernel could honour."""
    is_argument = isinstance(spec, OutSpec) and spec.kind == "argument"
    ndim = len(spec.dims) if isinstance(spec, ArgSpec) else spec.ndim
    written = isinstance(spec, ArgSpec) and spec.written
    if spec.kind not in KINDS or (spec.kind == "argument" and not is_argument):
        raise ValueError(f"{spec.name}: unknown kind {spec.kind!r}")
    if is_argument and spec.name not in names:
        raise ValueError(f"{spec.name}: there is no argument of this name to return")
    if spec.dtype not in DTYPES or (spec.kind == "python" and spec.dtype not in PYTHON_TYPES):
        raise ValueError(f"{spec.name}: no {spec.kind} has the dtype {spec.dtype!r}")
    if ndim > MOST_DIMS or (spec.kind != "array" and (ndim > 0 or written)):
        raise ValueError(f"{spec.name}: a {spec.kind} cannot have {ndim} dims or be written")


def error_type(name: str) -> type[Exception]:
    """The class of a check's error: one of Python's, the user's, or one of these."""
    ours = {
        "ShapeError": ShapeError,
        "LinAlgError": np.linalg.LinAlgError,
        "Unsupported": NotImplementedError,
    }
    found = ours.get(name) or class_of(name)
    if isinstance(found, type) and issubclass(found, Exception):
        return found
    raise ValueError(f"a check raises {name!r}, which is no exception")


def same_dtypes(dtype: str) -> list[np.dtype[Any]]:
    """NumPy's dtypes that are this one to the machine: int64 is both C's long and long long."""
    found = [np.dtype(code) for code in "?bhilqBHILQfdFD" if np.dtype(code) == np.dtype(dtype)]
    return found if len(found) == 2 else [found[0], found[0]]


def coded_dims(signature: Signature) -> list[tuple[int, ...]]:
    """Each argument's dims as numbers: ONE, a size's index, or that with BIND where it is first."""
    bound: set[str] = set()
    coded = []
    for arg in signature.args:
        dims = []
        for dim in arg.dims:
            if isinstance(dim, int):
                dims.append(ONE)
                continue
            dims.append(signature.sizes.index(dim) | (0 if dim in bound else BIND))
            bound.add(dim)
        coded.append(tuple(dims))
    return coded
