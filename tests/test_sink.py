"""Sums that nothing in the step reads come last, where that changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

import transpile


def waits(x):
    P, total = 1.0, 0.0
    for i in range(len(x)):
        F = P + x[i]
        total += np.log(F)
        P = P / F + 1.0
    return total


def is_read(x):
    P, total = 1.0, 0.0
    for _ in range(len(x)):
        total += np.exp(-P)
        P = P / (1.0 + total)
    return total


def operand_changes(x):
    P, total = 1.0, 0.0
    for i in range(len(x)):
        total += np.log(P)
        P = P + x[i]
    return total


def element_changes(x):
    total = 0.0
    for i in range(len(x)):
        total += np.log(x[i])
        x[i] = 2.0
    return total


def leaves_between(x):
    total, P = 0.0, 1.0
    for i in range(len(x)):
        F = P + x[i]
        total += np.log(F)
        if F > 2.5:
            break
        P = P * F
    return total


@pytest.mark.parametrize(
    ("program", "last"),
    [(waits, True), (is_read, False), (operand_changes, False), (element_changes, False),
     (leaves_between, False)],
)  # fmt: skip
def test_sums_that_may_wait(program, last):
    x = np.array([0.5, 1.5, 0.7])
    f = transpile.function(program, mode="FAST_RUN")
    assert f(x.copy()) == pytest.approx(program(x.copy()), rel=1e-15)
    text = f.source("c", x)
    body = text[text.index("for (") : text.index("*result")]
    statements = [line for line in body.splitlines() if line.strip(" }")]
    assert statements[-1].lstrip().startswith("total +=") is last
