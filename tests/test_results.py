"""Memory of large results is kept for the next ones, and never given to two at once."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from transpile.runtime import call

x = np.linspace(0.0, 1.0, 40_000)


@transpile.function
def squares(x):
    return x * x


@pytest.fixture(autouse=True)
def nothing_is_kept():
    squares(x)
    if not call.is_fast():
        pytest.skip("only the extension keeps it")
    call.release_arena()


def test_it_is_used_again():
    first, second = squares(x), squares(x)
    assert not np.shares_memory(first, second)
    place = first.ctypes.data
    del first
    third = squares(x + 1.0)
    assert third.ctypes.data == place
    np.testing.assert_array_equal(second, x * x)
    np.testing.assert_array_equal(third, (x + 1.0) ** 2)


def test_an_array_can_still_grow():
    grown = squares(x)
    grown.resize(80_000, refcheck=False)
    np.testing.assert_array_equal(grown[:40_000], x * x)
    del grown
    np.testing.assert_array_equal(squares(x), x * x)


def test_a_view_keeps_its_memory():
    view = squares(x)[10:20]
    others = [squares(x + k) for k in range(4)]
    np.testing.assert_array_equal(view, (x * x)[10:20])
    del others


def test_it_is_bounded_and_released():
    many = [squares(x) for _ in range(20)]
    del many
    assert 8 * x.nbytes >= call.release_arena() >= x.nbytes
    assert call.release_arena() == 0
