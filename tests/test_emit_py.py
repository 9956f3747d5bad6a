"""Generated Python computes what the symbolic form means, and reads as if written by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from placed_programs import Maker

from transpile import emit_py
from transpile.loops.place import place
from transpile.sym import show
from transpile.sym.evaluate import evaluate


def load(function):
    text = emit_py.write(place(function), ("demo.py:1", "python -m transpile demo.py:f"))
    names = {}
    exec(compile(text, "generated.py", "exec"), names)
    return names[function.name], text


@pytest.mark.parametrize("seed", range(300))
def test_random_programs(seed):
    function = Maker(seed).function()
    rng = np.random.default_rng(seed)
    args = [rng.normal(size=5) for _ in range(3)] + [np.float64(rng.normal())]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = evaluate(function, args)
        run, text = load(function)
        given = [np.array(a) if np.ndim(a) else a for a in args]
        found = list(run(*given)) + [given[k] for k in function.written]
    for k, (a, b) in enumerate(zip(found, expected, strict=True)):
        assert np.array_equal(a, b, equal_nan=True), f"{k}\n{text}\n{show.show(function)}"
    for k, (a, b) in enumerate(zip(args, given, strict=True)):
        assert k in function.written or np.array_equal(a, b)
