"""`try`: what raises in its body, certainly or when it runs, and what its handlers find then."""

from __future__ import annotations

import numpy as np

from tests.phrases import Phrases

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth


class NotPositive(ArithmeticError):
    """An error of the user's."""


TABLE = {"a": 1.5, "b": 2.0}
ORDERS = {1: (0.5, 0.5), 2: (0.25, 0.75), (1, 2): (0.0, 1.0)}


@smooth((2.0, 4.0))
@program((2.0, 0.0))
def division(x, y):
    try:
        r = x / y
    except ZeroDivisionError:
        r = x * 3.0
    return r


@program((np.arange(4.0), 2), (np.arange(4.0), 7), (np.arange(4.0), -9))
def index(x, k):
    try:
        return float(x[k])
    except IndexError:
        return -1.0


@program(("a",), ("c",))
def key(name):
    try:
        v = TABLE[name]
    except KeyError:
        v = 0.0
    else:
        v += 1.0
    return v


@program(("1",))
def key_that_is_no_text(name):
    try:
        a, b = ORDERS[name]
    except KeyError:
        a, b = ORDERS[len(name)]
    return a - b + ORDERS[1, 2][1]


@program((0.5,), (np.arange(3.0) - 1,))
def kind(e):
    try:
        e[np.abs(e) < 0.9] = 0.0
    except TypeError:
        e = 0.0 if abs(e) < 0.9 else e
    return e


@program((np.arange(4.0),), (np.array([1.0, 0.0, 2.0, 0.0]),))
def in_each_round(x):
    s, bad = 0.0, 0
    for i in range(len(x)):
        try:
            s += 1.0 / float(x[i])
            last = i
        except ZeroDivisionError:
            bad += 1
    return s, bad, last


@program((3.0,), (-1.0,), (0.0,))
def with_a_handler_each(x):
    try:
        if x < 0:
            raise ValueError("negative")
        y = 1.0 / x
    except ValueError:
        y = -1.0
    except ZeroDivisionError:
        raise
    return y


@program((3.0,), (-1.0,), (0.0,))
def names_as_they_were(x):
    a, b = 1, 2.0
    try:
        a = 2
        b = b / x
        a = 3
        if x < 0:
            raise ArithmeticError
        a = 4
    except (ZeroDivisionError, ArithmeticError):
        b = b + a
    return a, b


@smooth((3.0,))
@program((0.0,))
def arrays_and_lists(x):
    z = np.zeros(3)
    items = []
    try:
        z[0] = 1.0
        items.append(1.0)
        z[1] = 1.0 / x
        items.append(2.0)
        w = z * 2
    except ZeroDivisionError:
        z[2] = 5.0
        w = z + 1
    return np.sum(z * w) + items[0]


@program((3.0,), (0.0,), (-1.0,))
def of_the_user(x):
    try:
        if x <= 0.0:
            raise NotPositive(f"{x} is not positive")
    except NotPositive:
        if x < 0.0:
            raise
        return 0.0
    return x * 2.0


@program((3.0,))
def names_of_nothing(x):
    try:
        y = asarray(x)
    except NameError:
        y = x
    return y


@program((3.0, 4.0), (0.0, 2.0))
def one_in_another(x, y):
    r = 0.0
    try:
        try:
            r = 1.0 / x
        except ZeroDivisionError:
            r = 2.0 + y
        r = r + 1.0
    except ArithmeticError:
        r = -5.0
    return r


@program((np.arange(4.0), np.arange(4.0)), (np.arange(4.0), np.arange(3.0)))
def lengths(x, y):
    try:
        return np.sum(x + y)
    except ValueError:
        return np.sum(x)


@program((3.0,), (0.0,))
def in_a_helper(x):
    def inverse(t):
        u = 1.0 / t
        return u

    try:
        v = inverse(x) + inverse(x - 1.0)
    except ZeroDivisionError as error:
        raise ValueError("bad") from error
    return v


test_try_runs_as_in_python = PHRASES.runs()
test_its_gradients = PHRASES.gradients()
