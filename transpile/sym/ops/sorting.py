"""Sorting and searching: places of an array's elements in their order, NaN last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.ops import shape
from transpile.sym.ops.table import Call, Op, Operand, Pull, Routine, Shapes, op
from transpile.sym.types import Malformed, Type, array

BEFORE = """\
// Does x come before y? NaN comes last; of complex numbers the real part decides, then the other.
static inline bool before_{t}({T} x, {T} y)
{{
#if {float}
    return x < y || (y != y && x == x);
#elif {complex}
    {R} a = creal{f}(x), b = cimag{f}(x), c = creal{f}(y), d = cimag{f}(y);
    if (a < c) return b == b || d != d;
    if (a > c) return b == b && d != d;
    if (a == c || (a != a && c != c)) return b < d || (b == b && d != d);
    return c != c;
#else
    return x < y;
#endif
}}
"""


KEY = """\
// Integers in the order of the numbers: both zeros have the same, all NaN the greatest.
static inline uint64_t key_{t}({T} x)
{{
#if {float}
    union {{ double number; uint64_t bits; }} wide = {{ x == 0 ? 0 : (double)x }};
    if (x != x) return UINT64_MAX;
    return wide.bits >> 63 ? ~wide.bits : wide.bits | (UINT64_C(1) << 63);
#elif {signed}
    return (uint64_t)x ^ (UINT64_C(1) << 63);
#else
    return x;
#endif
}}
"""


def sorted_x(p: Pull) -> Any:
    """Each goes to where it came from."""
    b, (x,) = p.build, p.args
    order, last = b.text("argsort(x)", {"x": x}), x.type.ndim - 1
    at = []
    for k, dim in enumerate(x.type.dims[:last]):
        number = b.text("arange(n)", {"n": b.extent(dim)})
        at.append(b.broadcast_to(b.index(number, (":", *("new",) * (last - k))), x.type.dims))
    room = b.apply(shape.ZEROS, *map(b.atom, x.type.dims), dtype=p.g.type.dtype)
    return b.update(room, p.g, ("a",) * (last + 1), [*at, order])


def same(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    if args[0].type.is_complex:
        raise Malformed(f"{op.name} is of real numbers")
    return args[0].type


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

# The elements along the last axis in rising order.
SORT = op(
    "sort(x)",
    numpy=Call("np.sort"),
    c=Routine("sort_{t}", rows=True, spare=True),
    needs=(BEFORE, KEY),
    helper="""\
// The elements of x in rising order, equal ones as they stand: few by insertion, many by the digits
// of their keys, the last one first; a digit that all have alike is left out.
static void sort_{t}(int64_t n, const {T} *x, {T} *y, int64_t *spare)
{{
    if (n <= 64) {{
        for (int64_t i = 0; i < n; i++) {{
            int64_t j = i;
            for (; j > 0 && before_{t}(x[i], y[j - 1]); j--) y[j] = y[j - 1];
            y[j] = x[i];
        }}
        return;
    }}
    int64_t count[8][256] = {{{{0}}}};
    {T} *from = y, *to = ({T} *)(void *)spare;
    for (int64_t i = 0; i < n; i++) {{
        uint64_t key = key_{t}(y[i] = x[i]);
        for (int digit = 0; digit < 8; digit++) count[digit][(key >> (8 * digit)) & 255]++;
    }}
    for (int digit = 0; digit < 8; digit++) {{
        int64_t *place = count[digit], start = 0;
        int low = 8 * digit;
        if (place[(key_{t}(x[0]) >> low) & 255] == n) continue;
        for (int k = 0; k < 256; k++) {{
            int64_t next = start + place[k];
            place[k] = start;
            start = next;
        }}
        for (int64_t i = 0; i < n; i++) to[place[(key_{t}(from[i]) >> low) & 255]++] = from[i];
        {T} *other = from;
        from = to;
        to = other;
    }}
    for (int64_t i = 0; from != y && i < n; i++) y[i] = from[i];
}}
""",
    type=same,
    vjp={"x": sorted_x},
    cost=50,
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
