"""NumPy's functions and the methods of arrays, over the operator table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from transpile.frontend import numpy_places, views
from transpile.frontend.context import Context
from transpile.frontend.numpy_args import (
    Args,
    Named,
    as_array,
    axes,
    bound,
    dtype_of,
    extents,
    like_dims,
    operand,
    ravel,
)  # fmt: skip
from transpile.frontend.operands import described, integer, number
from transpile.frontend.values import Array, Indexed, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import TABLE, Reduce, shape
from transpile.sym.types import DTYPES, Mismatch, NoLoop


def is_numpy(value: Any) -> bool:
    """Is this one of NumPy's own functions or scalar types?"""
    if isinstance(value, np.ufunc) or isinstance(getattr(value, "__self__", None), np.ufunc):
        return True
    module = getattr(value, "__module__", None) or ""
    return module.split(".")[0] == "numpy" and callable(value)


def call(ctx: Context, function: Any, args: Args, named: Named) -> Value:
    """`np.name(...)`."""
    name = function.__name__
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return numpy_places.of_ufunc(ctx, function.__self__.__name__, name, args, named)
    if isinstance(function, type) and issubclass(function, np.generic):
        return scalar_type(ctx, function, args)
    qualified = getattr(np, name, None) is function
    if not qualified:
        ctx.fail(
            f"{function.__module__}.{name} is not in the operator table",
            "write it with loops, or call it outside the function",
        )
    if name == "where" and len(args) == 1:
        name = "nonzero"
    if name in SPECIAL:
        return SPECIAL[name](ctx, bound(ctx, name, SIGNATURES[name], args, named))
    entry = expr.NAMES.get(name)
    if name == "mean" or (entry is not None and isinstance(entry.c, Reduce)):
        return reduction(ctx, name, bound(ctx, name, REDUCTION, args, named))
    if entry is None:
        ctx.fail(f"np.{name} is not in the operator table", REMEDIES.get(name, ADD_ENTRY))
    return plain(ctx, name, args, named)


ADD_ENTRY = "write it with what is taken, or add an entry to transpile/sym/ops"
REMEDIES = {
    "sinc": "write np.sin(np.pi * x) / (np.pi * x), or add an entry to transpile/sym/ops",
    "append": "make an array that is large enough and fill it",
    "concatenate": "make an array that is large enough and fill its slices",
    "linspace": "write a + (b - a) / (n - 1) * np.arange(n)",
}


def plain(ctx: Context, name: str, args: Args, named: Named) -> Value:
    """An operator whose arguments are numbers and arrays, `out=` taken too."""
    out = named.get("out")
    others = [key for key in named if key != "out"]
    if others:
        ctx.fail(f"np.{name} does not take {', '.join(others)} here")
    atoms = [operand(ctx, a) for a in args]
    try:
        found = expr.call(ctx.build, name, atoms, {})
    except Mismatch as error:
        shapes = ", ".join(views.shown(a.type.dims) for a in atoms)
        if isinstance(error, NoLoop) or sum(bool(a.type.dims) for a in atoms) < 2:
            ctx.fail(str(error))
        ctx.misfit(f"np.{name} of shapes {shapes}: {error}")
    if out is None or out == Static(None):
        return ctx.made(found)
    if not isinstance(out, Array):
        ctx.fail(f"out has to be an array, this is {described(out)}")
    views.write(ctx, out, found)
    return out


def scalar_type(ctx: Context, kind: type, args: Args) -> Value:
    """`np.float64(x)`: a NumPy scalar, or a converted array."""
    dtype = np.dtype(kind).name
    if dtype not in DTYPES:
        ctx.fail(f"the dtype {dtype} is not taken", f"take one of {', '.join(DTYPES)}")
    atom = operand(ctx, args[0]) if args else constant(0)
    return ctx.made(ctx.build.convert(atom, dtype, "array" if atom.type.dims else "numpy"))


def reduction(ctx: Context, name: str, given: dict[str, Value]) -> Value:
    x = operand(ctx, given["a"])
    if x.type.is_scalar:
        x = ctx.build.convert(x, x.type.dtype, "array")
    if "dtype" in given:
        x = ctx.build.convert(x, dtype_of(ctx, given, x.type.dtype), "array")
    keep = given.get("keepdims", constant(False))
    if not isinstance(keep, Const):
        ctx.fail("keepdims has to be a constant")
    keywords: dict[str, Any] = {"keepdims": bool(keep.value)}
    keywords["axis"] = axes(ctx, given["axis"]) if "axis" in given else None
    return ctx.made(expr.call(ctx.build, name, [x], keywords))


REDUCTION = ("a*", "axis", "dtype", "keepdims")


# -- making arrays


