"""A rule says nothing of what the function writes into its argument."""

import numpy as np

import transpile


@transpile.custom_vjp
def doubled(x):
    x *= 2.0
    return np.sum(x)


@doubled.rule
def doubled_rule(x, out, g):
    return 2.0 * g * np.ones_like(x)


def f(x):
    return doubled(x)


args = (np.zeros(3),)
