"""Derivatives of what LAPACK computes.

From M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); for the Cholesky factor I. Murray (2016), for the singular vectors of a
matrix that is not square J. Townsend (2016), for QR M. Seeger and others (2017). Of a matrix of
which only one triangle is read, the other triangle has derivative zero.
"""

from __future__ import annotations

from typing import Any

from transpile.sym.affine import Affine
from transpile.sym.ops import shape
from transpile.sym.ops.table import Pull


def triangle(build: Any, text: str, x: Any, **env: Any) -> Any:
    """The text's value for each element of `x`, which may ask for its row `i` and column `j`."""
    rows, columns = (build.extent(d) for d in x.type.dims[-2:])
    i = build.index(build.text("arange(n)", {"n": rows}), (":", "new"))
    j = build.text("arange(n)", {"n": columns})
    return build.text(text, {"x": x, "i": i, "j": j, **env})


def below(build: Any, x: Any) -> Any:
    """The cotangent of the lower triangle, for that of a whole symmetric matrix."""
    flipped = build.text("mT(x)", {"x": x})
    return triangle(build, "where(i > j, x + y, where(i == j, x, 0))", x, y=flipped)


def rows(build: Any, x: Any, start: Any = None, stop: Any = None) -> Any:
    """`x[start:stop]`."""
    ends = [build.atom(end) for end in (start, stop) if end is not None]
    return build.index(x, (("slice", start is not None, stop is not None, False),), ends)


def row(build: Any, x: Any, k: Affine) -> Any:
    return build.index(x, ("i",), [build.atom(k)])


def column(build: Any, x: Any) -> Any:
    """A vector as a matrix of one column."""
    return build.index(x, (":", "new"))


def spread(build: Any, x: Any) -> Any:
    """A number for each matrix of a stack, to be multiplied with the matrices."""
    return build.index(x, (*(":",) * x.type.ndim, "new", "new")) if x.type.dims else x


# -- systems


def solve_b(p: Pull) -> Any:
    """For both arguments one system is solved."""
    return p.build.twin(p.build.text("solve(mT(a), g)", {"a": p.args[0], "g": p.g}))


def solve_a(p: Pull) -> Any:
    z = solve_b(p)
    text = "-outer(z, out)" if p.out.type.ndim == 1 else "-(z @ mT(out))"
    return p.build.text(text, {"z": z, "out": p.out})


def triangular_b(p: Pull) -> Any:
    lower = p.build.text(f"{not p.args[2].value}", {})
    text = "solve_triangular(mT(a), g, upper)"
    return p.build.twin(p.build.text(text, {"a": p.args[0], "g": p.g, "upper": lower}))


def triangular_a(p: Pull) -> Any:
    z = triangular_b(p)
    text = "-outer(z, out)" if p.out.type.ndim == 1 else "-(z @ mT(out))"
    found = p.build.text(text, {"z": z, "out": p.out})
    return triangle(p.build, f"where(i {'>=' if p.args[2].value else '<='} j, x, 0)", found)


def det_a(p: Pull) -> Any:
    env = {"g": spread(p.build, p.g), "out": spread(p.build, p.out), "a": p.args[0]}
    return p.build.text("g * out * mT(inv(a))", env)


def slogdet_a(p: Pull) -> Any:
    index = (*(":",) * (p.g.type.ndim - 1), "i")
    g = p.build.index(p.g, index, [p.build.atom(Affine((), 1))])
    return p.build.text("g * mT(inv(a))", {"g": spread(p.build, g), "a": p.args[0]})


# -- factors


def cholesky_a(p: Pull) -> Any:
    b, text = p.build, "solve_triangular(mT(out), x, upper)"
    env = {"out": p.out, "upper": b.text("False", {})}
    inner = b.text("mT(out) @ g", {"out": p.out, "g": p.g})
    half = triangle(b, "where(i > j, x, where(i == j, x / 2, 0))", inner)
    left = b.text(text, {**env, "x": half})
    return below(b, b.text(text, {**env, "x": b.text("mT(x)", {"x": left})}))


