"""A rule that gives an integer a cotangent."""

import transpile


@transpile.custom_vjp
def power(x, n):
    return x**n


@power.rule
def power_rule(x, n, out, g):
    return n * x ** (n - 1) * g, 0.0


def f(x, n):
    return power(x, n)


args = (1.0, 2)
