"""A built-in that has no meaning for numbers."""


def f(x):
    return filter(None, (x, 1.0))


args = (2.0,)
