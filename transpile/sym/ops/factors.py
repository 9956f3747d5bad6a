"""Derivatives of what LAPACK computes.

From M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); for the Cholesky factor I. Murray (2016), for the singular vectors of a
matrix that is not square J. Townsend (2016), for QR M. Seeger and others (2017). Of a matrix of
which only one triangle is read, the other triangle has derivative zero.

What conjugates is written for cotangents as users have them (`hermitian`), with conjugate
transposes. A phase of complex factors that is free is the one that LAPACK gives them: the first
element of an eigenvector, of the right singular vector (the left one of a wide matrix), and each
element of R's diagonal is real.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from transpile.sym.affine import Affine
from transpile.sym.ops import parts, shape
from transpile.sym.ops.table import Pull, Rule


def hermitian(rule: Callable[[Pull], Any]) -> Rule:
    """The rule for conjugated cotangents, as one for cotangents as they are inside."""

    def found(p: Pull) -> Any:
        return conj(p.build, rule(replace(p, g=conj(p.build, p.g))))

    return found


def conj(build: Any, x: Any) -> Any:
    return build.apply(parts.CONJ, x) if x.type.is_complex else x


def real(build: Any, x: Any) -> Any:
    return build.apply(parts.REAL, x) if x.type.is_complex else x


def triangle(build: Any, text: str, x: Any, **env: Any) -> Any:
    """The text's value for each element of `x`, which may ask for its row `i` and column `j`."""
    rows, columns = (build.extent(d) for d in x.type.dims[-2:])
    i = build.index(build.text("arange(n)", {"n": rows}), (":", "new"))
    j = build.text("arange(n)", {"n": columns})
    return build.text(text, {"x": x, "i": i, "j": j, **env})


def below(build: Any, x: Any, lower: bool = True) -> Any:
    """The cotangent of the lower triangle, for that of a whole symmetric matrix; or the upper."""
    env = {"y": build.text("mH(x)", {"x": x}), "z": real(build, x)}
    side = ">" if lower else "<"
    return triangle(build, f"where(i {side} j, x + y, where(i == j, z, 0))", x, **env)


def diagonal(build: Any, x: Any) -> Any:
    return build.sum(triangle(build, "where(i == j, x, 0)", x), (0,))


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
    b = p.build
    g = real(b, b.index(p.g, index, [b.atom(Affine((), 1))]))
    if p.g.type.is_complex:
        sign, d_sign = (b.index(x, index, [b.atom(Affine())]) for x in (p.out, p.g))
        g = b.text("g + 1j * imag(d_sign * sign)", {"g": g, "d_sign": d_sign, "sign": sign})
    return b.text("g * mT(inv(a))", {"g": spread(b, g), "a": p.args[0]})


# -- factors


@hermitian
def cholesky_a(p: Pull) -> Any:
    b, text = p.build, "solve_triangular(mH(out), x, upper)"
    env = {"out": p.out, "upper": b.text("False", {})}
    inner = b.text("mH(out) @ g", {"out": p.out, "g": p.g})
    half = triangle(b, "where(i > j, x, where(i == j, y / 2, 0))", inner, y=real(b, inner))
    left = b.text(text, {**env, "x": half})
    return below(b, b.text(text, {**env, "x": b.text("mH(x)", {"x": left})}))


@hermitian
def eigh_a(p: Pull) -> Any:
    b, one = p.build, Affine((), 1)
    w, v = real(b, row(b, p.out, Affine())), rows(b, p.out, one)
    d_w, d_v = real(b, row(b, p.g, Affine())), rows(b, p.g, one)
    if v.type.is_complex:
        turn = diagonal(b, b.text("imag(mH(v) @ d_v)", {"v": v, "d_v": d_v}))
        d_v = turned_back(b, v, d_v, turn, real_row(p))
    turned = b.text("mH(v) @ d_v", {"v": v, "d_v": d_v})
    env = {"w": w, "w_i": column(b, w), "d_w": d_w}
    text = "where(i == j, d_w, where(x == 0, 0, x / where(i == j, 1, w - w_i)))"
    inner = triangle(b, text, turned, **env)
    return below(b, b.text("v @ x @ mH(v)", {"v": v, "x": inner}), p.args[1].value)


