"""A list that is passed in stays as it is."""


def f(x):
    x.append(1.0)
    return x[0]


args = ([8.0],)
