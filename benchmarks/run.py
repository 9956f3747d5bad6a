"""Measure what is promised: `make bench`, or `python benchmarks/run.py [--write]`.

What is compared is measured in turns within one run, several times over, and the least is shown:
other work of the machine only ever adds to it. `--write` puts the tables into RESULTS.md.
"""

from __future__ import annotations

import argparse
import ctypes
import datetime
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import NamedTuple

import long
import numba
import numpy as np
import programs
from gradients import gradients
from rivals import rivals
from turns import ROUNDS, in_turns

import transpile

HERE = Path(__file__).parent


class Row(NamedTuple):
    """One line of a table."""

    what: str
    measured: str
    budget: str = ""


def likelihood() -> Iterator[Row]:
    """The local level model on a long series, against Numba on the same text."""
    y = np.random.default_rng(0).normal(size=100_000).cumsum()
    args = (y, 1.3, 0.7)
    theirs = numba.njit(programs.log_likelihood)
    ours = transpile.function(programs.log_likelihood)
    slopes = transpile.grad(ours, wrt=("s2_eps", "s2_eta"))
    number = 5
    n, v, g = in_turns(
        lambda: theirs(*args), lambda: ours(*args), lambda: slopes(*args), rounds=9, number=number
    )
    yield Row("value, Numba", f"{1e3 * n:.3f} ms")
    yield Row("value, transpile", f"{1e3 * v:.3f} ms")
    yield Row("value, transpile over Numba", f"{v / n:.2f}", "1")
    yield Row("gradient in two variances", f"{1e3 * g:.3f} ms")
    yield Row("gradient over value", f"{g / v:.2f}", "3")


def factorisation() -> Iterator[Row]:
    """LU in place: the gradient keeps nothing, so memory traffic is all that it adds."""
    n = 400
    A = np.random.default_rng(0).normal(size=(n, n)) + n * np.eye(n)
    work = A.copy()
    value = transpile.function(programs.lu)
    slope = transpile.grad(value)

    def refill() -> None:
        work[...] = A

    def refill_and_factor() -> None:
        work[...] = A
        value(work)

    r, v, g = in_turns(refill, refill_and_factor, lambda: slope(A))
    yield Row("value", f"{1e3 * (v - r):.1f} ms")
    yield Row("gradient", f"{1e3 * g:.1f} ms")
    yield Row("gradient over value", f"{g / (v - r):.2f}", "6")


def start() -> Iterator[Row]:
    """First calls in fresh processes, with an empty cache and with a filled one."""
    fresh, cached = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as cache:
            cold_process(cache, "warm")
            fresh.append(cold_process(cache))
            cached.append(cold_process(cache))
    imports = [times[0] for times in fresh + cached]
    yield Row("import transpile, NumPy's import apart", f"{1e3 * median(imports):.0f} ms", "50 ms")
    for position, what in ((1, "value"), (2, "gradient")):
        first = 1e3 * median(times[position] for times in fresh)
        again = 1e3 * median(times[position] for times in cached)
        yield Row(f"first call, {what}", f"{first:.0f} ms", "500 ms")
        yield Row(f"first call, {what}, from the cache", f"{again:.1f} ms", "30 ms")


def cold_process(cache: str, *args: str) -> list[float]:
    return process("cold.py", *args, TRANSPILE_FLAGS=f"cache_dir={cache}")


def process(file: str, *args: str, **settings: str) -> list[float]:
    """The numbers that a fresh process prints; Python keeps its bytecode, as it does for users."""
    env = {**os.environ, **settings}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, str(HERE / file), *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return [float(number) for number in done.stdout.split()]


def long_loops() -> Iterator[tuple[str, ...]]:
    """A million steps on a thousand numbers, with a memory budget of 200 MB."""
    for name in long.PROGRAMS:
        v, g, peak = process("long.py", name)
        yield name, f"{v:.2f} s", f"{g:.2f} s", f"{g / v:.2f}", f"{peak:.0f} MB"


