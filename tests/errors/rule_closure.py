"""A rule cannot say how the result varies with what a function that is passed reads."""

import transpile


@transpile.custom_vjp
def applied(fn, x):
    return fn(x)


@applied.rule
def applied_rule(fn, x, out, g):
    return None, g


def f(x, a):
    def scaled(y):
        return a * y

    return applied(scaled, x)


args = (1.0, 2.0)
