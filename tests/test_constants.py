"""Numbers that a program is built for: where reading it needs a value, it is that of the call."""

from __future__ import annotations

import numpy as np
import pytest

import transpile
from tests.phrases import Phrases
from transpile import cli

PHRASES = Phrases()
program, smooth = PHRASES.program, PHRASES.smooth

CUBE = np.cos(np.arange(24.0)).reshape(2, 3, 4)
ROW = np.sin(np.arange(10.0))


@smooth((CUBE, 0), (CUBE, 1), (CUBE, -1))
def along(a, axis):
    return np.sum(np.sum(a * a, axis=axis) ** 2) * a.shape[axis]


@program((CUBE,), (CUBE, 1), (CUBE, -2, True), (CUBE, None, True))
def with_defaults(a, axis=-1, keepdims=False):
    return np.mean(a, axis=axis, keepdims=keepdims), np.argmax(a, axis)


@smooth((CUBE, (0, 2)), (CUBE, (1, -1)))
def over_some_axes(a, axes):
    return np.sum(np.exp(a).sum(axis=axes) ** 2)


@smooth((ROW, 3), (ROW, 10), by_differences=True)
def highest_of_parts(x, parts):
    highest = [part.max() for part in np.array_split(x, parts)]
    return sum(h * h for h in highest)


@program((ROW, True), (ROW, False))
def in_single(x, single):
    """The dtype of the result depends on a flag."""
    if single:
        return x.astype(np.float32)
    return x


@program((ROW, True, 2), (ROW, False, 3))
def flag_and_order(x, centred, order):
    if centred:
        x = x - x.mean()
    return np.diff(x, order), np.vander(x[:3], order, increasing=centred)


@smooth((CUBE[0], 1, 2), (CUBE[0], 0, 3))
def item_of_a_list(a, which, times):
    parts = [a[0] * 2.0, np.sin(a[1]), a[2]]
    for _ in range(times):
        parts[which] = parts[which] * parts[0]
    return sum(np.sum(part) for part in parts)


def inner(a, axis):
    return np.sum(np.prod(a, axis=axis))


gradient = transpile.grad(inner)


@program((CUBE, 0), (CUBE, 2))
def gradient_inside(a, axis):
    return np.sum(inner(a, axis)) + axis


test_runs_as_python_does = PHRASES.runs()
test_gradient = PHRASES.gradients()


def test_one_specialisation_a_value(mode):
    f = transpile.function(along)
    for axis in (0, 2, 0, -3, 2):
        np.testing.assert_allclose(f(CUBE, axis), along(CUBE, axis), rtol=1e-13)
    assert len(f.specialisations) == 3


def test_values_that_are_not_needed_share_one(mode):
    f = transpile.function(powers)
    for steps in (1, 2, 3):
        np.testing.assert_array_equal(f(ROW, steps, 0), powers(ROW, steps, 0))
    assert len(f.specialisations) == 1


def powers(x, steps, axis):
    total = np.sum(x, axis=axis)
    for _ in range(steps):
        total = total * x[axis]
    return total


def test_derivative_inside(mode):
    @transpile.function
    def slope(a, axis):
        return gradient(a, axis)

    for axis in (0, 1):
        others = np.prod(CUBE, axis=axis, keepdims=True) / CUBE
        np.testing.assert_allclose(slope(CUBE, axis), others, rtol=1e-12)


def test_command_writes_the_text_again(tmp_path, capsys):
    path = tmp_path / "program.py"
    path.write_text(
        "import numpy as np\n\n\ndef f(x, axis, flag):\n"
        "    return np.sum(x, axis=axis, keepdims=flag)\n"
    )
    assert cli.main([f"{path}:f", "--args", "float64[:, :], -1, True"]) == 0
    text = capsys.readouterr().out
    assert "--args 'float64[:, :], -1, True'" in text and "axis=1, keepdims=True" in text


def test_large_numbers_are_not_built_for():
    with pytest.raises(transpile.UnsupportedError, match="axis has to be a constant"):
        transpile.function(along)(CUBE, 100)
