"""Arguments and results: their flat leaves, and the structures that users see of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from transpile.errors import ShapeError
from transpile.frontend.args import (
    Arg,
    ArgLeaf,
    ArgStatic,
    ArgTree,
    ArgValue,
    children,
    is_static,
    labels,
)
from transpile.runtime import call
from transpile.sym import ir
from transpile.sym.affine import Affine, Symbol
from transpile.sym.types import Type


def spelled(value: Any, whole: bool = False) -> str:
    """The type of an argument as the command takes it: `float64[:, 1]`, `np.float32`, `(int,)`.

    Of a text that is a `whole` argument only its type matters, and whether it is one character.
    """
    if isinstance(value, np.ndarray):
        dims = ", ".join("1" if n == 1 else ":" for n in value.shape)
        return f"{value.dtype}[{dims or '()'}]"
    if isinstance(value, np.generic):
        return f"np.{value.dtype}"
    if isinstance(value, str) and whole and len(value) != 1:
        return "str"
    if isinstance(value, str) or value is None:
        return repr(value)
    parts = None if is_static(value) else children(value)
    if parts is None:
        return type(value).__name__
    kind, keys, items = parts
    if kind in ("generator", "bytes", "bytearray"):
        return "Generator" if kind == "generator" else kind
    shown = list(map(spelled, items))
    if labels(value, keys)[1] is not None:
        fields = (f"{key}={part}" for key, part in zip(keys, shown, strict=True))
        return f"{type(value).__name__}({', '.join(fields)})"
    if kind == "dict":
        pairs = (f"{key!r}: {part}" for key, part in zip(keys, shown, strict=True))
        return f"{{{', '.join(pairs)}}}"
    return (
        f"[{', '.join(shown)}]"
        if kind == "list"
        else f"({', '.join(shown)}{',' * (len(shown) == 1)})"
    )


def fitting(value: Any, spec: call.ArgSpec) -> Any:
    """The argument as kernels take it; itself if it is so already."""
    if spec.kind == "array":
        return np.require(value, spec.dtype, ["C", "A"])
    return np.dtype(spec.dtype).type(value) if spec.kind == "numpy" else value


def count(value: ArgValue) -> int:
    if isinstance(value, ArgTree):
        return sum(map(count, value.items))
    return int(isinstance(value, ArgLeaf))


def leaf_ranges(args: Sequence[Arg]) -> list[range]:
    """For each argument the positions of its leaves among the flat parameters."""
    ranges, start = [], 0
    for arg in args:
        stop = start + count(arg.value)
        ranges.append(range(start, stop))
        start = stop
    return ranges


def gradient_tree(value: ArgValue, counter: Any) -> ir.Result:
    """A gradient has the structure of its argument."""
    match value:
        case ArgTree(kind=kind, items=items, keys=keys, cls=cls):
            return ir.Tree(kind, tuple(gradient_tree(i, counter) for i in items), keys, cls)
        case ArgLeaf():
            return ir.Leaf(next(counter))
    return ir.Fixed()


def direction_order(types: Sequence[Type], tree: ir.Result, given: Arg, what: str) -> list[int]:
    """Which float of a structure each leaf of its cotangent, or of its tangent, belongs to.

    `types` are those of the structure's leaves, `what` says what it is. Raises TypeError or
    ShapeError where the cotangent has not the structure.
    """
    floats = [k for k, type in enumerate(types) if type.is_smooth]
    return [floats.index(k) for k in paired(types, tree, given.value, given.name, what)]


def paired(
    types: Sequence[Type], tree: ir.Result, value: ArgValue, name: str, what: str
) -> Iterator[int]:
    match tree, value:
        case ir.Tree(), ArgTree() if form(tree) == form(value):
            count = range(len(value.items))
            order = [tree.keys.index(key) for key in value.keys] or count
            names: Sequence[Any] = value.keys or count
            for k, key, part in zip(order, names, value.items, strict=True):
                yield from paired(types, tree.items[k], part, f"{name}[{key!r}]", what)
            return
        case ir.Leaf(index=k), ArgLeaf(type=type) if types[k].is_smooth:
            if not may_fit(types[k], type):
                raise ShapeError(f"{name} is {type}, the {what} that it belongs to {types[k]}")
            yield k
            return
        case ir.Leaf(index=k), ArgStatic(value=None) if not types[k].is_smooth:
            return
        case ir.Fixed(), ArgStatic():
            return
        case ir.Rows(each=each), ArgTree(kind=kind) if kind != "list":
            yield from paired(types, each, value, name, what)
            return
        case ir.Rows(), _:
            raise TypeError(
                f"{name} has to be one structure, with an array for each part of the items of the "
                f"{what}'s list, whose length is not known before"
            )
        case (ir.Leaf(items=kind), ArgTree(kind="list")) if kind:
            raise TypeError(
                f"{name} has to be an array, with a row for each item of the {what}'s list, "
                "whose length is not known before"
            )
    raise TypeError(
        f"{name} has to have the structure of the {what}, "
        "with None for what is no floating-point number"
    )


def form(tree: ir.Tree | ArgTree) -> tuple[str, int, list[str], type | None]:
    return tree.kind, len(tree.items), sorted(tree.keys), tree.cls


def may_fit(wanted: Type, given: Type) -> bool:
    """Can an array of the one type have the shape of the other?"""
    return wanted.ndim == given.ndim and all(
        (a - b).constant in (None, 0) for a, b in zip(wanted.dims, given.dims, strict=True)
    )


def check_lengths(function: ir.Function, given: Sequence[Any]) -> None:
    """Raise ShapeError where the arguments' lengths do not fit each other."""
    sizes: dict[Symbol, Affine] = {}
    for param, value in zip(function.params, given, strict=True):
        for axis, dim in enumerate(param.type.dims):
            found = Affine((), value.shape[axis])
            if dim.symbol is not None and dim.symbol not in sizes:
                sizes[dim.symbol] = found
            wanted = dim.substitute(sizes)
            if wanted.constant not in (None, found.const):
                raise ShapeError(
                    f"{function.name}: {param.name} has shape {value.shape}, "
                    f"axis {axis} has to be of length {wanted.constant}"
                )


