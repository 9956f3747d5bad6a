"""Every operator over every dtype, against NumPy: many of them in one program, so in one C file.

A grid is all pairs of values at the edges of two dtypes: extremes, zeros of both signs, NaN. Some
of the pairs of dtypes are in `make test`, all of them are marked `fuzz`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import transpile
from tests.phrases import assert_same
from tests.test_ops import in_numpy
from transpile.runtime.compiled import Compiled
from transpile.sym import fold, verify
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Function, Leaf, Tree, Var
from transpile.sym.ops import TABLE, Op, arithmetic
from transpile.sym.types import DTYPES, INT, SIGNED, Mismatch, Type

ENTRIES = [
    op
    for op in TABLE.values()
    if op.elementwise and op is not arithmetic.NOT and not str(op.numpy).count("scipy")
]
UNARY = [op for op in ENTRIES if len(op.args) == 1]
BINARY = [op for op in ENTRIES if len(op.args) == 2]
CHUNK = 80


def edges(dtype: str) -> np.ndarray:
    """Values at which something may go wrong."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return np.array([False, True])
    if kind in "iu":
        limits = np.iinfo(dtype)
        some = [limits.min, limits.min + 1, limits.max - 1, limits.max, 0, 1, 2, 3, 7, 70]
        return np.array(some + [-1, -2, -7] * (kind == "i"), dtype)
    if kind == "c":
        parts = np.array([0.0, -0.0, 1.5, -2.0, 0.3, np.inf, np.nan])
        re, im = (g.ravel() for g in np.meshgrid(parts, parts))
        found = np.empty(len(re), dtype)
        found.real, found.imag = re, im
        return found
    limits = np.finfo(dtype)
    some = [0.0, -0.0, 1.0, -1.5, 2.5, 0.3, np.inf, -np.inf, np.nan, limits.max, limits.tiny, 1e5]
    return np.array(some, dtype)


