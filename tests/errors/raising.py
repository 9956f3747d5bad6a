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


@given(1.0)
def with_a_number_for_its_message(x):
    if x < 0.0:
        raise ValueError(x)
    return x


@given(1.0)
def assertion_with_a_number(x):
    assert x > 0.0, x
    return x
