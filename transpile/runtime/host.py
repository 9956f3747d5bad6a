"""Addresses of functions that kernels call: LAPACK's from SciPy, sorts and others from NumPy.

SciPy gives C the routines that it was built with, by name, in two of its modules. They keep nothing
between calls and need no GIL.
"""

from __future__ import annotations

import _thread
import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from transpile.errors import BuildError


def addresses(names: Sequence[str]) -> Any:
    """The addresses of these functions, in a C array. Raises BuildError where SciPy is missing."""
    return (ctypes.c_void_p * (len(names) + 1))(*map(address, names))


@cache
def address(name: str) -> int:
    """Where the routine of this name lies."""
    kind, _, dtype = name.rpartition("_")
    if kind in SORTS:
        return sort(kind, dtype)
    for start, made in (("fft_", transform), ("matmul_", product)):
        if name.startswith(start):
            return ctypes.cast(made(name.removeprefix(start)), ctypes.c_void_p).value or 0
    for module in modules():
        capsule = module.__pyx_capi__.get(name)
        if capsule is not None:
            signature = capsule_name(capsule)
            return int(capsule_pointer(capsule, signature))
    raise BuildError(f"SciPy has no routine {name}", help="install another version of SciPy")


# Places in the table of functions that NumPy has for a dtype, and of what gives that table among
# the functions that it has for extensions: numpy/ndarraytypes.h, numpy/__multiarray_api.h.
SORTS = {"sort": 33, "argsort": 36, "stable_argsort": 38}
GET_FUNCTIONS = 365


def sort(kind: str, dtype: str) -> int:
    """NumPy's own sort of contiguous numbers of this dtype; it needs no GIL."""
    capsule = np._core.multiarray._ARRAY_API  # type: ignore[attr-defined]
    api = table(capsule_pointer(capsule, capsule_name(capsule)))
    get = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object)(api[GET_FUNCTIONS])
    return int(table(get(np.dtype(dtype)))[SORTS[kind]])


def table(place: int) -> Any:
    """The addresses there."""
    return ctypes.cast(place, ctypes.POINTER(ctypes.c_void_p))


TRANSFORM = ctypes.CFUNCTYPE(
    ctypes.c_int, *[ctypes.c_int64] * 3, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
)
COMPLEX = {"float32": "complex64", "float64": "complex128"}
REAL = {wide: narrow for narrow, wide in COMPLEX.items()}


@cache
def transform(dtype: str) -> Any:
    """NumPy's own transforms of rows of this dtype, for C; the GIL is taken while they run."""

    @TRANSFORM
    def fft(rows: int, n: int, m: int, x: int, y: int, kind: int) -> int:
        if rows == 0:
            return 0
        made = (dtype, dtype, COMPLEX.get(dtype), REAL.get(dtype))[kind]
        source, target = rows_at(x, rows, n, dtype), rows_at(y, rows, m, str(made))
        if kind == 3:
            return attempted(np.fft.irfft, source, m, out=target)
        return attempted((np.fft.fft, np.fft.ifft, np.fft.rfft)[kind], source, out=target)

    return fft


PRODUCT = ctypes.CFUNCTYPE(
    ctypes.c_int, *[ctypes.c_int64] * 3, *[ctypes.c_void_p, ctypes.c_int] * 2, ctypes.c_void_p
)


@cache
def product(dtype: str) -> Any:
    """NumPy's own product of matrices of this dtype, for C; it calls BLAS."""

    @PRODUCT
    def matmul(
        m: int, k: int, n: int, x: int, x_flipped: int, y: int, y_flipped: int, z: int
    ) -> int:
        left = rows_at(x, k, m, dtype).T if x_flipped else rows_at(x, m, k, dtype)
        right = rows_at(y, n, k, dtype).T if y_flipped else rows_at(y, k, n, dtype)
        return attempted(np.matmul, left, right, out=rows_at(z, m, n, dtype))

    return matmul


def attempted(function: Callable[..., Any], *args: Any, **keywords: Any) -> int:
    """Calls it; 1 where it fails. Nothing passes through C: an interrupt is raised again later."""
    try:
        function(*args, **keywords)
    except MemoryError:
        return 1
    except KeyboardInterrupt:
        _thread.interrupt_main()
        return 1
    return 0


def rows_at(place: int, rows: int, n: int, dtype: str) -> Any:
    """The memory there as an array."""
    size = rows * n * np.dtype(dtype).itemsize
    buffer: Any = (ctypes.c_char * size).from_address(place)
    return np.frombuffer(buffer, dtype).reshape(rows, n)


def modules() -> tuple[Any, ...]:
    try:
        from scipy.linalg import cython_blas, cython_lapack
    except ImportError as error:
        raise BuildError(
            f"SciPy, which brings LAPACK, cannot be imported: {error}",
            help="install it with pip install transpile[linalg]",
        ) from None
    return cython_lapack, cython_blas


capsule_name = ctypes.pythonapi.PyCapsule_GetName
capsule_name.restype, capsule_name.argtypes = ctypes.c_char_p, [ctypes.py_object]
capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
capsule_pointer.restype = ctypes.c_void_p
capsule_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
