"""What is refused, and the text that the user sees: each module of tests/errors beside its text.

A module holds `f` and, unless it is refused at decoration, `args`. `pytest --write-golden` writes
the texts anew.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

import transpile
from transpile import frontend
from transpile.errors import TranspileError

FOLDER = Path(__file__).parent / "errors"
NAMES = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def message(name: str) -> str:
    """What refusing the module's function or its gradient says, files without their folders."""
    module = importlib.import_module(f"tests.errors.{name}")
    with pytest.raises((TranspileError, TypeError)) as caught:
        source = frontend.read(module.f)
        frontend.check(source)
        sizes: list = []
        names = inspect.signature(module.f).parameters
        args = [frontend.arg_of(v, n, sizes) for v, n in zip(module.args, names, strict=True)]
        frontend.lower(source, args)
        transpile.grad(module.f, wrt=module.wrt).source("python", *module.args)
    return str(caught.value).replace(f"{FOLDER}/", "") + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_error(name, request):
    path = FOLDER / f"{name}.txt"
    text = message(name)
    if request.config.getoption("--write-golden", default=False):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