def made(name: str) -> Callable[[Context, dict[str, Value]], Value]:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        dtype = dtype_of(ctx, given, "float64")
        dims = extents(ctx, given["shape"])
        return ctx.made(expr.call(ctx.build, name, [dims], {"dtype": dtype}))

    return found


def made_like(name: str) -> Callable[[Context, dict[str, Value]], Value]:
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


def full(ctx: Context, given: dict[str, Value]) -> Value:
    value = number(ctx, given["fill_value"])
    dtype = dtype_of(ctx, given, value.type.dtype)
    value = views.converted(ctx, value, dtype)
    dims = extents(ctx, given["shape"])
    return ctx.made(expr.call(ctx.build, "full", [dims, value], {"dtype": dtype}))


def arange(ctx: Context, given: dict[str, Value]) -> Value:
    bounds = [given[key] for key in ("start", "stop", "step") if key in given]
    atoms = [number(ctx, b) for b in bounds]
    if not all(a.type.dtype.startswith("int") for a in atoms):
        ctx.fail("np.arange takes integers here", "write start + step * np.arange(n)")
    whole = [integer(ctx, a) for a in atoms]
    dtype = dtype_of(ctx, given, "int64")
    return ctx.made(expr.call(ctx.build, "arange", whole, {"dtype": dtype}))


