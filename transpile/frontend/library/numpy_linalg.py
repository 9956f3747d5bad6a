"""`np.linalg` and `scipy.linalg`: systems, factors, eigenvalues, norms.

Stacks of matrices are taken where NumPy takes them: LAPACK is called for each, or, where a result
has several arrays, a loop over the stack is read in place of the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library import numpy_stacks
from transpile.frontend.library.numpy_args import operand, text_of
from transpile.frontend.library.numpy_table import reads
from transpile.frontend.operands import CONSTANT, truth
from transpile.frontend.values import Array, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import eigen, factors, shape, spectra, systems
from transpile.sym.ops.table import Op, broadcast
from transpile.sym.types import promote

EYE = np.eye(2)
RESULTS = {
    "slogdet": type(np.linalg.slogdet(EYE)),
    "eig": type(np.linalg.eig(EYE)),
    "eigh": type(np.linalg.eigh(EYE)),
    "svd": type(np.linalg.svd(EYE)),
    "qr": type(np.linalg.qr(EYE)),
}
Given = Mapping[str, Value]


# -- arguments and results


def matrix(ctx: Context, value: Value, name: str) -> Atom:
    """A matrix or a stack of them, in a dtype that LAPACK has; integers are taken as float64."""
    x = operand(ctx, value)
    if x.type.ndim < 2:
        ctx.misfit(f"{name} takes matrices, this has {x.type.ndim} dimensions")
    return floating(ctx, x)


def floating(ctx: Context, x: Atom) -> Atom:
    if x.type.is_smooth:
        return x
    kind = "array" if x.type.dims else "numpy"
    return ctx.build.convert(x, "float64", kind)


def square(ctx: Context, value: Value, name: str) -> Atom:
    x = matrix(ctx, value, name)
    ctx.build.same(*x.type.dims[-2:])
    return x


def alike(ctx: Context, x: Atom, y: Atom) -> tuple[Atom, Atom]:
    """Both in the dtype that they have together."""
    dtype = promote((x.type, y.type))
    return ctx.build.convert(x, dtype), ctx.build.convert(y, dtype)


def flipped(ctx: Context, x: Atom) -> Atom:
    return expr.matrix_transpose(ctx.build, x)


def adjoined(ctx: Context, x: Atom) -> Atom:
    """The conjugate transpose."""
    return expr.call(ctx.build, "mH", [x], {})


def part(ctx: Context, x: Atom, start: Affine | None, stop: Affine | None) -> Atom:
    """Some rows of a matrix."""
    ends = [ctx.build.atom(end) for end in (start, stop) if end is not None]
    index = ("slice", start is not None, stop is not None, False)
    return ctx.build.index(x, (index,), ends)


def row(ctx: Context, x: Atom, at: Affine) -> Atom:
    return ctx.build.index(x, ("i",), [ctx.build.atom(at)])


def copied(ctx: Context, atom: Atom) -> Value:
    """An array of its own."""
    return ctx.made(ctx.build.apply(shape.COPY, atom) if atom.type.dims else atom)


def named(name: str, *parts: Value) -> Structure:
    """A tuple with NumPy's own names."""
    cls: Any = RESULTS[name]
    return Structure("tuple", parts, cls._fields, cls)


def least(ctx: Context, x: Atom) -> Atom:
    """The lesser of a matrix's extents."""
    return ctx.build.lesser(*x.type.dims[-2:])


def flag(ctx: Context, given: Given, key: str, default: bool) -> bool:
    """An argument that is True or False, known now."""
    if key not in given:
        return default
    found = truth(ctx, given[key])
    if not isinstance(found, bool):
        ctx.unknown(f"{key} has to be a constant", CONSTANT)
    return found


def stacked(ctx: Context, function: Callable[..., Any], *args: Value) -> Value:
    """A function of one matrix for each of a stack: its text is read in place of the call."""
    for arg in args:
        if isinstance(arg, Array) and (x := operand(ctx, arg)).type.ndim > 2:
            least(ctx, x)  # which is the same for all of them
    names = function.__code__.co_varnames
    with ctx.quoting():
        return ctx.hooks.inline(ctx, function, (), dict(zip(names, args, strict=False)))


# -- systems


@reads("linalg.solve", "a*, b*")
def solve(ctx: Context, given: dict[str, Value]) -> Value:
    a = square(ctx, given["a"], "np.linalg.solve")
    return ctx.made(solved(ctx, systems.SOLVE, a, floating(ctx, operand(ctx, given["b"]))))


