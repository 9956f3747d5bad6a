"""Elements of tuples are not assigned."""


def f(x):
    pair = (x, x)
    pair[0] = 1.0
    return pair


args = (1.0,)
