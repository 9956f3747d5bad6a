"""Calls and attributes: Python's own functions, `math`, NumPy, methods, and users' helpers."""

from __future__ import annotations

import builtins
import cmath
import collections
import copy
import dataclasses
import functools
import inspect
import math
import random
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from types import FunctionType
from typing import Any

import numpy as np

from transpile.frontend import (  # fmt: skip
    absent,
    captures,
    copies,
    custom,
    derived,
    generators,
    hashed,
    letters,
    listed,
    objects,
    records,
    source,
    structures,
    views,
)
from transpile.frontend.args import LOWERS, ORIGINAL, RULE, is_plain
from transpile.frontend.context import Context
from transpile.frontend.forms import leaves
from transpile.frontend.iterables import item, items
from transpile.frontend.library import (  # fmt: skip
    cmath_calls,
    math_calls,
    numpy_calls,
    numpy_complex,
    numpy_draws,
    numpy_functional,
    numpy_table,
    python_calls,
    python_deque,
    python_dicts,
    python_hashed,
    python_iterators,
    python_warnings,
)
from transpile.frontend.operands import compute, described
from transpile.frontend.source import WRITTEN
from transpile.frontend.values import (
    Array,
    Closure,
    Flat,
    Generator,
    Letter,
    Letters,
    Listed,
    Method,
    Partial,
    Records,
    Reshaped,
    Static,
    Structure,
    Value,
    View,
)  # fmt: skip
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.types import PYTHON_TYPES

__all__ = ["call", "item", "items", "member"]

Args = Sequence[Value]
Named = Mapping[str, Value]


def call(ctx: Context, function: Value, args: Args, named: Named) -> Value:
    match function:
        case Closure(node=node) if generators.yields(node):
            return generators.called(ctx, function, args, named)
        case Closure():
            return ctx.hooks.inline(ctx, function, args, named)
        case Method(owner=owner, name=name):
            return method(ctx, owner, name, args, named)
        case Partial(function=Static(value=np.vectorize), args=(inner,)):
            return numpy_functional.call_vectorized(ctx, inner, tuple(args))
        case Static(value=np.vectorize() as made):
            inner = numpy_functional.pyfunc_of(ctx, made)
            return numpy_functional.call_vectorized(ctx, inner, tuple(args))
        case Partial(function=inner, args=first, named=before):
            return call(ctx, inner, (*first, *args), {**dict(before), **named})
        case Static(value=functools.partial() as value):
            return call(ctx, captures.partial(ctx, value), args, named)
        case Static(value=value):
            return static_call(ctx, value, args, named)
        case Structure() if objects.written(function, "__call__"):
            return objects.call(ctx, function, "__call__", args, named)
    ctx.fail(f"{described(function)} cannot be called")


def static_call(ctx: Context, value: Any, args: Args, named: Named) -> Value:
    if value is custom.stop_gradient:
        return custom.stopped(ctx, args, named)
    if hasattr(value, RULE):
        return custom.call(ctx, value, args, named)
    if hasattr(value, ORIGINAL):
        return ctx.hooks.inline(ctx, source.plain(value), args, named)
    if hasattr(value, LOWERS):
        return derived.call(ctx, value, args, named)
    if getattr(value, "__self__", None) is int or getattr(value, "__objclass__", None) is int:
        return letters.of_integers(ctx, value.__name__, args, named)
    if value is copy.copy or value is copy.deepcopy:
        return copies.call(ctx, value.__name__, args, named)
    if value is collections.deque:
        value = python_deque.deque
    if not isinstance(value, FunctionType) and value not in (isinstance, type, python_deque.Deque):
        args = absent.passed(ctx, [python_deque.opened(one) for one in args])
    if python_warnings.is_of_warnings(value):
        return python_warnings.call(ctx, value, args, named)
    found = python_iterators.of_modules(ctx, value, args, named)
    if found is not None:
        return found
    found = of_wrappers(ctx, value, args, named)
    if found is not None:
        return found
    name = getattr(value, "__name__", type(value).__name__)
    if getattr(builtins, name, None) is value:
        return python_calls.builtin(ctx, name, args, named)
    if getattr(math, name, None) is value:
        return math_calls.call(ctx, name, args, named)
    if getattr(cmath, name, None) is value:
        return cmath_calls.call(ctx, name, args, named)
    if numpy_table.is_numpy(value):
        return numpy_calls.call(ctx, value, args, named)
    if (getattr(value, "__module__", None) or "").startswith(OURS):
        ctx.fail(f"transpile.{name} is called inside", "call it outside, and what it gives here")
    if isinstance(value, FunctionType):
        return of_function(ctx, value, args, named)
    if isinstance(value, type) and (is_plain(value) or dataclasses.is_dataclass(value)):
        return objects.made(ctx, value, args, named)
    if isinstance(value, type) and value.__bases__ == (tuple,) and hasattr(value, "_fields"):
        return named_tuple(ctx, value, args, named)
    drawn = isinstance(getattr(value, "__self__", None), random.Random)
    ctx.fail(
        f"{name} has no Python source that could be read",
        numpy_draws.PHILOX if drawn else "write it in Python and NumPy, or call it outside",
    )


def of_function(ctx: Context, value: FunctionType, args: Args, named: Named) -> Value:
    """A call of a user's helper, or of a function of ours that stands for one of Python's."""
    if value.__code__.co_flags & inspect.CO_GENERATOR:
        return generators.called(ctx, value, args, named)
    with ctx.quoting() if value.__module__.startswith(WRITTEN) else nullcontext():
        return ctx.hooks.inline(ctx, value, args, named)


