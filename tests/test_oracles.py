"""Derivatives known by theorem: each module of tests/oracles holds programs and identities.

`identities(gradient)` calls `gradient(f, args, wrt)` and yields what it got beside what mathematics
says. The same identities are checked by complex step on the plain program, so the oracles
themselves are known to be right.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.numerics import assert_gradients_close, by_directions, complex_step, copied

ORACLES = sorted(p.stem for p in (Path(__file__).parent / "oracles").glob("[a-z]*.py"))


def check(name, gradient):
    pairs = list(importlib.import_module(f"tests.oracles.{name}").identities(gradient))
    assert pairs
    for got, want in pairs:
        assert_gradients_close(got, want, tolerance=1e-11)


@pytest.mark.parametrize("name", ORACLES)
def test_identity_holds_for_the_plain_program(name):
    check(name, complex_step)


@pytest.mark.parametrize("name", ORACLES)
def test_gradient(name, mode):
    import transpile

    def gradient(f, args, wrt):
        return transpile.grad(transpile.function(f), wrt=wrt)(*copied(args))

    check(name, gradient)


@pytest.mark.parametrize("name", ORACLES)
def test_tangents(name):
    """Forward mode, in every unit direction."""
    import transpile

    def gradient(f, args, wrt):
        return by_directions(f, transpile.jvp(f, tuple(wrt)), args, wrt)

    check(name, gradient)
