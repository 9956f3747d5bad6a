"""Products of vectors, matrices and stacks of them.

All are contractions: the elements of two arrays, their axes named by letters, are multiplied and
summed over the letters that the result does not have. The derivative of one is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from transpile.sym.affine import Affine
from transpile.sym.ops.arithmetic import MULTIPLY
from transpile.sym.ops.table import (
    Call,
    Host,
    Infix,
    Op,
    Operand,
    Pull,
    Shapes,
    broadcast,
    op,
)
from transpile.sym.types import Malformed, Mismatch, Type, array, promote, result_of_element

ROW, SUMMED, COLUMN, STACKS = "i", "k", "j", "abcdefgh"


class Letters(Struct, frozen=True):
    """The axes of two operands and of the result."""

    x: str
    y: str
    out: str

    @property
    def summed(self) -> str:
        return "".join(k for k in dict.fromkeys(self.x + self.y) if k not in self.out)


def letters(op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Letters:
    """The axes of MATMUL, OUTER or CONTRACT. In MATMUL a stack of one length may be 1."""
    if op is CONTRACT:
        return Letters(params["x"], params["y"], params["out"])
    x, y = args[0].type.ndim, args[1].type.ndim
    if op is OUTER:
        return Letters(ROW, COLUMN, ROW + COLUMN)
    stack = STACKS[: max(x, y) - 2]
    rows, columns = ROW[: x - 1], COLUMN[: y - 1]
    ours, theirs = (stack[len(stack) - max(0, n - 2) :] for n in (x, y))
    return Letters(f"{ours}{rows}{SUMMED}", f"{theirs}{SUMMED}{columns}", stack + rows + columns)


def product(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    x, y = args[0].type, args[1].type
    if x.ndim == 0 or y.ndim == 0:
        raise Mismatch(f"@ takes vectors and matrices, not {x} and {y}")
    shapes.same(x.dims[-1], y.dims[-2 if y.ndim > 1 else 0])
    stack = broadcast(shapes, [x.dims[:-2], y.dims[:-2]])
    rows, columns = x.dims[-2:-1], y.dims[-1:] if y.ndim > 1 else ()
    return result_of_element(promote((x, y)), (*stack, *rows, *columns))


def outer_type(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    x, y = args[0].type, args[1].type
    if x.ndim != 1 or y.ndim != 1:
        raise Malformed(f"np.outer takes two vectors, not {x} and {y}")
    return array(promote((x, y)), *x.dims, *y.dims)


def contracted(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    dims: dict[str, Affine] = {}
    for name, arg in zip("xy", args, strict=True):
        for letter, dim in zip(params[name], arg.type.dims, strict=True):
            dims[letter] = shapes.same(dims[letter], dim) if letter in dims else dim
    found = promote(tuple(a.type for a in args))
    return result_of_element(found, tuple(dims[k] for k in params["out"]))


def contract(build: Any, x: Any, xs: str, y: Any, ys: str, out: str) -> Any:
    """The contraction of `x` and `y` with these axes, in the words one would write it in.

    A letter that only one of them has is in the result; no letter stands twice in one of them.
    """
    if not xs or not ys:
        one, axes = (x, xs) if xs else (y, ys)
        moved = build.transpose(one, tuple(map(axes.index, out)))
        return build.apply(MULTIPLY, *((moved, y) if xs else (x, moved)))
    stack = "".join(k for k in out if k in xs and k in ys)
    summed = "".join(k for k in xs if k in ys and k not in out)
    rows, columns = (tuple(k for k in out if k in a and k not in b)
                     for a, b in ((xs, ys), (ys, xs)))  # fmt: skip
    if len(summed) == 1 and len(rows) < 2 and len(columns) < 2:
        plain = stack + "".join(rows) + "".join(columns)
        if out != plain:
            x, xs, y, ys, rows, columns = y, ys, x, xs, columns, rows
            plain = stack + "".join(rows) + "".join(columns)
        if out == plain and (not stack or (rows and columns)):
            left = build.transpose(x, tuple(map(xs.index, (*stack, *rows, *summed))))
            right = build.transpose(y, tuple(map(ys.index, (*stack, *summed, *columns))))
            return build.apply(MATMUL, left, right)
    if not summed and not stack and len(xs) == len(ys) == 1:
        return build.apply(OUTER, *((x, y) if out == xs + ys else (y, x)))
    return build.apply(CONTRACT, x, y, x=xs, y=ys, out=out)


def product_x(p: Pull) -> Any:
    x, y = (a.type.ndim for a in p.args)
    texts = {(1, 1): "g * y", (2, 1): "outer(g, y)", (1, 2): "y @ g", (2, 2): "g @ transpose(y)"}
    if (x, y) not in texts:
        found = letters(MATMUL, p.args, p.params)
        return pulled(p, p.args[0], found.x, p.args[1], found.y, found.out)
    return p.build.text(texts[x, y], {"g": p.g, "y": p.args[1]})


def product_y(p: Pull) -> Any:
    x, y = (a.type.ndim for a in p.args)
    texts = {(1, 1): "g * x", (2, 1): "g @ x", (1, 2): "outer(x, g)", (2, 2): "transpose(x) @ g"}
    if (x, y) not in texts:
        found = letters(MATMUL, p.args, p.params)
        return pulled(p, p.args[1], found.y, p.args[0], found.x, found.out)
    return p.build.text(texts[x, y], {"g": p.g, "x": p.args[0]})


def contracted_x(p: Pull) -> Any:
    return pulled(p, p.args[0], p.params["x"], p.args[1], p.params["y"], p.params["out"])


def contracted_y(p: Pull) -> Any:
    return pulled(p, p.args[1], p.params["y"], p.args[0], p.params["x"], p.params["out"])


def pulled(p: Pull, x: Any, xs: str, y: Any, ys: str, out: str) -> Any:
    """The cotangent of `x`: that of the result contracted with `y`, summed where x is stretched."""
    dims = dict(zip(out, p.g.type.dims, strict=True))
    left, own = unstretched(p.build, x, xs, dims)
    right, theirs = unstretched(p.build, y, ys, dims)
    found = contract(p.build, p.g, out, right, theirs, own)
    if left is x:
        return found
    return p.build.index(found, tuple(":" if k in own else "new" for k in xs))


def unstretched(build: Any, x: Any, xs: str, dims: Mapping[str, Affine]) -> tuple[Any, str]:
    """`x` without the axes of length 1 that are longer in the result, and the letters left."""
    kept = [k not in dims or d == dims[k] or d.constant != 1
            for k, d in zip(xs, x.type.dims, strict=True)]  # fmt: skip
    if all(kept):
        return x, xs
    at = [build.atom(Affine())] * kept.count(False)
    own = "".join(k for k, keep in zip(xs, kept, strict=True) if keep)
    return build.index(x, tuple(":" if keep else "i" for keep in kept), at), own


MATMUL = op("matmul(x, y)", numpy=Infix("@"), type=product,
            vjp={"x": product_x, "y": product_y}, cost=100, linear=True)  # fmt: skip

OUTER = op("outer(x, y)", numpy=Call("np.outer"), type=outer_type,
           vjp={"x": "g @ y", "y": "x @ g"}, cost=2, linear=True)  # fmt: skip

# `params` "x", "y" and "out" are the letters of each, as in `np.einsum`.
CONTRACT = op("contract(x, y)", numpy=Call("np.einsum"), type=contracted,
              vjp={"x": contracted_x, "y": contracted_y}, cost=100, linear=True)  # fmt: skip

# What a product of two matrices is where it is large: not an operator of programs.
LARGE_PRODUCT = Op(
    "large_product",
    ("x", "y"),
    numpy=Infix("@"),
    type=product,
    c=Host("large_product_{t}", "*mk,kn->mn", ("matmul_{t}",)),
    helper="""\
// z = x y, where x has m rows and y has n columns; one that is flipped lies column by column.
static void large_product_{t}(
    const Host *host, int64_t m, int64_t k, int64_t n, const {T} *x, int x_flipped,
    const {T} *y, int y_flipped, {T} *z)
{{
    const int64_t one = (int64_t)sizeof({T}), extents[] = {{1, m, k, n}};
    const int64_t steps[] = {{
        0, 0, 0, x_flipped ? one : k * one, x_flipped ? m * one : one,
        y_flipped ? one : n * one, y_flipped ? k * one : one, n * one, one}};
    char *args[] = {{(char *)(uintptr_t)x, (char *)(uintptr_t)y, (char *)z}};
    host->matmul_{t}.run(args, extents, steps, host->matmul_{t}.data);
}}
""",
)  # fmt: skip
