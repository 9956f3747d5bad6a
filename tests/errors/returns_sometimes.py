"""A value on some ways, none on the others."""


def f(x):
    if x > 0.0:
        return x


args = (1.0,)
