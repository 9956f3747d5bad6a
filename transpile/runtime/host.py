"""Addresses of functions that kernels call: LAPACK's and BLAS's from SciPy, transforms from NumPy.

SciPy gives C the routines that it was built with, by name, in two of its modules. They keep nothing
between calls and need no GIL.
"""

from __future__ import annotations

import _thread
import ctypes
from collections.abc import Sequence
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
    if name.startswith("fft_"):
        return ctypes.cast(transform(name.removeprefix("fft_")), ctypes.c_void_p).value or 0
    for module in modules():
        capsule = module.__pyx_capi__.get(name)
        if capsule is not None:
            signature = capsule_name(capsule)
            return int(capsule_pointer(capsule, signature))
    raise BuildError(f"SciPy has no routine {name}", help="install another version of SciPy")


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
        try:
            match kind:
                case 0:
                    np.fft.fft(source, out=target)
                case 1:
                    np.fft.ifft(source, out=target)
                case 2:
                    np.fft.rfft(source, out=target)
                case _:
                    np.fft.irfft(source, m, out=target)
        except MemoryError:
            return 1
        except KeyboardInterrupt:  # nothing passes through C: it is raised again behind the kernel
            _thread.interrupt_main()
            return 1
        return 0

    return fft


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
