"""NumPy's functions that give arrays another form."""

from __future__ import annotations

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.library.numpy_args import (
    array_of,
    axes,
    dtype_of,
    extents,
    like_dims,
    operand,
)
from transpile.frontend.library.numpy_table import Reader, reads
from transpile.frontend.operands import CONSTANT, number
from transpile.frontend.values import Array, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import constant
from transpile.sym.ops import shape


@reads("reshape", "a*, shape*, order")
def reshape(ctx: Context, given: dict[str, Value]) -> Value:
    value, dims = array_of(ctx, given["a"]), extents(ctx, given["shape"])
    if not by_columns(ctx, value, given):
        return views.reshaped(ctx, value, dims)
    found = views.reshaped(ctx, transposed(ctx, value), dims[::-1])
    assert isinstance(found, Array)
    return transposed(ctx, found)


@reads("ravel", "a*, order")
def ravel(ctx: Context, given: dict[str, Value]) -> Value:
    value = array_of(ctx, given["a"])
    value = transposed(ctx, value) if by_columns(ctx, value, given) else value
    dims = views.type_of(ctx, value).dims
    if len(dims) == 1 and not views.contiguous(value):
        return views.gathered(ctx, value, [ctx.build.extent(dims[0])])
    return views.reshaped(ctx, value, (constant(-1),))


@reads("flatten", "a*, order")
def flatten(ctx: Context, given: dict[str, Value]) -> Value:
    value = array_of(ctx, given["a"])
    value = transposed(ctx, value) if by_columns(ctx, value, given) else value
    copied = ctx.made(ctx.build.apply(shape.COPY, views.read(ctx, value)))
    assert isinstance(copied, Array)
    return views.reshaped(ctx, copied, (constant(-1),))


def transposed(ctx: Context, value: Array) -> Array:
    found = views.transposed(ctx, value)
    assert isinstance(found, Array)
    return found


def by_columns(ctx: Context, value: Array, given: dict[str, Value]) -> bool:
    """Does `order=` say that the first index is the one that changes fastest?"""
    order = given.get("order", Static("C"))
    if order not in (Static("C"), Static("F")):
        ctx.fail('order has to be "C" or "F"')
    return order == Static("F")


@reads("transpose", "a*, axes")
@reads("permute_dims", "a*, axes*")
def transpose(ctx: Context, given: dict[str, Value]) -> Value:
    value = given["a"]
    if not isinstance(value, Array):
        if "axes" in given and given["axes"] != Structure("tuple", ()):
            ctx.fail("a number has no axes")
        return copy(ctx, given) if number(ctx, value).type.kind == "python" else value
    ndim = views.type_of(ctx, value).ndim
    order = axes(ctx, given["axes"], "axes") if "axes" in given else None
    if order is not None:
        order = order if isinstance(order, tuple) else (order,)
        if sorted(k + ndim * (k < 0) for k in order) != list(range(ndim)):
            ctx.fail(f"axes have to be a permutation of 0 to {ndim - 1}")
        order = tuple(k % ndim for k in order)
    return views.transposed(ctx, value, order)


@reads("copy", "a*")
def copy(ctx: Context, given: dict[str, Value]) -> Value:
    atom = operand(ctx, given["a"])
    if atom.type.is_scalar:
        return ctx.made(ctx.build.convert(atom, atom.type.dtype, "array"))
    return ctx.made(ctx.build.apply(shape.COPY, atom))


@reads("ndarray.copy", "a*")
def copied(ctx: Context, given: dict[str, Value]) -> Value:
    """`x.copy()`: that of a number is a number, as `np.copy` of one is not."""
    atom = operand(ctx, given["a"])
    return ctx.made(atom) if atom.type.kind == "numpy" else copy(ctx, given)


@reads("astype", "a*, dtype*, copy")
def astype(ctx: Context, given: dict[str, Value]) -> Value:
    atom = number(ctx, given["a"])
    if atom.type.kind == "python":
        ctx.fail("a number of Python has no astype", "write np.float64(...), or float(...)")
    dtype = dtype_of(ctx, given, atom.type.dtype)
    if given.get("copy") == constant(False) and atom.type.dtype == dtype:
        return given["a"]
    if given.get("copy", constant(True)) not in (constant(True), constant(False)):
        ctx.unknown("copy has to be a constant", CONSTANT)
    if atom.type.kind == "array" and atom.type.dtype == dtype:
        return ctx.made(ctx.build.apply(shape.COPY, atom))
    return ctx.made(ctx.build.convert(atom, dtype, atom.type.kind))


def about(name: str) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        atom = operand(ctx, given["a"])
        type = atom.type
        if name == "ndim":
            return constant(type.ndim)
        if name == "size":
            axis = axes(ctx, given["axis"]) if "axis" in given else None
            return views.extent_of(ctx, tuple(type.dims[k] for k in expr.axes_of(atom, axis)))
        return Structure("tuple", like_dims(ctx, type.dims))

    return found


reads("shape", "a*")(about("shape"))
reads("ndim", "a*")(about("ndim"))
reads("size", "a*, axis")(about("size"))
