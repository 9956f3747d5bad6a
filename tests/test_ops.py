"""Tests of every operator, drawn from its entry: add an entry, and they are there.

A value is held against NumPy itself, a derivative against extrapolated differences of NumPy's
values, the second derivative against differences of the first: nothing here knows a rule.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from tests.numerics import assert_close, assert_values_equal, central_difference
from transpile import adjoint
from transpile.runtime.compiled import Compiled
from transpile.sym import evaluate, fold, verify
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Function, Leaf, Tree, Var
from transpile.sym.ops import TABLE, Call, Infix, Op, Prefix, Reduce, arithmetic, linalg
from transpile.sym.types import INT, Malformed, Mismatch, NoLoop, Type

SIZES = {"n": 5, "m": 3}
DIMS = {"": (), "n": ("n",), "nm": ("n", "m"), "m": ("m",), "n1": ("n", 1)}
ELEMENTWISE = [op for op in TABLE.values() if op.elementwise and op is not arithmetic.NOT]
REDUCTIONS = [op for op in TABLE.values() if isinstance(op.c, Reduce) and op.method is not None]
DTYPES = ("float64", "float32", "int64", "int32", "bool")


def type_of(dtype: str, letters: str, sizes: dict[str, Var]) -> Type:
    dims = tuple(
        Affine((), d) if isinstance(d, int) else Affine.of(sizes[d]) for d in DIMS[letters]
    )
    return Type(dtype, dims, "array" if dims else "numpy")


def program(op: Op, dtypes: Sequence[str], shapes: Sequence[str], **params: Any) -> Function:
    """`op` of as many params as it has arguments."""
    sizes = {letter: Var(letter, INT) for letter in SIZES}
    names = [name.strip("*") for name in op.args]
    args = [Var(n, type_of(d, s, sizes)) for n, d, s in zip(names, dtypes, shapes, strict=True)]
    build = Builder()
    out = build.apply(op, *args, name="r", **params)
    used = tuple(sizes[k] for k in sizes if any(k in DIMS[s] for s in shapes))
    made = Function(op.name, tuple(args), used, build.block(args, (out,)), Leaf(0))
    return fold.fold(verify.verify(made))


def draw(op: Op, dtypes: Sequence[str], shapes: Sequence[str]) -> list[Any]:
    """Arguments from the domain that the entry names."""
    rng = np.random.default_rng(len(op.name))
    drawn: list[Any] = []
    for name, dtype, letters in zip(op.args, dtypes, shapes, strict=True):
        low, high = op.domain.get(name, (-2.0, 2.0))
        shape = tuple(SIZES.get(d, d) for d in DIMS[letters])
        if dtype == "bool" or name == "c":
            value = rng.random(shape) < 0.5
        else:
            value = rng.uniform(low, high, shape)
            if dtype.startswith("int"):
                value = np.ceil(value)
        array = np.asarray(value).astype(dtype)
        drawn.append(array if shape else array[()])
    return drawn


def dtypes_of(op: Op, dtype: str) -> list[str]:
    """`dtype` for each argument but conditions, `c`, and whole numbers, `i`."""
    return [{"c": "bool", "i": "int64"}.get(a, dtype) for a in op.args]


def in_numpy(op: Op, **params: Any) -> Callable[..., Any]:
    if isinstance(op.numpy, Infix):
        return evaluate.OPERATORS[op.numpy.symbol]
    if isinstance(op.numpy, Prefix):
        return evaluate.PREFIXES[op.numpy.symbol]
    return lambda *args: evaluate.named(op.numpy.name)(*args, **params)


def shapes_for(op: Op) -> list[tuple[str, ...]]:
    """Shapes that broadcast; for named functions one way suffices, the engine being the same."""
    arity = len(op.args)
    if arity == 1:
        return [("",), ("nm",)] if op.math is not None else [("nm",)]
    spread = [("n",) * arity, ("nm", *("m",) * (arity - 1)), ("n1", *("m",) * (arity - 1))]
    return spread[1:2] if isinstance(op.numpy, Call) and op is not arithmetic.WHERE else spread


def run_all(function: Function, args: Sequence[Any]) -> dict[str, Any]:
    """The result by every backend."""
    compiled = Compiled(function, ("test.py:1", "python -m transpile"))
    found = {"python": compiled.interpreted(*args)}
    if compiled.runs_as_c():
        found["c"] = compiled.kernel(*args)
    return found


def together(functions: Sequence[Function]) -> Function:
    """One program of several, for one C file: its results are those of all."""
    params = tuple(p for f in functions for p in f.params)
    sizes = tuple(s for f in functions for s in f.sizes)
    build = Builder()
    build.eqns = [eqn for f in functions for eqn in f.body.eqns]
    results = [r for f in functions for r in f.body.results]
    tree = Tree("tuple", tuple(map(Leaf, range(len(results)))))
    return Function(functions[0].name, params, sizes, build.block(params, results), tree)


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_value(op):
    """Equal to NumPy in value, dtype, shape and kind: of one dtype and of two mixed."""
    functions, given, wants, cases = [], [], [], []
    for dtype, shapes in itertools.product(DTYPES, shapes_for(op)):
        mixed = [dtype, *["int32" if dtype == "float32" else dtype] * (len(op.args) - 1)]
        fixed = dtypes_of(op, "")
        dtypes = [a or b for a, b in zip(fixed, mixed, strict=True)]
        try:
            functions.append(program(op, dtypes, shapes))
        except Mismatch:
            continue
        args = draw(op, dtypes, shapes)
        given += args
        with np.errstate(all="ignore"):
            wants.append(in_numpy(op)(*args))
        cases.append(f"{dtypes}, {shapes}")
    if not functions:
        pytest.skip("not for real numbers")
    with np.errstate(all="ignore"):
        found = run_all(together(functions), given)
    for name, results in found.items():
        for got, want, case in zip(results, wants, cases, strict=True):
            if np.asarray(want).dtype == np.float32:
                np.testing.assert_allclose(got, want, rtol=5e-7, err_msg=f"{name}: {case}")
            else:
                assert_values_equal(got, want)


SPECIAL = np.array([0.0, -0.0, 1.0, -1.5, np.inf, -np.inf, np.nan, 1e308, 5e-324])


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_special_values(op):
    """NaN, infinities, zeros of both signs and extremes, every pair of them."""
    theirs = isinstance(op.numpy, Call) and op.numpy.name.startswith("scipy.")
    special = SPECIAL[:-2] if theirs else SPECIAL  # SciPy's own lose their digits out there
    grids = [g.ravel() for g in np.meshgrid(*[special] * len(op.args))]
    dtypes = dtypes_of(op, "float64")
    for k, dtype in enumerate(dtypes):
        if dtype != "float64":
            grids[k] = (grids[k] > 0).astype(dtype)
    try:
        function = program(op, dtypes, ["n"] * len(op.args))
    except Mismatch:
        pytest.skip("not for floats")
    with np.errstate(all="ignore"):
        want = in_numpy(op)(*grids)
        for name, got in run_all(function, grids).items():
            np.testing.assert_allclose(got, want, rtol=1e-14, err_msg=name)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("op", REDUCTIONS, ids=lambda op: op.name)
def test_reductions(op, axis, keepdims):
    how = {"axis": axis, "keepdims": keepdims}
    dtypes = ("float64", "int32", "bool")
    functions = [program(op, [dtype], ["nm"], **how) for dtype in dtypes]
    args = [arg for dtype in dtypes for arg in draw(op, [dtype], ["nm"])]
    for results in run_all(together(functions), args).values():
        for got, arg in zip(results, args, strict=True):
            assert_values_equal(got, in_numpy(op, **how)(arg))


# -- derivatives


def weighted(op: Op, shapes: Sequence[str], dtype: str = "float64", **params: Any) -> Function:
    """The sum of the result times `w`, which has the result's shape: a scalar to differentiate."""
    inner = program(op, dtypes_of(op, dtype), shapes, **params)
    build = Builder()
    build.eqns = list(inner.body.eqns)
    out = inner.body.results[0]
    w = Var("w", out.type)
    product = build.text("r * w", {"r": out, "w": w})
    total = build.sum(product, tuple(range(out.type.ndim)))
    args = (*inner.params, w)
    return Function(op.name, args, inner.sizes, build.block(args, (total,)), Leaf(0))


