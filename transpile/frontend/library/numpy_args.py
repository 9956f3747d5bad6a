"""Arguments of NumPy's functions: operands, axes, extents, dtypes, and lists that become arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from transpile.frontend import views
from transpile.frontend.context import Context
from transpile.frontend.iterables import items, length
from transpile.frontend.operands import (
    CONSTANT,
    as_atom,
    compute,
    described,
    integer,
    number,
    truth,
)
from transpile.frontend.pieces import HOLE
from transpile.frontend.values import (
    Array,
    Indexed,
    Listed,
    Range,
    Records,
    Static,
    Structure,
    Value,
)
from transpile.sym import expr
from transpile.sym.affine import Affine
from transpile.sym.ir import Atom, Const, constant
from transpile.sym.ops import shape
from transpile.sym.types import DTYPES, Mismatch, promote

SEQUENCES = (Structure, Listed, Records)
Args = Sequence[Value]
Named = Mapping[str, Value]


def operand(ctx: Context, value: Value) -> Atom:
    """A number or an array; a tuple, list or range of numbers becomes an array."""
    if isinstance(value, Range):
        some = truth(ctx, compute(ctx, ">", length(ctx, value), constant(0)))
        ctx.check(as_atom(some), "ValueError", "an array of no integers would be of floats")
        return expr.call(ctx.build, "arange", [value.start, value.stop, value.step], {})
    return number(ctx, as_array(ctx, value) if isinstance(value, SEQUENCES) else value)


def in_full(ctx: Context, atom: Atom) -> Atom:
    """A number as an array without axes, with a dtype of its own; an array as it is."""
    return ctx.build.convert(atom, atom.type.dtype, "array")


def converted_to(ctx: Context, atom: Atom, dtype: str) -> Atom:
    return ctx.build.convert(atom, dtype, "array")


def bound(
    ctx: Context,
    name: str,
    signature: Sequence[str],
    args: Args,
    named: Named,
    none: bool = False,
) -> dict[str, Value]:
    """Arguments by their parameters' names, None left out unless `none`.

    A name that ends in `*` is required, one that begins with it takes all that are left; one with
    `=` has that for its default, None otherwise; one that ends in `!` has to be an array.
    """
    names = [parameter(one) for one in signature]
    rest = next((k for k, one in enumerate(signature) if one.startswith("*")), None)
    if rest is not None:
        args = [*args[:rest], Structure("tuple", tuple(args[rest:]))]
    if len(args) > len(names):
        ctx.fail(
            f"{spelled(name)} takes at most {len(names)} arguments here, not {len(args)}",
            f"taken are {', '.join(names)}",
        )
    found = dict(zip(names, args, strict=False))
    for key, value in named.items():
        if key not in names or key in found:
            taken = ", ".join(one for one in names if one not in found)
            remedy = f"taken are {taken}" if taken else "leave it out"
            ctx.fail(f"{spelled(name)} does not take {key} here", remedy)
        found[key] = value
    for one in signature:
        key, _, default = one.partition("=")
        required = one.rstrip("!").endswith("*")
        if required and parameter(one) not in found:
            ctx.fail(f"{spelled(name)} needs {parameter(one)}")
        if required and not none and is_none(found[parameter(one)]):
            ctx.fail(f"{parameter(one)} of {spelled(name)} is None", "pass a value")
        if one.endswith("!") and not isinstance(found[parameter(one)], Array):
            what = described(found[parameter(one)])
            message = f"{parameter(one)} of {spelled(name)} has to be an array, this is {what}"
            ctx.fail(message, "make an array of it, np.array(...)")
        if default and key not in found:
            found[key] = constant(int(default))
    return {key: value for key, value in found.items() if none or not is_none(value)}


def spelled(name: str) -> str:
    """A function's name as a program writes it."""
    return name if name.startswith(("scipy.", "itertools.", "statistics.")) else f"np.{name}"


def is_none(value: Value) -> bool:
    """Is it None itself? NumPy's float64 says that it equals None."""
    return isinstance(value, Static) and value.value is None


def parameter(one: str) -> str:
    """The name of a signature's parameter."""
    return one.partition("=")[0].strip("*!")


def text_of(ctx: Context, given: Mapping[str, Value], key: str, *taken: str) -> str:
    """An argument that is one of these texts, the first where it is not given."""
    value = given.get(key, Static(taken[0]))
    if not isinstance(value, Static) or value.value not in taken:
        ctx.fail(f"this {key} is not taken", f"take one of {', '.join(taken)}")
    return str(value.value)


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
        ctx.unknown(f"{what} has to be a constant", CONSTANT)
    if isinstance(value.value, bool):
        ctx.fail(f"{what} is {value.value}, which is no integer", f"write {int(value.value)}")
    return int(value.value)


def unlisted(ctx: Context, axis: Value) -> Value:
    """An `axis=` that NumPy takes no list for."""
    if isinstance(axis, Structure) and axis.kind != "tuple":
        ctx.fail("axis is a list, where NumPy takes an integer or a tuple of them", "write a tuple")
    return axis


