"""NumPy's ufuncs: with `out=`, `where=` and `dtype=`, and their methods such as `np.add.at`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from transpile.frontend import indices, views
from transpile.frontend.context import Context
from transpile.frontend.library import numpy_table
from transpile.frontend.library.numpy_args import (
    Args,
    Named,
    as_index,
    axis_of,
    bound,
    dtype_of,
    in_full,
    is_none,
    operand,
    spelled,
)  # fmt: skip
from transpile.frontend.library.numpy_out import castable, into, masking
from transpile.frontend.library.numpy_places import running, running_dtype, truths
from transpile.frontend.operands import fitting, many
from transpile.frontend.values import NONE, Array, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, Const, Var, constant
from transpile.sym.ops import Op, arithmetic
from transpile.sym.ops.table import broadcast
from transpile.sym.types import Mismatch, NoLoop, Type

UFUNC = ("out", "where", "casting", "order", "dtype", "subok", "signature")


def call(ctx: Context, name: str, args: Args, named: Named, plain: bool = False) -> Value:
    """An operator whose arguments are numbers and arrays; a plain one is no ufunc in NumPy."""
    entry = expr.NAMES[name]
    count = len(entry.args)
    if len(args) > count + 1:
        ctx.fail(f"{spelled(name)} takes at most {many(count + 1, 'argument')} by position")
    if plain and (named or len(args) > count):
        ctx.fail(f"{spelled(name)} takes {many(count, 'argument')} and nothing by name")
    given = bound(ctx, name, ("out", *UFUNC[1:] * entry.elementwise), args[count:], named)
    for key in ("casting", "order", "subok", "signature"):
        if key in named:
            ctx.fail(
                f"{spelled(name)} does not take {key} here", "convert the operands with astype"
            )
    if len(args) < count:
        ctx.fail(f"{spelled(name)} takes {many(count, 'argument')}, not {len(args)}")
    atoms = [operand(ctx, a) for a in args[:count]]
    if "dtype" in given:
        atoms = at_dtype(ctx, name, atoms, dtype_of(ctx, given, ""))
    found = applied(ctx, name, atoms)
    if "dtype" in given and found.type.dtype != dtype_of(ctx, given, ""):
        ctx.fail(f"{spelled(name)} has no loop that gives the dtype {dtype_of(ctx, given, '')}")
    mask = masking(ctx, given)
    if mask is not None and "out" not in given:
        ctx.fail(
            "without out=, what where= leaves out has no value",
            f"write np.where(mask, np.{name}(...), 0.0), or give out=",
        )
    return into(ctx, name, found, given, mask, spread=True)


def applied(ctx: Context, name: str, atoms: Sequence[Atom]) -> Atom:
    """The operator's value, or an error that shows the shapes."""
    try:
        return expr.call(ctx.build, name, fitting(ctx, expr.NAMES[name], atoms), {})
    except Mismatch as error:
        shapes = ", ".join(views.shown(a.type.dims) for a in atoms)
        if isinstance(error, NoLoop) or sum(bool(a.type.dims) for a in atoms) < 2:
            ctx.fail(str(error), error.help)
        ctx.misfit(f"{spelled(name)} of shapes {shapes}: {error}")


def at_dtype(ctx: Context, name: str, atoms: Sequence[Atom], dtype: str) -> list[Atom]:
    """The operands at the dtype that is asked for, where the operator has such a loop."""
    for atom in atoms:
        castable(ctx, name, atom.type.dtype, dtype, "input")
    atoms = [views.in_range(ctx, a, dtype) for a in atoms]
    found = [ctx.build.convert(a, dtype, "array" if a.type.dims else "numpy") for a in atoms]
    entry = expr.NAMES[name]
    try:
        taken = entry.operand_dtypes(tuple(a.type for a in found))
    except Mismatch as error:
        ctx.fail(str(error), error.help)
    if set(taken) != {dtype}:
        ctx.fail(f"{spelled(name)} has no loop of the dtype {dtype}")
    return found


# -- methods


def method(ctx: Context, ufunc: str, name: str, args: Args, named: Named) -> Value:
    """`np.add.reduce`, `np.maximum.accumulate`, `np.subtract.outer` and their like."""
    entry = expr.NAMES.get(ufunc)
    if entry is None or not entry.elementwise or len(entry.args) != 2 or name not in METHODS:
        ctx.fail(f"np.{ufunc}.{name} is not taken", "write it with a loop")
    return METHODS[name](ctx, entry, args, named)


