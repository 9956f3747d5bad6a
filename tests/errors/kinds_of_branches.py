"""A variable that is a number on one way and a tuple on the other."""


def f(x):
    y = x
    if x > 0.0:
        y = (x, x)
    return y


args = (1.0,)
