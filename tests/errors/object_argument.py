"""A value that has no array form."""


def f(x):
    return x


args = ({1, 2},)
