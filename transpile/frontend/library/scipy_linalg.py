"""`scipy.linalg`: what it has beside `np.linalg`, and where its conventions are others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library import numpy_stacks
from transpile.frontend.library.numpy_args import operand, text_of
from transpile.frontend.library.numpy_linalg import (
    adjoined,
    alike,
    any_square,
    cholesky_of,
    copied,
    eig_of,
    eigvals_of,
    flag,
    flipped,
    floating,
    least,
    matrix,
    norm,
    real,
    solved,
    square,
    stacked,
    svd,
)  # fmt: skip
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.values import Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, constant
from transpile.sym.ops import banded, factors, shape, spectra, systems
from transpile.sym.types import real_dtype

Given = Mapping[str, Value]
COMMON = "overwrite_a, overwrite_b, check_finite"


def finite(ctx: Context, given: Given, *atoms: Atom) -> None:
    """SciPy looks for infinities and NaN first, unless it is told not to."""
    if not flag(ctx, given, "check_finite", True):
        return
    for atom in atoms:
        whole = expr.call(ctx.build, "all", [expr.call(ctx.build, "isfinite", [atom], {})], {})
        test = ctx.build.convert(whole, "bool", "python")
        ctx.build.check(test, "ValueError", "array must not contain infs or NaNs")


def one(ctx: Context, given: Given, key: str, name: str) -> Atom:
    """A square matrix of finite numbers."""
    a = square(ctx, given[key], f"scipy.linalg.{name}")
    if a.type.ndim > 2:
        ctx.fail(f"scipy.linalg.{name} of a stack is not taken", "write a loop over the stack")
    finite(ctx, given, a)
    return a


def right_side(ctx: Context, given: Given) -> Atom:
    b = floating(ctx, operand(ctx, given["b"]))
    if b.type.ndim not in (1, 2):
        ctx.fail("the right side has to be a vector or a matrix", "write a loop over the stack")
    finite(ctx, given, b)
    return b


def triangular(ctx: Context, a: Atom, b: Atom, lower: bool) -> Atom:
    return solved(ctx, systems.SOLVE_TRIANGULAR, a, b, constant(lower))


# -- systems


@reads("scipy.linalg.solve", f"a*, b*, lower, {COMMON}, assume_a, transposed")
def solve(ctx: Context, given: dict[str, Value]) -> Value:
    a, b = one(ctx, given, "a", "solve"), right_side(ctx, given)
    kind = text_of(ctx, given, "assume_a", "gen", "general", "pos", "positive definite", "sym",
                   "symmetric", "her", "hermitian")  # fmt: skip
    if flag(ctx, given, "transposed", False):
        if a.type.is_complex and kind[0] in "ph":
            ctx.fail("a hermitian matrix is not taken transposed", "pass np.conj(a)")
        a = flipped(ctx, a)
    if kind[0] in "psh":
        side = ">" if flag(ctx, given, "lower", False) else "<"
        other = flipped(ctx, a) if kind[0] == "s" else adjoined(ctx, a)
        diagonal = a if kind[0] == "s" else factors.real(ctx.build, a)
        text = f"where(i {side} j, x, where(i == j, z, y))"
        a = factors.triangle(ctx.build, text, a, y=other, z=diagonal)
    return ctx.made(solved(ctx, systems.SOLVE, a, b))


@reads("scipy.linalg.solve_triangular",
       "a*, b*, trans, lower, unit_diagonal, overwrite_b, check_finite")  # fmt: skip
def solve_triangular(ctx: Context, given: dict[str, Value]) -> Value:
    a, b = one(ctx, given, "a", "solve_triangular"), right_side(ctx, given)
    lower = flag(ctx, given, "lower", False)
    if flag(ctx, given, "unit_diagonal", False):
        a = unit(ctx, a)
    if transposed(ctx, given):
        a, lower = turned(ctx, given, a), not lower
    return ctx.made(triangular(ctx, a, b, lower))


def transposed(ctx: Context, given: Given) -> bool:
    trans = given.get("trans", constant(0))
    if trans in (constant(0), Static("N")):
        return False
    if trans not in (constant(1), constant(2), Static("T"), Static("C")):
        ctx.fail("this trans is not taken", "take one of 0, 1, 2, 'N', 'T' and 'C'")
    return True


def turned(ctx: Context, given: Given, a: Atom) -> Atom:
    """The transpose, or the conjugate of it, whichever `trans` asks for."""
    hermitian = given.get("trans") in (constant(2), Static("C"))
    return adjoined(ctx, a) if hermitian else flipped(ctx, a)


def unit(ctx: Context, a: Atom) -> Atom:
    return factors.triangle(ctx.build, "where(i == j, 1.0, x)", a)


@reads("scipy.linalg.inv", "a*, overwrite_a, check_finite")
def inv(ctx: Context, given: dict[str, Value]) -> Value:
    return ctx.made(ctx.build.apply(systems.INV, one(ctx, given, "a", "inv")))


@reads("scipy.linalg.det", "a*, overwrite_a, check_finite")
def det(ctx: Context, given: dict[str, Value]) -> Value:
    return ctx.made(ctx.build.apply(systems.DET, one(ctx, given, "a", "det")))


def diagonals(ctx: Context, given: Given) -> tuple[Atom, Atom]:
    """The diagonals of a banded matrix and the right side, both in the dtype that they share."""
    a = floating(ctx, operand(ctx, given["ab"]))
    if a.type.ndim != 2:
        ctx.misfit("the diagonals of a banded matrix are the rows of one array")
    finite(ctx, given, a)
    return alike(ctx, a, right_side(ctx, given))


@reads("scipy.linalg.solve_banded",
       "l_and_u*, ab*, b*, overwrite_ab, overwrite_b, check_finite")  # fmt: skip
def solve_banded(ctx: Context, given: dict[str, Value]) -> Value:
    build, (a, b) = ctx.build, diagonals(ctx, given)
    counts = given["l_and_u"]
    if not isinstance(counts, Structure) or len(counts.items) != 2:
        ctx.fail("how many diagonals are below and above is not known", "pass (lower, upper)")
    below, above = (operand(ctx, count) for count in counts.items)
    for count in (below, above):
        if not count.type.is_index:
            ctx.fail("the numbers of diagonals have to be integers", "pass (lower, upper)")
        build.check(build.text("k >= 0", {"k": count}), "ValueError", "there are no such diagonals")
    build.same(a.type.dims[0], build.dim(below) + build.dim(above) + 1)
    return ctx.made(build.apply(banded.SOLVE_BANDED, a, b, below, above))


@reads("scipy.linalg.solveh_banded",
       "ab*, b*, overwrite_ab, overwrite_b, lower, check_finite")  # fmt: skip
def solveh_banded(ctx: Context, given: dict[str, Value]) -> Value:
    (a, b), lower = diagonals(ctx, given), flag(ctx, given, "lower", False)
    return ctx.made(ctx.build.apply(banded.SOLVEH_BANDED, a, b, constant(lower)))


# -- factors


@reads("scipy.linalg.cholesky", "a*, lower, overwrite_a, check_finite")
def cholesky(ctx: Context, given: dict[str, Value]) -> Value:
    a = one(ctx, given, "a", "cholesky")
    return ctx.made(cholesky_of(ctx, a, flag(ctx, given, "lower", False)))


@reads("scipy.linalg.cho_factor", "a*, lower, overwrite_a, check_finite")
def cho_factor(ctx: Context, given: dict[str, Value]) -> Value:
    """The factor, with what the matrix has in the other triangle."""
    a = one(ctx, given, "a", "cho_factor")
    lower = flag(ctx, given, "lower", False)
    side = "i >= j" if lower else "i <= j"
    factor = cholesky_of(ctx, a, lower)
    both = factors.triangle(ctx.build, f"where({side}, y, x)", a, y=factor)
    return Structure("tuple", (ctx.made(both), constant(lower)))


def pair(ctx: Context, value: Value, what: str) -> tuple[Value, Value]:
    if not isinstance(value, Structure) or len(value.items) != 2:
        ctx.fail(f"the first argument has to be what {what} gives")
    first, second = value.items
    return first, second


@reads("scipy.linalg.cho_solve", "c_and_lower*, b*, overwrite_b, check_finite")
def cho_solve(ctx: Context, given: dict[str, Value]) -> Value:
    factor, side = pair(ctx, given["c_and_lower"], "cho_factor")
    lower = flag(ctx, {"lower": side}, "lower", False)
    a = one(ctx, {**given, "c": factor}, "c", "cho_solve")
    first, second = (a, adjoined(ctx, a)) if lower else (adjoined(ctx, a), a)
    return ctx.made(triangular(ctx, second, triangular(ctx, first, right_side(ctx, given), True),
                               False))  # fmt: skip


@reads("scipy.linalg.lu_factor", "a*, overwrite_a, check_finite")
def lu_factor(ctx: Context, given: dict[str, Value]) -> Value:
    pivots, _, lu = factored(ctx, one(ctx, given, "a", "lu_factor"))
    return Structure("tuple", (ctx.made(lu), pivots))


def factored(ctx: Context, a: Atom) -> tuple[Value, Atom, Atom]:
    """The pivots, the row of `a` that each row of the factors is, and both factors in one."""
    (n, _), build = a.type.dims, ctx.build
    found = build.apply(systems.LU_FACTOR, a)
    pivots, places = (factors.real(build, factors.row(build, found, k)) for k in (n, n + 1))
    lu = build.apply(shape.COPY, factors.rows(build, found, None, n))
    return ctx.made(build.convert(pivots, "int32")), build.convert(places, "int64"), lu


@reads("scipy.linalg.lu_solve", "lu_and_piv*, b*, trans, overwrite_b, check_finite")
def lu_solve(ctx: Context, given: dict[str, Value]) -> Value:
    factor, pivots = pair(ctx, given["lu_and_piv"], "lu_factor")
    lu, b = one(ctx, {**given, "lu": factor}, "lu", "lu_solve"), right_side(ctx, given)
    lu, b = alike(ctx, lu, b)
    places = operand(ctx, stacked(ctx, numpy_stacks.exchanged, pivots))
    if not transposed(ctx, given):
        x = triangular(ctx, unit(ctx, lu), ctx.build.index(b, ("a",), [places]), True)
        return ctx.made(triangular(ctx, lu, x, False))
    lower, upper = turned(ctx, given, unit(ctx, lu)), turned(ctx, given, lu)
    x = triangular(ctx, lower, triangular(ctx, upper, b, True), False)
    out = ctx.build.text("x * 0", {"x": x})
    return ctx.made(ctx.build.update(out, x, ("a",), [places]))


@reads("scipy.linalg.lu", "a*, permute_l, overwrite_a, check_finite, p_indices")
def lu_of(ctx: Context, given: dict[str, Value]) -> Value:
    """P, L and U, with a = P L U."""
    a, build = one(ctx, given, "a", "lu"), ctx.build
    _, places, both = factored(ctx, a)
    left = factors.triangle(build, "where(i == j, 1, where(i > j, x, 0))", both)
    right = factors.triangle(build, "where(i <= j, x, 0.0)", both)
    number = expr.call(build, "arange", [build.extent(a.type.dims[0])], {})
    back = build.update(build.text("x * 0", {"x": number}), number, ("a",), [places])
    if flag(ctx, given, "permute_l", False):
        moved = build.index(left, ("a",), [back])
        return Structure("tuple", (ctx.made(moved), ctx.made(right)))
    if flag(ctx, given, "p_indices", False):
        return Structure("tuple", (ctx.made(back), ctx.made(left), ctx.made(right)))
    env = {"p": build.index(places, ("new", ":")), "i": build.index(number, (":", "new"))}
    p = build.convert(build.text("i == p", env), real_dtype(a.type.dtype))
    return Structure("tuple", (ctx.made(p), ctx.made(left), ctx.made(right)))


@reads("scipy.linalg.qr", "a*, overwrite_a, lwork, mode, pivoting, check_finite")
def qr(ctx: Context, given: dict[str, Value]) -> Value:
    a = matrix(ctx, given["a"], "scipy.linalg.qr")
    finite(ctx, given, a)
    mode = text_of(ctx, given, "mode", "full", "economic", "r")
    m, n = a.type.dims
    if flag(ctx, given, "pivoting", False) or (mode != "economic" and m != n):
        ctx.fail("only the economic mode without pivoting is taken", 'pass mode="economic"')
    found = ctx.build.apply(spectra.QR, a, least(ctx, a))
    rows = factors.rows(ctx.build, found, m)
    right = copied(ctx, flipped(ctx, rows))
    if mode == "r":
        return Structure("tuple", (right,))
    return Structure("tuple", (copied(ctx, factors.rows(ctx.build, found, None, m)), right))


# -- eigenvalues, singular values, norms


def general(ctx: Context, given: Given, name: str) -> Atom:
    """A complex matrix of its own, whose eigenvalues are asked for."""
    if "b" in given:
        ctx.fail("eigenvalues of a pair of matrices are not taken", "write np.linalg.solve(b, a)")
    a = any_square(ctx, given["a"], f"scipy.linalg.{name}")
    finite(ctx, given, a)
    return a


@reads("scipy.linalg.eigvals", "a*, b, overwrite_a, check_finite, homogeneous_eigvals")
def eigvals(ctx: Context, given: dict[str, Value]) -> Value:
    if flag(ctx, given, "homogeneous_eigvals", False):
        ctx.fail("homogeneous_eigvals is not taken", "leave it out")
    return eigvals_of(ctx, general(ctx, given, "eigvals"))


@reads("scipy.linalg.eig", "a*, b, left, right=1, overwrite_a, overwrite_b, check_finite")
def eig(ctx: Context, given: dict[str, Value]) -> Value:
    if flag(ctx, given, "left", False):
        ctx.fail("left eigenvectors are not taken", "take those of a.conj().T")
    a = general(ctx, given, "eig")
    if not flag(ctx, given, "right", True):
        return eigvals_of(ctx, a)
    return Structure("tuple", eig_of(ctx, a))


@reads("scipy.linalg.eigvalsh",
       "a*, b, lower=1, overwrite_a, overwrite_b, check_finite")  # fmt: skip
def eigvalsh(ctx: Context, given: dict[str, Value]) -> Value:
    if "b" in given:
        ctx.fail(
            "eigenvalues of a pair of matrices are not taken",
            "with L = np.linalg.cholesky(b) and K = np.linalg.inv(L), take those of K @ a @ K.T",
        )
    a = one(ctx, given, "a", "eigvalsh")
    lower = flag(ctx, given, "lower", True)
    return ctx.made(ctx.build.apply(spectra.EIGVALSH, a if lower else flipped(ctx, a)))


@reads("scipy.linalg.eigh",
       "a*, b, lower=1, eigvals_only, overwrite_a, overwrite_b, check_finite")  # fmt: skip
def eigh(ctx: Context, given: dict[str, Value]) -> Value:
    if not flag(ctx, given, "eigvals_only", False):
        ctx.fail("the vectors of scipy.linalg.eigh have signs of their own", "write np.linalg.eigh")
    return eigvalsh(ctx, given)


@reads("scipy.linalg.svd", "a*, full_matrices, compute_uv, overwrite_a, check_finite")
def svd_of(ctx: Context, given: dict[str, Value]) -> Value:
    finite(ctx, given, matrix(ctx, given["a"], "scipy.linalg.svd"))
    found = svd(ctx, given)
    return Structure("tuple", found.items) if isinstance(found, Structure) else found


@reads("scipy.linalg.svdvals", "a*, overwrite_a, check_finite")
def svdvals(ctx: Context, given: dict[str, Value]) -> Value:
    return svd_of(ctx, {**given, "compute_uv": constant(False)})


@reads("scipy.linalg.pinv", "a*, atol, rtol, return_rank, check_finite")
def pinv(ctx: Context, given: dict[str, Value]) -> Value:
    a = matrix(ctx, given["a"], "scipy.linalg.pinv")
    finite(ctx, given, a)
    if "atol" in given or "return_rank" in given:
        ctx.fail("atol and return_rank are not taken in scipy.linalg.pinv", "pass rtol")
    m, n = (ctx.build.extent(d) for d in a.type.dims[-2:])
    eps = constant(float(np.finfo(a.type.dtype).eps))
    usual = ctx.build.text("where(m < n, n, m) * eps", {"m": m, "n": n, "eps": eps})
    cut = real(ctx, given["rtol"]) if "rtol" in given else usual
    return ctx.made(ctx.build.apply(spectra.PINV, a, least(ctx, a), cut))


@reads("scipy.linalg.norm", "a*, ord, axis, keepdims, check_finite")
def norm_of(ctx: Context, given: dict[str, Value]) -> Value:
    """As NumPy's; but what LAPACK computes for SciPy is Python's float."""
    x = operand(ctx, given["a"])
    finite(ctx, given, floating(ctx, x))
    kept = {key: value for key, value in given.items() if key in ("ord", "axis", "keepdims")}
    found = norm(ctx, {"x": given["a"], **kept})
    sums = kept.get("ord") in (constant(1), Static(np.inf), constant(float("inf")))
    if sums and x.type.is_float and x.type.ndim == 2 and kept.keys() == {"ord"}:
        return ctx.build.convert(operand(ctx, found), "float64", "python")
    return found


# -- functions of matrices


@reads("scipy.linalg.expm", "A*")
def expm(ctx: Context, given: dict[str, Value]) -> Value:
    return ctx.made(ctx.build.apply(spectra.EXPM, square(ctx, given["A"], "scipy.linalg.expm")))