def real_row(p: Pull) -> Affine:
    """The row of the eigenvectors that is real: the first, or of the upper triangle the last."""
    return Affine() if p.args[1].value else p.args[0].type.dims[0] - 1


def eigh_pushed(p: Pull) -> Any:
    b, one = p.build, Affine((), 1)
    w, v = real(b, row(b, p.out, Affine())), rows(b, p.out, one)
    env = {"y": b.text("mH(x)", {"x": p.g}), "z": real(b, p.g)}
    side = ">" if p.args[1].value else "<"
    whole = triangle(b, f"where(i {side} j, x, where(i == j, z, y))", p.g, **env)
    inner = b.text("mH(v) @ x @ v", {"v": v, "x": whole})
    text = "where((i == j) | (x == 0), 0, x / where(i == j, 1, w - w_i))"
    turn = triangle(b, text, inner, w=w, w_i=column(b, w))
    d_w, d_v = real(b, diagonal(b, inner)), b.text("v @ x", {"v": v, "x": turn})
    if v.type.is_complex:
        d_v = b.text("d_v - 1j * v * x", {"v": v, "d_v": d_v, "x": phases(b, v, d_v, real_row(p))})
    return stacked(p, (None, one, d_w), (one, None, d_v))


# Where the real element of a vector is no larger, its phase is that of rounding.
SMALL = {"complex64": 1e-3, "complex128": 1e-6}


def by_row(build: Any, x: Any, v: Any, at: Affine) -> Any:
    """`x` over the row of `v` that is real."""
    found = real(build, row(build, v, at))
    env = {"x": x, "v": found}
    env["small"] = build.text(f"abs(v) < {SMALL[v.type.dtype]}", env)
    return build.text("where(small, 0, x / where(small, 1, v))", env)


def phases(build: Any, v: Any, d_v: Any, at: Affine) -> Any:
    """By how much each column of `v` turns with `d_v`, which its real element must not."""
    return by_row(build, build.text("imag(x)", {"x": row(build, d_v, at)}), v, at)


def turned_back(build: Any, v: Any, d_v: Any, turn: Any, at: Affine) -> Any:
    """`d_v` without `turn`, what it says of the phases: that is said of the real elements."""
    env = {"v": real(build, row(build, v, at)), "turn": turn, "d_v": d_v}
    close = SMALL[v.type.dtype]
    none = build.text(f"all((abs(v) >= {close}) | (abs(turn) <= {close} * sum(abs(d_v))))", env)
    build.check(build.convert(none, "bool", "python"), "ValueError",
                "the phase of a vector whose real element is zero has no derivative")  # fmt: skip
    env = {"y": by_row(build, turn, v, at), "at": build.atom(at)}
    return triangle(build, "where(i == at, x - 1j * y, x)", d_v, **env)


def stacked(p: Pull, *parts: tuple[Affine | None, Affine | None, Any]) -> Any:
    """The tangent of a result whose rows from a place to another are these."""
    b = p.build
    whole = b.apply(shape.ZEROS, *map(b.atom, p.out.type.dims), dtype=p.g.type.dtype)
    for start, stop, part in parts:
        ends = [b.atom(end) for end in (start, stop) if end is not None]
        index = ("slice", start is not None, stop is not None, False)
        whole = b.update(whole, part, (index,), ends)
    return whole


@hermitian
def eigvalsh_a(p: Pull) -> Any:
    b = p.build
    found = b.text("eigh(a, lower)", {"a": p.args[0], "lower": b.text("True", {})})
    v = rows(b, found, Affine((), 1))
    return below(b, b.text("(v * g) @ mH(v)", {"v": v, "g": p.g}))


def svd_parts(build: Any, x: Any, m: Affine) -> tuple[Any, Any, Any]:
    """The left vectors, the singular values and the right vectors, or what is theirs."""
    s, v = real(build, row(build, x, m)), conj(build, rows(build, x, m + 1))
    return rows(build, x, None, m), s, v


