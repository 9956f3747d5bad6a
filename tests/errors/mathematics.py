"""The modules math and cmath."""

import cmath
import math

import numpy as np

from tests.refusals import given


@given(2.0)
def that_is_not_taken(x):
    return math.frexp(x)


@given(2.0)
def of_two_arguments(x):
    return math.sin(x, x)


@given(2.0)
def of_constants(x):
    return x + math.frexp(0.5)[0]


@given(2.0)
def of_no_constants(x):
    return x + math.sin()


@given(np.ones(3))
def of_an_array(x):
    return math.sin(x)


@given(2.0 + 1j)
def of_a_complex_number(z):
    return math.sin(z)


@given(2.0 + 1j)
def complex_of_two(z):
    return cmath.log(z, 2.0)


@given(2.0 + 1j)
def complex_with_a_keyword(z):
    return cmath.isclose(z, z, rel_tol=1e-9)


@given(2.0 + 1j)
def complex_that_is_not_taken(z):
    return cmath.lgamma(z)


@given(2.0 + 1j)
def complex_of_too_few(z):
    return cmath.rect(z)
