"""A rule of the user's own: it is written out where the loop that calls it is reversed."""

import numpy as np

import transpile


@transpile.custom_vjp
def root(a, steps):
    x = a
    for _ in range(steps):
        x = 0.5 * (x + a / x)
    return x


@root.rule
def root_rule(a, steps, out, g):
    return 0.5 * g / out, None


def solver(a, steps):
    total = 0.0
    for i in range(len(a)):
        total += np.sin(root(a[i], steps))
    return total


def arguments():
    return np.array([1.0, 4.0, 9.0]), 20


wrt = ("a",)
