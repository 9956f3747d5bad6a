"""A rule whose cotangent is not of its argument's shape."""

import numpy as np

import transpile


@transpile.custom_vjp
def total(x):
    return np.sum(x)


@total.rule
def total_rule(x, out, g):
    return g


def f(x):
    return total(x) + 1.0


args = (np.zeros(3),)