@hermitian
def svd_a(p: Pull) -> Any:
    b, (m, _) = p.build, p.args[0].type.dims
    (u, s, v), (d_u, d_s, d_v) = svd_parts(b, p.out, m), svd_parts(b, p.g, m)
    if u.type.is_complex:
        d_u, d_v = svd_turned_back(p, u, v, d_u, d_v)
    env = {"u": u, "v": v, "s": s, "s_i": column(b, s), "d_s": d_s, "d_u": d_u, "d_v": d_v}
    sides = [b.text("mH(u) @ d_u", env), b.text("mH(v) @ d_v", env)]
    text = "where((i == j) | (x == y), 0, (x - y) / where(i == j, 1, (s - s_i) * (s + s_i)))"
    turns = [triangle(b, text, x, y=b.text("mH(x)", {"x": x}), s=s, s_i=env["s_i"])
             for x in sides]  # fmt: skip
    env |= {"tu": turns[0], "tv": turns[1], "xu": sides[0], "xv": sides[1]}
    if u.type.is_complex:  # both vectors of a singular value turn with one phase
        env["x"] = diagonal(b, b.text("imag(xu)", env))
        env["d_s"] = b.text("d_s + 1j * where(x == 0, 0, x / s)", env)
    inner = b.text("tu * s + s_i * tv", env)
    inner = triangle(b, "x + where(i == j, d_s, 0)", inner, d_s=env["d_s"])
    text = "where(x == 0, 0, x / s)"
    left = b.text(text, {"x": b.text("d_u - u @ xu", env), "s": s})
    right = b.text(text, {"x": b.text("d_v - v @ xv", env), "s": s})
    env |= {"x": inner, "left": left, "right": right}
    return b.text("(u @ x + left) @ mH(v) + u @ mH(right)", env)


def is_wide(b: Any, p: Pull) -> Any:
    m, n = (b.extent(d) for d in p.args[0].type.dims)
    return b.text("m < n", {"m": m, "n": n})


def svd_turned_back(p: Pull, u: Any, v: Any, d_u: Any, d_v: Any) -> tuple[Any, Any]:
    """What is said of the phases is said of the elements that are real, as of eigenvectors."""
    b = p.build
    env = {"u": u, "v": v, "d_u": d_u, "d_v": d_v}
    turn = b.text("imag(mH(u) @ d_u) + imag(mH(v) @ d_v)", env)
    env |= {"turn": diagonal(b, turn), "wide": is_wide(b, p)}
    of_u, of_v = (b.text(f"where(wide, {x}, {y})", env) for x, y in (("turn", 0), (0, "turn")))
    return turned_back(b, u, d_u, of_u, Affine()), turned_back(b, v, d_v, of_v, Affine())


def svd_pushed(p: Pull) -> Any:
    b, (m, _) = p.build, p.args[0].type.dims
    u, s, v = svd_parts(b, p.out, m)
    env = {"u": u, "v": v, "s": s, "s_i": column(b, s), "t": p.g}
    env["x"] = b.text("mH(u) @ t @ v", env)
    env["y"] = b.text("mH(x)", env)
    text = "where(x == 0, 0, x / where(i == j, 1, (s - s_i) * (s + s_i)))"
    turns = [
        triangle(b, text, b.text(both, env), s=s, s_i=env["s_i"])
        for both in ("x * s + s_i * y", "s_i * x + y * s")
    ]
    turns = [triangle(b, "where(i == j, 0, x)", x) for x in turns]
    if u.type.is_complex:
        z = b.text("where(x == 0, 0, x / s)", {"x": diagonal(b, b.text("imag(x)", env)), "s": s})
        turns[0] = triangle(b, "x + where(i == j, 1j * z, 0)", turns[0], z=z)
    env |= {"tu": turns[0], "tv": turns[1]}
    text = "where(x == 0, 0, x / s)"
    left = b.text(text, {"x": b.text("t @ v - u @ x", env), "s": s})
    right = b.text(text, {"x": b.text("mH(t) @ u - v @ y", env), "s": s})
    env |= {"left": left, "right": right}
    d_s = real(b, diagonal(b, env["x"]))
    env |= {"d_u": b.text("u @ tu + left", env), "d_v": b.text("v @ tv + right", env)}
    if u.type.is_complex:
        env |= {f"of_{x}": phases(b, env[x], env[f"d_{x}"], Affine()) for x in "uv"}
        env["x"] = b.text("1j * where(wide, of_u, of_v)", {**env, "wide": is_wide(b, p)})
        env |= {"d_u": b.text("d_u - u * x", env), "d_v": b.text("d_v - v * x", env)}
    d_w = conj(b, env["d_v"])
    return stacked(p, (None, m, env["d_u"]), (m, m + 1, d_s), (m + 1, None, d_w))


