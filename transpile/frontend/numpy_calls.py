"""NumPy's functions and the methods of arrays, over the operator table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.iterables import items
from transpile.frontend.operands import described, integer, number
from transpile.frontend.values import Array, Indexed, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import TABLE, Reduce, shape
from transpile.sym.types import DTYPES, Mismatch, NoLoop, promote

Args = Sequence[Value]
Named = Mapping[str, Value]


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
        return of_ufunc(ctx, function.__self__.__name__, name, args)
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


def of_ufunc(ctx: Context, ufunc: str, name: str, args: Args) -> Value:
    """`np.add.at(x, k, v)` and `np.subtract.at`: repeated places get all that is added there."""
    if name != "at" or ufunc not in ("add", "subtract"):
        ctx.fail(f"np.{ufunc}.{name} is not taken", "write it with a loop")
    if len(args) != 3 or not isinstance(args[0], Array):
        ctx.fail(f"np.{ufunc}.at takes an array, indices and what is written there")
    x, where, value = args[0], args[1], operand(ctx, args[2])
    listed = isinstance(where, Structure) and where.kind == "tuple"
    given = where.items if isinstance(where, Structure) and listed else (where,)
    parts = [indices.part(ctx, as_index(ctx, one)) for one in given]
    view = views.stepped(ctx, x, indices.indexed(ctx, views.type_of(ctx, x).dims, parts))
    if ufunc == "subtract":
        value = expr.unary(ctx.build, "-", value)
    views.write(ctx, view, value, add=True)
    return Static(None)


def as_index(ctx: Context, value: Value) -> Value:
    return as_array(ctx, value) if isinstance(value, Structure) else value


def nonzero(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.nonzero`, and `np.where` of a condition alone: the places along each axis."""
    return Structure("tuple", tuple(map(ctx.made, indices.found(ctx, truths(ctx, given["a"])))))


def truths(ctx: Context, value: Value) -> Atom:
    atom = operand(ctx, value)
    if not atom.type.dims:
        ctx.fail("the places of a single number are not taken", "test it with `if`")
    return atom if atom.type.dtype == "bool" else expr.binary(ctx.build, "!=", atom, constant(0))


def flatnonzero(ctx: Context, given: dict[str, Value]) -> Value:
    (places,) = indices.found(ctx, indices.flat(ctx, truths(ctx, given["a"])))
    return ctx.made(places)


def count_nonzero(ctx: Context, given: dict[str, Value]) -> Value:
    return indices.count(ctx, indices.flat(ctx, truths(ctx, given["a"])))


def take(ctx: Context, given: dict[str, Value]) -> Value:
    """`np.take`: `x[:, k]` with the array of indices at the axis; else of all the elements."""
    x = given["a"]
    if not isinstance(x, Array):
        ctx.fail(f"np.take from {described(x)}")
    if "axis" not in given:
        x = ravel(ctx, {"a": x})
        assert isinstance(x, Array)
    dims = views.type_of(ctx, x).dims
    ndim = len(dims)
    axis = axes(ctx, given.get("axis", constant(0)))
    if not -ndim <= axis < ndim:
        ctx.fail(f"axis {axis} is out of bounds for an array of {ndim} dimensions")
    part = indices.part(ctx, as_index(ctx, given["indices"]))
    before: list[indices.Part] = [(":", [])] * (axis % ndim)
    view = views.stepped(ctx, x, indices.indexed(ctx, dims, [*before, part]))
    return ctx.made(views.read(ctx, view))


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


def operand(ctx: Context, value: Value) -> Atom:
    """A number or an array; a tuple or list of numbers becomes an array."""
    return number(ctx, as_array(ctx, value) if isinstance(value, Structure) else value)


def bound(
    ctx: Context, name: str, signature: Sequence[str], args: Args, named: Named
) -> dict[str, Value]:
    """Arguments by their parameters' names; a name that ends in `*` is required."""
    names = [one.rstrip("*") for one in signature]
    if len(args) > len(names):
        ctx.fail(f"np.{name} takes at most {len(names)} arguments here, not {len(args)}")
    found = dict(zip(names, args, strict=False))
    for key, value in named.items():
        if key not in names or key in found:
            ctx.fail(f"np.{name} does not take {key} here")
        found[key] = value
    for one in signature:
        if one.endswith("*") and one.rstrip("*") not in found:
            ctx.fail(f"np.{name} needs {one.rstrip('*')}")
    return {key: value for key, value in found.items() if value != Static(None)}


