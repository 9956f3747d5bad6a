"""Second derivatives of whole programs, element by element.

They are held against complex step of the gradient: the text of the gradient in Python, which other
tests hold against complex step of the program, is run on complex numbers.
"""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from numerics import STEP, assert_gradients_close, copied, on_complex_numbers

import transpile
from tests.oracles import kalman
from tests.programs.recurrent_cell import recurrent_cell
from tests.test_programs import PROGRAMS, cost, module

pytestmark = pytest.mark.filterwarnings("ignore:Casting complex values")  # of an index
TWICE = [name for name in PROGRAMS if module(name).wrt]
COMPILED = ["early_returns", "log_likelihood", "lu", "newton", "nonlinear_sweep", "zipped"]


def bound(f, args):
    """All arguments, those with defaults too."""
    found = inspect.signature(f).bind(*args)
    found.apply_defaults()
    return found.arguments


def slopes(f, args, wrt):
    """For each two of `wrt` the second derivatives, by complex step of the gradient's text."""
    given = bound(f, args)
    text = transpile.grad(f, wrt).compile(**given).source("python")
    scope: dict = {}
    exec(text, scope)
    (name,) = [key for key in scope if key.endswith("_grad")]
    gradient = on_complex_numbers(scope[name])
    columns = []
    for w in wrt:
        shape = np.shape(given[w])
        found = [[] for _ in wrt]
        for index in np.ndindex(*shape):
            lifted = {k: lift(v) for k, v in given.items()}
            unit = np.zeros(shape, complex)
            unit[index] = 1j * STEP
            lifted[w] = (lifted[w] + unit)[()]
            for part, moved in zip(found, gradient(*lifted.values()), strict=True):
                part.append(np.imag(moved) / STEP)
        columns.append([
            np.moveaxis(np.reshape(part, (*shape, *np.shape(given[v]))), range(len(shape)),
                        range(-len(shape), 0)) if shape else part[0]
            for v, part in zip(wrt, found, strict=True)
        ])  # fmt: skip
    return [[columns[j][i] for j in range(len(wrt))] for i in range(len(wrt))]


def lift(value):
    if isinstance(value, np.ndarray):
        return value.astype(complex) if value.dtype.kind == "f" else value.copy()
    return np.complex128(value) if isinstance(value, float) else value


def assert_hessian(f, args, wrt, tolerance=1e-10):
    got, want = transpile.hessian(f, wrt)(**bound(f, copied(args))), slopes(f, args, wrt)
    for row, expected in zip(got, want, strict=True):
        largest = max(float(np.max(np.abs(e), initial=0.0)) for e in expected)
        for g, e in zip(row, expected, strict=True):
            assert np.shape(g) == np.shape(e)
            np.testing.assert_allclose(g, e, rtol=0.0, atol=tolerance * max(largest, 1e-8))


@pytest.mark.parametrize("name", TWICE)
def test_hessian(name):
    with transpile.config.change(mode="FAST_COMPILE"):
        assert_hessian(cost(name), module(name).arguments(0), module(name).wrt)


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_hessian(name):
    assert_hessian(cost(name), module(name).arguments(0), module(name).wrt)


def test_hessian_of_a_recurrent_network_with_50_parameters(mode):
    rng = np.random.default_rng(1)
    W, U, b = rng.normal(size=(5, 5)), rng.normal(size=(5, 4)), rng.normal(size=5)
    data = rng.normal(size=5), rng.normal(size=(6, 4)), rng.normal(size=(6, 5))
    assert W.size + U.size + b.size == 50
    assert_hessian(recurrent_cell, (0.5 * W, 0.5 * U, b, *data), ("W", "U", "b"))


def test_hessian_of_the_kalman_likelihood(mode):
    """By complex step in all arguments; in the data it is minus the inverse covariance."""
    y, s2_eps, s2_eta, P = np.random.default_rng(0).normal(size=12).cumsum(), 0.8, 0.5, 2.0
    assert_hessian(kalman.log_likelihood, (y, s2_eps, s2_eta, P), ("y", "s2_eps", "s2_eta", "P"))
    walk = np.minimum.outer(np.arange(12.0), np.arange(12.0))
    covariance = s2_eps * np.eye(12) + s2_eta * walk + P
    got = transpile.hessian(kalman.log_likelihood)(y, s2_eps, s2_eta, P)
    assert_gradients_close((got,), (-np.linalg.inv(covariance),), tolerance=1e-11)


@pytest.mark.parametrize("name", ["log_likelihood", "lu", "durbin", "thomas", "runge_kutta"])
def test_products_with_the_hessian_are_symmetric(name):
    """<v, H u> = <u, H v>, which no gradient's rule knows of."""
    f, wrt = cost(name), module(name).wrt
    given = bound(f, module(name).arguments(0))
    rng = np.random.default_rng(2)
    u, v = (tuple(rng.normal(size=np.shape(given[w]))[()] for w in wrt) for _ in range(2))
    with transpile.config.change(mode="FAST_COMPILE"):
        product = transpile.hvp(f, wrt)
        ways = [product(*copied(tuple(given.values())), d) for d in (u, v)]
    left, right = (
        [np.sum(a * b) for a, b in zip(x, y, strict=True)]
        for x, y in ((v, ways[0]), (u, ways[1]))
    )  # fmt: skip
    assert abs(sum(left) - sum(right)) <= 1e-11 * np.sum(np.abs(left))
