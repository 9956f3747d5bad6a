"""A local variable that is read before anything is assigned to it."""


def f(x):
    y = x + later  # noqa: F821
    later = 1.0
    return y + later


args = (1.0,)
