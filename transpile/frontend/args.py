"""What an argument of a call is: the leaves of the flat function, and what is in the key."""

from __future__ import annotations

import abc
import dataclasses
import enum
import functools
from collections.abc import Iterator, Sequence
from types import BuiltinFunctionType, FunctionType
from typing import Any, Generic, TypeAlias

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from transpile.errors import ArgumentError
from transpile.sym.affine import Affine
from transpile.sym.ir import Var
from transpile.sym.types import DTYPES, INT, PYTHON, Type

ORIGINAL = "__transpile_source__"  # where a decorated function keeps the plain one
LOWERS = "__transpile_lower__"  # what a derivative has in place of a text: its symbolic form
RULE = "__transpile_rule__"  # where a function with a derivative of its own keeps that
MAX_NDIM = 8
KNOWABLE = 64  # the greatest number that a program may be built for
ARRAYS = (np.ndarray, np.memmap)  # other subclasses mean other things by the same operators
STATIC = (
    str, type(None), type(Ellipsis), np.dtype, FunctionType, BuiltinFunctionType,
    functools.partial,
)  # fmt: skip


class ArgLeaf(Struct, frozen=True):
    """An array or a number; `known` is the number that the program is built for, if for one."""

    type: Type
    contiguous: bool = True
    known: int | None = None


class ArgTree(Struct, frozen=True):
    """A "tuple", "list", "dict" or "dataclass" of arguments; a "generator" of random numbers, whose
    one part is its state; a "str", "bytes" or "bytearray", whose one part are its code points.
    `cls` is the class of a dataclass, or of a tuple with names. `known` is the text that the
    program is built for, if for one."""

    kind: str
    items: tuple[ArgValue, ...]
    keys: tuple[str, ...] = ()
    cls: type | None = None
    known: str | None = None


class ArgStatic(Struct, frozen=True):
    """A value that the program is built for: None, a text, a dtype, a function."""

    value: Any


ArgValue: TypeAlias = "ArgLeaf | ArgTree | ArgStatic"


class Arg(Struct, frozen=True):
    """One parameter of the signature and what was passed for it."""

    name: str
    value: ArgValue


def arg_of(value: Any, name: str, sizes: list[Var]) -> Arg:
    """The description of an actual argument; new size variables are appended to `sizes`.

    >>> sizes = []
    >>> str(arg_of(np.zeros((3, 1)), "x", sizes).value.type)
    'float64[n_x, 1]'
    """
    if type(value) is str:
        return Arg(name, ArgTree("str", (described(codes_of(value), name, sizes),)))
    return Arg(name, described(value, name, sizes))


def described(value: Any, name: str, sizes: list[Var]) -> ArgValue:
    if is_static(value):
        return ArgStatic(value)
    parts = children(value)
    if parts is not None:
        kind, keys, items = parts
        found = tuple(
            described(item, f"{name}_{key}", sizes) for key, item in zip(keys, items, strict=True)
        )
        return ArgTree(kind, found, *labels(value, keys))
    return ArgLeaf(leaf_type(value, name, sizes), in_one_stretch(value))


def is_knowable(value: Any) -> bool:
    """May a program be built for this very value? It is of booleans and small integers."""
    if type(value) is tuple:
        return all(map(is_knowable, value)) and len(value) > 0
    if type(value) is str:
        return len(value) <= KNOWABLE
    return type(value) is bool or (type(value) is int and abs(value) <= KNOWABLE)


def knowing(described: ArgValue, value: Any) -> ArgValue:
    """The description of an argument whose value is known."""
    match described:
        case ArgLeaf():
            return replace(described, known=value)
        case ArgTree(kind="str"):
            return replace(described, known=value)
        case ArgTree(items=items):
            parts = zip(items, value, strict=True)
            return replace(described, items=tuple(knowing(part, v) for part, v in parts))
    return described


def in_one_stretch(value: Any) -> bool:
    """Do the elements lie one after the other, so that NumPy's reshape and ravel give views?"""
    return type(value) not in ARRAYS or value.flags.c_contiguous


