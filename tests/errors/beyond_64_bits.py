"""An integer of Python beyond 64 bits stays within NumPy's."""


def f(n):
    return n * 2**64


args = (3,)
