"""A global that has no array form."""

MODEL = {1, 2}


def f(x):
    return MODEL


args = (1.0,)
