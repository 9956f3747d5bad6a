"""Calling compiled functions: kernels from shared objects, dispatchers over kernels, Python text.

The fast path is the C extension `_call.c`, built once a machine at first use and kept in the cache
like any kernel. Where it cannot be built (no compiler, no Python.h) `plain_call` does the same.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.machinery
import linecache
import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from transpile.errors import BuildError, Warned
from transpile.runtime import build, cache, host, memory, plain_call, telling
from transpile.runtime.signature import (
    KINDS,
    MISS,
    ArgSpec,
    OutSpec,
    Signature,
    coded_dims,
    error_type,
    same_dtypes,
)
from transpile.sym.types import DTYPES

__all__ = [
    "MISS",
    "ArgSpec",
    "Dispatcher",
    "Kernel",
    "OutSpec",
    "Signature",
    "dispatcher",
    "is_fast",
    "kernel",
    "load_python",
    "release_arena",
]

_SOURCES = ("_call.c", "_kernel.h", "_arena.h", "_results.h")


class Kernel(Protocol):
    """One compiled function: `kernel(*args)` is its result, or MISS with nothing called."""

    name: str

    def __call__(self, *args: Any, **keywords: Any) -> Any: ...


class Dispatcher(Protocol):
    """Calls the first kernel whose guards hold and whose arguments fit, else `miss(*args)`.

    A guard is (dict, name, value), (cell, value) or (context variable, value): the value that was
    compiled in, compared in type and bits on each call. `post` makes what the user gets from the
    kernel's result.
    """

    @property
    def entries(self) -> tuple[tuple[Any, tuple[Any, ...], Any], ...]: ...

    def __call__(self, *args: Any, **keywords: Any) -> Any: ...

    def add(
        self, kernel: Callable[..., Any], guards: tuple[Any, ...] = (), post: Any = None
    ) -> None: ...

    def clear(self) -> None: ...


def kernel(
    signature: Signature, path: Path, *, single: bool = False, limited: bool = False
) -> Kernel:
    """The kernel in a shared object; `single` gives its one result (or None), not a tuple.

    A `limited` one raises OverBudget where its scratch is more than `config.memory_budget`.
    """
    if single and len(signature.outs) > 1:
        raise ValueError(f"{signature.name} has {len(signature.outs)} results, which is not single")
    library = _load_library(path, signature)
    addresses = host.addresses(signature.host)
    extension = _extension()
    if extension is None:
        return plain_call.Kernel(signature, library, addresses, single, limited)
    made: Kernel = extension.Kernel(
        signature.name,
        _address(library, f"{signature.name}_entry"),
        _address(library, f"{signature.name}_plan"),
        len(signature.sizes),
        _coded_args(signature),
        _coded_outs(signature),
        tuple((error_type(check.error), check.message) for check in signature.checks),
        single,
        limited,
        ctypes.addressof(addresses),
        telling.Teller(signature.tells),
        (library, addresses),
    )
    return made


def dispatcher(miss: Callable[..., Any]) -> Dispatcher:
    """A dispatcher without kernels, which calls `miss(*args, **keywords)` for everything."""
    extension = _extension()
    made: Dispatcher = (plain_call if extension is None else extension).Dispatcher(miss)
    return made


def guards_hold(guards: Iterable[tuple[Any, ...]]) -> bool:
    """Whether every captured value is still what it was compiled for."""
    return all(map(plain_call.holds, guards))


def is_fast() -> bool:
    """Whether calls go through the extension, not through ctypes."""
    return _extension() is not None


def release_arena() -> int:
    """Give the memory that is kept between calls back; the bytes that were freed."""
    extension = _extension()
    freed: int = (plain_call if extension is None else extension).release_arena()
    return freed


def load_python(path: Path, name: str, warned: Sequence[Warned] = ()) -> Callable[..., Any]:
    """A function from generated Python text; its tracebacks show the text, also once it is gone.
    Where it warns, the user's files have their whole names."""
    text = path.read_text(encoding="utf-8")
    file = str(path)
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    namespace: dict[str, Any] = {"__name__": f"transpile.generated.{path.stem}", "__file__": file}
    exec(compile(text, file, "exec", dont_inherit=True), namespace)
    if warned:
        namespace["warnings"] = telling.Warnings(warned)
    found: Callable[..., Any] = namespace[name]
    return found


# Shared objects ----------------------------------------------------------------------------------


