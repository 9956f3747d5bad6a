"""A global is read only."""

COUNT = 1


def f(x):
    global COUNT
    COUNT += 1
    return x * COUNT


args = (2.0,)
