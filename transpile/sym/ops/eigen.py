"""Eigenvalues and eigenvectors of matrices of any kind, complex, by LAPACK.

An eigenvector has length 1, and its largest element is real and positive: that is what LAPACK gives
and what the derivatives keep to. They are those of eigenvalues that differ.
"""

from __future__ import annotations

from typing import Any

from transpile.sym.affine import Affine
from transpile.sym.ops.factors import (
    column,
    conj,
    diagonal,
    hermitian,
    row,
    rows,
    stacked,
    triangle,
)
from transpile.sym.ops.lapack import FLIP, of_complex, vector, with_pivots
from transpile.sym.ops.table import Call, Host, Pull, Text, op


def parts(build: Any, x: Any, n: Affine) -> tuple[Any, Any]:
    """The eigenvalues and the eigenvectors, or what is theirs."""
    one = Affine((), 1)
    return row(build, x, Affine()), rows(build, x, one, n + 1)


def largest(p: Pull, text: str, x: Any, **env: Any) -> Any:
    """The text's value for the largest element of each eigenvector, elsewhere `x`."""
    at = row(p.build, p.out, p.args[0].type.dims[0] + 1)
    env["at"] = p.build.text("real(x)", {"x": at})
    return triangle(p.build, f"where(i == at, {text}, x)", x, **env)


@hermitian
def eig_a(p: Pull) -> Any:
    b, n = p.build, p.args[0].type.dims[0]
    (w, v), (d_w, d_v) = parts(b, p.out, n), parts(b, p.g, n)
    turn = diagonal(b, b.text("mH(v) @ d_v", {"v": v, "d_v": d_v}))
    env = {"v": v, "d_v": d_v, "turn": turn}
    d_v = b.text("d_v - v * real(turn)", env)
    d_v = largest(p, "x - 1j * imag(turn) / real(v)", d_v, v=v, turn=turn)
    env |= {"x": b.text("mH(v) @ d_v", {"v": v, "d_v": d_v}), "w": conj(b, w)}
    env |= {"w_i": column(b, env["w"]), "d_w": d_w}
    text = "where(i == j, d_w, where(x == 0, 0, x / where(i == j, 1, w - w_i)))"
    inner = triangle(b, text, env["x"], w=env["w"], w_i=env["w_i"], d_w=d_w)
    return b.text("solve(mH(v), x @ mH(v))", {"v": v, "x": inner})


def eig_pushed(p: Pull) -> Any:
    b, n, one = p.build, p.args[0].type.dims[0], Affine((), 1)
    w, v = parts(b, p.out, n)
    inner = b.text("solve(v, t @ v)", {"v": v, "t": p.g})
    text = "where((i == j) | (x == 0), 0, x / where(i == j, 1, w - w_i))"
    d_v = b.text("v @ x", {"v": v, "x": triangle(b, text, inner, w=w, w_i=column(b, w))})
    grown = b.text("real(x)", {"x": diagonal(b, b.text("mH(v) @ d_v", {"v": v, "d_v": d_v}))})
    zero = b.text("imag(x) * 0", {"x": d_v})
    turned = b.sum(largest(p, "imag(d_v) / real(v)", zero, v=v, d_v=d_v), (0,))
    env = {"v": v, "d_v": d_v, "grown": grown, "turned": turned}
    d_v = b.text("d_v - v * (grown + 1j * turned)", env)
    return stacked(p, (None, one, diagonal(b, inner)), (one, n + 1, d_v))


@hermitian
def eigvals_a(p: Pull) -> Any:
    """The eigenvectors come with the eigenvalues in an order that may be another."""
    b, n = p.build, p.args[0].type.dims[0]
    w, v = parts(b, b.text("eig(a)", {"a": p.args[0]}), n)
    close = 1e-3 if p.g.type.dtype == "complex64" else 1e-7
    env = {"w": w, "out": p.out, "w_i": column(b, w)}
    env["small"] = b.text(f"sum(abs(out)) * {close}", env)
    env["ordered"] = b.text("all(abs(w - out) <= small)", env)
    near = b.text("abs(w_i - out) <= small", env)
    pairs = triangle(b, "where(ordered, i == j, x)", near, ordered=env["ordered"])
    count = b.text("where(x, 1, 0)", {"x": pairs})
    for axis in (0, 1):
        one = b.text("all(x == 1)", {"x": b.sum(count, (axis,))})
        b.check(b.convert(one, "bool", "python"), "ValueError",
                "eigenvalues that coincide have no derivative here")  # fmt: skip
    g = b.sum(b.text("where(x, g, 0)", {"x": pairs, "g": p.g}), (1,))
    return b.text("solve(mH(v), g * mH(v))", {"v": v, "g": column(b, g)})


# The eigenvalues, below them the eigenvectors, in columns, and which element of each is largest.
EIG = op(
    "eig(a)",
    numpy=Text(
        "(lambda w, v: np.vstack((w, v, (-abs(v)).argsort(0, kind='stable')[:1]))"
        ".astype(v.dtype))(*np.linalg.eig(a))"
    ),
    c=Host("eig_{t}", "nn->pn", ("{d}geev",), "Eigenvalues did not converge",
           lambda n: (n * 2 + 36, n + 1)),
    needs=(FLIP,),
    helper="""\
static int64_t eig_{t}(const Host *host, int64_t n, const {T} *a, {T} *x, {T} *work)
{{
    int rows = (int)n, info = 0, length = 34 * rows;
    {T} *vectors = work + n * n, *room = vectors + n * n;
    char no = 'N', yes = 'V';
    if (n == 0) return 0;
    flip_{t}(n, n, a, work);
    host->{d}geev(&no, &yes, &rows, work, &rows, x, NULL, &rows, vectors, &rows, room, &length,
        ({R} *)(void *)(room + length), &info);
    flip_{t}(n, n, vectors, x + n);
    for (int64_t j = 0; j < n; j++) {{
        int64_t largest = 0;
        for (int64_t i = 1; i < n; i++) {{
            if (cabs{f}(vectors[j * n + i]) > cabs{f}(vectors[j * n + largest])) largest = i;
        }}
        x[(n + 1) * n + j] = ({R})largest;
    }}
    return info;
}}
""",
    type=of_complex(with_pivots),
    vjp={"a": eig_a},
    jvp={"a": eig_pushed},
    cost=10000,
    matrices="general",
)  # fmt: skip

EIGVALS = op(
    "eigvals(a)",
    numpy=Call("np.linalg.eigvals"),
    c=Host("eigvals_{t}", "nn->n", ("{d}geev",), "Eigenvalues did not converge",
           lambda n: (n + 36, n + 1)),
    needs=(FLIP,),
    helper="""\
static int64_t eigvals_{t}(const Host *host, int64_t n, const {T} *a, {T} *x, {T} *work)
{{
    int rows = (int)n, info = 0, length = 34 * rows;
    {T} *room = work + n * n;
    char no = 'N';
    if (n == 0) return 0;
    flip_{t}(n, n, a, work);
    host->{d}geev(&no, &no, &rows, work, &rows, x, NULL, &rows, NULL, &rows, room, &length,
        ({R} *)(void *)(room + length), &info);
    return info;
}}
""",
    type=of_complex(vector),
    vjp={"a": eigvals_a},
    cost=5000,
    matrices="general",
)  # fmt: skip
