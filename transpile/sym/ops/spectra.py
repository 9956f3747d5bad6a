"""Factors with orthogonal columns, eigenvalues and singular values, by LAPACK.

A result of several arrays is one array of their rows, one above the other: the entry says which.
"""

from __future__ import annotations

from typing import Any

from transpile.sym.ops import factors
from transpile.sym.ops.lapack import FLIP, lesser, like, of_rank, reals, turned, under_one
from transpile.sym.ops.table import Call, Host, Text, op

# Reads the lower triangle of `a` only, and the derivative is with respect to that.
CHOLESKY = op(
    "cholesky(a)",
    numpy=Call("np.linalg.cholesky"),
    c=Host("cholesky_{t}", "nn->nn", ("{d}potrf",), "Matrix is not positive definite"),
    helper="""\
// x is lower, and a = x times its transpose; of a the lower triangle is read, which is the upper
// one to LAPACK. Not 0 where a is not positive definite.
static int64_t cholesky_{t}(const Host *host, int64_t n, const {T} *a, {T} *x)
{{
    int rows = (int)n, info = 0;
    char upper = 'U';
    if (n == 0) return 0;
    for (int64_t i = 0; i < n; i++) {{
        for (int64_t j = 0; j < n; j++) x[i * n + j] = j <= i ? a[i * n + j] : 0;
    }}
    host->{d}potrf(&upper, &rows, x, &rows, &info);
    return info;
}}
""",
    type=like,
    vjp={"a": factors.cholesky_a},
    cost=500,
    matrices="definite",
)  # fmt: skip

# The eigenvalues in rising order, then the eigenvectors, in columns. One triangle is read.
EIGH = op(
    "eigh(a, lower)",
    numpy=Text("np.vstack(np.linalg.eigh(a, 'L' if lower else 'U'))"),
    c=Host("eigh_{t}", "nn,->pn", ("{d}{sy}evd",), "Eigenvalues did not converge",
           lambda n: (n * 3 + 12, n + 1)),
    needs=(FLIP,),
    helper="""\
static int64_t eigh_{t}(
    const Host *host, int64_t n, const {T} *a, bool lower, {T} *x, {T} *work)
{{
    int rows = (int)n, info = 0, integers = 3 + 5 * rows;
    {T} *vectors = work, *room = work + n * n;
    char both = 'V', side = lower ? 'L' : 'U';
    if (n == 0) return 0;
    if (n > 30000) return -1;  // LAPACK counts its room in int
    flip_{t}(n, n, a, vectors);
#if {float}
    int length = 1 + 6 * rows + 2 * rows * rows;
    host->{d}syevd(&both, &side, &rows, vectors, &rows, x, room, &length,
        (int *)(void *)(room + length), &integers, &info);
#else
    int length = 2 * rows + rows * rows, reals = 1 + 5 * rows + 2 * rows * rows;
    {R} *values = ({R} *)(void *)(room + length), *more = values + n;
    host->{d}heevd(&both, &side, &rows, vectors, &rows, values, room, &length, more, &reals,
        (int *)(void *)(more + reals), &integers, &info);
    for (int64_t i = 0; i < n; i++) x[i] = values[i];
#endif
    flip_{t}(n, n, vectors, x + n);
    return info;
}}
""",
    type=under_one,
    vjp={"a": factors.eigh_a},
    jvp={"a": factors.eigh_pushed},
    cost=5000,
    matrices="symmetric",
)  # fmt: skip

EIGVALSH = op(
    "eigvalsh(a)",
    numpy=Call("np.linalg.eigvalsh"),
    c=Host("eigvalsh_{t}", "nn->n", ("{d}{sy}evd",), "Eigenvalues did not converge",
           lambda n: (n + 2, n + 1)),
    needs=(FLIP,),
    helper="""\
static int64_t eigvalsh_{t}(const Host *host, int64_t n, const {T} *a, {R} *x, {T} *work)
{{
    int rows = (int)n, info = 0, length = 1 + 2 * rows, one = 1, integer = 0;
    char values = 'N', lower = 'L';
    if (n == 0) return 0;
    flip_{t}(n, n, a, work);
#if {float}
    host->{d}syevd(&values, &lower, &rows, work, &rows, x, work + n * n, &length, &integer, &one,
        &info);
#else
    length = rows + 1;
    {R} *reals = ({R} *)(void *)(work + n * n + length);
    host->{d}heevd(&values, &lower, &rows, work, &rows, x, work + n * n, &length, reals, &rows,
        &integer, &one, &info);
#endif
    return info;
}}
""",
    type=reals,
    vjp={"a": factors.eigvalsh_a},
    cost=2000,
    matrices="symmetric",
)  # fmt: skip