def call() -> Iterator[Row]:
    """What a call costs beyond the arithmetic: x[0] + y[0] of two small arrays."""
    x, y = np.ones(8), np.ones(8)
    ours = transpile.function(programs.first_elements)
    with tempfile.TemporaryDirectory() as folder:
        module = bare_module(Path(folder))
        bare = module.call
        foreign = ctypes.CDLL(str(module.__file__)).kernel
        foreign.argtypes, foreign.restype = [ctypes.c_void_p, ctypes.c_void_p], ctypes.c_double
        px, py = x.ctypes.data, y.ctypes.data
        calls = (
            lambda: bare(x, y),
            lambda: ours(x, y),
            lambda: foreign(px, py),
            lambda: x[0] + y[0],
        )
        b, o, f, n = in_turns(*calls, rounds=9, number=100_000)
    yield Row("bare C call", f"{1e6 * b:.3f} µs")
    yield Row("transpile", f"{1e6 * o:.3f} µs")
    yield Row("transpile, over the bare C call", f"{1e6 * (o - b):.3f} µs", "1 µs")
    yield Row("for scale: ctypes, two addresses at hand", f"{1e6 * f:.3f} µs")
    yield Row("for scale: the NumPy expression itself", f"{1e6 * n:.3f} µs")


def bare_module(folder: Path) -> ModuleType:
    """bare.c, built: the floor under any call from Python into C."""
    library = folder / "bare.so"
    include = sysconfig.get_paths()["include"]
    compiler = shutil.which("cc") or "gcc"
    source = str(HERE / "bare.c")
    command = [compiler, "-O2", "-shared", "-fPIC", f"-I{include}", source, "-o", str(library)]
    subprocess.run(command, check=True)
    spec = importlib.util.spec_from_file_location("bare", library)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TABLES = {
    "Log-likelihood of the local level model, 100,000 points": likelihood,
    "LU factorisation in place, n = 400": factorisation,
    "Gradients of the programs in tests/programs": gradients,
    "Gradients beside those written by hand in C, and those of JAX": rivals,
    "A million steps on a thousand numbers, memory budget 200 MB": long_loops,
    "Cold start, the log-likelihood on 100 points": start,
    "Cost of a call with two small arrays": call,
}


HEADS = {
    gradients: ("program", "value", "gradient", "ratio", "scratch"),
    long_loops: ("", "value", "gradient", "ratio, at most 6", "peak memory, at most 300 MB"),
    rivals: ("", "transpile", "by hand", "JAX", "over by hand", "over JAX"),
}


def markdown(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            cell.rjust(width) if k else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join([first, *others])} |"

    dashes = "|".join("-" * (width + 1) + (":" if k else "-") for k, width in enumerate(widths))
    return "\n".join([f"## {title}", "", line(head), f"|{dashes}|", *map(line, rows), ""])


def machine() -> str:
    """What kind of machine this is."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [
            ln.split(":")[1].strip() for ln in info.read_text().splitlines() if "model name" in ln
        ]
        cpu = models[0] if models else cpu
    compiler = shutil.which("cc") or "gcc"
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout
    return (
        f"{cpu}, {os.cpu_count()} cores; {platform.system()}; Python {platform.python_version()}, "
        f"NumPy {np.__version__}, Numba {numba.__version__}; {version.splitlines()[0]}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    write = parser.parse_args().write
    parts = [
        "# Measured",
        "",
        f"Written by `make bench` on {datetime.date.today()}: {machine()}.",
        f"Other work on the machine when it began: a load average of {os.getloadavg()[0]:.1f}.",
        "The least of several rounds, in this thread's own time, what is compared in turns.",
        "First calls: medians, and like JAX's times those of the clock on the wall.",
        "",
    ]
    for title, measure in TABLES.items():
        head = HEADS.get(measure, ("", "measured", "at most"))
        parts.append(markdown(title, head, list(measure())))
        print(parts[-1], flush=True)
    if write:
        (HERE / "RESULTS.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