def pairs(first: str, second: str, op: Op) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of values, those left out on which NumPy itself raises."""
    x, y = (g.ravel() for g in np.meshgrid(edges(first), edges(second)))
    if op is arithmetic.POWER:
        loop = op.operand_dtypes((Type(first), Type(second)))[0]
        y = np.where(y < 0, 3, y).astype(second) if loop in SIGNED else y
    return x, y


class Grid:
    """A program of many operators, each with arguments of its own."""

    def __init__(self, cases: Sequence[tuple[Op, Sequence[str]]]) -> None:
        build, self.sizes = Builder(), []
        self.params: list[Var] = []
        self.args: list[Any] = []
        self.wants: list[Any] = []
        self.names: list[str] = []
        shared: dict[Any, Var] = {}
        results = []
        for op, dtypes in cases:
            values = self.values(op, dtypes)
            given = []
            for k, value in enumerate(values):
                key = (value.dtype, value.tobytes(), len(value))
                if key not in shared:
                    shared[key] = self.param(value)
                given.append(shared[key])
                assert k < 2
            try:
                results.append(build.apply(op, *given))
            except Mismatch:
                continue
            with np.errstate(all="ignore"):
                self.wants.append(in_numpy(op)(*values))
            self.names.append(f"{op.name} of {', '.join(dtypes)}")
        tree = Tree("tuple", tuple(Leaf(k) for k in range(len(results))))
        made = Function(
            "grid", tuple(self.params), tuple(self.sizes), build.block(self.params, results), tree
        )
        self.function = fold.fold(verify.verify(made))

    def values(self, op: Op, dtypes: Sequence[str]) -> tuple[np.ndarray, ...]:
        return (edges(dtypes[0]),) if len(dtypes) == 1 else pairs(dtypes[0], dtypes[1], op)

    def param(self, value: np.ndarray) -> Var:
        length = len(value)
        size = next((s for s in self.sizes if s.name == f"n_{length}"), None)
        if size is None:
            size = Var(f"n_{length}", INT)
            self.sizes.append(size)
        dims = (Affine.of(size),)
        self.params.append(Var(f"x_{len(self.params)}", Type(value.dtype.name, dims, "array")))
        self.args.append(value)
        return self.params[-1]

    def check(self) -> None:
        compiled = Compiled(self.function, ("test.py:1", "python -m transpile"))
        with np.errstate(all="ignore"):
            self.compare("python", compiled.interpreted(*self.args))
        self.compare("c", compiled.kernel(*self.args))

    def compare(self, backend: str, found: Sequence[Any]) -> None:
        wrong = []
        for name, got, want in zip(self.names, found, self.wants, strict=True):
            same = got.dtype == want.dtype and got.shape == want.shape
            apart = ~equal(got, want, name.startswith(EXACT)) if same else np.ones(3, bool)
            if apart.any():
                k = np.flatnonzero(apart)[:3]
                wrong.append(f"{name}: {got.dtype} {got[k]} for {want.dtype} {want[k]} at {k}")
        assert not wrong, f"{backend}:\n" + "\n".join(wrong)


EXACT = ("add ", "subtract ", "multiply ", "true_divide ", "negative ", "sqrt ")


def equal(got: np.ndarray, want: np.ndarray, exact: bool) -> np.ndarray:
    """Element by element: to the bit but for NaN, or within 4 ulp.

    Of complex numbers the whole is near, since NumPy's own products are rounded once or twice
    depending on where in an array they stand; what is not finite is so in the same part.
    """
    if want.dtype.kind == "c":
        near = 4 * np.finfo(want.dtype).eps * np.abs(want)
        with np.errstate(invalid="ignore"):
            close = np.abs(got - want) <= near
        parts = equal(got.real, want.real, exact) & equal(got.imag, want.imag, exact)
        return parts | close
    if want.dtype.kind in "biu":
        return got == want
    if exact:
        return ((got == want) & (np.signbit(got) == np.signbit(want))) | (got != got) & (
            want != want
        )
    return np.isclose(got, want, rtol=4 * np.finfo(want.dtype).eps, atol=0.0, equal_nan=True)


def chunks(cases: list[Any]) -> list[Any]:
    return [cases[k : k + CHUNK] for k in range(0, len(cases), CHUNK)]


def taken(op: Op, dtypes: Sequence[str]) -> bool:
    try:
        op.type(Builder(), op, tuple(Var("", Type(d, (Affine((), 2),))) for d in dtypes), {})
    except Mismatch:
        return False
    return True


ONE = [(op, (d,)) for op in UNARY for d in DTYPES if taken(op, (d,))]
TWO = [
    (op, pair) for op in BINARY for pair in itertools.product(DTYPES, repeat=2) if taken(op, pair)
]


@pytest.mark.parametrize("cases", chunks(ONE) + chunks(TWO[::17]), ids=lambda c: c[0][0].name)
def test_grid(cases):
    """Equal to NumPy in dtype and value."""
    Grid(cases).check()


@pytest.mark.fuzz
@pytest.mark.parametrize("cases", chunks(TWO), ids=lambda c: c[0][0].name)
def test_whole_grid(cases):
    Grid(cases).check()


# -- shapes and layouts: the same operators, one dtype each

SHAPES = [
    ((), (3,)), ((4, 3), (3,)), ((4, 1), (1, 3)), ((0, 3), (3,)), ((0,), ()), ((4, 3), (4, 3)),
]  # fmt: skip


def layouts(x: np.ndarray) -> list[np.ndarray]:
    """The same numbers in other orders of memory."""
    wide = np.zeros(tuple(2 * n for n in x.shape), x.dtype)
    apart = wide[tuple(slice(None, None, 2) for _ in x.shape)]
    apart[...] = x
    return [x, np.asfortranarray(x), np.ascontiguousarray(x[..., ::-1])[..., ::-1], apart]


def sums(x, y):
    return x + y, x * y, x - y, x < y, x == y, np.maximum(x, y)


def alone(x):
    return x * x, x.sum(), x.T, np.square(x), np.positive(x), np.logical_not(x), x != 0


DTYPED = [d for d in DTYPES if d != "bool"]


@pytest.mark.parametrize("dtype", [pytest.param(d, marks=[pytest.mark.fuzz] * (k % 4 != 0))
                                   for k, d in enumerate(DTYPED)])  # fmt: skip
def test_shapes_and_layouts(dtype, mode):
    """0-d, without elements, broadcast, strided, Fortran order, negative strides."""
    rng = np.random.default_rng(0)
    two, one = transpile.function(sums), transpile.function(alone)
    for first, second in SHAPES:
        x, y = (np.asarray(rng.integers(1, 5, shape)).astype(dtype) for shape in (first, second))
        for left in layouts(x) if x.ndim else [x, x[()]]:
            with np.errstate(over="ignore"):
                assert_same(two(left, y), sums(left, y))
                if isinstance(left, np.ndarray):
                    assert_same(one(left), alone(left))
