"""Forward mode, Jacobians and Hessians as users call them, in C and in generated Python."""

import pickle

import numpy as np
import pytest
from numerics import assert_gradients_close

import transpile

SCALE = np.array([1.0, 10.0, 100.0])


def squares(x):
    return x * x


def scaled(x):
    return SCALE * x * x


def total(x):
    y = np.zeros_like(x)
    for i in range(1, len(x)):
        y[i] = y[i - 1] * x[i] + np.sin(x[i - 1])
    return np.sum(y)


def linear(A, x):
    return A @ x


def inner(x):
    return x[1:-1] * x[:-2]


def both(p):
    return {"sum": np.sum(p["x"]) * p["a"], "n": 3, "parts": (p["x"] * p["a"], p["a"])}


def keywords(x, c=2.0, *, power=2):
    return c * np.sum(x**power)


X = np.array([0.5, -1.0, 2.0])
T = np.array([1.0, 0.25, -3.0])


def test_the_tangent_of_an_array(mode):
    np.testing.assert_array_equal(transpile.jvp(squares)(X, T), 2 * X * T)
    np.testing.assert_array_equal(transpile.vjp(squares)(X, T), 2 * X * T)


def test_global_arrays_come_after_directions(mode):
    np.testing.assert_array_equal(transpile.jvp(scaled)(X, T), 2 * SCALE * X * T)
    np.testing.assert_array_equal(transpile.vjp(scaled)(X, T), 2 * SCALE * X * T)
    np.testing.assert_array_equal(transpile.jacobian(scaled)(X), np.diag(2 * SCALE * X))


def test_a_tangent_has_the_structure_of_the_gradient(mode):
    A, dA = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    got = transpile.jvp(linear, ("A", "x"))(A, X, (dA, T))
    np.testing.assert_allclose(got, dA @ X + A @ T, rtol=1e-15)
    got = transpile.jvp(both)({"x": X, "a": 2.0}, {"a": 1.0, "x": T})
    assert list(got) == ["sum", "n", "parts"]
    assert (got["sum"], got["n"], got["parts"][1]) == (np.sum(X) + 2 * np.sum(T), None, 1.0)
    np.testing.assert_array_equal(got["parts"][0], X + 2 * T)


def test_a_jacobian_has_the_shape_of_the_result_and_then_of_the_argument(mode):
    A = np.arange(6.0).reshape(2, 3)
    by_A, by_x = transpile.jacobian(linear, ("A", "x"))(A, X)
    np.testing.assert_array_equal(by_x, A)
    np.testing.assert_array_equal(by_A, np.einsum("ik,j->ikj", np.eye(2), X))
    got = transpile.jacobian(both)({"x": X, "a": 2.0})
    np.testing.assert_array_equal(got["sum"]["x"], [2.0, 2.0, 2.0])
    assert got["sum"]["a"] == np.sum(X)
    assert got["n"] is None
    np.testing.assert_array_equal(got["parts"][0]["x"], 2.0 * np.eye(3))
    np.testing.assert_array_equal(got["parts"][0]["a"], X)
    np.testing.assert_array_equal(got["parts"][1]["x"], np.zeros(3))
    assert got["parts"][1]["a"] == 1.0


@pytest.mark.parametrize(("f", "forward"), [(squares, True), (total, False)])
def test_the_mode_is_chosen_by_shape(f, forward):
    text = transpile.jacobian(f).source("python", X)
    assert ("x_dot[i] = 1.0" in text) == forward
    assert ("# reverse" in text) != forward


def test_where_shapes_do_not_tell_the_program_chooses(mode):
    def wide(x, n):
        y = np.zeros(n)
        for i in range(n):
            y[i] = x[i % len(x)] ** 2
        return y

    f = transpile.jacobian(wide)
    for n in (0, 1, 3, 4):
        want = np.zeros((n, 3))
        want[np.arange(n), np.arange(n) % 3] = 2 * X[np.arange(n) % 3]
        np.testing.assert_array_equal(f(X, n), want)
    assert "if n_x <= " in f.source("python")