def solved(ctx: Context, op: Op, a: Atom, b: Atom, *more: Atom) -> Atom:
    """`a x = b`; what has one dimension is a vector, all else are matrices."""
    build = ctx.build
    a, b = alike(ctx, a, b)
    if not b.type.dims:
        ctx.misfit("the right side has to be a vector or a matrix")
    if b.type.ndim == 1 and a.type.ndim == 2:
        build.same(a.type.dims[-1], b.type.dims[0])
        return build.apply(op, a, b, *more)
    single = b.type.ndim == 1
    if single:
        b = build.index(b, (":", "new"))
    stack = broadcast(build, [a.type.dims[:-2], b.type.dims[:-2]])
    build.same(a.type.dims[-1], b.type.dims[-2])
    a = build.broadcast_to(a, (*stack, *a.type.dims[-2:]))
    b = build.broadcast_to(b, (*stack, *b.type.dims[-2:]))
    found = build.apply(op, a, b, *more)
    if not single:
        return found
    index = (*(":",) * (found.type.ndim - 1), "i")
    return build.index(found, index, [constant(0)])


@reads("linalg.inv", "a*")
def inv(ctx: Context, given: dict[str, Value]) -> Value:
    return ctx.made(ctx.build.apply(systems.INV, square(ctx, given["a"], "np.linalg.inv")))


@reads("linalg.det", "a*")
def det(ctx: Context, given: dict[str, Value]) -> Value:
    return ctx.made(ctx.build.apply(systems.DET, square(ctx, given["a"], "np.linalg.det")))


@reads("linalg.slogdet", "a*")
def slogdet(ctx: Context, given: dict[str, Value]) -> Value:
    found = ctx.build.apply(systems.SLOGDET, square(ctx, given["a"], "np.linalg.slogdet"))
    index = (*(":",) * (found.type.ndim - 1), "i")
    sign, size = (ctx.build.index(found, index, [constant(k)]) for k in (0, 1))
    return named("slogdet", copied(ctx, sign), copied(ctx, factors.real(ctx.build, size)))


@reads("linalg.pinv", "a*, rcond, hermitian, rtol")
def pinv(ctx: Context, given: dict[str, Value]) -> Value:
    a = matrix(ctx, given["a"], "np.linalg.pinv")
    if flag(ctx, given, "hermitian", False):
        ctx.fail("hermitian is not taken in np.linalg.pinv", "leave it out")
    cut = given.get("rcond", given.get("rtol", constant(1e-15)))
    return ctx.made(ctx.build.apply(spectra.PINV, a, least(ctx, a), real(ctx, cut)))


def real(ctx: Context, value: Value) -> Atom:
    """A number as Python's float."""
    x = operand(ctx, value)
    if x.type.dims:
        ctx.fail("a number is expected here, not an array")
    if x.type.is_complex:
        ctx.fail("a real number is expected here, not a complex one", "take z.real, or abs(z)")
    if isinstance(x, Const):
        return constant(float(x.value))
    return ctx.build.convert(x, "float64", "python")


def taken_cut(ctx: Context, cut: Atom, dtype: str) -> Atom:
    """What LAPACK makes of `rcond=`: the precision, where it is not between 0 and 1."""
    eps = constant(float(np.finfo(dtype).eps))
    found = ctx.build.text("where((cut > 0) & (cut < 1), cut, eps)", {"cut": cut, "eps": eps})
    return ctx.build.convert(found, "float64", "python")


@reads("linalg.lstsq", "a*, b*, rcond")
def lstsq(ctx: Context, given: dict[str, Value]) -> Value:
    a = matrix(ctx, given["a"], "np.linalg.lstsq")
    a, b = alike(ctx, a, floating(ctx, operand(ctx, given["b"])))
    cut = given.get("rcond")
    k = least(ctx, a)
    if cut is None:
        m, n = (ctx.build.extent(d) for d in a.type.dims[-2:])
        size = ctx.build.text("where(m < n, n, m)", {"m": m, "n": n})
        eps = constant(float(np.finfo(a.type.dtype).eps))
        cut = ctx.build.text("size * eps", {"size": size, "eps": eps})
    else:
        cut = taken_cut(ctx, real(ctx, cut), a.type.dtype)
    s = ctx.made(ctx.build.apply(spectra.SVDVALS, a, k))
    inverse = ctx.made(ctx.build.apply(spectra.PINV, a, k, real(ctx, cut)))
    args = (ctx.made(a), ctx.made(b), inverse, s, real(ctx, cut))
    return stacked(ctx, numpy_stacks.least_squares, *args)


# -- factors


@reads("linalg.cholesky", "a*, upper")
def cholesky(ctx: Context, given: dict[str, Value]) -> Value:
    a = square(ctx, given["a"], "np.linalg.cholesky")
    return ctx.made(cholesky_of(ctx, a, not flag(ctx, given, "upper", False)))