def takes_floats(op: Op) -> bool:
    try:
        program(op, dtypes_of(op, "float64"), [""] * len(op.args))
    except (NoLoop, Malformed):
        return False
    return True


def derivative_cases() -> list[Any]:
    """Every operator that has a derivative, with the shapes that its arguments broadcast from."""
    cases = []
    for op in (*ELEMENTWISE, *REDUCTIONS, linalg.MATMUL, linalg.OUTER):
        if not op.vjp or (op.elementwise and not takes_floats(op)):
            continue
        if op in REDUCTIONS:
            some = [(("nm",), {"axis": a, "keepdims": False}) for a in ((0,), (1,), (0, 1))]
        elif op is linalg.OUTER:
            some = [(("n", "m"), {})]
        elif op is linalg.MATMUL:
            some = [(s, {}) for s in (("n", "n"), ("nm", "m"), ("n", "nm"))]
        else:
            some = [(shapes, {}) for shapes in shapes_for(op)]
        cases += [pytest.param(op, s, p, id=f"{op.name}-{'-'.join(s)}-{k}")
                  for k, (s, p) in enumerate(some)]  # fmt: skip
    return cases


def weighted_arguments(
    op: Op, shapes: Sequence[str], dtype: str = "float64", **params: Any
) -> list[Any]:
    args = draw(op, dtypes_of(op, dtype), shapes)
    return [*args, weights(in_numpy(op, **params)(*args))]


