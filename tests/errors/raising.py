"""Errors that a program raises itself."""

from tests.refusals import given


class Negative(Exception):
    pass


@given(1.0)
def raised_anew(x):
    if x < 0.0:
        raise
    return x


@given(1.0)
def of_the_user(x):
    if x < 0.0:
        raise Negative(x)
    return x


@given(1.0)
def with_two_messages(x):
    if x < 0.0:
        raise ValueError("negative", x)
    return x
