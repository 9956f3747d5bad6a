"""Linear systems, determinants and the factors that both come from, by LAPACK."""

from __future__ import annotations

from transpile.sym.ops import factors
from transpile.sym.ops.lapack import FLIP, like, number, solved, two, with_pivots
from transpile.sym.ops.table import Call, Host, Text, op

SOLVE = op(
    "solve(a, b)",
    numpy=Call("np.linalg.solve"),
    c=Host("solve_{t}", "nn,nm->nm", ("{d}gesv",), "Singular matrix",
           lambda n, m: (n + m + 1, n)),
    needs=(FLIP,),
    helper="""\
// a x = b. Not 0 where a is singular.
static int64_t solve_{t}(
    const Host *host, int64_t n, int64_t m, const {T} *a, const {T} *b, {T} *x, {T} *work)
{{
    {T} *lu = work, *columns = work + n * n;
    int rows = (int)n, count = (int)m, info = 0, *pivots = (int *)(void *)(columns + n * m);
    if (n == 0) return 0;
    flip_{t}(n, n, a, lu);
    flip_{t}(n, m, b, columns);
    host->{d}gesv(&rows, &count, lu, &rows, pivots, columns, &rows, &info);
    flip_{t}(m, n, columns, x);
    return info;
}}
""",
    type=solved,
    vjp={"a": factors.solve_a, "b": factors.solve_b},
    cost=1000,
    matrices="regular",
)  # fmt: skip

INV = op(
    "inv(a)",
    numpy=Call("np.linalg.inv"),
    c=Host("inv_{t}", "nn->nn", ("{d}gesv",), "Singular matrix", lambda n: (n * 2 + 1, n)),
    needs=(FLIP,),
    helper="""\
// The inverse of a. Not 0 where a is singular.
static int64_t inv_{t}(const Host *host, int64_t n, const {T} *a, {T} *x, {T} *work)
{{
    {T} *lu = work, *columns = work + n * n;
    int rows = (int)n, info = 0, *pivots = (int *)(void *)(columns + n * n);
    if (n == 0) return 0;
    flip_{t}(n, n, a, lu);
    for (int64_t k = 0; k < n * n; k++) columns[k] = k % (n + 1) == 0;
    host->{d}gesv(&rows, &rows, lu, &rows, pivots, columns, &rows, &info);
    flip_{t}(n, n, columns, x);
    return info;
}}
""",
    type=like,
    vjp={"a": "-(mT(out) @ g @ mT(out))"},
    cost=1000,
    matrices="regular",
)  # fmt: skip

# Reads the lower triangle of `a`, or the upper one.
SOLVE_TRIANGULAR = op(
    "solve_triangular(a, b, lower)",
    numpy=Text("np.linalg.solve(np.tril(a) if lower else np.triu(a), b)"),
    c=Host("solve_triangular_{t}", "nn,nm,->nm", ("{d}trtrs",), "Singular matrix",
           lambda n, m: (m, n)),
    needs=(FLIP,),
    helper="""\
// a x = b, where of a only one triangle is read. Not 0 where a is singular.
static int64_t solve_triangular_{t}(
    const Host *host, int64_t n, int64_t m, const {T} *a, const {T} *b, bool lower, {T} *x,
    {T} *work)
{{
    int rows = (int)n, count = (int)m, info = 0;
    char upper = lower ? 'U' : 'L', transposed = 'T', any = 'N';
    if (n == 0) return 0;
    flip_{t}(n, m, b, work);
    // LAPACK only reads a.
    host->{d}trtrs(&upper, &transposed, &any, &rows, &count, ({T} *)(uintptr_t)a, &rows, work,
        &rows, &info);
    flip_{t}(m, n, work, x);
    return info;
}}
""",
    type=solved,
    vjp={"a": factors.triangular_a, "b": factors.triangular_b},
    cost=300,
    matrices="regular",
)  # fmt: skip

