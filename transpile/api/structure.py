"""Arguments and results: their flat leaves, and the structures that users see of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from transpile.frontend.args import Arg, ArgLeaf, ArgTree, ArgValue
from transpile.runtime import call
from transpile.sym import ir


def spelled(value: Any) -> str:
    """The type of an argument as the command takes it: `float64[:, 1]`, `np.float32`, `int`."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}[{', '.join('1' if n == 1 else ':' for n in value.shape)}]"
    return f"np.{value.dtype}" if isinstance(value, np.generic) else type(value).__name__


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


def gradient_tree(value: ArgValue, counter: Any) -> ir.Leaf | ir.Same | ir.Tree:
    """A gradient has the structure of its argument."""
    match value:
        case ArgTree(kind=kind, items=items, keys=keys):
            return ir.Tree(kind, tuple(gradient_tree(i, counter) for i in items), keys)
        case ArgLeaf():
            return ir.Leaf(next(counter))
    return ir.Tree("none")


def has_same(tree: ir.Leaf | ir.Same | ir.Tree) -> bool:
    """Is some result an argument itself?"""
    if isinstance(tree, ir.Tree):
        return any(map(has_same, tree.items))
    return isinstance(tree, ir.Same)


def structured(tree: ir.Leaf | ir.Same | ir.Tree, flat: Sequence[Any], given: Sequence[Any]) -> Any:
    match tree:
        case ir.Leaf(index=index):
            return flat[index]
        case ir.Same(param=param):
            return given[param]
        case ir.Tree(kind="none"):
            return None
        case ir.Tree(kind="dict", items=items, keys=keys):
            found = [structured(item, flat, given) for item in items]
            return dict(zip(keys, found, strict=True))
        case ir.Tree(kind=kind, items=items):
            parts = (structured(item, flat, given) for item in items)
            return list(parts) if kind == "list" else tuple(parts)
