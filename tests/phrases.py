"""Phrases: small functions with arguments beside them, each to run as plain Python does.

A file of tests has a `Phrases`, whose decorators take the functions, and says `test_... = ` of its
three checks. Result, arguments afterwards and the error, where there is one, are those of plain
Python: type, dtype, shape and the sign of zeros too. A smooth one has its gradient compared with
complex step, or with differences where NumPy has no complex numbers for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import transpile
from tests.numerics import (
    assert_close,
    assert_gradients_close,
    assert_values_equal,
    central_difference,
    complex_step,
)


class Phrases:
    """The phrases of one file."""

    def __init__(self) -> None:
        self.cases: list[tuple[Callable, tuple]] = []
        self.slopes: list[tuple[Callable, tuple, bool]] = []
        self.refusals: list[tuple[Callable, tuple]] = []

    def program(self, *given: tuple) -> Callable:
        """Runs as Python does."""

        def note(f: Callable) -> Callable:
            self.cases.extend((f, args) for args in given)
            return f

        return note

    def smooth(self, *given: tuple, by_differences: bool = False) -> Callable:
        """Runs as Python does, and has a gradient in all its arguments that are float64.

        By differences also in those that are complex128.
        """

        def note(f: Callable) -> Callable:
            self.slopes.extend((f, args, by_differences) for args in given)
            return self.program(*given)(f)

        return note

    def refused(self, *given: tuple) -> Callable:
        """Is refused, with its line."""

        def note(f: Callable) -> Callable:
            self.refusals.extend((f, args) for args in given)
            return f

        return note

    def runs(self) -> Callable:
        """The test of all values."""

        @pytest.mark.filterwarnings("ignore::RuntimeWarning", "error:generated NumPy runs")
        @pytest.mark.parametrize(("f", "args"), self.cases, ids=named)
        def test(f, args, mode):
            theirs, ours = tuple(map(fresh, args)), tuple(map(fresh, args))
            try:
                want = f(*theirs)
            except Exception as error:
                with pytest.raises(type(error)):
                    transpile.function(f)(*ours)
                return
            assert_same(transpile.function(f)(*ours), want)
            assert_same(ours, theirs)

        return test

    def gradients(self) -> Callable:
        """The test of all gradients."""

        @pytest.mark.parametrize(("f", "args", "by_differences"), self.slopes, ids=named)
        def test(f, args, by_differences, mode):
            taken = ("float64", "complex128") if by_differences else ("float64",)
            wrt = tuple(k for k, a in enumerate(args) if np.asarray(a).dtype in taken)
            ours = tuple(map(fresh, args))
            got = transpile.grad(transpile.function(f), wrt=wrt)(*ours)
            if by_differences:
                for g, w in zip(got, central_difference(f, args, wrt), strict=True):
                    assert_close(np.asarray(g), w, 1e-8 * max(1.0, np.abs(w).max(initial=0.0)))
            else:
                assert_gradients_close(got, complex_step(f, tuple(map(fresh, args)), wrt))
            assert_same(ours, args)

        return test

    def refuses(self) -> Callable:
        """The test of all refusals."""

        @pytest.mark.parametrize(("f", "args"), self.refusals, ids=named)
        def test(f, args, mode):
            with pytest.raises(transpile.UnsupportedError, match=r"\.py:\d+:\d+: [^^]+\^"):
                transpile.function(f)(*map(fresh, args))

        return test


def named(value: Any) -> str:
    return value.__name__ if callable(value) else ""


def fresh(value: Any) -> Any:
    """A copy of the same memory layout."""
    if not isinstance(value, np.ndarray):
        return bytearray(value) if isinstance(value, bytearray) else value
    if value.flags.c_contiguous or value.flags.f_contiguous:
        copy = value.copy(order="K")
    else:
        steps = tuple(slice(None, None, -1 if s < 0 else 1) for s in value.strides)
        room = np.zeros(tuple(2 * n for n in value.shape), value.dtype)
        copy = room[tuple(slice(0, 2 * n, 2) for n in value.shape)][steps]
        copy[...] = value
    copy.flags.writeable = value.flags.writeable
    return copy


def assert_same(got: Any, want: Any) -> None:
    if isinstance(want, tuple | list):
        assert type(got) is type(want) and len(got) == len(want)
        for g, w in zip(got, want, strict=True):
            assert_same(g, w)
        return
    if want is None or isinstance(want, dict):
        assert type(got) is type(want)
        if want is not None:
            assert_same(list(got.items()), list(want.items()))
        return
    if isinstance(want, str | bytes | bytearray):
        assert type(got) is type(want) and got == want
        return
    assert_values_equal(got, want)
    for part in (np.real, np.imag) if np.iscomplexobj(want) else (np.asarray,):
        mine, theirs = part(got), part(want)
        zero = np.asarray(theirs) == 0
        np.testing.assert_array_equal(np.signbit(mine)[zero], np.signbit(theirs)[zero])