def of_wrappers(ctx: Context, value: Any, args: Args, named: Named) -> Value | None:
    """A call of what makes functions, classes and objects of others."""
    if isinstance(value, functools._lru_cache_wrapper):
        return kept(ctx, value, args, named)
    if value is collections.namedtuple:
        return named_class(ctx, args, named)
    if value is functools.partial and args:
        return Partial(args[0], tuple(args[1:]), tuple(named.items()))
    if value is super:
        return objects.super_(ctx, args)
    return of_tables(ctx, value, args, named)


def of_tables(ctx: Context, value: Any, args: Args, named: Named) -> Value | None:
    """A call that makes a Counter or a defaultdict, or one in our own text of dicts."""
    if value is collections.Counter or value is collections.defaultdict:
        given = [python_calls.unfolded(ctx, one) for one in args]
        return hashed.made(ctx, hashed.MAKERS[value], given, named)
    if value is python_dicts.view:
        owner, which = args
        assert isinstance(which, Static)
        return View(owner, which.value)
    if value is python_hashed.code_of:
        hashed.check_key(ctx, args[0])
    return None


OURS = "transpile.api"  # what is called to make functions, not in them


def kept(ctx: Context, value: Any, args: Args, named: Named) -> Value:
    """A call of what `functools.lru_cache` keeps. The arrays in it are not to be written, since
    the next call gives the same ones."""
    found = call(ctx, Static(value.__wrapped__), args, named)
    arrays = [leaf.base for leaf in leaves(found) if isinstance(leaf, Array)]
    ctx.frozen.update(dict.fromkeys(arrays, ctx.build.span))
    return found


def named_class(ctx: Context, args: Args, named: Named) -> Value:
    """The class that `collections.namedtuple` makes, from what is known."""
    given = {key: plainly(ctx, value) for key, value in named.items()}
    try:
        return Static(collections.namedtuple(*(plainly(ctx, value) for value in args), **given))
    except (TypeError, ValueError) as error:
        ctx.impossible(type(error).__name__, str(error))


def plainly(ctx: Context, value: Value) -> Any:
    match value:
        case Static() | Const():
            return value.value
        case Structure(items=items):
            return [plainly(ctx, one) for one in items]
    ctx.unknown("the names of a tuple's items have to be known", "write them out")


def named_tuple(ctx: Context, cls: Any, args: Args, named: Named) -> Value:
    """A tuple with names made from its fields."""
    try:
        found = dict(inspect.signature(cls).bind(*args, **named).arguments)
    except TypeError as error:
        ctx.fail(f"{cls.__name__}: {error}")
    for name, value in cls._field_defaults.items():
        if name not in found:
            found[name] = captures.known(ctx, name, value)
    return Structure("tuple", tuple(found[name] for name in cls._fields), cls._fields, cls)


# -- attributes and methods


def member(ctx: Context, owner: Array | Atom, name: str) -> Value:
    """`x.shape` and its like."""
    type = views.type_of(ctx, owner) if isinstance(owner, Array) else owner.type
    if type.kind == "python" and name in ("shape", "ndim", "size", "dtype", "T", "flat"):
        ctx.fail(f"a number of Python's has no {name}", f"write np.asarray(x).{name}")
    match name:
        case "shape":
            return Structure("tuple", tuple(ctx.build.extent(d) for d in type.dims))
        case "ndim":
            return constant(type.ndim)
        case "size":
            return views.extent_of(ctx, type.dims)
        case "dtype":
            return Static(np.dtype(type.dtype))
        case "T":
            return views.transposed(ctx, owner) if isinstance(owner, Array) else owner
        case "flat" if isinstance(owner, Array):
            row = Reshaped((views.extent_of(ctx, type.dims),))
            return Array(owner.base, (*owner.path, row, Flat()))
        case "real" | "imag":
            return numpy_complex.part(ctx, owner, name)
        case "itemsize":
            return constant(np.dtype(type.dtype).itemsize)
        case "nbytes":
            size = views.extent_of(ctx, type.dims)
            return compute(ctx, "*", size, constant(np.dtype(type.dtype).itemsize))
    plain = type.kind == "python"
    if not hasattr(PYTHON_TYPES[type.dtype] if plain else np.ndarray, name):
        ctx.fail(f"{described(owner)} has no {name} here", "do without it, or outside the function")
    if plain:
        return Method(owner, name)
    if not callable(getattr(np.ndarray, name)):
        ctx.fail(f"the attribute {name} of an array is not taken", "read it outside the function")
    return Method(owner, name)


def method(ctx: Context, owner: Any, name: str, args: Args, named: Named) -> Value:
    match owner:
        case Structure():
            return structures.method(ctx, owner, name, args, named)
        case Listed():
            return listed.method(ctx, owner, name, args, named)
        case Letters() | Letter():
            return letters.method(ctx, owner, name, args)
        case Static(value=str()) if any(isinstance(one, Letters | Letter) for one in args):
            return letters.method(ctx, owner, name, args)
        case Records():
            return records.method(ctx, owner, name, args, named)
        case Static(value=str() as text):
            return structures.of_text(ctx, text, name, args, named)
        case Generator():
            return numpy_draws.draw(ctx, owner, name, args, named)
    return numpy_calls.method(ctx, owner, name, args, named)
