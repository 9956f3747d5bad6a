"""Dispatchers, through the extension and through ctypes: which kernel is called, and when none."""

import contextvars
import gc
import weakref

import numpy as np
import pytest

from transpile.runtime import call
from transpile.runtime.call import MISS


@pytest.fixture(params=["extension", "ctypes"])
def way(request, monkeypatch):
    """Each test runs over both ways of calling."""
    if request.param == "ctypes":
        monkeypatch.setitem(call._loaded, "extension", None)
    elif not call.is_fast():
        pytest.skip("the extension cannot be built here")


def fake(number):
    """Stands in for a kernel: takes one argument, and fits if that is this number."""
    return lambda *args: ("kernel", number) if args == (number,) else MISS


def miss(*args, **keywords):
    return "missed", args, keywords


def test_dispatcher_calls_what_fits(way):
    dispatch = call.dispatcher(miss)
    assert dispatch(1, 2) == ("missed", (1, 2), {})
    for number in range(4):
        dispatch.add(fake(number))
    for number in (0, 3, 1, 1, 2, 0):
        assert dispatch(number) == ("kernel", number)
    assert dispatch(7) == ("missed", (7,), {})
    assert dispatch(x=1) == ("missed", (), {"x": 1})
    assert dispatch(0, x=1) == ("missed", (0,), {"x": 1})
    assert len(dispatch.entries) == 4
    dispatch.clear()
    assert dispatch(0) == ("missed", (0,), {})
    assert dispatch.entries == ()


def test_dispatcher_tries_the_latest_first(way):
    tried = []

    def make(number):
        def fits(argument):
            tried.append(number)
            return number if argument == number else MISS

        return fits

    dispatch = call.dispatcher(miss)
    for number in range(3):
        dispatch.add(make(number))
    for argument, expected in [(2, [2]), (0, [2, 0]), (0, [0]), (1, [0, 1]), (2, [1, 0, 2])]:
        tried.clear()
        dispatch(argument)
        assert tried == expected


def test_post_and_errors_pass_through(way):
    dispatch = call.dispatcher(miss)
    dispatch.add(fake(1), post=lambda result: {"out": result})
    assert dispatch(1) == {"out": ("kernel", 1)}
    dispatch.clear()
    dispatch.add(lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dispatch(1)
    dispatch.add(fake(1), post=lambda result: result.nothing)
    with pytest.raises(AttributeError):
        dispatch(1)
    broken = call.dispatcher(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        broken()


class Odd:
    """Equal to everything, or to nothing that can be said."""

    def __eq__(self, other):
        raise RuntimeError


NAN = float("nan")
SAME = [
    (1, 1),
    (10**30, 10**30),
    (1.5, 1.5),
    (NAN, float("nan")),
    (np.float64(1.5), np.float64(1.5)),
    (np.float32("nan"), np.float32("nan")),
    (True, True),
    (1j, 1j),
    ("text", "te" + "xt"),
    ((1, (2.0, "x")), (1, (2.0, "x"))),
    (None, None),
    ([1], [1]),
]
DIFFERENT = [
    (1, 2),
    (1, 1.0),
    (1, True),
    (0.0, -0.0),
    (1.5, np.float64(1.5)),
    (np.float64(0.0), np.float64(-0.0)),
    (np.float32(1), np.float64(1)),
    (np.int64(1), np.int64(2)),
    (0j, complex(0.0, -0.0)),
    ((0.0,), (-0.0,)),
    ((1, 2), (1, 2, 3)),
    ((1,), (True,)),
    (Odd(), Odd()),
    (np.arange(3), np.arange(3)),
    (len, sum),
]


def cell_of(value):
    return (lambda: value).__closure__[0]


@pytest.mark.parametrize("where", ["dict", "cell", "variable"])
def test_guards_compare_type_and_bits(where, way):
    def guarded(then, now):
        if where == "dict":
            guard = ({"c": now}, "c", then)
        elif where == "cell":
            guard = (cell_of(now), then)
        else:
            guard = (contextvars.ContextVar("c", default=now), then)
        dispatch = call.dispatcher(miss)
        dispatch.add(fake(1), (guard,))
        return dispatch(1) == ("kernel", 1)

    for then, now in SAME:
        assert guarded(then, now), (then, now)
    for then, now in DIFFERENT:
        assert not guarded(then, now), (then, now)


def test_guards_watch_what_they_name(way):
    names, variable = {"c": 1}, contextvars.ContextVar("c")
    value = 1

    def function():
        return value

    cell = function.__closure__[0]
    dispatch = call.dispatcher(miss)
    dispatch.add(fake(1), ((names, "c", 1), (cell, 1)))
    assert dispatch(1)[0] == "kernel"
    names["c"] = 2
    assert dispatch(1)[0] == "missed"
    names["c"] = 1
    value = 2
    assert dispatch(1)[0] == "missed"
    value = 1
    assert dispatch(1)[0] == "kernel"
    del cell.cell_contents
    assert dispatch(1)[0] == "missed"
    dispatch.clear()
    dispatch.add(fake(1), ((variable, 1),))
    assert dispatch(1)[0] == "missed"
    variable.set(1)
    assert dispatch(1)[0] == "kernel"
    dispatch.clear()
    dispatch.add(fake(1), ((names, "absent", 1),))
    assert dispatch(1)[0] == "missed"
    for wrong in [(names, 1), ("c", "c", 1), (cell, "c", 1), [cell, 1], ()]:
        with pytest.raises(TypeError, match="a guard is"):
            dispatch.add(fake(1), (wrong,))


def test_adding_while_it_runs(way):
    dispatch = call.dispatcher(miss)

    def grows(argument):
        for number in range(100):
            dispatch.add(fake(number))
        return MISS

    dispatch.add(grows)
    assert dispatch(5)[0] == "missed"
    assert dispatch(5) == ("kernel", 5)


def test_cycles_are_collected(way):
    class Owner:
        def __init__(self):
            self.dispatch = call.dispatcher(self.miss)
            self.dispatch.add(lambda: self)

        def miss(self):
            return None

    owner = weakref.ref(Owner())
    gc.collect()
    assert owner() is None
