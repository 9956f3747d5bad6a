"""Sorting, by NumPy's own, and searching: places of elements in their order, NaN last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.ops import shape
from transpile.sym.ops.table import (
    Call,
    Host,
    Op,
    Operand,
    Pull,
    Routine,
    Shapes,
    Spelling,
    Text,
    op,
)
from transpile.sym.types import Type, array

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
    return args[0].type


def places(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return array("int64", *args[0].type.dims)


def places_of_values(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    return array("int64", *args[1].type.dims)


FULL = "no memory is left for a sort"
PLACES = """\
// The places of x's elements in rising order{which}.
static int {name}_{{t}}(const Host *host, int64_t n, const {{T}} *x, int64_t *order)
{{{{
    for (int64_t i = 0; i < n; i++) order[i] = i;
    return n > 1 ? host->{name}_{{t}}((void *)(uintptr_t)x, order, n, 0) : 0;
}}}}
"""


def order(name: str, numpy: Spelling | Text, which: str) -> Op:
    """The places of the elements along the last axis in rising order."""
    c = Host(f"{name}_{{t}}", "n->n", (f"{name}_{{t}}",), FULL, None, "MemoryError")
    return op(f"{name}(x)", numpy=numpy, c=c, helper=PLACES.format(name=name, which=which),
              type=places, vjp={"x": "0"}, cost=50)  # fmt: skip


ARGSORT = order("argsort", Call("np.argsort"), "")
STABLE_ARGSORT = order("stable_argsort", Text("np.argsort(x, kind='stable')"),
                       ", equal ones as they stand")  # fmt: skip

# The elements along the last axis in rising order.
SORT = op(
    "sort(x)",
    numpy=Call("np.sort"),
    c=Host("sort_{t}", "n->n", ("sort_{t}",), FULL, None, "MemoryError", in_place=True),
    helper="""\
// y becomes the elements of x in rising order.
static int sort_{t}(const Host *host, int64_t n, const {T} *x, {T} *y)
{{
    for (int64_t i = 0; i < n; i++) y[i] = x[i];
    return n > 1 ? host->sort_{t}(y, n, 0) : 0;
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
// Where each of v belongs in sorted x: before equal elements, or, if right, behind them. Of keys
// that rise each is looked for from the place of the one before on, near it first.
static void searchsorted_{t}(
    int64_t n, const {T} *x, int64_t m, const {T} *v, bool right, int64_t *place)
{{
    int64_t rising = 0;  // how many keys in turn are not below the one before
    for (int64_t i = 0; i < m; i++) {{
        rising = i > 0 && !before_{t}(v[i], v[i - 1]) ? rising + 1 : 0;
        int64_t low = rising > 3 ? place[i - 1] : 0, left = n - low;
        for (int64_t ahead = 0; rising > 3 && ahead < left; ahead = 4 * ahead + 1) {{
            {T} next = x[low + ahead];
            bool beyond = right ? !before_{t}(v[i], next) : before_{t}(next, v[i]);
            if (!beyond) {{
                left = ahead;
                break;
            }}
            low += ahead + 1;
            left -= ahead + 1;
        }}
        while (left > 0) {{
            int64_t half = left / 2, middle = low + half;
            bool beyond = right ? !before_{t}(v[i], x[middle]) : before_{t}(x[middle], v[i]);
            low += beyond * (half + 1);
            left = beyond ? left - half - 1 : half;
        }}
        place[i] = low;
    }}
}}
""",
    type=places_of_values,
    vjp={"x": "0", "v": "0"},
)
