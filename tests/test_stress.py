"""Under fire: sanitizers over the generated C, threads, sizes that overflow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, assert_values_equal, copied
from tests.test_programs import (
    PROGRAMS,
    cost,
    module,
    program,
    reference_gradient,
)

RUN = """
import sys
import warnings
from pathlib import Path

import transpile
from tests.numerics import copied
from tests.fuzz.oracles import Unsuitable, case
from tests.fuzz.program import draw
from tests.test_programs import cost, module, program

warnings.simplefilter("error", RuntimeWarning)


def run(name):
    if name.isdigit():
        made = case(draw(int(name)).text, Path(sys.argv[1]) / f"drawn_{name}.py", int(name))
        value, f, args, wrt = made.plain, made.plain, made.args, made.wrt
    else:
        value, f, args, wrt = program(name), cost(name), module(name).arguments(0), module(name).wrt
    transpile.function(value)(*copied(args))
    if wrt:
        transpile.grad(f, wrt=wrt)(*copied(args))


for name in sys.argv[2:]:
    print(name, flush=True)
    try:
        run(name)
    except (Unsuitable, transpile.UnsupportedError):  # not every drawn program is one to run
        if not name.isdigit():
            raise
"""
SANITIZED = "-fsanitize=address,undefined -fno-sanitize-recover=all -O1 -g"
SOME = ("lu", "newton", "0")
FUZZED = [*PROGRAMS, *map(str, range(8, 40))]


def library(name: str) -> str:
    """A sanitizer's library, to be there before Python is; "" where there is none."""
    if shutil.which("gcc") is None:
        return ""
    command = ["gcc", f"-print-file-name=lib{name}.so"]
    path = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return path if os.path.isabs(path) else ""


@pytest.mark.skipif(not library("asan") or not library("ubsan"), reason="needs the sanitizers")
@pytest.mark.parametrize(
    "names", [SOME, *(pytest.param((n,), marks=pytest.mark.fuzz, id=n) for n in FUZZED)], ids=str
)
def test_sanitizers_find_nothing(names, tmp_path):
    compiler = tmp_path / "cc"
    compiler.write_text(f'#!/bin/sh\nexec gcc "$@" {SANITIZED}\n')
    compiler.chmod(0o755)
    env = {
        **os.environ,
        "LD_PRELOAD": f"{library('asan')} {library('ubsan')}",
        "ASAN_OPTIONS": "detect_leaks=0",
        "TRANSPILE_FLAGS": f"cache_dir={tmp_path}/cache,cc={compiler}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-c", RUN, str(tmp_path), *names]
    ran = subprocess.run(command, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("name", ["newton", "n_body"])
def test_one_kernel_in_many_threads(name):
    """Each thread has scratch of its own, also where a log grows while the kernel runs."""
    args, wrt = module(name).arguments(0), module(name).wrt
    f = transpile.function(program(name))
    g = transpile.grad(transpile.function(cost(name)), wrt=wrt)
    want, failed = program(name)(*copied(args)), []

    def work() -> None:
        try:
            for _ in range(10):
                assert_values_equal(f(*copied(args)), want)
                assert_gradients_close(g(*copied(args)), reference_gradient(name, 0))
        except BaseException as error:
            failed.append(error)

    reference_gradient(name, 0)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def halved(x, low):
    """How often `x` can be halved, as a sum that has a slope: the log of this grows."""
    total = 0.0
    while x > low:
        total += np.sin(x) * x
        x = 0.5 * x
    return total


def test_a_log_that_grows_from_call_to_call(mode):
    g, want = transpile.grad(halved), {}
    for low in (0.5, 1e-3, 1e-300, 1e-2, 1e-200, 0.9):
        x, slope, step = 1.0, 0.0, 1.0
        while x > low:
            slope += step * (np.cos(x) * x + np.sin(x))
            x, step = 0.5 * x, 0.5 * step
        want[low] = slope
    for low in [*want] * 3:
        np.testing.assert_allclose(g(1.0, low), want[low], rtol=1e-14)


def square(n):
    u = np.zeros((n, n))
    for i in range(1, 3):
        u[i, i] = u[i - 1, i - 1] + 1.0
    return u[2, 2]


def products(x, n):
    for _ in range(n):
        x = np.sin(x) * x
    return x


@pytest.mark.parametrize("n", [2**31, 2**32, 2**33 + 1, 2**46, 2**60, 2**62])
def test_sizes_that_do_not_fit_are_no_crash(n):
    with transpile.config.change(mode="FAST_RUN"):
        with pytest.raises(MemoryError, match="scratch memory"):
            transpile.function(square)(n)
        with pytest.raises(MemoryError, match="scratch memory"):
            transpile.grad(products, checkpoint="store")(0.5, max(n, 2**45))


CASTS = np.array([1.5, -2.7, 3e9, -1e300, np.nan, 2147483647.9, -2147483648.5, 9.3e18])


@pytest.mark.parametrize("dtype", ["int64", "int32"])
@pytest.mark.parametrize("of", ["float64", "float32"])
def test_floats_become_integers_as_in_numpy(dtype, of, mode):
    def cast(x):
        return x.astype(dtype)

    with np.errstate(all="ignore"):
        values = CASTS.astype(of)
        assert_values_equal(transpile.function(cast)(values), cast(values))


def test_a_gradient_leaves_arrays_that_the_function_writes_alone(mode):
    def f(x, y):
        x[1:] += np.sin(x[:-1])
        x, y = y, x
        x[::2] *= y[::2]
        return np.sum(x) + np.sum(y)

    x, y = np.linspace(0.1, 1.0, 6), np.linspace(1.0, 2.0, 6)
    kept = copied((x, y))
    transpile.grad(f, wrt=("x", "y"))(x, y)
    assert_values_equal((x, y), kept)
