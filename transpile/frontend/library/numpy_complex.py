"""Complex numbers: their parts, conjugates and angles."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import as_array, like_dims, operand
from transpile.frontend.library.numpy_table import Reader, reads, written
from transpile.frontend.operands import conjugate, counted, number
from transpile.frontend.values import Array, Locked, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import TABLE


def part(ctx: Context, owner: Value, name: str) -> Value:
    """`z.real`, `z.imag`: the part as it is now. NumPy's is a view, so it is not written into."""
    atom, build = number(ctx, owner), ctx.build
    if not atom.type.is_complex:
        atom = counted(ctx, atom)
        whole = atom if isinstance(owner, Var | Const) else owner
        return whole if name == "real" else nothing(ctx, atom)
    if isinstance(atom, Const) and atom.type.kind == "python":
        return constant(getattr(atom.value, name))
    found = build.apply(TABLE[name], atom)
    if atom.type.kind == "python":
        return build.convert(found, "float64", "python")
    made = ctx.made(found)
    if isinstance(made, Array) and isinstance(owner, Array):
        made.base.source = (owner.base, ctx.bases[owner.base])
    return made


def nothing(ctx: Context, real: Atom) -> Value:
    """The imaginary part of what has none."""
    if real.type.kind == "array":
        dims = like_dims(ctx, real.type.dims)
        made = ctx.made(expr.call(ctx.build, "zeros", [dims], {"dtype": real.type.dtype}))
        return Array(made.base, (Locked(),)) if isinstance(made, Array) else made
    zero = constant(0.0 if real.type.is_float else 0)
    return ctx.build.convert(zero, real.type.dtype, real.type.kind)


def conjugated(ctx: Context, owner: Value) -> Value:
    """`z.conj()`: a new array; a real one is not copied."""
    atom = operand(ctx, owner)
    return ctx.made(conjugate(ctx, atom)) if atom.type.is_complex else owner


def of_parts(name: str) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        value = given["val"]
        return part(ctx, as_array(ctx, value) if isinstance(value, Structure) else value, name)

    return found


reads("real", "val*")(of_parts("real"))
reads("imag", "val*")(of_parts("imag"))


@reads("conjugate conj", "x*")
def conj(ctx: Context, given: dict[str, Value]) -> Value:
    atom = operand(ctx, given["x"])
    if atom.type.is_complex:
        return ctx.made(conjugate(ctx, atom))
    return ctx.made(expr.call(ctx.build, "positive", [atom], {}))


@reads("iscomplexobj", "x*")
def iscomplexobj(ctx: Context, given: dict[str, Value]) -> Value:
    return constant(operand(ctx, given["x"]).type.is_complex)


@reads("isrealobj", "x*")
def isrealobj(ctx: Context, given: dict[str, Value]) -> Value:
    return constant(not operand(ctx, given["x"]).type.is_complex)


@written
def angle(z: Any, deg: Any = False) -> Any:
    turned = np.arctan2(np.imag(z), np.real(z))
    return turned * (180.0 / np.pi) if deg else turned


@written
def iscomplex(x: Any) -> Any:
    return np.imag(np.asarray(x)) != 0


@written
def isreal(x: Any) -> Any:
    return np.imag(x) == 0


@reads("isscalar", "element*", none=True)
def isscalar(ctx: Context, given: dict[str, Value]) -> Value:
    found = given["element"]
    text = isinstance(found, Static) and isinstance(found.value, str)
    return constant(text or isinstance(found, Var | Const))


@reads("scipy.sparse.issparse scipy.sparse.isspmatrix", "x*", none=True)
def issparse(ctx: Context, given: dict[str, Value]) -> Value:
    """None is: matrices of SciPy's are no values here."""
    return constant(False)
