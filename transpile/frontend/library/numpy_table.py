"""NumPy's functions that are no operators of the table: one entry each, with its signature.

An entry reads a call into operators (`reads`), or is NumPy itself, with loops (`written`): then the
function's own text is read in place of the call, as a user's helper would be.
"""

from __future__ import annotations

import inspect
import itertools
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import Args, Named, bound
from transpile.frontend.library.numpy_binding import by_names
from transpile.frontend.values import Value
from transpile.sym import expr

Reader: TypeAlias = "Callable[[Context, dict[str, Value]], Value]"


class Entry(Struct, frozen=True):
    """How `np.name` is read. `signature` are its parameters, those that are required with a `*`,
    those that have to be arrays with a `!`, `axis=-1` for one with a default. `none`: the reader
    asks whether an argument is None."""

    name: str
    signature: tuple[str, ...]
    read: Reader
    none: bool = False

    @property
    def method(self) -> bool:
        """Do arrays have it too?"""
        return callable(getattr(np.ndarray, self.name, None))


FUNCTIONS: dict[str, Entry] = {}


def reads(names: str, signature: str, none: bool = False) -> Callable[[Reader], Reader]:
    """Add an entry for each of the names: `@reads("full", "shape*, fill_value*, dtype")`.

    The names are those under `np`, such as `linalg.norm`, or `scipy.special.erf`; `ndarray.sort` is
    a method that is not the function. A signature that
    ends in `/` says that nothing can be passed by name.
    """
    parameters = tuple(one.strip() for one in signature.split(","))

    def added(read: Reader) -> Reader:
        for name in names.split():
            if name in FUNCTIONS:
                raise ValueError(f"two entries for {name}")
            FUNCTIONS[name] = Entry(name, parameters, read, none)
        return read

    return added


def written(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add an entry that is NumPy with loops: its text is read in place of a call.

    Errors and generated text show the line of the call.
    """
    return written_as(function.__name__.rstrip("_"))(function)


def written_as(names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`written` for functions of other names, such as `linalg.norm` and `scipy.special.softmax`."""
    return lambda function: entered(names, function)


def entered(names: str, function: Callable[..., Any]) -> Callable[..., Any]:
    parameters = inspect.signature(function).parameters.values()
    signature = ", ".join(
        p.name + "*" * (p.default is p.empty) + "!" * (p.annotation == "np.ndarray")
        for p in parameters
    )

    @reads(names, signature, none=True)
    def read(ctx: Context, given: dict[str, Value]) -> Value:
        with ctx.quoting():
            return ctx.hooks.inline(ctx, function, (), given)

    return function


def read(ctx: Context, name: str, args: Args, named: Named) -> Value:
    """The value of a call."""
    entry = FUNCTIONS[name]
    return entry.read(ctx, bound(ctx, name, entry.signature, args, named, entry.none))


def called(ctx: Context, name: str, args: Args, named: Named, method: bool = False) -> Value:
    """The value of a call in the program, which binds its arguments as NumPy does."""
    args, named = by_names(ctx, name, FUNCTIONS[name].signature, args, named, method)
    return read(ctx, name, args, named)


def is_numpy(value: Any) -> bool:
    """Is this one of NumPy's or SciPy's own functions or scalar types?"""
    owner = getattr(value, "__self__", None)
    if isinstance(value, np.ufunc) or isinstance(owner, np.ufunc):
        return True
    if type(owner).__module__ == "numpy.random.mtrand":  # np.random.rand and its like
        return True
    module = getattr(value, "__module__", None) or ""
    named = callable(value) and hasattr(value, "__name__")
    return named and module.split(".")[0] in ("numpy", "scipy")


def is_distribution(value: Any) -> bool:
    """Is this one of SciPy's, such as `scipy.stats.norm`, or one that its argument froze?"""
    return type(value).__module__.startswith("scipy.stats.") and hasattr(value, "cdf")


def qualified(function: Any) -> str:
    """The name under which a function is looked for: `sin`, `linalg.norm`, `scipy.special.erf`."""
    name = function.__name__
    if is_distribution(getattr(function, "__self__", None)):
        return f"scipy.stats.{function.__self__.name}.{name}"
    for prefix, module in places():
        if getattr(module, name, None) is function:
            return prefix + name
    module_name = str(getattr(function, "__module__", "")).removeprefix("numpy.")
    public = list(itertools.takewhile(lambda part: part[:1] != "_", module_name.split(".")))
    return ".".join([*(public[:2] if public[:1] == ["scipy"] else public), name]).lstrip(".")


def places() -> list[tuple[str, ModuleType]]:
    """Where functions are looked for; what NumPy does not import itself only where the user has."""
    own = ("special", "linalg", "fft", "sparse", "spatial.distance")
    late = {f"scipy.{name}": f"scipy.{name}." for name in own}
    late["numpy.random"] = "random."
    found = [("", np), ("linalg.", np.linalg), ("fft.", np.fft)]
    return found + [(late[name], sys.modules[name]) for name in late if name in sys.modules]


def has(name: str) -> bool:
    """Is this a function with an entry, here or in the table of operators?"""
    return name in FUNCTIONS or name in expr.NAMES