REDUCTIONS = {
    "add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min",
    "logical_and": "all", "logical_or": "any",
}  # fmt: skip


def reduce(ctx: Context, op: Op, args: Args, named: Named) -> Value:
    """`np.add.reduce(x, axis=0)`: the function of that meaning, else step by step."""
    signature = ("array*", "axis=0", "dtype", "out", "keepdims", "initial", "where")
    given = bound(ctx, f"{op.name}.reduce", signature, args, named, none=True)
    if op.name in REDUCTIONS:
        if is_none(given["array"]):
            ctx.fail(f"np.{op.name}.reduce of None", "pass an array")
        if given.get("keepdims", NONE) == NONE and "keepdims" in given:
            ctx.fail("keepdims has to be True or False, this is None")
        given = {k: v for k, v in given.items() if k == "axis" or v != Static(None)}
        return numpy_table.read(ctx, REDUCTIONS[op.name], [given.pop("array")], given)
    left = [key for key in given if key not in ("array", "axis", "out", "dtype")]
    axis = given["axis"]
    x = operand(ctx, given["array"])
    if left or not isinstance(axis, Const) or not x.type.dims:
        ctx.fail(f"np.{op.name}.reduce takes an array and one axis here", "write a loop")
    x = folding(ctx, op, x, given)
    x = first_axis(ctx, x, axis_of(ctx, x.type.ndim, given))
    start = getattr(np, op.name).identity
    identity = NONE if start is None else constant(start)
    return into(ctx, op.name, operand(ctx, stepped(ctx, folded, op, ctx.made(x), identity)), given)


def accumulate(ctx: Context, op: Op, args: Args, named: Named) -> Value:
    given = bound(ctx, f"{op.name}.accumulate", ("array*", "axis=0", "dtype", "out"), args, named)
    x = operand(ctx, given.pop("array"))
    if not x.type.dims:
        ctx.fail("cannot accumulate on a scalar", "write it as it is")
    if "axis" not in given and x.type.ndim > 1:
        ctx.fail("accumulate does not allow multiple axes", "name one axis")
    if "out" in given and views.extent_of(ctx, x.type.dims) == constant(0):
        ctx.fail("nothing is accumulated into out", "leave it out")
    x = folding(ctx, op, x, given)
    given.pop("dtype", None)
    return running(ctx, op.name, x, {"axis": constant(0), **given})


def folding(ctx: Context, op: Op, x: Atom, given: Named) -> Atom:
    """What an operator folds, at the dtype of its loop that gives what it takes.

    NumPy's sums and products of small integers are made in wide ones.
    """
    x = in_full(ctx, x)
    out = given.get("out")
    theirs = views.type_of(ctx, out).dtype if isinstance(out, Array) else ""
    asked = dtype_of(ctx, given, theirs)
    castable(ctx, op.name, x.type.dtype, asked or x.type.dtype)
    if op.name.startswith("logical_") and asked in ("", "bool"):
        return truths(ctx, x)
    usual = running_dtype(ctx, op.name, x)
    found = ctx.build.convert(x, asked or usual, "array")
    taken = op.operand_dtypes((found.type, found.type))[0]
    one = Var("", Type(taken, (), "numpy"))
    if op.type(ctx.build, op, (one, one), {}).dtype != taken or asked not in ("", taken):
        ctx.fail(
            f"np.{op.name} has no loop that gives the dtype {asked or x.type.dtype} which it takes",
            "convert the array with astype",
        )
    return ctx.build.convert(found, taken, "array")


def outer(ctx: Context, op: Op, args: Args, named: Named) -> Value:
    """Every element of the first with every element of the second."""
    if len(args) != 2:
        ctx.fail(f"np.{op.name}.outer takes two arrays")
    x, y = (strong(ctx, operand(ctx, a)) for a in args)
    if x.type.dims and y.type.dims:
        x = ctx.build.index(x, (":",) * x.type.ndim + ("new",) * y.type.ndim)
    return call(ctx, op.name, [ctx.made(x), ctx.made(y)], named)


def strong(ctx: Context, x: Atom) -> Atom:
    """A number as one of NumPy's, whose dtype counts."""
    return x if x.type.dims else ctx.build.convert(x, x.type.dtype, "numpy")


AT = "array is not broadcastable to correct shape"