def leaf_type(value: Any, name: str, sizes: list[Var]) -> Type:
    if type(value) in PYTHON:
        return PYTHON[type(value)]
    if type(value) not in ARRAYS and not isinstance(value, np.generic):
        message = f"argument {name} is a {type(value).__name__}, which has no array form"
        raise ArgumentError(message, help=plainer(value))
    if value.dtype.name not in DTYPES or not value.dtype.isnative:
        message = f"argument {name} has dtype {value.dtype}, which is not taken"
        raise ArgumentError(message, help=converted(value.dtype))
    if isinstance(value, np.generic):
        return Type(value.dtype.name, (), "numpy")
    if value.ndim > MAX_NDIM:
        message = f"argument {name} has {value.ndim} dimensions, at most {MAX_NDIM} are taken"
        raise ArgumentError(message, help="reshape it, so that some of its axes are one")
    dims: list[Affine] = []
    for letter, extent in zip("nmklpqrs", value.shape, strict=False):
        if extent == 1:
            dims.append(Affine((), 1))
        else:
            sizes.append(Var(f"{letter}_{name}", INT))
            dims.append(Affine.of(sizes[-1]))
    return Type(value.dtype.name, tuple(dims), "array")


def converted(dtype: np.dtype) -> str:
    """What to make of an array of this dtype."""
    if dtype.fields is not None:
        return "pass its fields, each an array of its own"
    if dtype.kind not in "biufc":
        return "pass numbers, np.array(..., dtype=np.float64)"
    name = dtype.newbyteorder("=").name
    wide = name if name in DTYPES else "complex128" if dtype.kind == "c" else "float64"
    return f"convert it, x.astype(np.{wide})"


def plainer(value: Any) -> str:
    """What to pass in place of an object of another kind."""
    if hasattr(value, "__array__"):
        return "pass an array made of it, np.asarray(...)"
    return "pass numbers, arrays, and tuples, lists, dicts and dataclasses of them"


def is_static(value: Any) -> bool:
    """Is the value part of the key, rather than something that the program computes with?"""
    if isinstance(value, (*STATIC, np.ufunc, type, enum.Enum)):
        return True
    return hasattr(value, ORIGINAL) or hasattr(value, LOWERS)


