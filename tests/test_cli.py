"""The command in the header of a generated text writes that text again."""

from __future__ import annotations

import importlib.util
import shlex
import subprocess
import sys

import numpy as np
import pytest

import transpile
from transpile import cli

SOURCE = """
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

def decay(y0, k, dt, steps):
    y = y0.copy()
    for i in range(steps):
        y = y - dt * k * y * y
    return np.sum(y)

def squares(x):
    return x * x

def cube(x):
    return x ** 3

class Point(NamedTuple):
    x: np.ndarray
    y: float

@dataclass
class Pair:
    points: list[Point]
    scale: dict[str, float]
    name: str

def spread(pair, turn):
    (first, second), (angle, _) = pair.points, turn
    return np.sum(first.x * second.x) * first.y * angle * pair.scale["left"], second.x

def scaled(some_long_name, another_long_name, one_more_long_name, last_long_name, scale):
    return np.sum(some_long_name * another_long_name * one_more_long_name + last_long_name) * scale
"""
Y = np.ones(3)


def pair(m):
    points = [m.Point(Y, 1.0), m.Point(np.ones(1), np.float32(2.0))]
    return m.Pair(points, {"left": 1.0, "right": 2.0}, "it's")


WIDE = [np.ones((2, 1), np.float32)] * 4 + [np.float32(1.0)]
MADE = {
    "value": (lambda m: transpile.function(m.decay), [Y, Y, 0.1, 3]),
    "grad of one": (lambda m: transpile.grad(m.decay, wrt="y0"), [Y, Y, 0.1, 3]),
    "grad of a tuple of one": (lambda m: transpile.grad(m.decay, wrt=("k",)), [Y, Y, 0.1, 3]),
    "grad of several": (lambda m: transpile.grad(m.decay, wrt=("y0", "k")), [Y, Y, 0.1, 3]),
    "value and grad": (lambda m: transpile.value_and_grad(m.decay, wrt="k"), [Y, Y, 0.1, 3]),
    "vjp": (lambda m: transpile.vjp(m.squares), [Y, Y]),
    "second derivative": (lambda m: transpile.grad(transpile.grad(m.cube)), [2.0]),
    "jvp": (lambda m: transpile.jvp(m.squares), [Y, Y]),
    "jvp of several": (lambda m: transpile.jvp(m.decay, ("y0", "dt")), [Y, Y, 0.1, 3, (Y, 1.0)]),
    "hvp": (lambda m: transpile.hvp(m.decay, "k"), [Y, Y, 0.1, 3, Y]),
    "jacobian": (lambda m: transpile.jacobian(m.decay, ("y0", "k")), [Y, Y, 0.1, 3]),
    "hessian": (lambda m: transpile.hessian(m.decay, "k"), [Y, Y, 0.1, 3]),
    "structures": (
        lambda m: transpile.grad(m.spread, wrt=(0, "turn"), has_aux=True),
        lambda m: [pair(m), (2.0, None)],
    ),
    "many types": (lambda m: transpile.value_and_grad(m.scaled, wrt=(0, 1, 2, 3)), WIDE),
}


@pytest.fixture
def module(tmp_path, monkeypatch):
    path = tmp_path / "demo_of_the_command.py"
    path.write_text(SOURCE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    made = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, path.stem, made)
    spec.loader.exec_module(made)
    return made


def command(text):
    """The arguments of the command in a header."""
    head = text.splitlines()[1:]
    count = next(k for k, line in enumerate(head) if not line.startswith(("#  ", "//  ")))
    return shlex.split(" ".join(line.lstrip("#/ ") for line in head[:count]))


@pytest.mark.parametrize("lang", ["python", "c"])
@pytest.mark.parametrize("case", MADE)
def test_a_header_tells_how_the_text_is_written_again(case, lang, module, capsys):
    make, args = MADE[case]
    args = args(module) if callable(args) else args
    text = make(module).source(lang, *args)
    assert all(len(line) <= 100 for line in text.splitlines() if line.lstrip()[:2] in ("# ", "//"))
    python, dash_m, package, *options = command(text)
    assert (python, dash_m, package) == ("python", "-m", "transpile")
    assert cli.main(options) == 0
    assert capsys.readouterr().out == text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["nothing.py:f"], "nothing.py"),
        (["demo_of_the_command.py:unknown"], "there is no function unknown"),
        (["demo_of_the_command.py:cube", "--args", "float", "--grad", "z"], "is no parameter"),
        (["demo_of_the_command.py:cube", "--args", "float16"], "float16"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_line(options, message, module, capsys):
    assert cli.main(options) == 1
    found = capsys.readouterr()
    assert found.out == ""
    assert message in found.err
    assert "Traceback" not in found.err


def test_help_reads_well():
    done = subprocess.run(
        [sys.executable, "-m", "transpile", "--help"], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "examples:" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
