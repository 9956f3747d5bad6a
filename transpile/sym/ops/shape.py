"""Arrays made, given another form, indexed and written: the operators that are not elementwise.

`*dims` are extents, Python integers. An index is `params["index"]`, one item for each axis or new
axis, with the integers it needs following in the arguments: `"i"` an integer, `":"` the whole
axis, `"new"` a new axis, `("slice", start, stop, step)` with True for each of the three that is
given, `"a"` an array of integers. Integers mean what they mean in Python, negative ones included;
`params["dims"]` are the dims of what is selected. With `params["within"]` the integers are in range
and not negative, by the way they were made (the adjoint's own logs): nothing is checked.

The arrays of one index all have the same dims. Where they name a place more than once, UPDATE
leaves there what it writes last, and INCREMENT adds all that is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transpile.sym.ops.table import Call, Op, Operand, Pull, Shapes, op
from transpile.sym.types import INT, Type, array, result_of_element


def is_gather(params: Mapping[str, Any]) -> bool:
    """Does the index have arrays of integers, so that it may name a place more than once?"""
    return "a" in params["index"]


def lead(index: Sequence[Any]) -> int:
    """How many axes of what an index with arrays selects come before the axes of the arrays.

    Those stand where the first array does, or before all where others stand between the arrays.
    """
    kept = [item for item in index if item != "i"]
    first = kept.index("a")
    together = kept[first : first + kept.count("a")]
    return first if all(item == "a" for item in together) else 0


def made(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return array(params["dtype"], *map(shapes.dim, args))


def filled(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return array(params["dtype"], *map(shapes.dim, args[1:]))


def counted(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return array(params["dtype"], shapes.dim(args[3]))


def places(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return array("int64", shapes.dim(args[1]))


def given_dims(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    return array(args[0].type.dtype, *map(shapes.dim, args[1:]))


def same_type(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return args[0].type


def permuted(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return array(args[0].type.dtype, *(args[0].type.dims[k] for k in params["axes"]))


def converted(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return Type(params["dtype"], args[0].type.dims, params["kind"])


def selected(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    if params["dims"] or "i" not in params["index"]:
        return array(args[0].type.dtype, *params["dims"])
    return result_of_element(args[0].type.dtype, ())


def integer(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    return INT


def convert_x(p: Pull) -> Any:
    return p.build.projected(p.g, p.args[0].type.dtype, p.args[0].type.kind)


def reshape_x(p: Pull) -> Any:
    return p.build.reshape(p.g, p.args[0].type.dims)


def transpose_x(p: Pull) -> Any:
    axes = p.params["axes"]
    return p.build.transpose(p.g, tuple(axes.index(k) for k in range(len(axes))))


def counted_start(p: Pull) -> Any:
    return p.build.sum(p.g, (0,))


def counted_step(p: Pull) -> Any:
    number = p.build.text("arange(n)", {"n": p.args[3]})
    return p.build.sum(p.build.text("g * number", {"g": p.g, "number": number}), (0,))


def roll_x(p: Pull) -> Any:
    back = p.build.text("0 - shift", {"shift": p.args[1]})
    return p.build.apply(ROLL, p.g, back, **p.params)


def filled_value(p: Pull) -> Any:
    return p.build.unbroadcast(p.g, p.args[0].type)


# Made arrays. `arange(start, stop, step, length)`: the length is an integer of the program, and
# the elements are `start + i * step`, or of floats, `start + i * ((start + step) - start)`.
ZEROS = op("zeros(*dims)", numpy=Call("np.zeros"), type=made, vjp={})
ONES = op("ones(*dims)", numpy=Call("np.ones"), type=made, vjp={})
EMPTY = op("empty(*dims)", numpy=Call("np.empty"), type=made, vjp={})
FULL = op(
    "full(x, *dims)", numpy=Call("np.full"), type=filled, vjp={"x": filled_value}, linear=True
)
ARANGE = op("arange(start, stop, step, length)", numpy=Call("np.arange"), type=counted,
            vjp={"start": counted_start, "stop": "0", "step": counted_step})  # fmt: skip

# The places where `x`, of one dimension, is true; `count` is how many there are.
FLATNONZERO = op("flatnonzero(x, count)", numpy=Call("np.flatnonzero"), type=places, vjp={})
# The same of `x` with several dimensions, in row-major order: where the places are along `axis`.
NONZERO = op("nonzero(x, count)", numpy=Call("np.nonzero"), type=places, vjp={})

# Another form of the same elements. `copy` is the identity until `place` says where it is needed.
COPY = op(
    "copy(x)", numpy=Call("np.copy"), method="copy", type=same_type, vjp={"x": "g"}, linear=True
)
RESHAPE = op("reshape(x, *dims)", numpy=Call("np.reshape"), method="reshape", type=given_dims,
             vjp={"x": reshape_x}, linear=True)  # fmt: skip
TRANSPOSE = op("transpose(x)", numpy=Call("np.transpose"), method="transpose", type=permuted,
               vjp={"x": transpose_x}, linear=True)  # fmt: skip
BROADCAST_TO = op("broadcast_to(x, *dims)", numpy=Call("np.broadcast_to"), type=given_dims,
                  vjp={"x": filled_value}, linear=True)  # fmt: skip
CONVERT = op("convert(x)", numpy=Call("astype"), method="astype", type=converted,
             vjp={"x": convert_x}, linear=True)  # fmt: skip

# The elements moved along an axis, those that leave it at the end coming in at the start.
ROLL = op("roll(x, shift)", numpy=Call("np.roll"), type=same_type, vjp={"x": roll_x}, linear=True)

# Reading and writing. The adjoint knows these by name: their rules take the running cotangent.
INDEX = op("index(x, *at)", numpy=Call("[]"), type=selected, vjp={"x": "index"}, linear=True)
UPDATE = op("update(x, v, *at)", numpy=Call("[]="), type=same_type,
            vjp={"x": "update", "v": "update"})  # fmt: skip
INCREMENT = op("increment(x, v, *at)", numpy=Call("[]+="), type=same_type,
               vjp={"x": "increment", "v": "increment"})  # fmt: skip

# How many elements `start:stop:step` selects of n.
SLICE_LENGTH = op(
    "slice_length(start, stop, step, n)",
    numpy=Call("slice_length"),
    c=Call("slice_length"),
    helper="""\
static inline int64_t slice_length(int64_t start, int64_t stop, int64_t step, int64_t n)
{{
    int64_t low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
    if (start < 0) start += n;
    if (stop < 0) stop += n;
    start = start < low ? low : start > high ? high : start;
    stop = stop < low ? low : stop > high ? high : stop;
    if (step > 0) return start < stop ? (stop - start - 1) / step + 1 : 0;
    return step < 0 && stop < start ? (start - stop - 1) / -step + 1 : 0;
}}
""",
    type=integer,
    vjp={},
)
