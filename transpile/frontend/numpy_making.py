"""NumPy's functions that make arrays."""

from __future__ import annotations

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.join import references
from transpile.frontend.numpy_args import as_array, dtype_of, extents, like_dims, operand
from transpile.frontend.numpy_table import Reader, reads
from transpile.frontend.operands import integer, number
from transpile.frontend.values import Array, Listed, Structure, Value
from transpile.sym import expr
from transpile.sym.ops import shape


def made(name: str) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        dtype = dtype_of(ctx, given, "float64")
        dims = extents(ctx, given["shape"])
        return ctx.made(expr.call(ctx.build, name, [dims], {"dtype": dtype}))

    return found


def made_like(name: str) -> Reader:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        like = operand(ctx, given["a"]).type
        default = like.dtype
        dims = extents(ctx, given["shape"]) if "shape" in given else like_dims(ctx, like.dims)
        dtype = dtype_of(ctx, given, default)
        if name == "full":
            value = views.converted(ctx, number(ctx, given["fill_value"]), dtype)
            return ctx.made(expr.call(ctx.build, name, [dims, value], {"dtype": dtype}))
        return ctx.made(expr.call(ctx.build, name, [dims], {"dtype": dtype}))

    return found


for _name in ("zeros", "ones", "empty"):
    reads(_name, "shape*, dtype")(made(_name))
    reads(f"{_name}_like", "a*, dtype, shape")(made_like(_name))
reads("full_like", "a*, fill_value*, dtype, shape")(made_like("full"))


@reads("full", "shape*, fill_value*, dtype")
def full(ctx: Context, given: dict[str, Value]) -> Value:
    value = number(ctx, given["fill_value"])
    dtype = dtype_of(ctx, given, value.type.dtype)
    value = views.converted(ctx, value, dtype)
    dims = extents(ctx, given["shape"])
    return ctx.made(expr.call(ctx.build, "full", [dims, value], {"dtype": dtype}))


@reads("arange", "start*, stop, step, dtype")
def arange(ctx: Context, given: dict[str, Value]) -> Value:
    bounds = [given[key] for key in ("start", "stop", "step") if key in given]
    atoms = [number(ctx, b) for b in bounds]
    if not all(a.type.is_integer for a in atoms):
        ctx.fail("np.arange takes integers here", "write start + step * np.arange(n)")
    whole = [integer(ctx, a) for a in atoms]
    dtype = dtype_of(ctx, given, "int64")
    return ctx.made(expr.call(ctx.build, "arange", whole, {"dtype": dtype}))


@reads("eye", "N*, M, dtype")
@reads("identity", "N*, dtype")
def eye(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.eye(n)`: i == j for two ranges, broadcast."""
    rows = integer(ctx, given["N"], "an extent")
    columns = integer(ctx, given["M"], "an extent") if "M" in given else rows
    build = ctx.build
    i, j = (expr.call(build, "arange", [n], {}) for n in (rows, columns))
    same = expr.binary(build, "==", build.index(i, (":", "new")), j)
    return ctx.made(build.convert(same, dtype_of(ctx, given, "float64"), "array"))


@reads("array", "object*, dtype")
def array(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.array`: a copy of an array, or an array of nested lists of numbers."""
    value = given["object"]
    if isinstance(value, Listed):
        made = as_array(ctx, value)
        assert isinstance(made, Array)
        value = made
        if not references(ctx, made.base, "") and "dtype" not in given:
            return made
    if isinstance(value, Structure):
        return as_array(ctx, value, given)
    atom = number(ctx, value)
    dtype = dtype_of(ctx, given, atom.type.dtype)
    if atom.type.dtype != dtype or atom.type.is_scalar:
        return ctx.made(ctx.build.convert(atom, dtype, "array"))
    return ctx.made(ctx.build.apply(shape.COPY, atom))


@reads("asarray ascontiguousarray", "object*, dtype")
def asarray(ctx: Context, given: dict[str, Value]) -> Value:
    value = given["object"]
    if isinstance(value, Array):
        type = views.type_of(ctx, value)
        if dtype_of(ctx, given, type.dtype) == type.dtype:
            return value
    return array(ctx, given)
