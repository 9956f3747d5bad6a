"""The hunt of `tests.hunt`: a few calls of every entry here, many with the fuzzer.

What differs from NumPy is a fault, whatever the arguments are.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.hunt import CALLS, drawn, hunt
from tests.phrases import Phrases

phrases = Phrases()
program = phrases.program


def faults(names, seeds, mode, folder):
    calls = [drawn(name, seed) for name in names for seed in seeds]
    return [
        f"{call.body}: {said}" for call, how, said in hunt(calls, mode, folder) if how == "wrong"
    ]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("part", range(2))
def test_in_python(part, tmp_path):
    assert faults(CALLS[part::8], (3,), "FAST_COMPILE", tmp_path) == []


@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", ["FAST_COMPILE", "FAST_RUN"])
@pytest.mark.parametrize("part", range(40))
def test_whole(part, mode, tmp_path):
    assert faults(CALLS[part::40], range(25), mode, tmp_path) == []


BYTES, SHORTS = np.array([3, 200], "uint8"), np.array([-128, 3], "int8")


@program((BYTES, 2.0), (BYTES, np.array([2, 3])), (SHORTS, np.array([2, 3])), (SHORTS, SHORTS))
def signs(x, y):
    return -x / y, y + -x, y - -x, -x * y, y * -x, x * -1.0


@program((np.array([1.5, 2.5]), BYTES), (np.arange(2), SHORTS))
def taken_off(x, y):
    x -= y
    x[0] -= y[1]
    return x


test_runs_as_python_does = phrases.runs()
