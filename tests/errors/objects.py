"""Objects of the user's own classes."""

import abc

import numpy as np

from tests.refusals import given


class Base(abc.ABC):
    @abc.abstractmethod
    def area(self):
        """To be written by classes below it."""


class Square(Base):
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side

    def doubled(self):
        return super().doubled() * 2.0

    def enlarge(self, by):
        self.side = self.side * by

    @property
    def half(self):
        return self.side / 2.0

    def __add__(self, other):
        return Square(self.side + other)

    __radd__ = __add__


class Empty:
    pass


SQUARE = Square(2.0)


@given(1.0)
def of_an_abstract_class(x):
    return Base()


@given(1.0)
def with_arguments_that_it_has_not(x):
    return Empty(x)


@given(1.0)
def without_its_arguments(x):
    return Square()


@given(1.0)
def a_method_that_no_class_above_has(x):
    return Square(x).doubled()


@given(1.0)
def super_outside_of_a_method(x):
    return super().area() + x


@given(1.0)
def a_property_of_a_class(x):
    return Square.half + x


@given(1.0)
def an_assigned_property(x):
    square = Square(x)
    square.half = 2.0
    return square


@given(np.ones(3))
def an_array_before_an_object(x):
    return (x + Square(1.0)).side


@given(np.ones(3))
def what_is_gone_over(x):
    return sum(part for part in Square(x))


@given(1.0)
def a_length(x):
    return len(Square(x))


@given(Square(2.0), 3.0)
def one_from_outside_that_is_changed(square, x):
    square.enlarge(x)
    return square.area()


@given(3.0)
def a_global_one_that_is_changed(x):
    SQUARE.enlarge(x)
    return SQUARE.area()


@given(1.0)
def of_another_kind_on_each_way(x):
    shape = Square(x) if x > 0.0 else Empty()
    return shape.area()


def circle():
    made = Empty()
    made.itself = made
    return made


@given(circle())
def in_a_circle(x):
    return x
