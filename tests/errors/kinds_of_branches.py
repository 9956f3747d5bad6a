"""A variable that is a number on one way and a tuple on the other."""


def f(x):
    if x > 0.0:
        y = (x, x)
    else:
        y = x
    return y


args = (1.0,)
