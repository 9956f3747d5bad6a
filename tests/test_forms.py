"""Calls of NumPy over arrays of many kinds: each gives what NumPy gives, or is refused.

The calls are the lines of `forms.txt`, with `x` for the array. `make test` runs a part of the
grid, `make fuzz` all of it.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import transpile
from tests.phrases import fresh

CALLS = (Path(__file__).parent / "forms.txt").read_text(encoding="utf-8").splitlines()
ARRAYS = {
    "vector": np.array([2.0, 0.5, 3.0, 0.5, 1.0]),
    "matrix": np.array([[2.0, 0.5, 3.0], [0.0, 1.0, 1.0]]),
    "backward": np.arange(12.0)[::-1].reshape(2, 3, 2),
    "strided": np.arange(12.0).reshape(3, 4)[::2, ::-1],
    "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "integers": np.array([[2, 1], [0, 2]], dtype=np.int32),
    "bytes": np.array([3, 250, 1], dtype=np.uint8),
    "truths": np.array([True, False, True]),
    "single": np.array([1.5, 0.25, 2], dtype=np.float32),
    "complex": np.array([1 + 2j, 0.5 - 1j, 0j]),
    "number": np.array(1.5),
    "empty": np.zeros(0),
    "no_rows": np.zeros((0, 3)),
    "no_columns": np.zeros((2, 0), dtype=np.int64),
}
PARTS = [CALLS[k::12] for k in range(12)]
GRID = [(name, k) for name in ARRAYS for k in range(len(PARTS))]
SOME = [(name, k) for n, (name, k) in enumerate(GRID) if n % 23 == 0]


def function_of(calls, folder):
    """A function that gives the results of all the calls."""
    path = folder / f"calls_{len(calls)}.py"
    lines = "".join(f"        {call},\n" for call in calls)
    path.write_text(f"import numpy as np\n\n\ndef f(x):\n    return (\n{lines}    )\n")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.f


def same(got, want):
    assert type(got) is type(want)
    if isinstance(want, tuple | list):
        assert len(got) == len(want)
        for g, w in zip(got, want, strict=True):
            same(g, w)
        return
    assert np.asarray(got).dtype == np.asarray(want).dtype
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-300, strict=True)


def held(name, calls, folder):
    """Compare the calls that NumPy and we take, all in one function; how many that were."""
    x, taken = ARRAYS[name], []
    for call in calls:
        f = function_of([call], folder)
        try:
            f(fresh(x))
        except Exception:
            continue
        try:
            with transpile.config.change(mode="FAST_COMPILE"):
                transpile.function(f)(fresh(x))
        except transpile.UnsupportedError:
            continue
        taken.append(call)
    f = function_of(taken, folder)
    if taken:
        same(transpile.function(f)(fresh(x)), f(fresh(x)))
    return len(taken)


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(("name", "k"), SOME)
def test_some(name, k, tmp_path, mode):
    held(name, PARTS[k], tmp_path)


@pytest.mark.fuzz
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ARRAYS)
def test_all(name, tmp_path, mode):
    taken = sum(held(name, part, tmp_path) for part in PARTS)
    assert taken > 0.65 * len(CALLS)
