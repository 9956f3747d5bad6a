"""LAPACK's routines, what they take and what operators that call them give.

Its matrices lie column by column: what it is handed is turned over first, and what it gives back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.affine import Affine
from transpile.sym.ops.table import Op, Operand, Shapes, TypeRule
from transpile.sym.types import COMPLEX, FLOATS, Malformed, Type, real_dtype, result_of_element

LETTERS = {"float32": "s", "float64": "d", "complex64": "c", "complex128": "z"}
ARGUMENTS = {  # {T} is the C type, {R} that of its parts
    "gemm": "char *transa, char *transb, int *m, int *n, int *k, {T} *alpha, {T} *a, int *lda, "
    "{T} *b, int *ldb, {T} *beta, {T} *c, int *ldc",
    "gesv": "int *n, int *nrhs, {T} *a, int *lda, int *pivots, {T} *b, int *ldb, int *info",
    "gbsv": "int *n, int *kl, int *ku, int *nrhs, {T} *ab, int *ldab, int *pivots, {T} *b, "
    "int *ldb, int *info",
    "pbsv": "char *uplo, int *n, int *kd, int *nrhs, {T} *ab, int *ldab, {T} *b, int *ldb, "
    "int *info",
    "getrf": "int *m, int *n, {T} *a, int *lda, int *pivots, int *info",
    "potrf": "char *uplo, int *n, {T} *a, int *lda, int *info",
    "trtrs": "char *uplo, char *trans, char *diag, int *n, int *nrhs, {T} *a, int *lda, {T} *b, "
    "int *ldb, int *info",
    "geqrf": "int *m, int *n, {T} *a, int *lda, {T} *tau, {T} *work, int *lwork, int *info",
    "orgqr": "int *m, int *n, int *k, {T} *a, int *lda, {T} *tau, {T} *work, int *lwork, int *info",
    "syevd": "char *jobz, char *uplo, int *n, {T} *a, int *lda, {T} *w, {T} *work, int *lwork, "
    "int *iwork, int *liwork, int *info",
    "gesdd": "char *jobz, int *m, int *n, {T} *a, int *lda, {T} *s, {T} *u, int *ldu, {T} *vt, "
    "int *ldvt, {T} *work, int *lwork, int *iwork, int *info",
}
OF_COMPLEX = {  # where those of complex numbers take others
    "heevd": "char *jobz, char *uplo, int *n, {T} *a, int *lda, {R} *w, {T} *work, int *lwork, "
    "{R} *rwork, int *lrwork, int *iwork, int *liwork, int *info",
    "gesdd": "char *jobz, int *m, int *n, {T} *a, int *lda, {R} *s, {T} *u, int *ldu, {T} *vt, "
    "int *ldvt, {T} *work, int *lwork, {R} *rwork, int *iwork, int *info",
    "geev": "char *jobvl, char *jobvr, int *n, {T} *a, int *lda, {T} *w, {T} *vl, int *ldvl, "
    "{T} *vr, int *ldvr, {T} *work, int *lwork, {R} *rwork, int *info",
    "ungqr": ARGUMENTS["orgqr"],
}


def words(dtype: str) -> dict[str, str]:
    """How LAPACK names its routines for a dtype: `{d}gesv`, `{d}{sy}evd`, `{d}{org}qr`."""
    hermitian = dtype in COMPLEX
    return {
        "d": LETTERS.get(dtype, "d"),
        "sy": "he" if hermitian else "sy",
        "org": "ung" if hermitian else "org",
    }


# NumPy's loops over stacks, each with what it is given besides.
LOOPS = ("matmul", "fft", "ifft", "rfft_n_even", "rfft_n_odd", "irfft")
SORTS = {
    "sort_": "void *x, int64_t n, void *unused",
    "argsort_": "void *x, int64_t *order, int64_t n, void *unused",
    "stable_argsort_": "void *x, int64_t *order, int64_t n, void *unused",
}


def is_loop(routine: str) -> bool:
    """Is it `matmul_float64` or the like?"""
    return routine.rpartition("_")[0] in LOOPS


def declared(routine: str) -> str:
    """The C declaration of a pointer to `dgesv` and its like, or to a function of NumPy's."""
    for start, given in SORTS.items():
        if routine.startswith(start):
            return f"int (*{routine})({given})"
    if is_loop(routine):
        return f"Loop {routine}"
    letter, name = routine[0], routine[1:]
    kind = "float" if letter in "sc" else "double"
    if letter in "sd":
        return f"void (*{routine})({ARGUMENTS[name].format(T=kind)})"
    arguments = OF_COMPLEX.get(name) or ARGUMENTS[name]
    return f"void (*{routine})({arguments.format(T=f'{kind} complex', R=kind)})"


