"""Examples in docstrings and in the README run, and give what they say."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

import transpile
from transpile.sym.ops import TABLE

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    m.name for m in pkgutil.walk_packages(transpile.__path__, "transpile.")
    if not m.name.endswith("__main__")
)  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    found = doctest.testmod(
        importlib.import_module(name),
        optionflags=doctest.NORMALIZE_WHITESPACE,
        extraglobs={"np": np, "transpile": transpile},
    )
    assert found.failed == 0


def test_the_readmes_first_example_runs(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert example is not None
    path = tmp_path / "example.py"
    path.write_text(example[1], encoding="utf-8")
    nile = np.loadtxt(ROOT / "examples" / "nile.csv", delimiter=",")[:, 1]
    exec(compile(example[1], str(path), "exec"), names := {"y": nile})
    gradient = names["gradient"]
    assert all(abs(slope) < 1e-3 for slope in gradient(nile, 15099.0, 1469.1))
    kept = repr(gradient.residuals(nile, 15099.0, 1469.1))
    assert without_places(kept) in without_places(text)


def without_places(text: str) -> str:
    return re.sub(r"\w+\.py:\d+", "", text)


def test_the_readmes_other_examples_run(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    slopes = []
    for k, example in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[1:]):
        path = tmp_path / f"example_{k}.py"
        path.write_text(example, encoding="utf-8")
        exec(compile(example, str(path), "exec"), names := {})
        slopes.append(names["slope"])
    random, memory, rule = slopes
    np.testing.assert_allclose(random, option_delta(), rtol=1e-12)
    np.testing.assert_allclose(memory, settled(), rtol=1e-10)
    np.testing.assert_allclose(rule, [1 / 2, 1 / 4, 1 / 6], rtol=1e-12)


def option_delta():
    """The slope of the README's example of random numbers: of the paths that end above 100."""
    z = np.random.Generator(np.random.Philox(1)).standard_normal(10_000)
    growth = np.exp(0.2 * z - 0.02)
    return np.mean(np.where(100.0 * growth > 100.0, growth, 0.0))


def settled():
    """The slope of the README's example of memory: complex step, elements being apart."""
    u = np.linspace(0.5, 1.0, 20) + 1e-30j
    for _ in range(1000):
        u = u + 0.01 * np.sin(u)
    return (u * u).imag / 1e-30


def test_contributing_shows_the_entry_as_it_is():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.search(r"```python\n(LOG1P = op\(.*?)```", text, re.DOTALL)
    assert shown is not None
    source = (ROOT / "transpile/sym/ops/elementary.py").read_text(encoding="utf-8")
    entry = next(
        node for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "LOG1P"
    )  # fmt: skip
    assert ast.dump(ast.parse(shown[1]).body[0]) == ast.dump(entry)
    assert TABLE["log1p"].vjp == {"x": "g / (1 + x)"}