def eigh_a(p: Pull) -> Any:
    b, one = p.build, Affine((), 1)
    w, v = row(b, p.out, Affine()), rows(b, p.out, one)
    d_w, d_v = row(b, p.g, Affine()), rows(b, p.g, one)
    turned = b.text("transpose(v) @ d_v", {"v": v, "d_v": d_v})
    env = {"w": w, "w_i": column(b, w), "d_w": d_w}
    text = "where(i == j, d_w, where(x == 0, 0, x / where(i == j, 1, w - w_i)))"
    inner = triangle(b, text, turned, **env)
    return below(b, b.text("v @ x @ transpose(v)", {"v": v, "x": inner}))


def eigh_pushed(p: Pull) -> Any:
    b, one = p.build, Affine((), 1)
    w, v = row(b, p.out, Affine()), rows(b, p.out, one)
    whole = triangle(b, "where(i >= j, x, y)", p.g, y=b.text("mT(x)", {"x": p.g}))
    inner = b.text("transpose(v) @ x @ v", {"v": v, "x": whole})
    text = "where((i == j) | (x == 0), 0, x / where(i == j, 1, w - w_i))"
    turn = triangle(b, text, inner, w=w, w_i=column(b, w))
    d_w = b.sum(triangle(b, "where(i == j, x, 0)", inner), (0,))
    return stacked(p, (None, one, d_w), (one, None, b.text("v @ x", {"v": v, "x": turn})))


def stacked(p: Pull, *parts: tuple[Affine | None, Affine | None, Any]) -> Any:
    """The tangent of a result whose rows from a place to another are these."""
    b = p.build
    whole = b.apply(shape.ZEROS, *map(b.atom, p.out.type.dims), dtype=p.g.type.dtype)
    for start, stop, part in parts:
        ends = [b.atom(end) for end in (start, stop) if end is not None]
        index = ("slice", start is not None, stop is not None, False)
        whole = b.update(whole, part, (index,), ends)
    return whole


def eigvalsh_a(p: Pull) -> Any:
    b = p.build
    v = rows(b, b.text("eigh(a)", {"a": p.args[0]}), Affine((), 1))
    return below(b, b.text("(v * g) @ transpose(v)", {"v": v, "g": p.g}))


def svd_a(p: Pull) -> Any:
    b, (m, _) = p.build, p.args[0].type.dims
    u, s, v = rows(b, p.out, None, m), row(b, p.out, m), rows(b, p.out, m + 1)
    d_u, d_s, d_v = rows(b, p.g, None, m), row(b, p.g, m), rows(b, p.g, m + 1)
    env = {"u": u, "v": v, "s": s, "s_i": column(b, s), "d_s": d_s, "d_u": d_u, "d_v": d_v}
    sides = [b.text("transpose(u) @ d_u", env), b.text("transpose(v) @ d_v", env)]
    text = "where(x == y, 0, (x - y) / where(i == j, 1, (s - s_i) * (s + s_i)))"
    turns = [triangle(b, text, x, y=b.text("transpose(x)", {"x": x}), s=s, s_i=env["s_i"])
             for x in sides]  # fmt: skip
    env |= {"tu": turns[0], "tv": turns[1], "xu": sides[0], "xv": sides[1]}
    inner = triangle(b, "x + where(i == j, d_s, 0)", b.text("tu * s + s_i * tv", env), d_s=d_s)
    text = "where(x == 0, 0, x / s)"
    left = b.text(text, {"x": b.text("d_u - u @ xu", env), "s": s})
    right = b.text(text, {"x": b.text("d_v - v @ xv", env), "s": s})
    env |= {"x": inner, "left": left, "right": right}
    return b.text("(u @ x + left) @ transpose(v) + u @ transpose(right)", env)


def svd_pushed(p: Pull) -> Any:
    b, (m, _) = p.build, p.args[0].type.dims
    u, s, v = rows(b, p.out, None, m), row(b, p.out, m), rows(b, p.out, m + 1)
    env = {"u": u, "v": v, "s": s, "s_i": column(b, s), "t": p.g}
    env["x"] = b.text("transpose(u) @ t @ v", env)
    env["y"] = b.text("transpose(x)", env)
    text = "where(x == 0, 0, x / where(i == j, 1, (s - s_i) * (s + s_i)))"
    turns = [
        triangle(b, text, b.text(both, env), s=s, s_i=env["s_i"])
        for both in ("x * s + s_i * y", "s_i * x + y * s")
    ]
    turns = [triangle(b, "where(i == j, 0, x)", x) for x in turns]
    env |= {"tu": turns[0], "tv": turns[1]}
    text = "where(x == 0, 0, x / s)"
    left = b.text(text, {"x": b.text("t @ v - u @ x", env), "s": s})
    right = b.text(text, {"x": b.text("transpose(t) @ u - v @ y", env), "s": s})
    env |= {"left": left, "right": right}
    d_s = b.sum(triangle(b, "where(i == j, x, 0)", env["x"]), (0,))
    d_u, d_v = b.text("u @ tu + left", env), b.text("v @ tv + right", env)
    return stacked(p, (None, m, d_u), (m, m + 1, d_s), (m + 1, None, d_v))