def at(ctx: Context, op: Op, args: Args, named: Named) -> Value:
    """`np.add.at(x, k, v)`: a place that is named twice gets all that is added there."""
    if len(args) != 3 or named or not isinstance(args[0], Array):
        ctx.fail(f"np.{op.name}.at takes an array, indices and what is written there")
    x, where, value = args[0], args[1], operand(ctx, args[2])
    listed = isinstance(where, Structure) and where.kind == "tuple"
    given = where.items if isinstance(where, Structure) and listed else (where,)
    parts = [indices.part(ctx, as_index(ctx, one)) for one in given]
    if op in (arithmetic.ADD, arithmetic.SUBTRACT):
        view = views.stepped(ctx, x, indices.indexed(ctx, views.type_of(ctx, x).dims, parts))
        if value.type.ndim > views.type_of(ctx, view).ndim:
            ctx.misfit(AT)
        if op is arithmetic.SUBTRACT:
            value = expr.unary(ctx.build, "-", value)
        views.write(ctx, view, value, add=True)
        return Static(None)
    if len(parts) != 1 or parts[0][0] != "a":
        ctx.fail(f"np.{op.name}.at takes one array of integers here", "write a loop")
    (places,) = parts[0][1]
    if not views.type_of(ctx, x).dims:
        ctx.misplaced("too many indices: the array has no axes")
    extent = ctx.build.extent(views.type_of(ctx, x).dims[0])
    inside = ctx.build.text("all((k >= -n) & (k < n))", {"k": places, "n": extent})
    inside = ctx.build.convert(inside, "bool", "python")
    ctx.check(inside, "IndexError", "index is out of bounds for axis 0")
    dims = broadcast(ctx.build, [(*places.type.dims, *views.type_of(ctx, x).dims[1:])])
    if value.type.ndim > len(dims):
        ctx.misfit(AT)
    for mine, there in zip(value.type.dims[::-1], dims[::-1], strict=False):
        if mine.constant != 1:
            ctx.build.same(mine, there)
    value = ctx.build.broadcast_to(value, dims)
    rest = dims[places.type.ndim :]
    count = indices.flat(ctx, places)
    value = ctx.build.reshape(value, (*count.type.dims, *rest))
    return stepped(ctx, changed, op, x, ctx.made(count), ctx.made(value))


def reduceat(ctx: Context, op: Op, args: Args, named: Named) -> Value:
    given = bound(ctx, f"{op.name}.reduceat", ("array*", "indices*", "axis=0"), args, named)
    x = folding(ctx, op, operand(ctx, given["array"]), {})
    axis = axis_of(ctx, x.type.ndim, given)
    where = as_index(ctx, given["indices"])
    found = stepped(ctx, parted, op, ctx.made(first_axis(ctx, x, axis)), where)
    order = (*range(1, axis + 1), 0, *range(axis + 1, x.type.ndim))
    return ctx.made(ctx.build.transpose(operand(ctx, found), order))


METHODS: dict[str, Callable[[Context, Op, Args, Named], Value]] = {
    "reduce": reduce, "accumulate": accumulate, "outer": outer, "at": at, "reduceat": reduceat,
}  # fmt: skip


def first_axis(ctx: Context, x: Atom, axis: int) -> Atom:
    """The array with one axis moved to the front."""
    return ctx.build.transpose(x, (axis, *(k for k in range(x.type.ndim) if k != axis)))


# -- what is done step by step, as text that is read where it is called


def stepped(ctx: Context, text: Callable[..., Any], op: Op, *args: Value) -> Value:
    step = Static(getattr(np, op.name))
    with ctx.quoting():
        return ctx.hooks.inline(ctx, text, (step, *args), {})


def folded(step: Any, x: Any, identity: Any) -> Any:
    if len(x) == 0 and identity is not None:
        return np.full(x.shape[1:], identity, x.dtype)[()]
    if len(x) == 0:
        raise ValueError("zero-size array to a reduction operation which has no identity")
    total = x[0]
    for i in range(1, len(x)):
        total = step(total, x[i])
    return total


def changed(step: Any, x: Any, places: Any, values: Any) -> Any:
    for i in range(len(places)):
        x[places[i]] = step(x[places[i]], values[i])


def parted(step: Any, x: Any, places: Any) -> Any:
    found = np.empty((len(places), *x.shape[1:]), x.dtype)
    if np.any((places < 0) | (places >= len(x))):
        raise IndexError("an index of reduceat is out of bounds")
    for i in range(len(places)):
        stop = places[i + 1] if i + 1 < len(places) else len(x)
        found[i] = x[places[i]]
        for j in range(places[i] + 1, stop):
            found[i] = step(found[i], x[j])
    return found
