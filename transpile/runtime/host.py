"""Addresses of functions that kernels call: LAPACK's from SciPy, sorts and others from NumPy.

SciPy gives C the routines that it was built with, by name, in two of its modules. They keep nothing
between calls and need no GIL.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from transpile.errors import BuildError
from transpile.sym.ops import lapack


def addresses(names: Sequence[str]) -> Any:
    """The addresses of these functions, in a C array. Raises BuildError where SciPy is missing."""
    found = [place for name in names for place in address(name)]
    return (ctypes.c_void_p * (len(found) + 1))(*found)


@cache
def address(name: str) -> tuple[int, ...]:
    """Where the routine of this name lies, and what it is given besides."""
    kind, _, dtype = name.rpartition("_")
    if kind in SORTS:
        return (sort(kind, dtype),)
    if kind in lapack.LOOPS:
        return loop(kind, dtype)
    for module in modules():
        capsule = module.__pyx_capi__.get(name)
        if capsule is not None:
            signature = capsule_name(capsule)
            return (int(capsule_pointer(capsule, signature)),)
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


def loop(name: str, dtype: str) -> tuple[int, int]:
    """NumPy's own loop over stacks of this dtype, and what it is given besides; it needs no GIL.

    They lie in a universal function as numpy/ufuncobject.h says: four integers, then the addresses
    of its loops, one for each of its types, then what each is given.
    """
    home: Any = np if name == "matmul" else getattr(np.fft, "_pocketfft_umath", None)
    function = getattr(home, name, None)
    if not isinstance(function, np.ufunc):
        help = "install another version of NumPy"
        raise BuildError(f"NumPy {np.__version__} has no loop of {name}", help=help)
    letters = [types[0] for types in function.types]
    fields = table(id(function) + object.__basicsize__ + 4 * ctypes.sizeof(ctypes.c_int))
    at = letters.index(np.dtype(dtype).char)
    return int(table(fields[0])[at]), int(table(fields[1])[at] or 0 if fields[1] else 0)


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
