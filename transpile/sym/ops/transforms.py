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
KINDS = ("fft", "ifft", "rfft", "irfft")  # as the caller numbers them

WHOLE = """\
static int {name}_{{t}}(const Host *host, int64_t rows, int64_t n, const {{T}} *x, {{T}} *y)
{{{{
    return host->fft_{{t}}(rows, n, n, x, y, {kind});
}}}}
"""

HALF = """\
static int {name}_{{t}}(
    const Host *host, int64_t rows, int64_t n, const {{T}} *x, int64_t m, {out} *y)
{{{{
    return host->fft_{{t}}(rows, n, m, x, y, {kind});
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


def transform(signature: str, axes: str, helper: str, out: str = "", **fields: Any) -> Op:
    name = signature.partition("(")[0]
    text = helper.format(name=name, kind=KINDS.index(name), out=out)
    c = Host(f"{name}_{{t}}", axes, ("fft_{t}",), "no memory is left for a transform", None,
             "MemoryError")  # fmt: skip
    numpy = Text("np.fft.rfft(x)") if name == "rfft" else Call(f"np.fft.{name}")
    return op(signature, numpy=numpy, c=c, helper=text, cost=100, linear=True, **fields)


FFT = transform("fft(x)", "*n->*n", WHOLE, type=same, vjp={"x": "fft(g)"})
IFFT = transform("ifft(x)", "*n->*n", WHOLE, type=same, vjp={"x": "ifft(g)"})

# `kept` is n // 2 + 1 for the n elements of `x`; `n` is how many are made of so many.
RFFT = transform("rfft(x, kept)", "*n,->*m", HALF, "{T} complex", type=to_half, vjp={"x": rfft_x})
IRFFT = transform("irfft(x, n)", "*m,->*n", HALF, "{R}", type=of_half, vjp={"x": irfft_x})