FLIP = """\
// y is the transpose of x, which has m rows and n columns.
static inline void flip_{t}(int64_t m, int64_t n, const {T} *x, {T} *y)
{{
    for (int64_t j = 0; j < n; j++) {{
        for (int64_t i = 0; i < m; i++) y[j * m + i] = x[i * n + j];
    }}
}}
"""


# -- types


def checked(op: Op, args: tuple[Operand, ...]) -> str:
    """The dtype, one that LAPACK has, of all the arrays."""
    dtype = args[0].type.dtype
    if dtype not in (*FLOATS, *COMPLEX):
        raise Malformed(f"{op.name} of a {dtype} array is not taken")
    return dtype


def square(shapes: Shapes, op: Op, x: Operand) -> tuple[Affine, ...]:
    """The dims of a matrix as high as wide, or a stack of those."""
    if x.type.ndim < 2:
        raise Malformed(f"{op.name} takes matrices, not {x.type}")
    shapes.same(*x.type.dims[-2:])
    return x.type.dims


def solved(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    """`b` is a vector, or as many matrices as `a`."""
    dtype, dims, b = checked(op, args), square(shapes, op, args[0]), args[1].type
    if b.ndim != (1 if len(dims) == 2 and b.ndim == 1 else len(dims)):
        raise Malformed(f"{op.name} of {args[0].type} and {b}")
    shapes.same(dims[-1], b.dims[0 if b.ndim == 1 else -2])
    return Type(dtype, b.dims)


def like(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return Type(checked(op, args), square(shapes, op, args[0]))


def number(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return result_of_element(checked(op, args), square(shapes, op, args[0])[:-2])


def two(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    dims = square(shapes, op, args[0])
    return Type(checked(op, args), (*dims[:-2], Affine((), 2)))


def of_complex(rule: TypeRule) -> TypeRule:
    """The rule, for complex matrices only."""

    def found(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
        if not args[0].type.is_complex:
            raise Malformed(f"{op.name} is of complex matrices")
        return rule(shapes, op, args, params)

    return found


def vector(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return Type(checked(op, args), square(shapes, op, args[0])[:-1])


def reals(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    """A real number for each row."""
    return Type(real_dtype(checked(op, args)), square(shapes, op, args[0])[:-1])


def with_pivots(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    """A square matrix and two vectors, of one matrix."""
    n, _ = matrix(op, args[0])
    square(shapes, op, args[0])
    return Type(checked(op, args), (n + 2, n))


def under_one(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    """A square matrix and a vector, of one matrix."""
    n, _ = matrix(op, args[0])
    square(shapes, op, args[0])
    return Type(checked(op, args), (n + 1, n))


def matrix(op: Op, x: Operand) -> tuple[Affine, ...]:
    if x.type.ndim != 2:
        raise Malformed(f"{op.name} takes one matrix, not {x.type}")
    return x.type.dims


def of_rank(extra: int) -> Any:
    """The rows of an m by k and an n by k matrix and `extra` more, `k` being the lesser of both."""

    def found(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
        m, n = matrix(op, args[0])
        return Type(checked(op, args), (m + n + extra, shapes.dim(args[1])))

    return found


def lesser(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    matrix(op, args[0])
    return Type(real_dtype(checked(op, args)), (shapes.dim(args[1]),))


def turned(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    *stack, m, n = args[0].type.dims
    return Type(checked(op, args[:1]), (*stack, n, m))
