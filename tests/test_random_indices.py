"""Random indices: what `tests/fuzz/indexing.py` draws runs as NumPy runs it, or is refused."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest

import transpile
from tests.fuzz import indexing
from tests.numerics import assert_gradients_close, complex_step
from tests.phrases import assert_same, fresh

SUM = """

def g({names}):
    A, parts = f({names})
    total = (A ** 2).sum() * 0.5
    for part in parts:
        total = total + np.sum(part)
    return total
"""


def module(text, folder, seed):
    """The program as a module of its own, with `g`, a smooth number of what it gives."""
    name = f"indices_{seed}"
    path = folder / f"{name}.py"
    names = text[text.index("(") + 1 : text.index(")")]
    path.write_text("import numpy as np\n\n\n" + text + SUM.format(names=names), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    found = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def examine(seed, folder):
    """Raise unless program number `seed` is right; say what became of it."""
    text, args = indexing.draw(seed)
    program = module(text, folder, seed)
    theirs, ours = tuple(map(fresh, args)), tuple(map(fresh, args))
    try:
        want = program.f(*theirs)
    except (IndexError, ValueError) as error:
        try:
            transpile.function(program.f)(*ours)
        except (type(error), transpile.TranspileError):
            return "error"
        return "not read"  # what nothing reads is not made, and raises nothing
    try:
        got = transpile.function(program.f)(*ours)
    except transpile.UnsupportedError:
        return "refused"
    except IndexError:  # NumPy alone lets a mask without elements stand for any axis
        assert any(np.asarray(a).dtype == bool and np.size(a) == 0 for a in args)
        return "error"
    assert_same(got, want)
    assert_same(ours, theirs)
    real = tuple(k for k, a in enumerate(args) if np.asarray(a).dtype == np.float64)
    slope = transpile.grad(transpile.function(program.g), wrt=real)(*map(fresh, args))
    assert_gradients_close(slope, complex_step(program.g, tuple(map(fresh, args)), real))
    return "right"


@pytest.mark.parametrize("seed", range(40))
def test_some(seed, tmp_path):
    with transpile.config.change(mode="FAST_RUN" if seed % 8 == 0 else "FAST_COMPILE"):
        examine(seed, tmp_path)


@pytest.mark.fuzz
@pytest.mark.parametrize("first", range(1000, 9000, 100))
def test_many(first, tmp_path, mode):
    count = 100 if mode == "FAST_COMPILE" else 10
    found = [examine(seed, tmp_path) for seed in range(first, first + count)]
    assert found.count("refused") <= count / 20 + 2