SVD_WORK = """\
// The singular values of a, and where u is given, their vectors: as LAPACK has them.
static int svd_of_{t}(const Host *host, int64_t m, int64_t n, int64_t k, const {T} *a, {R} *s,
    {T} *u, {T} *vt, {T} *work)
{{
    int rows = (int)m, columns = (int)n, least = (int)k, info = 0;
    int length = 4 * least * least + 39 * (rows + columns + least);
    {T} *room = work + m * n;
    char job = u != NULL ? 'S' : 'N';
    if (k > 20000 || m > INT32_MAX || n > INT32_MAX) return -1;  // LAPACK counts in int
    for (int64_t j = 0; j < n; j++) {{
        for (int64_t i = 0; i < m; i++) work[j * m + i] = a[i * n + j];
    }}
#if {float}
    host->{d}gesdd(&job, &rows, &columns, work, &rows, s, u, &rows, vt, &least, room, &length,
        (int *)(void *)(room + length), &info);
#else
    int64_t reals = k * (m + n) * 2 + k * k * 3 + k * 7;
    {R} *more = ({R} *)(void *)(room + length);
    host->{d}gesdd(&job, &rows, &columns, work, &rows, s, u, &rows, vt, &least, room, &length,
        more, (int *)(void *)(more + reals), &info);
#endif
    return info;
}}
"""


def svd_work(m: Any, n: Any, k: Any) -> tuple[Any, Any]:
    return m * 3 + n * 3 + k * 6 + 60, k + 45


# For `k`, the lesser of m and n: the first k left vectors, in columns; below them the singular
# values, in falling order; and below those the right vectors, in columns.
SVD = op(
    "svd(a, k)",
    numpy=Text(
        "(lambda u, s, vt: np.vstack((u, s, vt.T)))(*np.linalg.svd(a, full_matrices=False))"
    ),
    c=Host("svd_{t}", "mn,->pk", ("{d}gesdd",), "SVD did not converge", svd_work),
    needs=(SVD_WORK,),
    helper="""\
static int64_t svd_{t}(
    const Host *host, int64_t m, int64_t n, const {T} *a, int64_t k, {T} *x, {T} *work)
{{
    {T} *u = work, *vt = u + m * k, *s = x + m * k, *v = s + k;
    if (k == 0) return 0;
#if {float}
    int info = svd_of_{t}(host, m, n, k, a, s, u, vt, vt + k * n);
#else
    {R} *values = ({R} *)(void *)(vt + k * n);
    int info = svd_of_{t}(host, m, n, k, a, values, u, vt, vt + k * n + k);
    for (int64_t i = 0; i < k; i++) s[i] = values[i];
#endif
    for (int64_t j = 0; j < k; j++) {{
        for (int64_t i = 0; i < m; i++) x[i * k + j] = u[j * m + i];
    }}
    for (int64_t i = 0; i < n * k; i++) v[i] = vt[i];
    return info;
}}
""",
    type=of_rank(1),
    vjp={"a": factors.svd_a},
    jvp={"a": factors.svd_pushed},
    cost=10000,
    matrices="tall",
)

SVDVALS = op(
    "svdvals(a, k)",
    numpy=Text("np.linalg.svd(a, compute_uv=False)"),
    c=Host("svdvals_{t}", "mn,->k", ("{d}gesdd",), "SVD did not converge", svd_work),
    needs=(SVD_WORK,),
    helper="""\
static int64_t svdvals_{t}(
    const Host *host, int64_t m, int64_t n, const {T} *a, int64_t k, {R} *x, {T} *work)
{{
    return k == 0 ? 0 : svd_of_{t}(host, m, n, k, a, x, NULL, NULL, work);
}}
""",
    type=lesser,
    vjp={"a": factors.svdvals_a},
    cost=4000,
    matrices="tall",
)

# Singular values up to `rcond` times the greatest count as zero.
PINV = op(
    "pinv(a, k, rcond)",
    numpy=Text("np.linalg.pinv(a, rcond)"),
    c=Host("pinv_{t}", "mn,,->nm", ("{d}gesdd",), "SVD did not converge", svd_work),
    needs=(SVD_WORK,),
    helper="""\
// The sum of v u / s over the singular values that are not too small.
static int64_t pinv_{t}(const Host *host, int64_t m, int64_t n, const {T} *a, int64_t k,
    double rcond, {T} *x, {T} *work)
{{
    {T} *u = work, *vt = u + m * k, *end = vt + k * n;
    {R} *s = ({R} *)(void *)end;
    int info = k == 0 ? 0 : svd_of_{t}(host, m, n, k, a, s, u, vt, end + k);
    for (int64_t i = 0; i < n * m; i++) x[i] = 0;
    for (int64_t l = 0; l < k && s[l] > rcond * s[0]; l++) {{
        for (int64_t i = 0; i < n; i++) {{
#if {float}
            for (int64_t j = 0; j < m; j++) x[i * m + j] += vt[i * k + l] / s[l] * u[l * m + j];
#else
            {T} scaled = conj{f}(vt[i * k + l]) / s[l];
            for (int64_t j = 0; j < m; j++) x[i * m + j] += scaled * conj{f}(u[l * m + j]);
#endif
        }}
    }}
    return info;
}}
""",
    type=turned,
    vjp={"a": factors.pinv_a, "rcond": "0"},
    cost=10000,
    matrices="tall",
)

