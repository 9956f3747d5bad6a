"""The result is the argument, under another rule."""

import numpy as np

import transpile


@transpile.custom_vjp
def held(x):
    return x


@held.rule
def held_rule(x, out, g):
    return 0.0 * g


def f(x):
    y = held(x)
    y[0] = 1.0
    return x


args = (np.zeros(3),)
