"""The grid of `tests.grid`: thinned here, the whole of it with the fuzzer."""

from __future__ import annotations

import pytest

from tests.grid import DTYPES, FAMILIES, differences, layouts

LAYOUTS = tuple(layouts("bool", 0))
FEW = [("float64", "reversed"), ("float64", "no axes"), ("float32", "strided"),
       ("int64", "fortran"), ("uint8", "row"), ("bool", "contiguous"), ("float64", "empty"),
       ("int16", "scalar")]  # fmt: skip


@pytest.mark.parametrize(("dtype", "layout"), FEW)
@pytest.mark.parametrize("family", FAMILIES)
def test_in_python(family, dtype, layout, tmp_path):
    assert list(differences(family, dtype, layout, "FAST_COMPILE", tmp_path)) == []


@pytest.mark.parametrize(
    ("family", "dtype"),
    [("one", "float64"), ("one", "int32"), ("two", "float64"), ("two", "int32"),
     ("reduced", "float64"), ("statistics", "float64")],
)  # fmt: skip
def test_in_c(family, dtype, tmp_path):
    assert list(differences(family, dtype, "reversed", "FAST_RUN", tmp_path)) == []


@pytest.mark.fuzz
@pytest.mark.parametrize("mode", ["FAST_COMPILE", "FAST_RUN"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("family", FAMILIES)
def test_whole(family, dtype, layout, mode, tmp_path):
    assert list(differences(family, dtype, layout, mode, tmp_path)) == []
