"""An error of the user's own class."""


class Negative(Exception):
    pass


def f(x):
    if x < 0:
        raise Negative(x)
    return x


args = (2.0,)
