"""Python's rounding to digits is of decimals, which C has not."""


def f(x):
    return round(x, 2)


args = (2.0,)