def svdvals_a(p: Pull) -> Any:
    b, (m, _) = p.build, p.args[0].type.dims
    found = b.text("svd(a, k)", {"a": p.args[0], "k": p.args[1]})
    env = {"u": rows(b, found, None, m), "v": rows(b, found, m + 1), "g": p.g}
    return b.text("(u * g) @ transpose(v)", env)


def pinv_a(p: Pull) -> Any:
    """G. Golub and V. Pereyra (1973)."""
    env = {"a": p.args[0], "out": p.out, "g": p.g}
    env["y"] = p.build.text("mT(g) @ out @ mT(out)", env)
    env["z"] = p.build.text("mT(out) @ (out @ mT(g))", env)
    text = "y - a @ (out @ y) + (z - (z @ out) @ a) - mT(out) @ g @ mT(out)"
    return p.build.text(text, env)


def expm_a(p: Pull) -> Any:
    return corner(p, p.build.text("mT(a)", {"a": p.args[0]}))


def expm_pushed(p: Pull) -> Any:
    return corner(p, p.args[0])


def corner(p: Pull, a: Any) -> Any:
    """The corner of the exponential of a matrix of twice the size, with `g` in its own corner."""
    b, stack, n = p.build, a.type.dims[:-2], a.type.dims[-1]
    ends = [b.atom(d) for d in (*stack, n * 2, n * 2)]
    whole = b.apply(shape.ZEROS, *ends, dtype=p.g.type.dtype)
    low, high = ("slice", False, True, False), ("slice", True, False, False)
    every, at = (":",) * len(stack), b.atom(n)
    for part, index in ((a, (low, low)), (a, (high, high)), (p.g, (low, high))):
        whole = b.update(whole, part, (*every, *index), [at, at])
    return b.index(b.text("expm(x)", {"x": whole}), (*every, low, high), [at, at])


def qr_a(p: Pull) -> Any:
    b, (m, n) = p.build, p.args[0].type.dims
    high = b.text("m >= n", {"m": b.extent(m), "n": b.extent(n)})
    b.check(high, "ValueError", "qr of more columns than rows has no derivative here")
    q, r_t = rows(b, p.out, None, m), rows(b, p.out, m)
    env = {"q": q, "r": b.text("transpose(x)", {"x": r_t}), "d_q": rows(b, p.g, None, m),
           "d_r_t": rows(b, p.g, m), "upper": b.text("False", {})}  # fmt: skip
    inner = b.text("r @ d_r_t - transpose(d_q) @ q", env)
    env["x"] = triangle(b, "where(i >= j, x, y)", inner, y=b.text("transpose(x)", {"x": inner}))
    text = "transpose(solve_triangular(r, transpose(d_q + q @ x), upper))"
    return b.text(text, env)


def lu_a(p: Pull) -> Any:
    """With P a = L U: P a has the cotangent L^-T (tril(L^T dL) + triu(dU U^T)) U^-T."""
    b, lu, d_lu = p.build, p.out, p.g
    left = triangle(b, "where(i > j, x, where(i == j, 1, 0))", lu)
    right = triangle(b, "where(i <= j, x, 0)", lu)
    d_left, d_right = (triangle(b, f"where(i {sign} j, x, 0)", d_lu) for sign in (">", "<="))
    env = {"l": left, "u": right, "d_l": d_left, "d_u": d_right, "no": b.text("False", {}),
           "yes": b.text("True", {})}  # fmt: skip
    below_ = b.text("transpose(l) @ d_l", env)
    above = b.text("d_u @ transpose(u)", env)
    env["x"] = triangle(b, "where(i > j, x, y)", below_, y=above)
    env["x"] = b.text("solve_triangular(transpose(l), x, no)", env)
    env["x"] = b.text("transpose(solve_triangular(u, transpose(x), no))", env)
    return b.update(b.text("x * 0", env), env["x"], ("a",), [p.args[1]])
