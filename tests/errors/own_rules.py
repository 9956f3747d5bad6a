"""Functions with a derivative of the user's own."""

import numpy as np

import transpile
from tests.refusals import given

X = np.arange(3.0)


@transpile.custom_vjp
def doubled(x):
    return 2.0 * x


@doubled.rule
def doubled_rule(x, out, g):
    return 2.0 * g


@transpile.custom_vjp
def clipped(x):
    return np.minimum(x, 1.0)


@clipped.rule
def clipped_rule(x, out, g):
    return np.minimum(g, 1.0)


@transpile.custom_vjp
def counted(x):
    return np.argmax(x)


@counted.rule
def counted_rule(x, out, g):
    return g


@given(X)
def called_with_too_many(x):
    return doubled(x, x)


@given(X)
def whose_result_is_an_integer(x):
    return counted(x)


@given(X, wrt="x", by=transpile.jvp)
def that_is_not_linear(x):
    return clipped(x)
