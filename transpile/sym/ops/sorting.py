"""Sorting and searching: places of an array's elements in their order, NaN last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.ops.table import Call, Op, Operand, Routine, Shapes, op
from transpile.sym.types import Type, array

BEFORE = """\
// Does x come before y? NaN comes last.
static inline bool before_{t}({T} x, {T} y)
{{
#if {float}
    return x < y || (y != y && x == x);
#else
    return x < y;
#endif
}}
"""


def places(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return array("int64", *args[0].type.dims)


def places_of_values(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    return array("int64", *args[1].type.dims)


# The places of the elements along the last axis in rising order, equal ones as they stand.
ARGSORT = op(
    "argsort(x)",
    numpy=Call("np.argsort"),
    c=Routine("argsort_{t}", rows=True, spare=True),
    needs=(BEFORE,),
    helper="""\
// The places of x's elements in rising order, those of equal ones as they stand: runs of 16 are
// sorted by insertion, then merged.
static void argsort_{t}(int64_t n, const {T} *x, int64_t *order, int64_t *spare)
{{
    for (int64_t low = 0; low < n; low += 16) {{
        int64_t high = low + 16 < n ? low + 16 : n;
        for (int64_t i = low; i < high; i++) {{
            int64_t j = i;
            for (; j > low && before_{t}(x[i], x[order[j - 1]]); j--) order[j] = order[j - 1];
            order[j] = i;
        }}
    }}
    for (int64_t width = 16; width < n; width *= 2) {{
        for (int64_t low = 0; low + width < n; low += 2 * width) {{
            int64_t middle = low + width, high = middle + width < n ? middle + width : n;
            int64_t left = middle - low, i = 0, j = middle, k = low;
            if (!before_{t}(x[order[middle]], x[order[middle - 1]])) continue;
            for (int64_t m = 0; m < left; m++) spare[m] = order[low + m];
            while (i < left && j < high)
                order[k++] = before_{t}(x[order[j]], x[spare[i]]) ? order[j++] : spare[i++];
            while (i < left) order[k++] = spare[i++];
        }}
    }}
}}
""",
    type=places,
    vjp={"x": "0"},
)

# Where each of `v` belongs in sorted `x`: before equal elements, or, if `right`, behind them.
SEARCHSORTED = op(
    "searchsorted(x, v, right)",
    numpy=Call("np.searchsorted"),
    c=Routine("searchsorted_{t}"),
    needs=(BEFORE,),
    helper="""\
// Where each of v belongs in sorted x: before equal elements, or, if right, behind them.
static void searchsorted_{t}(
    int64_t n, const {T} *x, int64_t m, const {T} *v, bool right, int64_t *place)
{{
    for (int64_t i = 0; i < m; i++) {{
        int64_t low = 0, high = n;
        while (low < high) {{
            int64_t middle = low + (high - low) / 2;
            if (right ? !before_{t}(v[i], x[middle]) : before_{t}(x[middle], v[i]))
                low = middle + 1;
            else
                high = middle;
        }}
        place[i] = low;
    }}
}}
""",
    type=places_of_values,
    vjp={"x": "0", "v": "0"},
)
