"""Ordinary NumPy programs, run as C and as generated Python, against NumPy and complex step.

Each module of tests/programs holds one program, a function of the module's name, with `arguments`
for a seed and `wrt`, what to differentiate. Where a program returns more than one number, `cost`
makes one of it. `seeds` lists the seeds if one is not enough to reach every branch.
"""

from __future__ import annotations

import importlib
import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.numerics import (
    assert_gradients_close,
    assert_values_equal,
    by_directions,
    central_difference,
    complex_step,
    copied,
)

PROGRAMS = sorted(p.stem for p in (Path(__file__).parent / "programs").glob("[a-z]*.py"))
WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Werror")
STANDALONE = ("gcc", "-std=c11", "-fopenmp-simd", "-fno-math-errno", "-ffp-contract=off", *WARNINGS)


@cache
def module(name: str) -> ModuleType:
    return importlib.import_module(f"tests.programs.{name}")


def program(name: str) -> Callable:
    return getattr(module(name), name)


def cost(name: str) -> Callable:
    return getattr(module(name), "cost", program(name))


def with_tangents(name: str, seed: int) -> list:
    """All arguments of the cost, defaults included, then tangents: those to differentiate."""
    bound = inspect.signature(cost(name)).bind(*module(name).arguments(seed))
    bound.apply_defaults()
    return [*bound.arguments.values(), tuple(bound.arguments[w] for w in module(name).wrt)]


CASES = [(name, seed) for name in PROGRAMS for seed in getattr(module(name), "seeds", (0,))]
DIFFERENTIABLE = [(name, seed) for name, seed in CASES if module(name).wrt]


@cache
def reference_gradient(name: str, seed: int) -> tuple:
    return complex_step(cost(name), module(name).arguments(seed), module(name).wrt)


@pytest.mark.parametrize(("name", "seed"), DIFFERENTIABLE)
def test_the_reference_gradient_is_that_of_differences(name, seed):
    """Complex step itself is checked, on the plain program, by extrapolated differences."""
    differences = central_difference(
        cost(name), module(name).arguments(seed), module(name).wrt, 1e-3
    )
    assert_gradients_close(reference_gradient(name, seed), differences, tolerance=1e-7)


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_value(name, seed, mode):
    import transpile

    args = module(name).arguments(seed)
    plain_args, our_args = copied(args), copied(args)
    want = program(name)(*plain_args)
    got = transpile.function(program(name))(*our_args)
    assert_values_equal(got, want)
    assert_values_equal(our_args, plain_args)  # what was written in place


@pytest.mark.parametrize(("name", "seed"), DIFFERENTIABLE)
def test_gradient(name, seed, mode):
    import transpile

    args = module(name).arguments(seed)
    ours = copied(args)
    got = transpile.grad(transpile.function(cost(name)), wrt=module(name).wrt)(*ours)
    assert_gradients_close(got, reference_gradient(name, seed))
    assert_values_equal(ours, args)  # a gradient never writes into its arguments


@pytest.mark.parametrize(("name", "seed"), DIFFERENTIABLE)
def test_value_and_gradient(name, seed, mode):
    import transpile

    args = module(name).arguments(seed)
    f = transpile.value_and_grad(transpile.function(cost(name)), wrt=module(name).wrt)
    value, gradient = f(*copied(args))
    assert_values_equal(value, cost(name)(*copied(args)))
    assert_gradients_close(gradient, reference_gradient(name, seed))


@pytest.mark.parametrize(("name", "seed"), DIFFERENTIABLE)
def test_tangent(name, seed, mode):
    """Forward mode, in every unit direction."""
    import transpile

    wrt = module(name).wrt
    *args, _ = with_tangents(name, seed)
    got = by_directions(cost(name), transpile.jvp(cost(name), wrt), tuple(args), wrt)
    assert_gradients_close(got, reference_gradient(name, seed))


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.parametrize("name", PROGRAMS)
def test_generated_c_compiles_alone(name, tmp_path):
    import transpile

    with transpile.config.change(mode="FAST_RUN"):
        f = transpile.function(program(name))
        f.compile(*module(name).arguments(0))
        texts = {"value": f.source("c")}
        if module(name).wrt:
            g = transpile.grad(transpile.function(cost(name)), wrt=module(name).wrt)
            g.compile(*module(name).arguments(0))
            texts["gradient"] = g.source("c")
            t = transpile.jvp(transpile.function(cost(name)), wrt=module(name).wrt)
            texts["tangent"] = t.source("c", *with_tangents(name, 0))
    for kind, text in texts.items():
        path = tmp_path / f"{name}_{kind}.c"
        path.write_text(text, encoding="utf-8")
        command = [*STANDALONE, "-c", str(path), "-o", str(path.with_suffix(".o"))]
        built = subprocess.run(command, capture_output=True, text=True)
        assert built.returncode == 0, built.stderr + "\n" + text


WRITE_ALL = """
import transpile
from tests.test_programs import PROGRAMS, cost, module, program

for name in PROGRAMS:
    args, wrt = module(name).arguments(0), module(name).wrt
    functions = [transpile.function(program(name))]
    functions += [transpile.grad(transpile.function(cost(name)), wrt=wrt)] if wrt else []
    for f in functions:
        for lang in ("python", "c"):
            print(f.source(lang, *args))
"""


def test_generated_text_is_the_same_every_time(tmp_path):
    """Byte for byte, in another process, with another order of sets and an empty cache."""
    texts = []
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        env["TRANSPILE_FLAGS"] += f"-{seed}"
        command = [sys.executable, "-c", WRITE_ALL]
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        texts.append(done.stdout)
    assert texts[0] == texts[1]


def test_complex_step_sees_one_wrong_entry():
    """The comparison is elementwise: a single entry that is off does not hide among the others."""
    want = reference_gradient("lu", 0)
    wrong = np.array(want[0])
    wrong[2, 3] *= 1 + 1e-6
    with pytest.raises(AssertionError):
        assert_gradients_close((wrong,), want)
