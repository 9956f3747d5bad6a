"""Reductions. `axis` is a tuple of axes counted from the left, `keepdims` as in NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.affine import Affine
from transpile.sym.ops.table import Call, Infix, Op, Operand, Pull, Reduce, Shapes, op
from transpile.sym.types import INT, Type, result_of_element, sum_dtype


def reduced_dims(type: Type, params: Mapping[str, Any]) -> tuple[Affine, ...]:
    if params["keepdims"]:
        return tuple(Affine((), 1) if k in params["axis"] else d for k, d in enumerate(type.dims))
    return tuple(d for k, d in enumerate(type.dims) if k not in params["axis"])


def same_dtype(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    return result_of_element(args[0].type.dtype, reduced_dims(args[0].type, params))


def wide_dtype(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    """Sums and products of small integers are int64 or uint64, as NumPy has them."""
    return result_of_element(sum_dtype(args[0].type.dtype), reduced_dims(args[0].type, params))


def truth(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return result_of_element("bool", reduced_dims(args[0].type, params))


def count(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return INT


def spread(p: Pull, value: Any) -> Any:
    """A result of the reduction, such as `g` or `out`, at every element it was reduced from.

    What is of the argument's dims, such as a tangent in place of `g`, is that already.
    """
    x = p.args[0]
    if value.type.dims == x.type.dims:
        return value
    if not p.params["keepdims"] and value.type.dims:
        kept = tuple("new" if k in p.params["axis"] else ":" for k in range(x.type.ndim))
        value = p.build.index(value, kept)
    return p.build.broadcast_to(value, x.type.dims)


def sum_x(p: Pull) -> Any:
    return spread(p, p.g)


def extreme_x(p: Pull) -> Any:
    """Every element that attains the extreme gets the whole cotangent (SEED's ledger of ties)."""
    env = {"x": p.args[0], "top": spread(p, p.out), "g": spread(p, p.g)}
    return p.build.text("where(x == top, g, 0)", env)


def prod_x(p: Pull) -> Any:
    """The product of the others: `out / x`, but exact where one or more elements are zero."""
    x = p.args[0]
    zeros = p.build.text("where(x == 0, 1, 0)", {"x": x})
    rest = p.build.text("where(x == 0, 1, x)", {"x": x})
    env = {
        "x": x,
        "rest": spread(p, p.build.apply(PROD, rest, **p.params)),
        "zeros": spread(p, p.build.apply(SUM, zeros, **p.params)),
        "filled": rest,
        "g": spread(p, p.g),
    }
    others = "where(zeros == 0, rest / filled, where((zeros == 1) & (x == 0), rest, 0))"
    return p.build.text(f"g * {others}", env)


SUM = op("sum(x)", numpy=Call("np.sum"), method="sum", c=Reduce(Infix("+"), 0),
         type=wide_dtype, vjp={"x": sum_x})  # fmt: skip

PROD = op("prod(x)", numpy=Call("np.prod"), method="prod", c=Reduce(Infix("*"), 1),
          type=wide_dtype, vjp={"x": prod_x}, domain={"x": (0.5, 2.0)})  # fmt: skip

MAX = op("max(x)", numpy=Call("np.max"), method="max", aliases=("amax",),
         c=Reduce(Call("maximum_{t}")), type=same_dtype, vjp={"x": extreme_x})  # fmt: skip

MIN = op("min(x)", numpy=Call("np.min"), method="min", aliases=("amin",),
         c=Reduce(Call("minimum_{t}")), type=same_dtype, vjp={"x": extreme_x})  # fmt: skip

ALL = op("all(x)", numpy=Call("np.all"), method="all", c=Reduce(Infix("&&"), 1), type=truth,
         vjp={"x": "0"})  # fmt: skip

ANY = op("any(x)", numpy=Call("np.any"), method="any", c=Reduce(Infix("||"), 0), type=truth,
         vjp={"x": "0"})  # fmt: skip

# How many elements are not zero: Python's own integer, so that arrays can be made of that length.
COUNT_NONZERO = op("count_nonzero(x)", numpy=Call("np.count_nonzero"),
                   c=Reduce(Infix("+"), 0), type=count, vjp={"x": "0"})  # fmt: skip