def has_same(tree: ir.Result) -> bool:
    """Is some result an argument itself?"""
    if isinstance(tree, ir.Tree):
        return any(map(has_same, tree.items))
    if isinstance(tree, ir.Rows):
        return has_same(tree.each)
    return isinstance(tree, ir.Same)


def structured(tree: ir.Result, flat: Sequence[Any], given: Sequence[Any]) -> Any:
    match tree:
        case ir.Leaf(index=index, items=""):
            return flat[index]
        case ir.Leaf(index=index, items=kind, each=each, levels=levels):
            return listed(flat[index], kind, each, levels)
        case ir.Same(param=param):
            return given[param]
        case ir.Fixed(value=value):
            return value
        case ir.Tree(items=items):
            return assembled(tree, [structured(item, flat, given) for item in items])
        case ir.Rows(each=each):
            columns = [structured(leaf, flat, given) for leaf in leaves(each)]
            return [filled(each, iter(row)) for row in zip(*columns, strict=True)]


def leaves(tree: ir.Result) -> Iterator[ir.Leaf]:
    match tree:
        case ir.Leaf():
            yield tree
        case ir.Tree(items=items):
            for item in items:
                yield from leaves(item)


def filled(tree: ir.Result, parts: Iterator[Any]) -> Any:
    """The structure with these for its leaves."""
    match tree:
        case ir.Tree(items=items):
            return assembled(tree, [filled(item, parts) for item in items])
        case ir.Fixed(value=value):
            return value
    return next(parts)


def listed(items: np.ndarray, kind: str, each: str, levels: int) -> list[Any]:
    """The list that has these items, so many levels of lists below."""
    if kind == "python" and not each:
        return items.tolist()
    if levels:
        return [listed(item, kind, each, levels - 1) for item in items]
    if kind == "array":
        return [np.array(item) for item in items]
    parts = items.tolist() if kind == "python" else list(items)
    return parts if not each else list(map(tuple, parts))


def assembled(tree: ir.Tree, parts: list[Any]) -> Any:
    """One structure of these parts. A dataclass is made as `copy.copy` makes it, not by its
    `__init__`: what that demands of a value need not hold for a gradient."""
    match tree.kind:
        case "optional":
            value, given = parts
            return value if given else None
        case "list":
            return parts
        case "chr":
            return chr(parts[0])
        case "str":
            return parts[0].tobytes().decode("utf-32-le", "surrogatepass")
        case "bytes" | "bytearray":
            return {"bytes": bytes, "bytearray": bytearray}[tree.kind](parts[0].tobytes())
        case "tuple":
            make: Any = getattr(tree.cls, "_make", tuple)
            return make(parts)
        case "dict":
            return dict(zip(tree.keys, parts, strict=True))
        case "table":
            return dict(zip(*parts, strict=True))
        case "set" | "frozenset":
            return {"set": set, "frozenset": frozenset}[tree.kind](parts[0])
    assert tree.cls is not None
    return remade(tree.cls, dict(zip(tree.keys, parts, strict=True)))


def remade(cls: Any, fields: Mapping[str, Any]) -> Any:
    """A dataclass, or a tuple with names, that has these fields."""
    if issubclass(cls, tuple):
        return cls(**fields)
    made = object.__new__(cls)
    for key, part in fields.items():
        object.__setattr__(made, key, part)
    return made


AS_IT_IS = (
    "chr",
    "str",
    "bytes",
    "bytearray",
    "table",
    "set",
    "frozenset",
)  # what generated Python makes itself


def with_dataclasses(tree: ir.Result, value: Any) -> Any:
    """What generated Python gives, its dicts in place of dataclasses being those."""
    if isinstance(tree, ir.Rows):
        return [with_dataclasses(tree.each, one) for one in value]
    if not isinstance(tree, ir.Tree) or tree.kind in AS_IT_IS or value is None:
        return value
    if tree.kind == "optional":
        return with_dataclasses(tree.items[0], value)
    parts = value.values() if isinstance(value, dict) else value
    return assembled(tree, [with_dataclasses(*p) for p in zip(tree.items, parts, strict=True)])
