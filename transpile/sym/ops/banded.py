"""Systems of banded matrices, by LAPACK: the diagonals stand one below the other.

Column j of the matrix stands in column j of the diagonals, so that each begins or ends with places
of no meaning. What is outside the matrix has derivative zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.ops.factors import conj, real, triangle
from transpile.sym.ops.lapack import FLIP, checked, matrix
from transpile.sym.ops.table import Host, Op, Operand, Pull, Shapes, Text, op
from transpile.sym.types import Malformed, Type


def solved(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    _, n = matrix(op, args[0])
    b = args[1].type
    if b.ndim not in (1, 2):
        raise Malformed(f"{op.name} of a right side {b}")
    shapes.same(n, b.dims[0])
    return Type(checked(op, args), b.dims)


def along(build: Any, a: Any, x: Any, row: str, **env: Any) -> Any:
    """Which elements, or rows, of `x` stand where the diagonals have this row of the matrix: a
    number beyond its ends stands for one of them."""
    env["n"] = build.extent(a.type.dims[1])
    at = triangle(build, f"where({row} < 0, 0, where({row} < n, {row}, n - 1))", a, **env)
    return build.index(x, ("a", *(":",) * (x.type.ndim - 1)), [at])


def inside(build: Any, a: Any, x: Any, row: str, **env: Any) -> Any:
    """`x` where the row is one of the matrix, elsewhere 0."""
    env["n"] = build.extent(a.type.dims[1])
    return triangle(build, f"where(({row} < 0) | ({row} >= n), 0, x)", x, **env)


def product(build: Any, x: Any, y: Any) -> Any:
    """Minus the product, summed over the right sides."""
    found = build.text("-(x * y)", {"x": x, "y": y})
    return build.sum(found, (2,)) if found.type.ndim == 3 else found


def banded_b(p: Pull) -> Any:
    b, (a, _, below, above) = p.build, p.args
    env = {"below": below, "above": above, "n": b.extent(a.type.dims[1])}
    row = "(j + i - below)"
    at = triangle(b, f"where({row} < 0, 0, where({row} < n, {row}, n - 1))", a, **env)
    from_below = triangle(b, "below + above - i + j * 0", a, **env)
    turned = b.index(a, ("a", "a"), [from_below, at])
    turned = inside(b, a, turned, row, below=below)
    text = "solve_banded(a, g, above, below)"
    return b.twin(b.text(text, {"a": turned, "g": p.g, "below": below, "above": above}))


def banded_a(p: Pull) -> Any:
    b, (a, _, _, above) = p.build, p.args
    z, row = banded_b(p), "(j + i - above)"
    found = product(b, along(b, a, z, row, above=above), p.out)
    return inside(b, a, found, row, above=above)


def definite_b(p: Pull) -> Any:
    b, (a, _, lower) = p.build, p.args
    text = "solveh_banded(a, g, lower)"
    return b.twin(b.text(text, {"a": conj(b, a), "g": p.g, "lower": lower}))


def definite_a(p: Pull) -> Any:
    """Each element stands for another beside it, across the diagonal."""
    b, (a, _, lower), z = p.build, p.args, definite_b(p)
    row = "(j + i)" if lower.value else "(j + i - last)"
    env = {"last": b.text("k - 1", {"k": b.extent(a.type.dims[0])})}
    ours = product(b, along(b, a, z, row, **env), p.out)
    theirs = conj(b, product(b, z, along(b, a, p.out, row, **env)))
    found = triangle(b, f"where({row} == j, z, x + y)", ours, y=theirs, z=real(b, ours), **env)
    return inside(b, a, found, row, **env)


SOLVE_BANDED = op(
    "solve_banded(a, b, below, above)",
    numpy=Text("scipy.linalg.solve_banded((below, above), a, b)"),
    c=Host("solve_banded_{t}", "kn,nm,,->nm", ("{d}gbsv",), "singular matrix",
           lambda k, n, m, below, above: (k + below + m + 1, n)),
    needs=(FLIP,),
    helper="""\
// The k diagonals of a; so many of them are below its own, and above. Not 0 where it is singular.
static int64_t solve_banded_{t}(const Host *host, int64_t k, int64_t n, int64_t m, const {T} *a,
    const {T} *b, int64_t below, int64_t above, {T} *x, {T} *work)
{{
    int rows = (int)n, count = (int)m, low = (int)below, high = (int)above, info = 0;
    int height = (int)(k + below), *pivots = (int *)(void *)(work + n * (height + m));
    {T} *columns = work + n * height;
    if (n == 0) return 0;
    for (int64_t j = 0; j < n; j++) {{
        for (int64_t i = 0; i < below; i++) work[j * height + i] = 0;
        for (int64_t i = 0; i < k; i++) work[j * height + below + i] = a[i * n + j];
    }}
    flip_{t}(n, m, b, columns);
    host->{d}gbsv(&rows, &low, &high, &count, work, &height, pivots, columns, &rows, &info);
    flip_{t}(m, n, columns, x);
    return info;
}}
""",
    type=solved,
    vjp={"a": banded_a, "b": banded_b},
    cost=300,
    matrices="banded",
)  # fmt: skip

# Reads its own diagonal and those below it, or above it.
SOLVEH_BANDED = op(
    "solveh_banded(a, b, lower)",
    numpy=Text("scipy.linalg.solveh_banded(a, b, lower=lower)"),
    c=Host("solveh_banded_{t}", "kn,nm,->nm", ("{d}pbsv",), "the matrix is not positive definite",
           lambda k, n, m: (k + m, n)),
    needs=(FLIP,),
    helper="""\
// The k diagonals of a that are read. Not 0 where a is not positive definite.
static int64_t solveh_banded_{t}(const Host *host, int64_t k, int64_t n, int64_t m, const {T} *a,
    const {T} *b, bool lower, {T} *x, {T} *work)
{{
    int rows = (int)n, count = (int)m, height = (int)k, beside = height - 1, info = 0;
    {T} *columns = work + n * k;
    char side = lower ? 'L' : 'U';
    if (n == 0) return 0;
    flip_{t}(k, n, a, work);
    flip_{t}(n, m, b, columns);
    host->{d}pbsv(&side, &rows, &beside, &count, work, &height, columns, &rows, &info);
    flip_{t}(m, n, columns, x);
    return info;
}}
""",
    type=solved,
    vjp={"a": definite_a, "b": definite_b},
    cost=300,
    matrices="banded",
)  # fmt: skip