def scalar_type(ctx: Context, kind: type, args: Args) -> Value:
    """`np.float64(x)`: a NumPy scalar, or a converted array."""
    dtype = np.dtype(kind).name
    if dtype not in DTYPES:
        ctx.fail(f"the dtype {dtype} is not taken", f"take one of {', '.join(DTYPES)}")
    atom = operand(ctx, args[0]) if args else constant(0)
    return ctx.made(ctx.build.convert(atom, dtype, "array" if atom.type.dims else "numpy"))


# -- arguments that are not operands


def dtype_of(ctx: Context, given: Mapping[str, Value], default: str) -> str:
    value = given.get("dtype")
    if value is None:
        return default
    if not isinstance(value, Static):
        ctx.fail(f"dtype is {described(value)}", "write np.float64, or x.dtype")
    try:
        name = np.dtype(value.value).name
    except TypeError as error:
        ctx.fail(str(error))
    if name not in DTYPES:
        ctx.fail(f"the dtype {name} is not taken", f"take one of {', '.join(DTYPES)}")
    return name


def extents(ctx: Context, value: Value) -> tuple[Atom, ...]:
    """A shape: an integer or a tuple of them."""
    parts = items(ctx, value) if isinstance(value, Structure) else [value]
    return tuple(integer(ctx, part, "an extent") for part in parts)


def axes(ctx: Context, value: Value, what: str = "axis") -> Any:
    """`axis=`: None, an integer or a tuple of them, known now."""
    if value == Static(None):
        return None
    if isinstance(value, Structure):
        return tuple(axes(ctx, item, what) for item in value.items)
    if not isinstance(value, Const) or not isinstance(value.value, int):
        ctx.fail(f"{what} has to be a constant")
    return int(value.value)


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


def like_dims(ctx: Context, dims: tuple[Affine, ...]) -> tuple[Atom, ...]:
    return tuple(ctx.build.extent(dim) for dim in dims)


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


def as_array(ctx: Context, value: Structure, given: Mapping[str, Value] | None = None) -> Value:
    """An array filled from a list or tuple of numbers, arrays or such lists."""
    parts = [
        as_array(ctx, item) if isinstance(item, Structure) else item for item in items(ctx, value)
    ]
    if not parts:
        ctx.fail("an empty list has no dtype here", "write np.zeros(0)")
    atoms = [number(ctx, part) for part in parts]
    strong = [a.type.having(kind="array") for a in atoms]  # in a list Python's numbers are not weak
    dtype = dtype_of(ctx, given or {}, promote(strong))
    count = constant(len(atoms))
    dims = (count, *like_dims(ctx, atoms[0].type.dims))
    made = ctx.made(ctx.build.apply(shape.EMPTY, *dims, dtype=dtype))
    assert isinstance(made, Array)
    for k, atom in enumerate(atoms):
        view = views.stepped(ctx, made, Indexed(("i",), (constant(k),)))
        if len(atom.type.dims) != len(dims) - 1:
            ctx.fail("the parts of an array have different numbers of dimensions")
        views.write(ctx, view, atom)
    return made


# -- another form


def reshape(ctx: Context, given: dict[str, Value]) -> Value:
    if "order" in given:
        ctx.fail("order is not taken in reshape")
    value = given["a"]
    if not isinstance(value, Array):
        value = ctx.made(ctx.build.convert(operand(ctx, value), "float64", "array"))
        assert isinstance(value, Array)
    return views.reshaped(ctx, value, extents(ctx, given["shape"]))


def ravel(ctx: Context, given: dict[str, Value]) -> Value:
    value = given["a"]
    if not isinstance(value, Array):
        ctx.fail(f"np.ravel of {described(value)}")
    return views.reshaped(ctx, value, (constant(-1),))


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
    "astype": astype, "broadcast_to": broadcast_to, "take": take, "nonzero": nonzero,
    "flatnonzero": flatnonzero, "count_nonzero": count_nonzero,
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
