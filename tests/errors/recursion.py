"""Recursion is refused with the cycle."""


def even(n):
    return 1 if n == 0 else odd(n - 1)


def odd(n):
    return 0 if n == 0 else even(n - 1)


def f(n):
    return even(n)


args = (40,)
