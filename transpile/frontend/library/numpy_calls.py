"""NumPy's functions and the methods of arrays, over the operator table."""

from __future__ import annotations

from typing import Any

import numpy as np

from transpile.frontend import tables, unread, views
from transpile.frontend.context import Context
from transpile.frontend.library import (  # fmt: skip
    numpy_bytes,
    numpy_complex,
    numpy_cross,
    numpy_draws,
    numpy_dtypes,
    numpy_elements,
    numpy_emath,
    numpy_fft,
    numpy_forms,
    numpy_functional,
    numpy_grids,
    numpy_joining,
    numpy_linalg,
    numpy_making,
    numpy_matrices,
    numpy_padding,
    numpy_places,
    numpy_products,
    numpy_quantiles,
    numpy_reductions,
    numpy_sets,
    numpy_signals,
    numpy_sorting,
    numpy_statistics,
    numpy_table,
    numpy_ufuncs,
    numpy_views,
    numpy_written,
    scipy_linalg,
    scipy_spatial,
    scipy_special,
    scipy_stats,
)
from transpile.frontend.library.numpy_args import (
    Args,
    Named,
    dtype_of,
    operand,
    spelled,
)  # fmt: skip
from transpile.frontend.library.numpy_instead import instead
from transpile.frontend.library.numpy_table import FUNCTIONS, qualified
from transpile.frontend.operands import as_python, integer, number
from transpile.frontend.values import Array, Indexed, Static, Structure, Value
from transpile.sym import expr
from transpile.sym.ir import Atom, constant
from transpile.sym.types import DTYPES

# The files whose entries are taken.
FAMILIES = (
    numpy_bytes,
    numpy_complex,
    numpy_cross,
    numpy_draws,
    numpy_dtypes,
    numpy_elements,
    numpy_emath,
    numpy_fft,
    numpy_forms,
    numpy_functional,
    numpy_grids,
    numpy_joining,
    numpy_linalg,
    numpy_making,
    numpy_matrices,
    numpy_padding,
    numpy_places,
    numpy_products,
    numpy_quantiles,
    numpy_reductions,
    numpy_sets,
    numpy_signals,
    numpy_sorting,
    numpy_statistics,
    numpy_views,
    numpy_written,
    scipy_linalg,
    scipy_spatial,
    scipy_special,
    scipy_stats,
)


def call(ctx: Context, function: Any, args: Args, named: Named) -> Value:
    """`np.name(...)`."""
    name = function.__name__
    if isinstance(getattr(function, "__self__", None), np.ufunc):
        return numpy_ufuncs.method(ctx, function.__self__.__name__, name, args, named)
    if function in (np.finfo, np.iinfo):
        if len(args) != 1:
            ctx.fail(f"np.{name} takes 1 argument, not {len(args)}")
        return Static(function(np.dtype(dtype_of(ctx, {"dtype": args[0]}, "float64"))))
    if isinstance(function, type) and issubclass(function, np.generic):
        return scalar_type(ctx, function, args)
    name = qualified(function)
    if name in FUNCTIONS:
        return numpy_table.called(ctx, name, args, named)
    if name.startswith("random."):
        numpy_draws.refused(ctx, name)
    entry = expr.NAMES.get(name)
    if entry is None:
        ctx.fail(f"{spelled(name)} is not in the operator table", instead(name))
    plain = entry.elementwise and not isinstance(function, np.ufunc)
    return numpy_ufuncs.call(ctx, name, args, named, plain)


def scalar_type(ctx: Context, kind: type, args: Args) -> Value:
    """`np.float64(x)`: a NumPy scalar, or a converted array, the same one if it is so already."""
    dtype = np.dtype(kind).name
    if dtype not in DTYPES:
        ctx.fail(f"the dtype {dtype} is not taken", f"take one of {', '.join(DTYPES)}")
    if len(args) > 1:
        ctx.impossible("TypeError", f"np.{dtype} takes one argument here, not {len(args)}")
    if args and isinstance(args[0], Array):
        type = views.type_of(ctx, args[0])
        if type.dims and type.dtype == dtype:
            return args[0]
    atom = views.in_range(ctx, operand(ctx, args[0]) if args else constant(0), dtype)
    return ctx.made(ctx.build.convert(atom, dtype, "array" if atom.type.dims else "numpy"))


# -- methods


# What `x.reshape(2, 3)`, as well as `x.reshape((2, 3))`, takes by name.
VARIADIC = {"reshape": ("order", "copy"), "transpose": ()}


def method(ctx: Context, owner: Array | Atom, name: str, args: Args, named: Named) -> Value:
    """`x.name(...)`."""
    if name in VARIADIC and not named.keys() <= {*VARIADIC[name]}:
        ctx.fail(f"the method {name} does not take {', '.join(named)} by name")
    if name in VARIADIC and len(args) != 1:
        args = [Structure("tuple", tuple(args))] if args else []
    if name in ("var", "std") and "correction" in named:
        ctx.fail(f"the method {name} does not take correction", "write ddof")
    of_arrays = hasattr(np.ndarray, name) and not hasattr(np.generic, name)
    if of_arrays and not isinstance(owner, Array):
        ctx.impossible("AttributeError", f"a number has no method {name}")
    given = [owner, *args]
    if f"ndarray.{name}" in FUNCTIONS:
        return numpy_table.called(ctx, f"ndarray.{name}", given, named)
    match name:
        case "fill":
            if not isinstance(owner, Array) or len(args) != 1:
                ctx.fail("fill takes one number")
            views.write(ctx, owner, number(ctx, args[0]))
            return Static(None)
        case "tolist" if isinstance(owner, Array) and not args:
            return tables.of_array(ctx, owner)
        case "item" | "tolist":
            return item(ctx, owner, args)
        case "conj" | "conjugate":
            return numpy_complex.conjugated(ctx, owner)
    if name in FUNCTIONS and FUNCTIONS[name].method:
        return numpy_table.called(ctx, name, given, named, method=True)
    ctx.fail(f"the method {name} is not taken", "write it with what is taken")


def item(ctx: Context, owner: Array | Atom, args: Args) -> Value:
    """`x.item(i)`: a Python number."""
    if isinstance(owner, Array):
        at = tuple(integer(ctx, a) for a in args)
        if len(at) != views.type_of(ctx, owner).ndim:
            ctx.fail("item needs an index for each dimension here", "write float(x[0])")
        owner = views.stepped(ctx, owner, Indexed(("i",) * len(at), at)) if at else owner
    with unread.noting(ctx):
        atom = number(ctx, owner)
    return as_python(ctx, atom)