def axis_of(ctx: Context, ndim: int, given: Mapping[str, Value], key: str = "axis") -> int:
    """`axis=`, one of the array's, counted from the left."""
    axis = axes(ctx, given.get(key, constant(0)), key)
    if not isinstance(axis, int):
        ctx.fail(f"{key} has to be one integer, this is {axis}", "name one axis")
    if not -ndim <= axis < ndim:
        ctx.fail(f"{key} {axis} is out of bounds for an array of {ndim} dimensions")
    return axis % ndim


def like_dims(ctx: Context, dims: tuple[Affine, ...]) -> tuple[Atom, ...]:
    return tuple(ctx.build.extent(dim) for dim in dims)


def array_of(ctx: Context, value: Value) -> Array:
    """The array itself; of a number or a list, one made of it."""
    if isinstance(value, Array):
        return value
    atom = operand(ctx, value)
    made = ctx.made(ctx.build.convert(atom, atom.type.dtype, "array"))
    assert isinstance(made, Array)
    return made


def as_array(
    ctx: Context, value: Structure | Listed | Records, given: Mapping[str, Value] | None = None
) -> Value:
    """An array filled from a list or tuple of numbers, arrays or such lists."""
    if isinstance(value, Listed):
        return of_listed(ctx, value)
    if isinstance(value, Records):
        return of_records(ctx, value)
    parts = [
        as_array(ctx, item) if isinstance(item, SEQUENCES) else item for item in items(ctx, value)
    ]
    if not parts:
        dtype = dtype_of(ctx, given or {}, "float64")
        return ctx.made(ctx.build.apply(shape.EMPTY, constant(0), dtype=dtype))
    atoms = [operand(ctx, part) for part in parts]
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
        for mine, first in zip(atom.type.dims, atoms[0].type.dims, strict=True):
            same_part(ctx, mine, first)
        views.write(ctx, view, atom)
    return made


def same_part(ctx: Context, mine: Affine, first: Affine) -> None:
    try:
        ctx.build.same(mine, first)
    except Mismatch as error:
        ctx.misfit(f"the parts of an array differ in shape: {error}")


def of_listed(ctx: Context, value: Listed) -> Value:
    """The array that has a list's items. NumPy makes float64 and one axis of a list of nothing."""
    if value.both == "dtypes":
        ctx.fail(
            "what dtype an array has is not known of a list of numbers of several types",
            "write 0.0 for 0 where the list is made, or convert its items with float(...)",
        )
    type, deep = views.type_of(ctx, value.array), value.levels + 1
    plain = type.dtype == "float64" and type.ndim == deep
    for dim in type.dims[: deep - plain]:
        some = truth(ctx, compute(ctx, ">", ctx.build.extent(dim), constant(0)))
        message = "what dtype and shape an array has is not known of a list without items"
        ctx.check(as_atom(some), "ValueError", message)
    return value.array


def of_records(ctx: Context, value: Records) -> Value:
    """The array that has a row for each tuple of a list."""
    flat = isinstance(value.form, Structure) and value.form.kind == "tuple"
    if not (flat and isinstance(value.form, Structure) and set(value.form.items) == {HOLE}):
        ctx.fail("an array of a list of such items", "make one of each of their parts")
    columns = [column for column in value.columns if isinstance(column, Listed)]
    atoms = [operand(ctx, of_listed(ctx, column)) for column in columns]
    dims = atoms[0].type.dims
    for atom in atoms:
        if atom.type.ndim != len(dims):
            ctx.fail("the parts of an array have different numbers of dimensions")
        for mine, first in zip(atom.type.dims, dims, strict=True):
            same_part(ctx, mine, first)
    extents = [*map(ctx.build.extent, dims)]
    extents.insert(1, constant(len(atoms)))
    dtype = promote([atom.type for atom in atoms])
    made = ctx.made(ctx.build.apply(shape.EMPTY, *extents, dtype=dtype))
    assert isinstance(made, Array)
    for k, atom in enumerate(atoms):
        views.write(ctx, views.stepped(ctx, made, Indexed((":", "i"), (constant(k),))), atom)
    return made


def row_major(ctx: Context, given: Mapping[str, Value], taken: str = "CKA") -> None:
    """`order=` is how elements lie in memory: one after the other, the last axis fastest."""
    if given.get("order", Static("C")) not in [Static(one) for one in taken]:
        ctx.fail("arrays lie in memory row by row here", "leave order out, or write order='C'")


def as_index(ctx: Context, value: Value) -> Value:
    """What stands in an index: a list or tuple is an array of its numbers, one of none too."""
    if isinstance(value, Listed | Records):
        return as_array(ctx, value)
    if not isinstance(value, Structure) or value.kind not in ("list", "tuple"):
        return value
    if value.items:
        return as_array(ctx, value)
    return ctx.made(ctx.build.apply(shape.EMPTY, constant(0), dtype="int64"))