def test_a_length_that_is_an_expression(mode):
    x = np.array([1.0, 2.0, 3.0, 4.0])
    want = np.array([[2.0, 1.0, 0.0, 0.0], [0.0, 3.0, 2.0, 0.0]])
    np.testing.assert_array_equal(transpile.jacobian(inner)(x), want)
    np.testing.assert_array_equal(transpile.jvp(inner)(x, x), want @ x)
    np.testing.assert_array_equal(transpile.vjp(inner)(x, np.array([1.0, 10.0])), [2, 31, 20, 0])
    np.testing.assert_array_equal(transpile.vjp(inner)(x[:3], np.ones(1)), [2.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="d_result has not the result's shape"):
        transpile.vjp(inner)(x, np.ones(3))


def test_a_function_is_run_once_for_its_effects(mode, capfd):
    def told(x):
        s = 0.0
        for i in range(len(x)):
            s += x[i] / len(x)
        print("mean", s)
        assert s > 0.0
        return s * x

    np.testing.assert_allclose(
        transpile.jacobian(told)(X), np.mean(X) * np.eye(3) + np.outer(X, np.ones(3) / 3)
    )
    assert capfd.readouterr().out == "mean 0.5\n"
    with pytest.raises(AssertionError):
        transpile.jacobian(told)(-X)


def test_derivatives_call_one_another_inside_a_function(mode):
    hessian, product, tangent = transpile.hessian(total), transpile.hvp(total), transpile.jvp(total)
    rows = transpile.jacobian(transpile.grad(total))

    @transpile.function
    def all_of_them(x):
        return hessian(x) @ x + product(x, x) + rows(x) @ x, tangent(x, x)

    moved, along = all_of_them(X)
    H = transpile.hessian(total)(X)
    np.testing.assert_allclose(moved, 3 * H @ X, rtol=1e-14)
    np.testing.assert_allclose(along, transpile.grad(total)(X) @ X, rtol=1e-14)


def hessian_by_hand(x):
    """Of the sum of y[i] = y[i - 1] * x[i] + sin(x[i - 1]), x having three elements."""
    a, b, c = x
    # s = sin a + (c sin a + sin b)
    assert np.isclose(total(x), np.sin(a) + c * np.sin(a) + np.sin(b))
    H = np.diag([-(1 + c) * np.sin(a), -np.sin(b), 0.0])
    H[0, 2] = H[2, 0] = np.cos(a)
    return H


def test_second_derivatives_in_every_order_of_modes(mode):
    H = hessian_by_hand(X)
    ways = [
        transpile.hessian(total),
        transpile.jacobian(transpile.grad(total)),
        transpile.jacobian(transpile.jacobian(total)),
    ]
    for way in ways:
        assert_gradients_close((way(X),), (H,), tolerance=1e-14)
    products = [
        transpile.hvp(total),
        transpile.vjp(transpile.grad(total)),
        transpile.jvp(transpile.jacobian(total)),
    ]
    for product in products:
        assert_gradients_close((product(X, T),), (H @ T,), tolerance=1e-14)
    over = transpile.grad(transpile.jvp(total))
    assert_gradients_close((over(X, T),), (H @ T,), tolerance=1e-14)
    twice = transpile.jvp(transpile.jvp(total))
    assert_gradients_close((twice(X, T, X),), (T @ H @ X,), tolerance=1e-14)


def test_third_derivatives(mode):
    a, b, c = X
    third = np.zeros((3, 3, 3))
    third[0, 0, 0], third[1, 1, 1] = -(1 + c) * np.cos(a), -np.cos(b)
    third[0, 0, 2] = third[0, 2, 0] = third[2, 0, 0] = -np.sin(a)
    got = transpile.jacobian(transpile.hessian(total))(X)
    assert_gradients_close((got,), (third,), tolerance=1e-14)
    got = transpile.hessian(transpile.jvp(total))(X, T)
    assert_gradients_close((got,), (third @ T,), tolerance=1e-14)
    got = transpile.vjp(transpile.hvp(total))(X, T, X)
    assert_gradients_close((got,), (third @ T @ X,), tolerance=1e-14)
    got = transpile.hvp(transpile.jvp(total))(X, T, X)
    assert_gradients_close((got,), (third @ T @ X,), tolerance=1e-14)


def test_scalars_and_lengths_of_one_and_none(mode):
    def product(a, x):
        return a * a * x

    by_a, by_x = transpile.jacobian(product, ("a", "x"))(3.0, np.array([2.0]))
    np.testing.assert_array_equal(by_a, [12.0])
    np.testing.assert_array_equal(by_x, [[9.0]])
    by_a, by_x = transpile.jacobian(product, ("a", "x"))(3.0, np.zeros(0))
    assert (by_a.shape, by_x.shape) == ((0,), (0, 0))
    assert transpile.jacobian(product)(3.0, 2.0) == 12.0
    assert transpile.hessian(product)(3.0, 2.0) == 4.0
    assert transpile.hvp(product)(3.0, 2.0, 10.0) == 40.0


def test_single_precision_keeps_the_dtype_of_the_argument(mode):
    x = X.astype(np.float32)
    assert transpile.jvp(squares)(x, T.astype(np.float32)).dtype == np.float32
    got = transpile.jacobian(lambda x, y: x * y)(x, X)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, np.diag(X), rtol=1e-6)


def test_all_arguments_are_given_before_the_tangent():
    assert transpile.jvp(keywords)(X, 2.0, 2, T) == 4.0 * X @ T
    with pytest.raises(TypeError, match="missing a required argument: 'x_dot'"):
        transpile.jvp(keywords)(X, 2.0, 2)


@pytest.mark.parametrize(
    ("tangent", "error", "text"),
    [
        (np.ones(2), transpile.ShapeError, "x_dot has shape .2,., axis 0 has to be of length 3"),
        (1.0, transpile.ShapeError, "x_dot is float, the argument that it belongs to float64"),
        ((T,), TypeError, "x_dot has to have the structure of the argument"),
    ],
)
def test_a_tangent_that_does_not_fit(mode, tangent, error, text):
    with pytest.raises(error, match=text):
        transpile.jvp(squares)(X, tangent)


def test_integers_have_no_tangent():
    with pytest.raises(TypeError, match="a gradient needs a floating-point array"):
        transpile.jacobian(squares)(np.arange(3))


@pytest.mark.parametrize("make", [transpile.jvp, transpile.hvp, transpile.jacobian])
def test_it_is_pickled(make):
    made = pickle.loads(pickle.dumps(make(total)))
    assert repr(made) == repr(make(total))
    args = (X,) if make is transpile.jacobian else (X, T)
    np.testing.assert_array_equal(made(*args), make(total)(*args))