def weights(like: Any) -> Any:
    """Numbers about 1, of this shape and dtype."""
    like, rng = np.asarray(like), np.random.default_rng(7)
    found = rng.uniform(0.5, 1.5, like.shape)
    if like.dtype.kind == "c":
        found = found + 1j * rng.uniform(0.5, 1.5, like.shape)
    return np.asarray(found, like.dtype)[()]


def first_gradients(op: Op, cost: Function) -> list[tuple[int, Function]]:
    """The gradient with respect to each argument that has one."""
    return [
        (k, fold.fold(verify.verify(adjoint.grad(cost, [k], keep_value=False))))
        for k in range(len(op.args))
        if op.args[k] in op.vjp and cost.params[k].type.dtype.startswith("float")
    ]


@pytest.mark.parametrize(("op", "shapes", "params"), derivative_cases())
def test_derivative(op, shapes, params):
    """The first derivative, in every backend, against differences of NumPy's values."""
    cost = weighted(op, shapes, **params)
    if evaluate_type(cost) != "float64":
        pytest.skip("the result is not a floating-point number")
    args = weighted_arguments(op, shapes, **params)

    def plain(*args: Any) -> float:
        return float(np.sum(in_numpy(op, **params)(*args[:-1]) * args[-1]))

    for k, gradient in first_gradients(op, cost):
        (want,) = central_difference(plain, tuple(args), (k,))
        for got in run_all(gradient, args).values():
            got = got[0] if isinstance(got, tuple | list) else got
            assert_close(np.asarray(got), want, 1e-9 * max(1.0, np.abs(want).max()))


@pytest.mark.parametrize(("op", "shapes", "params"), derivative_cases())
def test_second_derivative(op, shapes, params):
    """The slope of the weighted first derivative in every argument, against its differences."""
    cost = weighted(op, shapes, **params)
    if evaluate_type(cost) != "float64":
        pytest.skip("the result is not a floating-point number")
    args = weighted_arguments(op, shapes, **params)
    for _, gradient in first_gradients(op, cost):
        g = weights(evaluate.evaluate(gradient, args)[0])

        def slope(*args: Any, first: Function = gradient, g: Any = g) -> float:
            return float(np.sum(g * evaluate.evaluate(first, args)[0]))

        for j in range(len(args)):
            if not cost.params[j].type.is_float:
                continue
            second = fold.fold(verify.verify(adjoint.vjp(gradient, [j], keep_value=False)))
            (want,) = central_difference(slope, tuple(args), (j,))
            (got,) = evaluate.evaluate(second, [*args, g])
            assert_close(np.asarray(got), want, 1e-8 * max(1.0, np.abs(want).max()))


