"""Folding keeps every bit: -0.0, infinities and NaN included, and drops what nothing reads."""

import itertools
import math
import struct

import numpy as np
import pytest

from transpile.sym import fold, show, verify
from transpile.sym.affine import Affine
from transpile.sym.build import Builder, scan_facts
from transpile.sym.evaluate import evaluate
from transpile.sym.ir import Function, Leaf, Scan, Var, constant
from transpile.sym.types import FLOAT, INT, Type

SPECIAL = (0.0, -0.0, 1.0, -2.5, math.inf, -math.inf, math.nan, 5e-324)
STRONG = Type("float64", (), "numpy")


def bits(value):
    return "nan" if value != value else struct.pack("d", value)


def program(rule):
    """A function of x and y with the value of an expression."""
    x, y = Var("x", STRONG), Var("y", STRONG)
    build = Builder()
    out = build.text(rule, {"x": x, "y": y})
    return Function("f", (x, y), (), build.block((x, y), (out,)), Leaf(0))


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ("x * 1", 0), ("1 * x", 0), ("x / 1", 0), ("x - 0", 0), ("x + 0", 1), ("x ** 1", 0),
        ("--x", 0), ("x + -y", 1), ("-x + y", 1), ("x - -y", 1), ("-x * y", 2), ("x * -y", 2),
        ("-x / y", 2), ("x * -1", 1), ("0 * x", 1), ("x - x", 1), ("where(x < y, x, x)", 0),
        ("x * (3.0 - 2)", 0), ("x * (2.0 * 3.5)", 1), ("x * (2.0 * 3.14159)", 2),
    ],
)  # fmt: skip
def test_rules_keep_every_bit(rule, left):
    before = program(rule)
    after = verify.verify(fold.fold(before))
    assert len(after.body.eqns) == left, show.show(after)
    for args in itertools.product(SPECIAL, repeat=2):
        args = tuple(map(np.float64, args))
        assert bits(evaluate(after, args)[0]) == bits(evaluate(before, args)[0]), args


def loop(results, init=(1.0, 2.0, 3.0)):
    """for i in range(n): a, b, c = a + b, b * 2.0, c; result by name."""
    n = Var("n", INT)
    build, i = Builder(), Var("i", INT)
    a, b, c = (Var(name, FLOAT) for name in "abc")
    inner = build.child(*scan_facts(i, Affine.of(0), Affine.of(n), Affine.of(1)))
    env = {"a": a, "b": b}
    after = (inner.text("a + b", env), inner.text("b * 2.0", env), c)
    outs = build.emit(
        Scan(
            constant(0),
            n,
            constant(1),
            tuple(map(constant, init)),
            inner.block((i, a, b, c), after),
        ),
        [Var(name, FLOAT) for name in "abc"],
    )
    found = dict(zip("abc", outs, strict=True))
    block = build.block((n,), tuple(found[name] for name in results))
    return Function("f", (n,), (), block, Leaf(0))


@pytest.mark.parametrize(("results", "carried"), [("a", 2), ("b", 1), ("c", None), ("ab", 2)])
def test_dead_and_constant_carries_are_removed_one_by_one(results, carried):
    before = loop(results)
    after = verify.verify(fold.fold(before))
    scans = [eqn.rhs for eqn in after.body.eqns if isinstance(eqn.rhs, Scan)]
    assert [len(scan.init) for scan in scans] == ([] if carried is None else [carried])
    for n in (0, 1, 5):
        assert evaluate(after, [n]) == evaluate(before, [n])


def test_the_text_is_the_same_each_time():
    assert show.show(loop("ab")) == show.show(loop("ab"))
