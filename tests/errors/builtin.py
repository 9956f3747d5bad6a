"""A built-in that is not taken."""


def f(x):
    return sorted((x, 1.0))


args = (1.0,)
