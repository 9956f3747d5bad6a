"""Writes by arrays of indices that name a place more than once: only the last of them stays."""

from __future__ import annotations

from functools import partial, reduce

from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Apply, Atom
from transpile.sym.ops import arithmetic, shape


def is_last(build: Builder, rhs: Apply) -> Atom:
    """Which elements an update by arrays leaves where it writes them.

        last[idx] = arange(n);  last[idx] == arange(n)

    Every place gets the number of its write; the last to come is the one that is found there.
    """
    arrays, extents = indexed_axes(rhs)
    dims = arrays[0].type.dims
    places = build.apply(shape.EMPTY, *map(build.extent, extents), dtype="int64", name="last")
    each = ("a",) * len(arrays)
    last = build.update(places, numbered(build, dims), each, arrays)
    now = build.index(last, each, arrays)
    found = build.apply(arithmetic.EQUAL, now, numbered(build, dims))
    behind = len(rhs.params["dims"]) - shape.lead(rhs.params["index"]) - len(dims)
    return build.index(found, (":",) * len(dims) + ("new",) * behind) if behind else found


def numbered(build: Builder, dims: tuple[Affine, ...]) -> Atom:
    """An array of these dims with the number of each element."""
    count = reduce(partial(build.apply, arithmetic.MULTIPLY), map(build.extent, dims))
    return build.reshape(expr.call(build, "arange", [count], {}), dims)


def indexed_axes(rhs: Apply) -> tuple[list[Atom], list[Affine]]:
    """The arrays of a write's index, and the extents of the axes that they index."""
    integers, extents = iter(rhs.args[2:]), iter(rhs.args[0].type.dims)
    arrays: list[Atom] = []
    found: list[Affine] = []
    for item in rhs.params["index"]:
        extent = next(extents) if item != "new" else None
        given = [next(integers) for _ in range(integers_of(item))]
        if extent is not None and item == "a":
            arrays += given
            found.append(extent)
    return arrays, found


def integers_of(item: object) -> int:
    """How many of the arguments belong to one item of an index."""
    if isinstance(item, tuple):
        return sum(item[1:])
    return 1 if item in ("i", "a") else 0