def cholesky_of(ctx: Context, a: Atom, lower: bool) -> Atom:
    """The factor; the triangle of `a` that is read is the one that it has."""
    if lower:
        return ctx.build.apply(spectra.CHOLESKY, a)
    found = flipped(ctx, ctx.build.apply(spectra.CHOLESKY, flipped(ctx, a)))
    return ctx.build.apply(shape.COPY, found)


@reads("linalg.eigh", "a*, UPLO")
def eigh(ctx: Context, given: dict[str, Value]) -> Value:
    a = square(ctx, given["a"], "np.linalg.eigh")
    side = text_of(ctx, given, "UPLO", "L", "U", "l", "u").upper()
    if a.type.ndim > 2:
        found = stacked(ctx, numpy_stacks.eigh, ctx.made(a), Static(side))
        assert isinstance(found, Structure)
        return named("eigh", *found.items)
    found = ctx.build.apply(spectra.EIGH, a, constant(side == "L"))
    values, vectors = row(ctx, found, Affine()), part(ctx, found, Affine((), 1), None)
    values = factors.real(ctx.build, values)
    return named("eigh", copied(ctx, values), copied(ctx, vectors))


@reads("linalg.eigvalsh", "a*, UPLO")
def eigvalsh(ctx: Context, given: dict[str, Value]) -> Value:
    a = square(ctx, given["a"], "np.linalg.eigvalsh")
    if text_of(ctx, given, "UPLO", "L", "U", "l", "u") in ("U", "u"):
        a = flipped(ctx, a)
    if a.type.ndim > 2:
        return stacked(ctx, numpy_stacks.eigvalsh, ctx.made(a))
    return ctx.made(ctx.build.apply(spectra.EIGVALSH, a))


def any_square(ctx: Context, value: Value, name: str) -> Atom:
    """A complex matrix. The dtype of the eigenvalues of a real one depends on what they are."""
    a = square(ctx, value, name)
    if not a.type.is_complex:
        ctx.fail(
            "the eigenvalues of a real matrix are real or complex, which only they tell",
            f"write {name}(a.astype(complex)), or np.linalg.eigh where it is symmetric",
        )
    return a


def all_finite(ctx: Context, x: Atom) -> None:
    whole = expr.call(ctx.build, "all", [expr.call(ctx.build, "isfinite", [x], {})], {})
    test = ctx.build.convert(whole, "bool", "python")
    ctx.build.check(test, "LinAlgError", "Array must not contain infs or NaNs")


def eig_of(ctx: Context, a: Atom) -> tuple[Value, ...]:
    """Eigenvalues and eigenvectors."""
    if a.type.ndim > 2:
        found = stacked(ctx, numpy_stacks.eig, ctx.made(a))
        assert isinstance(found, Structure)
        return found.items
    build, n = ctx.build, a.type.dims[-1]
    both = eigen.parts(build, build.apply(eigen.EIG, a), n)
    return tuple(copied(ctx, x) for x in both)


def eigvals_of(ctx: Context, a: Atom) -> Value:
    if a.type.ndim > 2:
        return stacked(ctx, numpy_stacks.eigvals, ctx.made(a))
    return ctx.made(ctx.build.apply(eigen.EIGVALS, a))


@reads("linalg.eig", "a*")
def eig(ctx: Context, given: dict[str, Value]) -> Value:
    a = any_square(ctx, given["a"], "np.linalg.eig")
    all_finite(ctx, a)
    return named("eig", *eig_of(ctx, a))


@reads("linalg.eigvals", "a*")
def eigvals(ctx: Context, given: dict[str, Value]) -> Value:
    a = any_square(ctx, given["a"], "np.linalg.eigvals")
    all_finite(ctx, a)
    return eigvals_of(ctx, a)


def square_of(ctx: Context, a: Atom) -> Atom:
    """The matrix, if it turns out to be square: only then all singular vectors are found."""
    message, help = "full matrices of singular vectors are not taken", "pass full_matrices=False"
    m, n = a.type.dims[-2:]
    if (m - n).constant is not None:
        ctx.fail(message, help)
    square = expr.binary(ctx.build, "==", ctx.build.extent(m), ctx.build.extent(n))
    ctx.check(square, "Unsupported", f"{message} where there are more than others, {help}")
    return ctx.build.reshape(a, (*a.type.dims[:-1], m))


