"""Matrices of a pattern, as `scipy.linalg` makes them, and tensors that stand for matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import as_array, operand
from transpile.frontend.library.numpy_linalg import stacked
from transpile.frontend.library.numpy_table import reads, written_as
from transpile.frontend.values import Static, Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom
from transpile.sym.types import promote


def whole(ctx: Context, value: Value) -> Value:
    """An array, which may be given as a list."""
    return as_array(ctx, value) if isinstance(value, Structure) else value


def vector(ctx: Context, value: Value, name: str) -> Value:
    made = whole(ctx, value)
    if operand(ctx, made).type.ndim != 1:
        ctx.fail(f"scipy.linalg.{name} takes one vector here", "write a loop over the rows")
    return made


def vectors(ctx: Context, given: dict[str, Value], name: str) -> tuple[Value, Value]:
    """The first column and, where it is given, the row at the edge."""
    row = given.get("r", Static(None))
    column = vector(ctx, given["c"], name)
    return column, row if row == Static(None) else vector(ctx, row, name)


@reads("scipy.linalg.toeplitz", "c*, r")
def toeplitz(ctx: Context, given: dict[str, Value]) -> Value:
    return stacked(ctx, toeplitz_of, *vectors(ctx, given, "toeplitz"))


def toeplitz_of(c: Any, r: Any) -> Any:
    row = np.conj(c) if r is None else r
    both = np.concatenate((c[::-1], row[1:]))
    return both[len(c) - 1 - np.arange(len(c))[:, None] + np.arange(len(row))]


@reads("scipy.linalg.hankel", "c*, r")
def hankel(ctx: Context, given: dict[str, Value]) -> Value:
    return stacked(ctx, hankel_of, *vectors(ctx, given, "hankel"))


def hankel_of(c: Any, r: Any) -> Any:
    row = np.zeros_like(c) if r is None else r
    both = np.concatenate((c, row[1:]))
    return both[np.arange(len(c))[:, None] + np.arange(len(row))]


@reads("scipy.linalg.circulant", "c*")
def circulant(ctx: Context, given: dict[str, Value]) -> Value:
    return stacked(ctx, circulant_of, vector(ctx, given["c"], "circulant"))


def circulant_of(c: Any) -> Any:
    places = np.arange(len(c))
    return c[places[:, None] - places]


@reads("scipy.linalg.block_diag", "*arrs")
def block_diag(ctx: Context, given: dict[str, Value]) -> Value:
    parts, build = given["arrs"], ctx.build
    if not isinstance(parts, Structure) or not parts.items:
        ctx.fail("scipy.linalg.block_diag takes one matrix or more", "pass the blocks")
    blocks = [matrix(ctx, part) for part in parts.items]
    ends = [Affine(), Affine()]
    places: list[tuple[Affine, ...]] = []
    for block in blocks:
        after = [end + dim for end, dim in zip(ends, block.type.dims, strict=True)]
        places.append((ends[0], after[0], ends[1], after[1]))
        ends = after
    dtype = promote([block.type for block in blocks])
    found = expr.call(build, "zeros", [tuple(map(build.atom, ends))], {"dtype": dtype})
    for block, place in zip(blocks, places, strict=True):
        index = (("slice", True, True, False),) * 2
        at = list(map(build.atom, place))
        found = build.update(found, build.convert(block, dtype), index, at)
    return ctx.made(found)


def matrix(ctx: Context, value: Value) -> Atom:
    """A block; a vector is a row."""
    x = operand(ctx, whole(ctx, value))
    if x.type.ndim > 2:
        ctx.fail("blocks have two dimensions here", "write a loop over the stack")
    return ctx.build.index(x, (*("new",) * (2 - x.type.ndim), *(":",) * x.type.ndim))


@written_as("linalg.tensorsolve")
def tensorsolve(a: Any, b: Any) -> Any:
    x = np.linalg.solve(a.reshape(b.size, -1), b.ravel())
    return x.reshape(a.shape[b.ndim :])


@written_as("linalg.tensorinv")
def tensorinv(a: Any, ind: Any = 2) -> Any:
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    columns = np.prod(np.array(a.shape[ind:]))
    return np.linalg.inv(a.reshape(columns, -1)).reshape(a.shape[ind:] + a.shape[:ind])