def _load_library(path: Path, signature: Signature) -> ctypes.CDLL:
    """Load a shared object, from a copy elsewhere if its place forbids execution (noexec)."""
    try:
        try:
            library = ctypes.CDLL(str(path))
        except OSError:
            copy = cache.default().private_directory() / path.name
            copy.write_bytes(path.read_bytes())
            library = ctypes.CDLL(str(copy))
        for suffix in ("entry", "plan"):
            _address(library, f"{signature.name}_{suffix}")
    except (OSError, AttributeError) as error:
        raise BuildError(
            f"the compiled function {path.name} cannot be loaded: {error}",
            help="set config.cache_dir and TMPDIR to places where programs can be run",
        ) from None
    return library


def _address(library: ctypes.CDLL, name: str) -> int:
    address = ctypes.cast(library[name], ctypes.c_void_p).value
    if address is None:
        raise AttributeError(name)
    return address


def _coded_args(signature: Signature) -> tuple[tuple[Any, ...], ...]:
    """The arguments as the extension takes them; see read_arg in _kernel.h."""
    coded = []
    for arg, dims in zip(signature.args, coded_dims(signature), strict=True):
        first, second = same_dtypes(arg.dtype)
        kind, dtype = KINDS.index(arg.kind), DTYPES.index(arg.dtype)
        types = (first.num, second.num, first.type, second.type)
        coded.append((kind, dtype, arg.written, *types, dims))
    return tuple(coded)


def _coded_outs(signature: Signature) -> tuple[tuple[Any, ...], ...]:
    """The results as the extension takes them; see read_out in _kernel.h."""
    names = [arg.name for arg in signature.args]
    coded = []
    for out in signature.outs:
        kind, dtype = KINDS.index(out.kind), np.dtype(out.dtype)
        argument = names.index(out.name) if out.kind == "argument" else -1
        number = DTYPES.index(out.dtype)
        coded.append((kind, number, out.ndim, dtype.num, argument, out.late, dtype))
    return tuple(coded)


# The extension -----------------------------------------------------------------------------------

_lock = threading.Lock()
_loaded: dict[str, ModuleType | None] = {}


def _extension() -> ModuleType | None:
    """The extension module, built if this machine has none yet; None if it cannot be had."""
    if "extension" in _loaded:
        return _loaded["extension"]
    with _lock:
        if "extension" not in _loaded:
            try:
                _loaded["extension"] = _build_extension()
            except (BuildError, ImportError, OSError):
                _loaded["extension"] = None
        return _loaded["extension"]


def _build_extension() -> ModuleType | None:
    import sysconfig

    headers = [sysconfig.get_path("include"), np.get_include()]
    if os.name != "posix" or not Path(headers[0], "Python.h").exists():
        return None
    room = Path(__file__).parent
    texts = {name: (room / name).read_text(encoding="utf-8") for name in _SOURCES}
    extra = [f"-I{header}" for header in headers]
    if sys.platform == "darwin":
        extra += ["-undefined", "dynamic_lookup"]

    def make(directory: Path) -> None:
        for name, text in texts.items():
            (directory / name).write_text(text, encoding="utf-8")
        build.compile_c(directory / "_call.c", directory / "_call.so", extra=extra)

    ingredients = {
        "what": "call extension",
        "python": sys.version + str(sysconfig.get_config_var("SOABI")),
        "numpy": np.__version__,
        "flags": " ".join(build.flags(extra=extra)),
        **texts,
        **build.identity(),
    }
    path = cache.entry(cache.key(ingredients), make) / "_call.so"
    name = "transpile.runtime._call"
    loader = importlib.machinery.ExtensionFileLoader(name, str(path))
    spec = importlib.machinery.ModuleSpec(name, loader, origin=str(path))
    module = loader.create_module(spec)
    loader.exec_module(module)
    admit = functools.partial(memory.admit, release=module.release_arena)
    module.setup(MISS, admit, memory.check_budget)
    return module


# Forks -------------------------------------------------------------------------------------------


def _stay_single_threaded() -> None:
    """In a forked child: the threads of OpenMP were not forked, and waiting for them would hang."""
    try:
        library = ctypes.CDLL("libgomp.so.1", mode=os.RTLD_NOLOAD | os.RTLD_NOW)
        library.omp_set_num_threads(1)
    except (OSError, AttributeError):
        pass


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_stay_single_threaded)
