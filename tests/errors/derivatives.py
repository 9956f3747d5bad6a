"""Derivatives that there are none of."""

import numpy as np
import scipy.special

import transpile
from tests.refusals import given

X = np.arange(3.0)
WEIGHTS = np.ones(3)


@given(np.arange(3), wrt="k")
def by_integers(k):
    return np.sum(k * 1.5)


@given(X, wrt="x")
def of_an_array(x):
    return 2.0 * x


@given(X, wrt="x")
def of_an_integer(x):
    return np.argmax(x)


@given(X, wrt="x")
def of_two_results(x):
    return np.sum(x), np.sum(x * x)


@given(X, wrt="x")
def of_a_list(x):
    return [np.sum(x)]


@given(X + 1j, wrt="z")
def of_a_complex_number(z):
    return np.sum(z)


def cost(x):
    return np.sum(x * x)


def weighed(x):
    return np.sum(x * WEIGHTS)


slope, weighed_slope = transpile.grad(cost), transpile.grad(weighed)


@given(X)
def called_without_arguments(x):
    return slope()


@given(X)
def called_with_an_expression_for_a_length(x):
    return slope(x[1:])


@given(X)
def called_with_a_global_array(x):
    return weighed_slope(x)


@given(X)
def stopped_without_a_number(x):
    return transpile.stop_gradient(x, x)


@given(X)
def gradient_made_inside(x):
    return transpile.grad(cost)(x)


@given(X + 1j, wrt="z", by=transpile.jacobian)
def jacobian_of_complex_numbers(z):
    return z * z


@given(X, wrt="x")
def by_the_order_of_zeta(x):
    return np.sum(scipy.special.zeta(x + 2.0, 1.0))


def doubling(x):
    found = [x]
    while found[-1] < 100.0:
        found.append(2.0 * found[-1])
    return found[-1]


doubling_slope = transpile.grad(doubling)


@given(1.0)
def called_with_a_list_that_its_own_elements_make(x):
    return doubling_slope(x)