LU = """\
// The factors of a, column by column, and the sign of the rows' permutation. 0 where a is singular.
static int lu_{t}(const Host *host, int64_t n, const {T} *a, {T} *lu, int *pivots)
{{
    int rows = (int)n, info = 0, sign = 1;
    if (n == 0) return 1;
    flip_{t}(n, n, a, lu);
    host->{d}getrf(&rows, &rows, lu, &rows, pivots, &info);
    for (int64_t i = 0; i < n; i++) sign = pivots[i] == i + 1 ? sign : -sign;
    return info > 0 ? 0 : sign;
}}
"""

DETERMINANT = """\
// The determinant of a is `sign`, of size 1 or 0, times the exponential of `size`.
static void determinant_{t}(
    const Host *host, int64_t n, const {T} *a, {T} *work, {T} *sign, {R} *size)
{{
    int turns = lu_{t}(host, n, a, work, (int *)(void *)(work + n * n));
    *sign = ({R})turns;
    *size = turns == 0 ? -INFINITY : 0;
    for (int64_t i = 0; i < n && turns != 0; i++) {{
        {T} factor = work[i * (n + 1)];
#if {float}
        if (factor < 0) *sign = -*sign;
        *size += log{f}(fabs{f}(factor));
#else
        *sign *= factor / cabs{f}(factor);
        *size += log{f}(cabs{f}(factor));
#endif
    }}
}}
"""

DET = op(
    "det(a)",
    numpy=Call("np.linalg.det"),
    c=Host("det_{t}", "nn->", ("{d}getrf",), "", lambda n: (n + 1, n)),
    needs=(FLIP, LU, DETERMINANT),
    helper="""\
static void det_{t}(const Host *host, int64_t n, const {T} *a, {T} *x, {T} *work)
{{
    {T} sign;
    {R} size;
    determinant_{t}(host, n, a, work, &sign, &size);
    *x = sign * exp{f}(size);
}}
""",
    type=number,
    vjp={"a": factors.det_a},
    cost=300,
    matrices="regular",
)

# The sign of the determinant, and the logarithm of its size.
SLOGDET = op(
    "slogdet(a)",
    numpy=Text("np.stack(np.linalg.slogdet(a), -1)"),
    c=Host("slogdet_{t}", "nn->p", ("{d}getrf",), "", lambda n: (n + 1, n)),
    needs=(FLIP, LU, DETERMINANT),
    helper="""\
static void slogdet_{t}(const Host *host, int64_t n, const {T} *a, {T} *x, {T} *work)
{{
    {R} size;
    determinant_{t}(host, n, a, work, x, &size);
    x[1] = size;
}}
""",
    type=two,
    vjp={"a": factors.slogdet_a},
    cost=300,
    matrices="regular",
)

# Both factors in one square; below them, for each row in turn, the row that it is exchanged with,
# and then which row of `a` each of theirs is.
LU_FACTOR = op(
    "lu_factor(a)",
    numpy=Text(
        "(lambda lu, pivots: np.vstack((lu, pivots, scipy.linalg.lapack.dlaswp("
        "np.arange(float(len(lu)))[:, None], pivots)[:, 0])).astype(lu.dtype))"
        "(*scipy.linalg.lu_factor(a))"
    ),
    c=Host("lu_factor_{t}", "nn->pn", ("{d}getrf",), "", lambda n: (n + 1, n)),
    needs=(FLIP, LU),
    helper="""\
static void lu_factor_{t}(const Host *host, int64_t n, const {T} *a, {T} *x, {T} *work)
{{
    int *exchanged = (int *)(void *)(work + n * n);
    {T} *pivots = x + n * n, *places = pivots + n;
    lu_{t}(host, n, a, work, exchanged);
    flip_{t}(n, n, work, x);
    for (int64_t i = 0; i < n; i++) places[i] = ({R})i;
    for (int64_t i = 0; i < n; i++) {{
        int64_t j = exchanged[i] - 1;
        {T} place = places[i];
        places[i] = places[j];
        places[j] = place;
        pivots[i] = ({R})j;
    }}
}}
""",
    type=with_pivots,
    vjp={"a": factors.lu_a},
    cost=300,
    matrices="regular",
)
