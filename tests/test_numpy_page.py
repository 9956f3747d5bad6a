"""docs/numpy.md is what the tables say, and says what holds."""

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pytest

import transpile
from transpile.frontend.library.numpy_instead import INSTEAD
from transpile.frontend.library.numpy_table import FUNCTIONS
from transpile.sym import expr

WRITER = Path(__file__).parent.parent / "docs" / "write.py"


def test_the_page_is_what_the_tables_say():
    spec = importlib.util.spec_from_file_location("write", WRITER)
    assert spec is not None and spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    again = "write it again: python docs/write.py --write"
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(), again


def test_what_is_taken_is_not_said_to_be_refused():
    assert not {*INSTEAD} & {*FUNCTIONS, *expr.NAMES}


def poles(x):
    return 1.0 / x + np.log(x)


@pytest.mark.parametrize(("mode", "count"), [("FAST_RUN", 0), ("FAST_COMPILE", 4)])
def test_only_generated_python_warns_of_arithmetic(mode, count):
    f, x = transpile.function(poles, mode=mode), np.array([0.0, -1.0, 2.0])
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        f(x)
        assert len(found) == count
        with np.errstate(all="ignore"):
            f(x)
        assert len(found) == count


def quiet_poles(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = 1.0 / x
        for i in range(len(x)):
            with np.errstate(over="ignore"):
                y[i] += np.log(x[i])
    z = 2.0 / x
    with np.errstate(all="ignore"):
        return np.sum(y / z - np.sqrt(x))


def test_generated_python_warns_where_numpy_does():
    x, f = np.array([0.0, -1.0, 2.0]), transpile.function(quiet_poles, mode="FAST_COMPILE")
    for one in (quiet_poles, f):
        with pytest.warns(RuntimeWarning, match="divide") as found:
            one(x)
        assert len(found) == 1
    assert f.source("python").count("with np.errstate(") == 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        transpile.grad(f)(x + 5.0)
