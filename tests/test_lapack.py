"""Tests of every operator that LAPACK computes, drawn from its entry: values, first and second
derivative, both modes, both dtypes.

Values are held against the NumPy text of the entry, derivatives against extrapolated differences.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.numerics import assert_close, central_difference
from tests.test_ops import Compiled, assert_transposed, run_all, weights
from tests.test_programs import STANDALONE
from transpile import adjoint
from transpile.sym import evaluate, fold, verify
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Function, Leaf, Var, constant
from transpile.sym.ops import TABLE, Host, Op, Text
from transpile.sym.types import INT, Type

pytestmark = pytest.mark.usefixtures("fast_compiler")

OPERATORS = [op for op in TABLE.values() if isinstance(op.c, Host) and "a" in op.args]
EXTRA: dict[str, Callable[[Builder, Type], Any]] = {
    "k": lambda build, a: build.lesser(*a.dims[-2:]),
    "lower": lambda build, a: constant(True),
    "rcond": lambda build, a: constant(1e-12),
    "below": lambda build, a: constant(1),
    "above": lambda build, a: constant(2),
}


def program(op: Op, dtype: str, weighted: bool = False) -> Function:
    """The operator of one matrix, 5 by 3 or 4 by 4, and perhaps a right side; or a weighted sum."""
    sizes = [Var("m", INT), Var("n", INT)]
    m, n = map(Affine.of, sizes)
    a = Var("a", Type(dtype, (m, n) if op.matrices == "tall" else (m, m)))
    params = [a]
    build = Builder()
    args: list[Any] = []
    for name in op.args:
        if name == "a":
            args.append(a)
        elif name == "b":
            params.append(Var(name, Type(dtype, (m, n))))
            args.append(params[-1])
        else:
            args.append(EXTRA[name](build, a.type))
    out = build.apply(op, *args, name="r")
    if weighted:
        env = {"r": out, "i": along(build, out, -2), "j": along(build, out, -1)}
        product = build.text("sin(r) * (1 + 0.3 * i + 0.7 * j)", env)
        if product.type.is_complex:
            product = build.text("real(x)", {"x": product})
        out = build.sum(product, tuple(range(out.type.ndim)))
    used = {s for p in params for d in p.type.dims for s in d.symbols()}
    bound = tuple(s for s in sizes if s in used)
    made = Function(op.name, tuple(params), bound, build.block(params, (out,)), Leaf(0))
    return fold.fold(verify.verify(made))


def along(build: Builder, x: Any, axis: int) -> Any:
    """The place of each element of `x` along an axis, if it has that."""
    if x.type.ndim < -axis:
        return constant(0.0)
    number = build.text("arange(n)", {"n": build.atom(x.type.dims[axis])})
    return build.index(number, (":", "new")) if axis == -2 else number


def arguments(op: Op, dtype: str) -> list[Any]:
    rng = np.random.default_rng(2)

    def drawn(*shape: int) -> Any:
        real = rng.normal(size=shape)
        return real + 1j * rng.normal(size=shape) if dtype.startswith("complex") else real

    a = drawn(5, 3) if op.matrices == "tall" else drawn(4, 4)
    match op.matrices:
        case "definite":
            a = a @ a.conj().T + np.eye(4)
        case "symmetric":
            a = (a + a.conj().T) / 4
        case "banded":
            a[0 if "lower" in op.args else 2] += 7.0
        case "general":
            a = a + np.diag([1.0, -2.0, 3.0, 5.0])
        case "regular":
            a = a + np.diag([3.0, -3.0, 3.0, 3.0])
    more = {"b": drawn(4, 3).astype(dtype)}
    return [a.astype(dtype), *(more[name] for name in op.args if name in more)]


def in_numpy(op: Op, args: list[Any]) -> Any:
    """The value by the entry's own NumPy text."""
    known = {"k": min(args[0].shape), "lower": True, "rcond": 1e-12, "below": 1, "above": 2}
    left = iter(args)
    given = [known[name] if name in known else next(left) for name in op.args]
    if isinstance(op.numpy, Text):
        return evaluate.of_text(op, op.numpy.text, given)
    return evaluate.named(op.numpy.name)(*given)


