"""Python does not order complex numbers."""


def f(k):
    return k < 2j


args = (1j,)
