"""A built-in that has no meaning for numbers."""


def f(x):
    return open(x)


args = (2.0,)