def cost(op: Op, dtype: str = "float64") -> tuple[Function, list[Any]]:
    return program(op, dtype, weighted=True), arguments(op, dtype)


def plain_cost(op: Op, args: list[Any]) -> float:
    """The same of NumPy's values."""
    r = np.asarray(in_numpy(op, args))
    i, j = (np.indices(r.shape)[k] if r.ndim >= -k else 0.0 for k in (-2, -1))
    return float(np.sum(np.sin(r) * (1 + 0.3 * i + 0.7 * j)).real)


def gradients(op: Op, function: Function) -> list[tuple[int, Function]]:
    wrt = [k for k, p in enumerate(function.params) if p.name in op.vjp]
    return [
        (k, fold.fold(verify.verify(adjoint.grad(function, [k], keep_value=False)))) for k in wrt
    ]


def of(*dtypes: str) -> Any:
    """Each operator at each of these dtypes that it is for."""
    cases = [(op, t) for op in OPERATORS for t in dtypes if op.matrices != "general" or t[0] == "c"]
    return pytest.mark.parametrize(("op", "dtype"), cases, ids=lambda v: getattr(v, "name", v))


@of("float64", "float32", "complex128", "complex64")
def test_value(op, dtype):
    args = arguments(op, dtype)
    want = np.asarray(in_numpy(op, args))
    for name, got in run_all(program(op, dtype), args).items():
        got = np.asarray(got)
        assert (got.dtype, got.shape) == (want.dtype, want.shape), name
        size = max(1.0, np.abs(want).max())
        assert_close(got, want, (1e-12 if dtype in ("float64", "complex128") else 2e-5) * size)


@of("float32", "complex64")
def test_text_compiles_without_warnings(op, dtype, tmp_path):
    source = tmp_path / "operator.c"
    source.write_text(Compiled(program(op, dtype), ("test.py:1", "test")).c)
    command = [*STANDALONE, "-fsyntax-only", str(source)]
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""


@of("float64", "complex128")
def test_derivative(op, dtype):
    function, args = cost(op, dtype)
    for k, gradient in gradients(op, function):
        (want,) = central_difference(lambda *a: plain_cost(op, list(a)), tuple(args), (k,))
        for got in run_all(gradient, args).values():
            assert_close(np.asarray(got), want, 1e-9 * max(1.0, np.abs(want).max()))


@of("float64", "complex128")
def test_second_derivative(op, dtype):
    function, args = cost(op, dtype)
    for _, gradient in gradients(op, function):
        g = weights(evaluate.evaluate(gradient, args)[0])

        def slope(*moved: Any, first: Function = gradient, g: Any = g) -> float:
            return float(np.sum(np.conj(g) * evaluate.evaluate(first, moved)[0]).real)

        second = fold.fold(verify.verify(adjoint.vjp(gradient, [0], keep_value=False)))
        (want,) = central_difference(slope, tuple(args), (0,))
        (got,) = evaluate.evaluate(second, [*args, g])
        assert_close(np.asarray(got), want, 1e-7 * max(1.0, np.abs(want).max()))


@of("float32", "complex64")
def test_gradient_of_single_precision(op, dtype):
    function, args = cost(op, dtype)
    in_double, exact = cost(op, {"float32": "float64", "complex64": "complex128"}[dtype])
    for (k, gradient), (_, double) in zip(
        gradients(op, function), gradients(op, in_double), strict=True
    ):
        (want,) = evaluate.evaluate(double, exact)
        for got in run_all(gradient, args).values():
            assert np.asarray(got).dtype == dtype, k
            assert_close(np.asarray(got), np.asarray(want), 2e-4 * max(1.0, np.abs(want).max()))


@of("float64", "complex128")
def test_forward_and_reverse_are_transposed(op, dtype):
    function, args = cost(op, dtype)
    assert_transposed(function, args)
