"""The call path through ctypes, for machines where the extension `_call.c` cannot be built.

Slower by some ten microseconds a call, and the same in all else: `tests/test_call.py` runs over
both.
"""

from __future__ import annotations

import ctypes
import struct
import threading
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from types import CellType
from typing import Any

import numpy as np

from transpile.runtime import memory, telling
from transpile.runtime.signature import (
    BIND,
    MISS,
    ONE,
    PYTHON_TYPES,
    ArgSpec,
    OutSpec,
    Signature,
    coded_dims,
    error_type,
    same_dtypes,
)

_arenas = threading.local()

MORE = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
RESULT = ctypes.CFUNCTYPE(
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.POINTER(ctypes.c_int64)
)
TELL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p)


def release_arena() -> int:
    """Free the scratch memory of this thread; the bytes that were freed."""
    kept = _arenas.__dict__.pop("block", None)
    return 0 if kept is None else int(kept.nbytes)


class Kernel:
    """One compiled function; returns MISS and calls nothing if the arguments do not fit."""

    def __init__(
        self, signature: Signature, library: ctypes.CDLL, host: Any, single: bool,
        limited: bool = False,
    ) -> None:  # fmt: skip
        self.name, self._limited = signature.name, limited
        self._signature, self._host = signature, host
        self._single = single
        self._dims = coded_dims(signature)
        self._types = [[dtype.type for dtype in same_dtypes(arg.dtype)] for arg in signature.args]
        self._entry = library[f"{signature.name}_entry"]
        self._plan = library[f"{signature.name}_plan"]
        for function in (self._entry, self._plan):
            function.restype = ctypes.c_int64

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        signature = self._signature
        if keywords or len(args) != len(signature.args):
            return MISS
        sizes = (ctypes.c_int64 * (len(signature.sizes) + 1))()
        held = []
        for arg, dims, types, value in zip(
            signature.args, self._dims, self._types, args, strict=True
        ):
            array = _fit(arg, dims, types, value, sizes)
            if array is None:
                return MISS
            held.append(array)
        if _overlap(signature, held):
            return MISS
        step = ctypes.sizeof(ctypes.c_int64)
        pointers = [ctypes.addressof(sizes) + step * n for n in range(len(signature.sizes))]
        pointers += [array.ctypes.data for array in held]
        ndims = [out.ndim for out in signature.outs if out.kind == "array" and not out.late]
        plan = (ctypes.c_int64 * (1 + sum(ndims)))()
        slots = (ctypes.c_void_p * (len(pointers) + len(signature.outs) + 3))(*pointers)
        self._check(self._plan(slots, plan))
        outs = self._outs(list(plan))
        if self._limited:
            memory.check_budget(max(0, plan[0]))
        scratch = _scratch(max(0, plan[0]))
        caller = Caller(self._limited and max(0, plan[0]), signature, outs)
        given = [*(out.ctypes.data for out in outs), scratch.ctypes.data, caller.address]
        for place, address in enumerate([*given, ctypes.addressof(self._host)], len(pointers)):
            slots[place] = address
        number = self._entry(slots)
        if caller.error is not None:
            raise caller.error
        self._check(number)
        return self._results(args, caller.outs)

    def _check(self, number: int) -> None:
        """Raise the error of a failed check."""
        if number == 0:
            return
        checks = self._signature.checks
        if not 1 <= number <= len(checks):
            raise SystemError(f"{self.name} returned {number}, which is none of its checks")
        check = checks[number - 1]
        raise error_type(check.error)(check.message)

    def _outs(self, plan: list[int]) -> list[np.ndarray[Any, Any]]:
        """The results' memory, as arrays."""
        outs = []
        dims = iter(plan[1:])
        for out in self._signature.outs:
            if out.late:
                outs.append(np.empty(0, out.dtype))
            elif out.kind != "argument":
                shape = [max(0, next(dims)) for _ in range(out.ndim)]
                outs.append(np.empty(shape, out.dtype))
        return outs

    def _results(self, args: tuple[Any, ...], outs: list[np.ndarray[Any, Any]]) -> Any:
        names = [arg.name for arg in self._signature.args]
        made = iter(outs)
        results = []
        for out in self._signature.outs:
            if out.kind == "argument":
                results.append(args[names.index(out.name)])
            else:
                results.append(_result(out, next(made)))
        if self._single:
            return results[0] if results else None
        return tuple(results)


class Caller:
    """What one run of a kernel asks for: memory, and results of a shape that it finds out; and
    what it tells."""

    def __init__(self, limited: int | bool, signature: Signature, outs: list[Any]) -> None:
        self._limited, self._specs = limited, signature.outs
        self.outs, self._blocks = outs, list[Any]()
        self.error: BaseException | None = None
        self._teller = telling.Teller(signature.tells)
        self._functions = (MORE(self._more), RESULT(self._result), TELL(self._tell))
        addresses = [ctypes.cast(f, ctypes.c_void_p).value for f in self._functions]
        self._table = (ctypes.c_void_p * 3)(*addresses)
        self.address = ctypes.addressof(self._table)

    def _more(self, caller: Any, size: int) -> int | None:
        try:
            taken = sum(block.nbytes for block in self._blocks) + size
            if self._limited is not False:
                memory.check_budget(self._limited + taken)
            memory.admit(size)
            self._blocks.append(np.empty(size + 128, np.uint8))
        except BaseException as error:  # it cannot pass through the kernel
            self.error = error
            return None
        start: int = self._blocks[-1].ctypes.data
        return start + -start % 64

    def _tell(self, caller: Any, number: int, values: int | None) -> int:
        try:
            self._teller(number, values or 0)
        except BaseException as error:  # it cannot pass through the kernel
            self.error = error
            return -1
        return 0

    def _result(self, caller: Any, number: int, shape: Any) -> int | None:
        out = self._specs[number]
        place = sum(spec.kind != "argument" for spec in self._specs[:number])
        try:
            self.outs[place] = np.empty(shape[: out.ndim], out.dtype)
        except BaseException as error:  # it cannot pass through the kernel
            self.error = error
            return None
        address: int = self.outs[place].ctypes.data
        return address


