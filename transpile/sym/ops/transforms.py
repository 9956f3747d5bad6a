"""Discrete Fourier transforms along the last axis, by NumPy's own.

The matrix of a transform is symmetric: the derivative is the same transform of the cotangent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpile.sym.ops import shape
from transpile.sym.ops.table import Call, Host, Op, Operand, Pull, Shapes, Text, op
from transpile.sym.types import Malformed, Type, real_dtype

PAIRS = {"float32": "complex64", "float64": "complex128"}

RUN = """\
// Rows of {m} numbers y become the scaled transforms of rows of n numbers x.
static void {name}_{{t}}(
    const Host *host, int64_t rows, int64_t n, const {{T}} *x, {count}{out} *y)
{{{{
    {{R}} scale = {scale};
    const int64_t one = (int64_t)sizeof({{T}}), other = (int64_t)sizeof({out});
    const int64_t extents[] = {{{{rows, n, {m}}}}};
    const int64_t steps[] = {{{{n * one, 0, {m} * other, one, other}}}};
    char *args[] = {{{{(char *)(uintptr_t)x, (char *)&scale, (char *)y}}}};
    const Loop *loop = {loop};
    loop->run(args, extents, steps, loop->data);
}}}}
"""


def same(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    if not args[0].type.is_complex or not args[0].type.dims:
        raise Malformed(f"{op.name} is of arrays of complex numbers")
    return args[0].type


def to_half(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    x = args[0].type
    if x.dtype not in PAIRS:
        raise Malformed(f"{op.name} is of arrays of real numbers")
    return Type(PAIRS[x.dtype], (*x.dims[:-1], shapes.dim(args[1])))


def of_half(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    x = same(shapes, op, args, params)
    return Type(real_dtype(x.dtype), (*x.dims[:-1], shapes.dim(args[1])))


def first(build: Any, x: Any, count: Any) -> tuple[tuple[Any, ...], list[Any]]:
    """The index of the first elements along the last axis."""
    return (*(":",) * (x.type.ndim - 1), ("slice", False, True, False)), [count]


def rfft_x(p: Pull) -> Any:
    b, (x, kept) = p.build, p.args
    lead = map(b.atom, x.type.dims)
    room = b.apply(shape.ZEROS, *lead, dtype=p.g.type.dtype)
    index, at = first(b, x, kept)
    return b.text("real(fft(x))", {"x": b.update(room, p.g, index, at)})


def irfft_x(p: Pull) -> Any:
    b, (x, n) = p.build, p.args
    index, at = first(b, x, b.atom(x.type.dims[-1]))
    found = b.index(b.text("ifft(x)", {"x": b.convert(p.g, x.type.dtype)}), index, at)
    return b.text("x * w", {"x": found, "w": doubled(b, x, n)})


def doubled(build: Any, x: Any, n: Any) -> Any:
    """How often each number of a half counts: twice but for the first and, of even n, the last."""
    k = build.text("arange(m)", {"m": build.atom(x.type.dims[-1])})
    twice = build.text("where((k == 0) | (2 * k == n), 1, 2)", {"k": k, "n": n})
    return build.convert(twice, real_dtype(x.type.dtype))


def transform(
    signature: str, axes: str, out: str, scale: str = "1", routines: tuple[str, ...] = (),
    loop: str = "", **fields: Any,
) -> Op:  # fmt: skip
    """`routines` are NumPy's loops, `loop` says which it is; else it is that of the name."""
    name = signature.partition("(")[0]
    counted = ("int64_t m, ", "m") if "," in axes else ("", "n")
    text = RUN.format(name=name, out=out, scale=scale, count=counted[0], m=counted[1],
                      loop=loop or f"&host->{name}_{{t}}")  # fmt: skip
    alike = axes == "*n->*n"
    c = Host(f"{name}_{{t}}", axes, routines or (f"{name}_{{t}}",), in_place=alike)
    numpy = Text("np.fft.rfft(x)") if name == "rfft" else Call(f"np.fft.{name}")
    return op(signature, numpy=numpy, c=c, helper=text, cost=100, linear=True, **fields)


FFT = transform("fft(x)", "*n->*n", "{T}", type=same, vjp={"x": "fft(g)"})
IFFT = transform("ifft(x)", "*n->*n", "{T}", "1 / ({R})n", type=same, vjp={"x": "ifft(g)"})

# `kept` is n // 2 + 1 for the n elements of `x`; `n` is how many are made of so many.
RFFT = transform(
    "rfft(x, kept)",
    "*n,->*m",
    "{T} complex",
    routines=("rfft_n_even_{t}", "rfft_n_odd_{t}"),
    loop="n % 2 == 0 ? &host->rfft_n_even_{t} : &host->rfft_n_odd_{t}",
    type=to_half,
    vjp={"x": rfft_x},
)
IRFFT = transform("irfft(x, n)", "*m,->*n", "{R}", "1 / ({R})m", type=of_half, vjp={"x": irfft_x})