@hermitian
def svdvals_a(p: Pull) -> Any:
    b, (m, _) = p.build, p.args[0].type.dims
    found = b.text("svd(a, k)", {"a": p.args[0], "k": p.args[1]})
    u, _, v = svd_parts(b, found, m)
    return b.text("(u * g) @ mH(v)", {"u": u, "v": v, "g": p.g})


@hermitian
def pinv_a(p: Pull) -> Any:
    """G. Golub and V. Pereyra (1973)."""
    env = {"a": p.args[0], "out": p.out, "g": p.g}
    env["y"] = p.build.text("mH(g) @ out @ mH(out)", env)
    env["z"] = p.build.text("mH(out) @ (out @ mH(g))", env)
    text = "y - a @ (out @ y) + (z - (z @ out) @ a) - mH(out) @ g @ mH(out)"
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


@hermitian
def qr_a(p: Pull) -> Any:
    b, (m, n) = p.build, p.args[0].type.dims
    high = b.text("m >= n", {"m": b.extent(m), "n": b.extent(n)})
    b.check(high, "ValueError", "qr of more columns than rows has no derivative here")
    q, r_t = rows(b, p.out, None, m), rows(b, p.out, m)
    env = {"q": q, "r": b.text("transpose(x)", {"x": r_t}), "d_q": rows(b, p.g, None, m),
           "d_r_t": rows(b, p.g, m), "upper": b.text("False", {})}  # fmt: skip
    env["d_r_h"] = conj(b, env["d_r_t"])
    inner = b.text("r @ d_r_h - mH(d_q) @ q", env)
    both = {"y": b.text("mH(x)", {"x": inner}), "z": real(b, inner)}
    env["x"] = triangle(b, "where(i > j, x, where(i == j, z, y))", inner, **both)
    text = "mH(solve_triangular(r, mH(d_q + q @ x), upper))"
    return b.text(text, env)


def lu_a(p: Pull) -> Any:
    """With P a = L U: P a has the cotangent L^-T (tril(L^T dL) + triu(dU U^T)) U^-T."""
    b, (n, _) = p.build, p.args[0].type.dims
    lu, d_lu = rows(b, p.out, None, n), rows(b, p.g, None, n)
    places = b.convert(real(b, row(b, p.out, n + 1)), "int64")
    left = triangle(b, "where(i == j, 1, where(i > j, x, 0))", lu)
    right = triangle(b, "where(i <= j, x, 0)", lu)
    d_left, d_right = (triangle(b, f"where(i {sign} j, x, 0)", d_lu) for sign in (">", "<="))
    env = {"l": left, "u": right, "d_l": d_left, "d_u": d_right, "no": b.text("False", {}),
           "yes": b.text("True", {})}  # fmt: skip
    below_ = b.text("transpose(l) @ d_l", env)
    above = b.text("d_u @ transpose(u)", env)
    env["x"] = triangle(b, "where(i > j, x, y)", below_, y=above)
    env["x"] = b.text("solve_triangular(transpose(l), x, no)", env)
    env["x"] = b.text("transpose(solve_triangular(u, transpose(x), no))", env)
    return b.update(b.text("x * 0", env), env["x"], ("a",), [places])
