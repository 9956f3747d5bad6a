"""A helper that is called with too little."""


def helper(a, b):
    return a + b


def f(x):
    return helper(x)


args = (1.0,)
