"""Errors that a program raises itself."""

from tests.refusals import given


class Negative(Exception):
    def __init__(self, value):
        super().__init__(f"{value} is negative")


def made():
    class Local(Exception):
        pass

    return Local


Local = made()


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
def of_a_function(x):
    if x < 0.0:
        raise Local("negative")
    return x


@given(1.0)
def of_no_class(x):
    if x < 0.0:
        raise x
    return x


@given(1.0)
def with_two_messages(x):
    if x < 0.0:
        raise ValueError("negative", x)
    return x
