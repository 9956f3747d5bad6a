"""Products of vectors and matrices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.ops.table import Call, Infix, Op, Operand, Pull, Shapes, op
from transpile.sym.types import Mismatch, Type, array, promote, result_of_element


def product(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    x, y = args[0].type, args[1].type
    if x.ndim not in (1, 2) or y.ndim not in (1, 2):
        raise Mismatch(f"@ takes vectors and matrices, not {x} and {y}")
    shapes.same(x.dims[-1], y.dims[0])
    return result_of_element(promote((x, y)), (*x.dims[:-1], *y.dims[1:]))


def outer_type(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    x, y = args[0].type, args[1].type
    if x.ndim != 1 or y.ndim != 1:
        raise Mismatch(f"np.outer takes two vectors, not {x} and {y}")
    return array(promote((x, y)), *x.dims, *y.dims)


def product_x(p: Pull) -> Any:
    x, y = (a.type.ndim for a in p.args)
    texts = {(1, 1): "g * y", (2, 1): "outer(g, y)", (1, 2): "y @ g", (2, 2): "g @ transpose(y)"}
    return p.build.text(texts[x, y], {"g": p.g, "y": p.args[1]})


def product_y(p: Pull) -> Any:
    x, y = (a.type.ndim for a in p.args)
    texts = {(1, 1): "g * x", (2, 1): "g @ x", (1, 2): "outer(x, g)", (2, 2): "transpose(x) @ g"}
    return p.build.text(texts[x, y], {"g": p.g, "x": p.args[0]})


MATMUL = op("matmul(x, y)", numpy=Infix("@"), aliases=("dot",), method="dot", type=product,
            vjp={"x": product_x, "y": product_y}, cost=100, linear=True)  # fmt: skip

OUTER = op("outer(x, y)", numpy=Call("np.outer"), type=outer_type,
           vjp={"x": "g @ y", "y": "x @ g"}, cost=2, linear=True)  # fmt: skip