# For `k`, the lesser of m and n: q, of m rows and k columns; below it the transpose of r.
QR = op(
    "qr(a, k)",
    numpy=Text("(lambda q, r: np.vstack((q, r.T)))(*np.linalg.qr(a))"),
    c=Host("qr_{t}", "mn,->pk", ("{d}geqrf", "{d}{org}qr"), "",
           lambda m, n, k: (m + 66, n + 1)),
    needs=(FLIP,),
    helper="""\
static void qr_{t}(
    const Host *host, int64_t m, int64_t n, const {T} *a, int64_t k, {T} *x, {T} *work)
{{
    int rows = (int)m, columns = (int)n, least = (int)k, info = 0, length = 64 * columns;
    {T} *q = work, *tau = work + m * n, *room = tau + k, *r = x + m * k;
    if (k == 0) return;
    flip_{t}(m, n, a, q);
    host->{d}geqrf(&rows, &columns, q, &rows, tau, room, &length, &info);
    for (int64_t j = 0; j < n; j++) {{
        for (int64_t i = 0; i < k; i++) r[j * k + i] = i <= j ? q[j * m + i] : 0;
    }}
    host->{d}{org}qr(&rows, &least, &least, q, &rows, tau, room, &length, &info);
    flip_{t}(k, m, q, x);
}}
""",
    type=of_rank(0),
    vjp={"a": factors.qr_a},
    cost=2000,
    matrices="tall",
)  # fmt: skip

GEMM = """\
// c = a b, of square matrices column by column.
static void square_product_{t}(const Host *host, int n, {T} *a, {T} *b, {T} *c)
{{
    {T} one = 1, zero = 0;
    char plain = 'N';
    host->{d}gemm(&plain, &plain, &n, &n, &n, &one, a, &n, b, &n, &zero, c, &n);
}}
"""

# N. Higham, "The scaling and squaring method for the matrix exponential revisited" (2005).
EXPM = op(
    "expm(a)",
    numpy=Call("scipy.linalg.expm"),
    c=Host("expm_{t}", "nn->nn", ("{d}gemm", "{d}gesv"), "Singular matrix",
           lambda n: (n * 7 + 1, n)),
    needs=(GEMM,),
    helper="""\
// By a rational function of degree 13 of a / 2^s, and s squarings. The transpose of a has the
// transpose for its exponential, so that nothing is turned over.
static int64_t expm_{t}(const Host *host, int64_t n, const {T} *a, {T} *x, {T} *work)
{{
    static const {R} c[] = {{64764752532480000.{f}, 32382376266240000.{f}, 7771770303897600.{f},
        1187353796428800.{f}, 129060195264000.{f}, 10559470521600.{f}, 670442572800.{f},
        33522128640.{f}, 1323241920.{f}, 40840800, 960960, 16380, 182, 1}};
    int64_t nn = n * n;
    {T} *scaled = work, *a2 = work + nn, *a4 = work + 2 * nn, *a6 = work + 3 * nn;
    {T} *u = work + 4 * nn, *v = work + 5 * nn, *sum = work + 6 * nn;
    {R} norm = 0, scale = 1;
    int rows = (int)n, info = 0, squarings = 0, *pivots = (int *)(void *)(work + 7 * nn);
    if (n == 0) return 0;
    for (int64_t i = 0; i < n; i++) {{
        {R} total = 0;
        for (int64_t j = 0; j < n; j++) total += {abs}{f}(a[i * n + j]);
        norm = total > norm ? total : norm;
    }}
    for (; norm > ({R})5.371920351148152 && norm < INFINITY; norm /= 2, squarings++) scale /= 2;
    for (int64_t k = 0; k < nn; k++) scaled[k] = a[k] * scale;
    square_product_{t}(host, rows, scaled, scaled, a2);
    square_product_{t}(host, rows, a2, a2, a4);
    square_product_{t}(host, rows, a2, a4, a6);
    for (int64_t k = 0; k < nn; k++) sum[k] = c[13] * a6[k] + c[11] * a4[k] + c[9] * a2[k];
    square_product_{t}(host, rows, a6, sum, x);
    for (int64_t k = 0; k < nn; k++) {{
        {R} one = k % (n + 1) == 0;
        x[k] += c[7] * a6[k] + c[5] * a4[k] + c[3] * a2[k] + c[1] * one;
        sum[k] = c[12] * a6[k] + c[10] * a4[k] + c[8] * a2[k];
    }}
    square_product_{t}(host, rows, scaled, x, u);
    square_product_{t}(host, rows, a6, sum, v);
    for (int64_t k = 0; k < nn; k++) {{
        {R} one = k % (n + 1) == 0;
        v[k] += c[6] * a6[k] + c[4] * a4[k] + c[2] * a2[k] + c[0] * one;
        x[k] = v[k] + u[k];
        v[k] -= u[k];
    }}
    host->{d}gesv(&rows, &rows, v, &rows, pivots, x, &rows, &info);
    for (; squarings > 0; squarings--) {{
        for (int64_t k = 0; k < nn; k++) sum[k] = x[k];
        square_product_{t}(host, rows, sum, sum, x);
    }}
    return info;
}}
""",
    type=like,
    vjp={"a": factors.expm_a},
    jvp={"a": factors.expm_pushed},
    cost=5000,
    matrices="symmetric",
)  # fmt: skip
