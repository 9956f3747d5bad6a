"""Addresses of functions that kernels call: LAPACK's and BLAS's, from SciPy.

SciPy gives C the routines that it was built with, by name, in two of its modules. They keep nothing
between calls and need no GIL.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any

from transpile.errors import BuildError


def addresses(names: Sequence[str]) -> Any:
    """The addresses of these functions, in a C array. Raises BuildError where SciPy is missing."""
    return (ctypes.c_void_p * (len(names) + 1))(*map(address, names))


@cache
def address(name: str) -> int:
    """Where the routine of this name lies."""
    for module in modules():
        capsule = module.__pyx_capi__.get(name)
        if capsule is not None:
            signature = capsule_name(capsule)
            return int(capsule_pointer(capsule, signature))
    raise BuildError(f"SciPy has no routine {name}", help="install another version of SciPy")


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