def _result(out: OutSpec, array: np.ndarray[Any, Any]) -> Any:
    """What the user gets for one result."""
    if out.kind == "array":
        return array
    return array[()] if out.kind == "numpy" else array.item()


def _scratch(size: int) -> np.ndarray[Any, Any]:
    """Scratch memory of this size, 64 bytes aligned, from this thread's arena."""
    kept = _arenas.__dict__.get("block")
    if kept is None or kept.size < size + 64:
        release_arena()
        keep = memory.admit(size) if size > 0 else 0
        kept = np.empty(size + 64, np.uint8)
        if size + 64 <= keep:
            _arenas.block = kept
    start = -kept.ctypes.data % 64
    return kept[start:]


def _fit(
    arg: ArgSpec, dims: tuple[int, ...], types: list[type], value: Any, sizes: Any
) -> np.ndarray[Any, Any] | None:
    """An array whose memory holds the argument, or None if the argument does not fit."""
    if arg.kind == "numpy":
        return np.array(value) if type(value) in types else None
    if arg.kind == "python":
        if type(value) is not PYTHON_TYPES[arg.dtype]:
            return None
        try:
            return np.array(value, arg.dtype)
        except OverflowError:
            return None
    if type(value) is not np.ndarray or value.ndim != len(dims) or value.dtype.type not in types:
        return None
    flags = value.flags
    if not (flags.c_contiguous and flags.aligned and value.dtype.isnative):
        return None
    if arg.written and not flags.writeable:
        return None
    for size, dim in zip(value.shape, dims, strict=True):
        if (size == 1) != (dim == ONE):
            return None
        if dim != ONE and dim & BIND:
            sizes[dim & ~BIND] = size
        elif dim != ONE and sizes[dim] != size:
            return None
    return value


def _overlap(signature: Signature, held: list[np.ndarray[Any, Any]]) -> bool:
    """Whether a written array shares an address with another argument; never says no wrongly."""
    arrays = [n for n, arg in enumerate(signature.args) if arg.kind == "array"]
    return any(
        signature.args[i].written and i != j and np.may_share_memory(held[i], held[j])
        for i in arrays
        for j in arrays
    )


class Dispatcher:
    """Calls the first kernel whose guards hold and whose arguments fit, else miss(*args)."""

    def __init__(self, miss: Callable[..., Any]) -> None:
        self._miss = miss
        self._latest = 0
        self.entries: tuple[tuple[Any, tuple[Any, ...], Any], ...] = ()

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        entries = () if keywords else self.entries
        latest = self._latest if self._latest < len(entries) else 0
        order = sorted(range(len(entries)), key=lambda n: n != latest)
        for n in order:
            kernel, guards, post = entries[n]
            if not all(holds(guard) for guard in guards):
                continue
            result = kernel(*args)
            if result is not MISS:
                self._latest = n
                return result if post is None else post(result)
        return self._miss(*args, **keywords)

    def add(
        self, kernel: Callable[..., Any], guards: tuple[Any, ...] = (), post: Any = None
    ) -> None:
        """One more kernel, which is tried first from now on."""
        if not all(_is_guard(guard) for guard in guards):
            raise TypeError(
                "a guard is (dict, name, value), (cell, value) or (context variable, value)"
            )
        self.entries = (*self.entries, (kernel, guards, post))
        self._latest = len(self.entries) - 1

    def clear(self) -> None:
        """Forget all kernels."""
        self.entries = ()


def _is_guard(guard: Any) -> bool:
    if not isinstance(guard, tuple) or len(guard) not in (2, 3):
        return False
    return isinstance(guard[0], dict if len(guard) == 3 else (CellType, ContextVar))


def holds(guard: tuple[Any, ...]) -> bool:
    """Whether a captured value is still what it was."""
    where, then = guard[0], guard[-1]
    try:
        if isinstance(where, Mapping):
            now = where[guard[1]]
        else:
            now = where.cell_contents if isinstance(where, CellType) else where.get()
    except (KeyError, ValueError, LookupError):
        return False
    return _same(now, then)


def _same(now: Any, then: Any) -> bool:
    """Equal in type and bits, which `==` alone does not say of floats."""
    if now is then:
        return True
    if type(now) is not type(then):
        return False
    if type(now) is float:
        return struct.pack("d", now) == struct.pack("d", then)
    if type(now) is complex:
        return _same((now.real, now.imag), (then.real, then.imag))
    if type(now) is tuple:
        return len(now) == len(then) and all(map(_same, now, then))
    if isinstance(now, np.number | np.bool):
        return bool(now.tobytes() == then.tobytes())
    try:
        return bool(now == then)
    except Exception:
        return False
