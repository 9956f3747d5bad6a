"""Generated text as files to read: each compared, compiled with warnings as errors, and run.

`pytest tests/test_golden.py --write-golden` writes them anew; the diff is reviewed as code.
"""

from __future__ import annotations

import importlib.util
import inspect
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import transpile
from tests.numerics import assert_gradients_close, assert_values_equal, complex_step, copied
from tests.test_programs import STANDALONE
from transpile.sym import show

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.parent.name for path in GOLDEN.glob("*/source.py"))


def load(name: str) -> ModuleType:
    path = GOLDEN / name / "source.py"
    spec = importlib.util.spec_from_file_location(f"golden_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts(name: str) -> dict[str, str]:
    """What is generated for a program: symbolic form, and value and gradient in each language.

    `derivatives` of the module are others that are shown too, such as "jvp".
    """
    module = load(name)
    program, args = getattr(module, name), module.arguments()
    f = transpile.function(program)
    g = transpile.grad(f, wrt=module.wrt)
    found = {
        "ir.txt": show.show(f.graph("fold", *args)),
        "value.py": f.source("python", *args),
        "value.c": f.source("c", *args),
        "grad.py": g.source("python", *args),
        "grad.c": g.source("c", *args),
    }
    given = inspect.signature(program).bind(*args).arguments
    for kind in getattr(module, "derivatives", ()):
        made = getattr(transpile, kind)(f, module.wrt)
        more = [tuple(given[w] for w in module.wrt)] if kind in ("jvp", "hvp") else []
        found[f"{kind}.py"] = made.source("python", *args, *more)
        found[f"{kind}.c"] = made.source("c", *args, *more)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_text(name, request):
    written = request.config.getoption("--write-golden")
    for file, text in texts(name).items():
        path = GOLDEN / name / file
        if written:
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"{name}/{file}"


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.parametrize("name", NAMES)
def test_c_compiles_without_a_warning(name, tmp_path):
    for file in (GOLDEN / name).glob("*.c"):
        command = [*STANDALONE, "-c", str(file), "-o", str(tmp_path / "out.o")]
        built = subprocess.run(command, capture_output=True, text=True)
        assert built.returncode == 0, built.stderr


@pytest.mark.parametrize("name", NAMES)
def test_answers(name, mode):
    module = load(name)
    program, args = getattr(module, name), module.arguments()
    assert_values_equal(transpile.function(program)(*copied(args)), program(*copied(args)))
    got = transpile.grad(program, wrt=module.wrt)(*copied(args))
    assert_gradients_close(got, complex_step(program, copied(args), module.wrt))


def test_there_are_goldens():
    assert len(NAMES) >= 5
    assert np.all([len(load(name).arguments()) > 0 for name in NAMES])
