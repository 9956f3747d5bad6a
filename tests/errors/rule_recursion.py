"""A rule that calls its function: the result is there already, under the name of `out`."""

import numpy as np

import transpile


@transpile.custom_vjp
def grown(x):
    return np.exp(x)


@grown.rule
def grown_rule(x, out, g):
    return g * grown(x)


def f(x):
    return grown(x)


args = (1.0,)