def eye(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.eye(n)`: i == j for two ranges, broadcast."""
    rows = integer(ctx, given["N"], "an extent")
    columns = integer(ctx, given["M"], "an extent") if "M" in given else rows
    build = ctx.build
    i, j = (expr.call(build, "arange", [n], {}) for n in (rows, columns))
    same = expr.binary(build, "==", build.index(i, (":", "new")), j)
    return ctx.made(build.convert(same, dtype_of(ctx, given, "float64"), "array"))


def array(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.array`: a copy of an array, or an array of nested lists of numbers."""
    value = given["object"]
    if isinstance(value, Structure):
        return as_array(ctx, value, given)
    atom = number(ctx, value)
    dtype = dtype_of(ctx, given, atom.type.dtype)
    if atom.type.dtype != dtype or atom.type.is_scalar:
        return ctx.made(ctx.build.convert(atom, dtype, "array"))
    return ctx.made(ctx.build.apply(shape.COPY, atom))


def asarray(ctx: Context, given: dict[str, Value]) -> Value:
    value = given["object"]
    if isinstance(value, Array):
        type = views.type_of(ctx, value)
        if dtype_of(ctx, given, type.dtype) == type.dtype:
            return value
    return array(ctx, given)


# -- another form


def reshape(ctx: Context, given: dict[str, Value]) -> Value:
    if "order" in given:
        ctx.fail("order is not taken in reshape")
    value = given["a"]
    if not isinstance(value, Array):
        value = ctx.made(ctx.build.convert(operand(ctx, value), "float64", "array"))
        assert isinstance(value, Array)
    return views.reshaped(ctx, value, extents(ctx, given["shape"]))


def transpose(ctx: Context, given: dict[str, Value]) -> Value:
    value = given["a"]
    if not isinstance(value, Array):
        return value
    ndim = views.type_of(ctx, value).ndim
    order = axes(ctx, given["axes"], "axes") if "axes" in given else None
    if order is not None:
        order = tuple(k % ndim for k in order)
        if sorted(order) != list(range(ndim)):
            ctx.fail(f"axes have to be a permutation of 0 to {ndim - 1}")
    return views.transposed(ctx, value, order)


def copy(ctx: Context, given: dict[str, Value]) -> Value:
    atom = operand(ctx, given["a"])
    if atom.type.is_scalar:
        return ctx.made(ctx.build.convert(atom, atom.type.dtype, "array"))
    return ctx.made(ctx.build.apply(shape.COPY, atom))


def astype(ctx: Context, given: dict[str, Value]) -> Value:
    atom = number(ctx, given["a"])
    dtype = dtype_of(ctx, given, atom.type.dtype)
    if atom.type.kind == "array" and atom.type.dtype == dtype:
        return ctx.made(ctx.build.apply(shape.COPY, atom))
    return ctx.made(ctx.build.convert(atom, dtype, atom.type.kind))


def broadcast_to(ctx: Context, given: dict[str, Value]) -> Value:
    dims = [ctx.build.dim(d) for d in extents(ctx, given["shape"])]
    found = ctx.build.broadcast_to(operand(ctx, given["array"]), dims)
    return ctx.made(ctx.build.apply(shape.COPY, found))


def clip(ctx: Context, given: dict[str, Value]) -> Value:
    found = operand(ctx, given["a"])
    for key, name in (("a_min", "maximum"), ("a_max", "minimum")):
        if key in given:
            found = expr.call(ctx.build, name, [found, operand(ctx, given[key])], {})
    return ctx.made(found)


def about(name: str) -> Callable[[Context, dict[str, Value]], Value]:
    def found(ctx: Context, given: dict[str, Value]) -> Value:
        type = operand(ctx, given["a"]).type
        if name == "ndim":
            return constant(type.ndim)
        if name == "size":
            return views.extent_of(ctx, type.dims)
        return Structure("tuple", like_dims(ctx, type.dims))

    return found


SPECIAL: dict[str, Callable[[Context, dict[str, Value]], Value]] = {
    **{name: made(name) for name in ("zeros", "ones", "empty")},
    **{f"{name}_like": made_like(name) for name in ("zeros", "ones", "empty", "full")},
    **{name: about(name) for name in ("shape", "ndim", "size")},
    "full": full, "arange": arange, "eye": eye, "identity": eye, "array": array,
    "asarray": asarray, "ascontiguousarray": asarray, "reshape": reshape, "ravel": ravel,
    "transpose": transpose, "permute_dims": transpose, "copy": copy, "clip": clip,
    "astype": astype, "broadcast_to": broadcast_to,
    "take": numpy_places.take, "nonzero": numpy_places.nonzero,
    "flatnonzero": numpy_places.flatnonzero, "count_nonzero": numpy_places.count_nonzero,
    "cumsum": numpy_places.accumulated("add"), "cumprod": numpy_places.accumulated("multiply"),
    "argmax": numpy_places.place_of("max"), "argmin": numpy_places.place_of("min"),
}  # fmt: skip
SIGNATURES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("zeros", "ones", "empty"), ("shape*", "dtype")),
    **dict.fromkeys(("zeros_like", "ones_like", "empty_like"), ("a*", "dtype", "shape")),
    **dict.fromkeys(("shape", "ndim", "size", "copy", "ravel"), ("a*",)),
    **dict.fromkeys(("array", "asarray", "ascontiguousarray"), ("object*", "dtype")),
    "full_like": ("a*", "fill_value*", "dtype", "shape"),
    "full": ("shape*", "fill_value*", "dtype"),
    "arange": ("start*", "stop", "step", "dtype"),
    "eye": ("N*", "M", "dtype"),
    "identity": ("N*", "dtype"),
    "reshape": ("a*", "shape*", "order"),
    "transpose": ("a*", "axes"),
    "permute_dims": ("a*", "axes*"),
    "clip": ("a*", "a_min", "a_max"),
    "astype": ("a*", "dtype*"),
    "broadcast_to": ("array*", "shape*"),
    **dict.fromkeys(("nonzero", "flatnonzero", "count_nonzero"), ("a*",)),
    "take": ("a*", "indices*", "axis"),
    **dict.fromkeys(("cumsum", "cumprod"), ("a*", "axis", "dtype")),
    **dict.fromkeys(("argmax", "argmin"), ("a*", "axis")),
}


# -- methods


METHODS = {op.method: op.name for op in TABLE.values() if op.method is not None}
VARIADIC = ("reshape", "transpose")  # x.reshape(2, 3) as well as x.reshape((2, 3))


def method(ctx: Context, owner: Array | Atom, name: str, args: Args, named: Named) -> Value:
    """`x.name(...)`."""
    if name in VARIADIC and len(args) != 1:
        args = [Structure("tuple", tuple(args))] if args else []
    given = [owner, *args]
    match name:
        case "fill":
            if not isinstance(owner, Array) or len(args) != 1:
                ctx.fail("fill takes one number")
            views.write(ctx, owner, number(ctx, args[0]))
            return Static(None)
        case "flatten":
            copied = ctx.made(ctx.build.apply(shape.COPY, number(ctx, owner)))
            return ravel(ctx, {"a": copied})
        case "item":
            return item(ctx, owner, args)
        case "conj" | "conjugate":
            return owner
        case "dot":
            return plain(ctx, "matmul", given, named)
    if name in SPECIAL and name not in ("shape", "ndim", "size"):
        return SPECIAL[name](ctx, bound(ctx, name, SIGNATURES[name], given, named))
    if name == "mean" or name in METHODS:
        return reduction(ctx, METHODS.get(name, name), bound(ctx, name, REDUCTION, given, named))
    ctx.fail(f"the method {name} is not taken", "write it with what is taken")


def item(ctx: Context, owner: Array | Atom, args: Args) -> Value:
    """`x.item(i)`: a Python number."""
    if isinstance(owner, Array):
        at = tuple(integer(ctx, a) for a in args)
        if len(at) != views.type_of(ctx, owner).ndim:
            ctx.fail("item needs an index for each dimension here", "write float(x[0])")
        owner = views.stepped(ctx, owner, Indexed(("i",) * len(at), at)) if at else owner
    atom = number(ctx, owner)
    dtype = {"float32": "float64", "int32": "int64"}.get(atom.type.dtype, atom.type.dtype)
    return ctx.build.convert(atom, dtype, "python")
