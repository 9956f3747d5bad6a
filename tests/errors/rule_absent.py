"""A function that was to have a rule."""

import transpile


@transpile.custom_vjp
def doubled(x):
    return 2.0 * x


def f(x):
    return doubled(x)


args = (1.0,)