@reads("linalg.svd", "a*, full_matrices, compute_uv, hermitian")
def svd(ctx: Context, given: dict[str, Value]) -> Value:
    a = matrix(ctx, given["a"], "np.linalg.svd")
    if flag(ctx, given, "hermitian", False):
        ctx.fail("hermitian is not taken in np.linalg.svd", "leave it out, or use np.linalg.eigh")
    if not flag(ctx, given, "compute_uv", True):
        return singular_values(ctx, a)
    m, n = a.type.dims[-2:]
    if flag(ctx, given, "full_matrices", True) and m != n:
        a = square_of(ctx, a)
        m, n = a.type.dims[-2:]
    if a.type.ndim > 2:
        found = stacked(ctx, numpy_stacks.svd, ctx.made(a))
        assert isinstance(found, Structure)
        return named("svd", *found.items)
    found = ctx.build.apply(spectra.SVD, a, least(ctx, a))
    right = flipped(ctx, part(ctx, found, m + 1, None))
    return named(
        "svd",
        copied(ctx, part(ctx, found, None, m)),
        copied(ctx, factors.real(ctx.build, row(ctx, found, m))),
        copied(ctx, right),
    )


@reads("linalg.svdvals", "x*")
def svdvals(ctx: Context, given: dict[str, Value]) -> Value:
    return singular_values(ctx, matrix(ctx, given["x"], "np.linalg.svdvals"))


def singular_values(ctx: Context, a: Atom) -> Value:
    if a.type.ndim > 2:
        return stacked(ctx, numpy_stacks.svdvals, ctx.made(a))
    return ctx.made(ctx.build.apply(spectra.SVDVALS, a, least(ctx, a)))


@reads("linalg.qr", "a*, mode")
def qr(ctx: Context, given: dict[str, Value]) -> Value:
    a = matrix(ctx, given["a"], "np.linalg.qr")
    mode = text_of(ctx, given, "mode", "reduced", "r")
    if a.type.ndim > 2:
        found = stacked(ctx, numpy_stacks.qr, ctx.made(a))
        assert isinstance(found, Structure)
        return found.items[1] if mode == "r" else named("qr", *found.items)
    m, _ = a.type.dims
    found = ctx.build.apply(spectra.QR, a, least(ctx, a))
    right = copied(ctx, flipped(ctx, part(ctx, found, m, None)))
    if mode == "r":
        return right
    return named("qr", copied(ctx, part(ctx, found, None, m)), right)


# -- numbers that tell of a matrix


@reads("linalg.norm", "x*, ord, axis, keepdims")
def norm(ctx: Context, given: dict[str, Value]) -> Value:
    atom = operand(ctx, given["x"])
    if not atom.type.dtype.startswith("complex"):
        atom = floating(ctx, atom)
    x = ctx.made(atom)
    if not isinstance(x, Array):
        x = ctx.made(ctx.build.convert(atom, atom.type.dtype, "array"))
    axis = given.get("axis", Static(None))
    keep = constant(flag(ctx, given, "keepdims", False))
    order = given.get("ord", Static(None))
    ndim = operand(ctx, x).type.ndim
    if axis == Static(None) and order == Static(None):
        return stacked(ctx, numpy_stacks.norm_of_all, x, keep)
    if axis == Static(None):
        axis = constant(0) if ndim == 1 else Structure("tuple", (constant(0), constant(1)))
        if ndim > 2:
            ctx.misfit("np.linalg.norm of more than two dimensions needs an axis")
    if isinstance(axis, Structure) and len(axis.items) == 1:
        axis = axis.items[0]
    if not isinstance(axis, Structure):
        return stacked(ctx, numpy_stacks.vector_norm, x, order, axis, keep)
    return stacked(ctx, numpy_stacks.matrix_norm, x, order, *axis.items, keep)


@reads("linalg.vector_norm", "x*, axis, ord=2, keepdims")
def vector_norm(ctx: Context, given: dict[str, Value]) -> Value:
    if "axis" not in given:
        whole = stacked(ctx, numpy_stacks.flat, given["x"])
        return norm(ctx, {"x": whole, "ord": given.get("ord", constant(2))})
    return norm(ctx, {"ord": constant(2), **given})


@reads("linalg.cond", "x*, p")
def cond(ctx: Context, given: dict[str, Value]) -> Value:
    x = ctx.made(matrix(ctx, given["x"], "np.linalg.cond"))
    return stacked(ctx, numpy_stacks.cond, x, given.get("p", Static(None)))


@reads("linalg.matrix_rank", "A*, tol, hermitian, rtol")
def matrix_rank(ctx: Context, given: dict[str, Value]) -> Value:
    if flag(ctx, given, "hermitian", False):
        ctx.fail("hermitian is not taken in np.linalg.matrix_rank", "leave it out")
    a = floating(ctx, operand(ctx, given["A"]))
    eps = constant(float(np.finfo(a.type.dtype).eps))
    none = Static(None)
    tol, rtol = given.get("tol", none), given.get("rtol", none)
    return stacked(ctx, numpy_stacks.matrix_rank, ctx.made(a), eps, tol, rtol)