def children(value: Any) -> tuple[str, tuple[str, ...], tuple[Any, ...]] | None:
    """Kind, names and parts of a structure; None where the value is none."""
    if type(value) in (tuple, list):
        return type(value).__name__, tuple(map(str, range(len(value)))), tuple(value)
    if type(value) is dict:
        if not all(isinstance(key, str) for key in value):
            message = "a dict that comes from outside has to have texts as keys"
            raise ArgumentError(message, help='write {"1": ...} for {1: ...}')
        return "dict", tuple(value), tuple(value.values())
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return "tuple", value._fields, tuple(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = tuple(field.name for field in dataclasses.fields(value))
        if is_object(value):
            names = tuple(vars(value))
        return "dataclass", names, tuple(getattr(value, name) for name in names)
    if is_generator(value):
        return "generator", ("state",), (state_of(value),)
    if type(value) in (bytes, bytearray):
        return type(value).__name__, ("codes",), (codes_of(value),)
    if is_object(value):
        return "dataclass", tuple(vars(value)), tuple(vars(value).values())
    return None


def codes_of(value: str | bytes | bytearray) -> np.ndarray:
    """The code points of a text, or the bytes; those of a bytearray are the bytearray's own."""
    if isinstance(value, str):
        return np.frombuffer(value.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.frombuffer(value, np.uint8)


def is_object(value: Any) -> bool:
    """Is it a structure of its attributes? What `transpile` makes of functions is a function."""
    cls: Any = type(value)
    return is_plain(cls) and not any(hasattr(value, mark) for mark in (ORIGINAL, LOWERS, RULE))


@functools.lru_cache(maxsize=256)
def is_plain(cls: Any) -> bool:
    """Are objects of the class their attributes by name and nothing else?

    Classes that NumPy takes for arrays are not, nor its own and SciPy's, nor those that have a say
    in how attributes are read.
    """
    if cls.__module__.partition(".")[0] in ("numpy", "scipy"):
        return False
    own = [one for one in cls.__mro__ if one not in (object, abc.ABC, Generic)]
    made = all(one.__flags__ & HEAP and not vars(one).get("__slots__") for one in own)
    named = any("__weakref__" in vars(one) for one in own)
    special = any(hasattr(cls, name) for name in ("__array__", "__array_priority__", "__getattr__"))
    own_way = any(name in vars(one) for name in WAYS for one in own)
    return made and named and type(cls) in (type, abc.ABCMeta) and not (special or own_way)


HEAP = 1 << 9  # the flag of classes that a `class` statement made
WAYS = ("__new__", "__getattribute__", "__setattr__", "__delattr__")


def is_generator(value: Any) -> bool:
    return type(value).__module__ == "numpy.random._generator" and hasattr(value, "bit_generator")


def state_of(generator: Any) -> np.ndarray:
    """What `numpy_random` has of a generator: counter, key, block, how much of it is used, half a
    number. Raises ArgumentError for those that are not NumPy's Philox."""
    found = generator.bit_generator.state
    if found["bit_generator"] != "Philox":
        message = f"a generator on {found['bit_generator']} is not counter-based"
        raise ArgumentError(message, help="pass np.random.Generator(np.random.Philox(seed))")
    last = [found["buffer_pos"], found["has_uint32"], found["uinteger"]]
    parts = (found["state"]["counter"], found["state"]["key"], found["buffer"], last)
    return np.concatenate([np.asarray(part, dtype=np.uint64) for part in parts])


def advance(args: Sequence[Any], states: Sequence[Any]) -> None:
    """Leave the generators among the arguments where their states, leaves of a call, are now."""
    for value, state in zip(every_leaf(args), states, strict=False):
        if is_generator(value):
            found = value.bit_generator.state
            found["state"] = {"counter": state[:4], "key": state[4:6]}
            found["buffer"] = state[6:10]
            names = ("buffer_pos", "has_uint32", "uinteger")
            found.update(zip(names, map(int, state[10:]), strict=True))
            value.bit_generator.state = found


def every_leaf(args: Sequence[Any]) -> Iterator[Any]:
    """As `leaves`, with the generators themselves in place of their states."""
    for value in args:
        parts = None if is_static(value) or is_generator(value) else children(value)
        if parts is not None:
            yield from every_leaf(parts[2])
        elif not is_static(value):
            yield value


def labels(value: Any, keys: tuple[str, ...]) -> tuple[tuple[str, ...], type | None]:
    """The keys that a structure has beside its parts' places, and its class, where it is not
    Python's own."""
    own = type(value) in (tuple, list, dict, bytes, bytearray) or is_generator(value)
    return () if own and not isinstance(value, dict) else keys, None if own else type(value)


def leaves(value: Any) -> Iterator[Any]:
    """The arrays and numbers of an actual argument, in the order of the flat parameters."""
    if type(value) is str:
        yield codes_of(value)
        return
    yield from parts_of(value)


def parts_of(value: Any) -> Iterator[Any]:
    """As `leaves`; texts in a structure are what the program is built for."""
    if is_static(value):
        return
    parts = children(value)
    if parts is None:
        yield value
        return
    for item in parts[2]:
        yield from parts_of(item)


def key_of(value: Any, whole: bool = True) -> Any:
    """What of an argument a specialisation depends on, of a `whole` one or of a part; equal keys
    have equal `arg_of`.

    >>> key_of(np.zeros((3, 1))) == key_of(np.ones((7, 1)))
    True
    """
    if type(value) in ARRAYS:
        ones = tuple(extent == 1 for extent in value.shape)
        return value.dtype, ones, in_one_stretch(value)
    if type(value) in PYTHON or isinstance(value, np.generic):
        return type(value)
    if type(value) is str and whole:
        return "text", len(value) == 1
    if is_static(value):
        return "static", value
    parts = children(value)
    if parts is None:
        return type(value)
    kind, names, items = parts
    return (kind, type(value), names, *(key_of(item, False) for item in items))


def has_generator(value: ArgValue) -> bool:
    if isinstance(value, ArgTree):
        return value.kind == "generator" or any(map(has_generator, value.items))
    return False


def arg_leaves(value: ArgValue) -> Iterator[Type]:
    """The types of the flat parameters of one argument."""
    match value:
        case ArgLeaf(type=type_):
            yield type_
        case ArgTree(items=items):
            for item in items:
                yield from arg_leaves(item)
