"""A kernel that asks its caller for memory while it runs, and for results of a shape it found."""

from __future__ import annotations

import numpy as np
import pytest

from transpile.config import config
from transpile.errors import CheckSite
from transpile.runtime import build, call
from transpile.runtime.call import ArgSpec, OutSpec, Signature

TEXT = r"""
#include <stdint.h>
#include <string.h>

typedef struct Caller {
    void *(*more)(struct Caller *, int64_t bytes);
    void *(*result)(struct Caller *, int64_t number, const int64_t *shape);
} Caller;

int64_t late_plan(void *const *a, int64_t *plan)
{
    (void)a;
    return plan[0] = 0;
}

int64_t late_entry(void *const *a)
{
    int64_t n = *(int64_t *)a[0];
    Caller *caller = a[4];
    for (int64_t k = 0; k < n; k++) {
        char *more = caller->more(caller, 100 * k);
        if (!more) return -1;
        if ((uint64_t)more % 64 != 0) return 2;
        memset(more, 1, 100 * (uint64_t)k);
    }
    *(int64_t *)a[1] = 7;
    double *out = caller->result(caller, 1, (int64_t[]){n, 2});
    if (!out) return -1;
    for (int64_t k = 0; k < 2 * n; k++) out[k] = (double)k;
    return n == 3 ? 1 : 0;
}
"""
CHECKS = (CheckSite("IndexError", "no"), CheckSite("AssertionError", "memory is not aligned"))
SIGNATURE = Signature(
    "late",
    (),
    (ArgSpec("n", "python", "int64"),),
    (OutSpec("s", "python", "int64"), OutSpec("z", "array", "float64", 2, late=True)),
    CHECKS,
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    source = tmp_path_factory.mktemp("late") / "late.c"
    source.write_text(TEXT)
    build.compile_c(source, source.with_suffix(".so"))
    return source.with_suffix(".so")


@pytest.mark.parametrize("way", ["extension", "ctypes"])
def test_a_kernel_asks_for_memory_and_for_results(way, library, monkeypatch):
    if way == "ctypes":
        monkeypatch.setitem(call._loaded, "extension", None)
    late = call.kernel(SIGNATURE, library)
    for n in (2, 9, 0, 500, 2):
        seven, out = late(n)
        assert seven == 7
        np.testing.assert_array_equal(out, np.arange(2.0 * n).reshape(n, 2))
    with pytest.raises(IndexError):
        late(3)
    with pytest.raises(ValueError, match="negative"):
        late(-1)
    limited = call.kernel(SIGNATURE, library, limited=True)
    with config.change(memory_budget=1 << 20), pytest.raises(MemoryError, match="budget"):
        limited(500)
    assert limited(5)[0] == 7