@pytest.mark.parametrize(
    ("op", "shapes", "params"), [c for c in derivative_cases() if c.id.endswith("-0")]
)
def test_gradient_of_single_precision(op, shapes, params):
    """It has the dtype of its argument, in every backend, and the digits that go with it."""
    cost = weighted(op, shapes, "float32", **params)
    if evaluate_type(cost) != "float32":
        pytest.skip("the result is not a number of single precision")
    args = weighted_arguments(op, shapes, "float32", **params)
    wide = [np.float64(a) if np.asarray(a).dtype == np.float32 else a for a in args]
    exact = first_gradients(op, weighted(op, shapes, **params))
    for (_, gradient), (_, double) in zip(first_gradients(op, cost), exact, strict=True):
        (want,) = evaluate.evaluate(double, wide)
        for got in run_all(gradient, args).values():
            got = np.asarray(got[0] if isinstance(got, tuple | list) else got)
            assert got.dtype == np.float32
            assert_close(got, np.asarray(want), 1e-5 * max(1.0, np.abs(want).max()))


def evaluate_type(function: Function) -> str:
    return function.body.results[0].type.dtype


# -- forward mode


def floats(function: Function) -> list[int]:
    return [k for k, p in enumerate(function.params) if p.type.is_float]


def product(x: Any, y: Any) -> tuple[float, float]:
    """The inner product, of complex numbers the real part of it, and that of absolute values."""
    return float(np.sum(np.conj(x) * y).real), float(np.sum(np.abs(x * y)))


def assert_transposed(function: Function, args: Sequence[Any]) -> None:
    """Forward and reverse mode are transposed to one another: <d, J t> = <d J, t>."""
    wrt = [k for k, p in enumerate(function.params) if p.type.is_smooth]
    forward = fold.fold(verify.verify(adjoint.jvp(function, wrt, keep_value=False)))
    reverse = fold.fold(verify.verify(adjoint.vjp(function, wrt, keep_value=False)))
    tangents = [weights(args[k]) for k in wrt]
    (moved,) = evaluate.evaluate(forward, [*args, *tangents])
    d = weights(moved)
    cotangents = evaluate.evaluate(reverse, [*args, d])
    left, size = product(d, moved)
    right = sum(product(c, t)[0] for c, t in zip(cotangents, tangents, strict=True))
    assert abs(left - right) <= 1e-12 * max(1.0, size)


@pytest.mark.parametrize(("op", "shapes", "params"), derivative_cases())
def test_tangent(op, shapes, params):
    """Forward mode, element by element, against differences of NumPy's values."""
    function = program(op, dtypes_of(op, "float64"), shapes, **params)
    if evaluate_type(function) != "float64":
        pytest.skip("the result is not a floating-point number")
    args = weighted_arguments(op, shapes, **params)[:-1]
    wrt = floats(function)
    tangents = [weights(args[k]) for k in wrt]
    made = fold.fold(verify.verify(adjoint.jvp(function, wrt, keep_value=True)))
    value, tangent = evaluate.evaluate(made, [*args, *tangents])
    assert_values_equal(value, in_numpy(op, **params)(*args))
    for place in np.ndindex(*np.shape(value)):

        def along(h: float, place: tuple = place) -> float:
            moved = list(args)
            for k, t in zip(wrt, tangents, strict=True):
                moved[k] = args[k] + h * t
            return float(np.asarray(in_numpy(op, **params)(*moved))[place])

        (want,) = central_difference(along, (0.0,), (0,))
        assert_close(np.asarray(tangent)[place], want, 1e-9 * max(1.0, abs(want)))


@pytest.mark.parametrize(("op", "shapes", "params"), derivative_cases())
def test_forward_and_reverse_are_transposed(op, shapes, params):
    """The dot test, to the first order and of each mode on the other."""
    function = program(op, dtypes_of(op, "float64"), shapes, **params)
    if evaluate_type(function) != "float64":
        pytest.skip("the result is not a floating-point number")
    args = weighted_arguments(op, shapes, **params)
    assert_transposed(function, args[:-1])
    forward = fold.fold(adjoint.jvp(function, floats(function), keep_value=False))
    assert_transposed(forward, [*args[:-1], *(weights(args[k]) for k in floats(function))])
    for _, gradient in first_gradients(op, weighted(op, shapes, **params)):
        assert_transposed(gradient, args)
