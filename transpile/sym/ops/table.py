"""What an entry of the operator table says, and the table.

An operator is one `op(...)` call in one of the family files beside this one. Everything else, the
reading of users' code, types, derivatives, both writers and the generated tests, comes from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from msgspec import Struct, field

from transpile.sym.affine import Affine
from transpile.sym.types import (
    COMPLEX,
    FLOAT,
    IMAGINARY,
    Malformed,
    NoLoop,
    Type,
    loop_dtypes,
    promote,
    real_dtype,
    result_of_element,
)


class Call(Struct, frozen=True):
    """`name(x, y)`. In C, `{f}` becomes `f` for float32, `{t}` the dtype (`float64`)."""

    name: str


class Infix(Struct, frozen=True):
    symbol: str


class Prefix(Struct, frozen=True):
    symbol: str


class Reduce(Struct, frozen=True):
    """A fold over the reduced axes: `acc = step(acc, x)`, from `start` or the first element."""

    step: Infix | Call
    start: int | None = None


class Text(Struct, frozen=True):
    """What NumPy has no single word for: an expression over the arguments. A choice that is known
    is made when it is written."""

    text: str


class Routine(Struct, frozen=True):
    """A C function over whole arrays: it takes how many elements each argument has and where they
    are, numbers as they are, then the elements of the result.
    """

    name: str


class Host(Struct, frozen=True):
    """A C function that hands matrices to `routines` of LAPACK, whose addresses the caller gives.

    `axes` names the axes of the matrices, as in "nn,nm->nm"; of a stack it is called for each, but
    once where they begin with `*`, with the number of them before all else. It takes the addresses,
    the extent of each letter on the left, the elements of each argument (numbers as they are) and
    of the result, and room whose two extents `work` makes of those letters and of the arguments
    that are integers. A vector is a matrix without its last axis. It returns 0, or else there is an
    `error`, the `failure`. `{t}` is the dtype, `{d}` LAPACK's letter for it, `{sy}` and `{org}`
    are its words for symmetric and orthogonal, which complex matrices have others for. With
    `in_place` the result may lie where the one argument does.
    """

    name: str
    axes: str
    routines: tuple[str, ...]
    failure: str = ""
    work: Callable[..., tuple[Any, Any]] | None = None
    error: str = "LinAlgError"
    in_place: bool = False


Spelling: TypeAlias = Call | Infix | Prefix


class Operand(Protocol):
    """What the table knows of an argument: `ir.Var` or `ir.Const`."""

    @property
    def type(self) -> Type: ...


class Shapes(Protocol):
    """What a type rule may ask: the value of an integer as a dim, and that two dims are equal."""

    def dim(self, atom: Any) -> Affine: ...
    def same(self, a: Affine, b: Affine) -> Affine: ...


class Pull(Struct, frozen=True):
    """What a derivative rule that is a function gets: the equation, and its result's cotangent.

    `build` is the `sym.build.Builder` of the reverse block, the rest are its atoms.
    """

    build: Any
    args: tuple[Any, ...]
    params: Mapping[str, Any]
    out: Any
    g: Any


TypeRule: TypeAlias = "Callable[[Shapes, Op, tuple[Operand, ...], Mapping[str, Any]], Type]"
Rule: TypeAlias = "str | Callable[[Pull], Any]"


class Op(Struct, frozen=True, eq=False):
    """One operator.

    `numpy` is how NumPy spells it, `method` the array method of the same meaning, `math` the name
    in Python's math module, with `math_needs`, the condition outside which that one raises.
    `vjp` gives, for each differentiable argument, the cotangent as NumPy text over the arguments,
    `out` and `g`; "0" means flat; no `vjp` at all means not differentiable. `c` is C's spelling,
    `helper` a C function for the preamble, which may call those in `needs`, with `{T}` and `{t}`
    for the C type and the dtype, `{R}` for the type of its parts, `{abs}{f}` for the size of a
    number, `{infinite}` for the integer that NumPy makes of infinity; its
    `#if {float}` is decided when it is written. `complex` is the C function for complex numbers,
    or the name of C's own, `{R}` and `{f}` being the type and the suffix of their parts; without
    it C has one like that of `c`. An operator with no `c` is lowered by its name.
    `domain` is where the generated tests draw an argument from, `matrices` what kind they are.
    `cost` weighs it in time: an addition is 1. `linear`: in each differentiable argument, the
    others being what they are. `jvp` gives the tangent of the result, for that of an argument, `g`,
    where the text of its `vjp` is not linear in `g`.
    """

    name: str
    args: tuple[str, ...]
    numpy: Spelling | Text
    type: TypeRule
    c: Spelling | Reduce | Routine | Host | None = None
    needs: tuple[str, ...] = ()
    helper: str = ""
    vjp: Mapping[str, Rule] | None = None
    jvp: Mapping[str, Rule] = field(default_factory=dict)
    complex: str = ""
    ufunc: str | None = None
    method: str | None = None
    math: str | None = None
    math_needs: str | None = None
    aliases: tuple[str, ...] = ()
    domain: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    matrices: str = ""
    cost: int = 1
    linear: bool = False

    @property
    def elementwise(self) -> bool:
        """Element by element over broadcast arguments."""
        return self.type in (elementwise, select, part, conjugated, joined)

    @property
    def takes_complex(self) -> bool:
        """Has it a C text for complex numbers?"""
        if isinstance(self.c, Call) and "{f}" in self.c.name:
            return bool(self.complex) or self.c.name.removesuffix("{f}") in COMPLEX_MATHS
        return bool(self.complex) or isinstance(self.c, Infix | Prefix) or self.c == Call("?:")

    def turns(self, type: Type) -> bool:
        """Is the result complex, of such an argument? Then it is not flat, as a real one may be."""
        dtypes = ((type.dtype, False),) * len(self.args)
        return self.ufunc is not None and loop_dtypes(self.ufunc, dtypes)[-1] in COMPLEX

    def operand_dtypes(self, types: tuple[Type, ...]) -> tuple[str, ...]:
        """The dtype at which each argument of an elementwise operator is taken."""
        if self.type is select:
            return ("bool",) + (promote(types[1:]),) * (len(types) - 1)
        if self.ufunc is None:
            return (promote(types),) * len(types)
        if all(t.kind == "python" for t in types) and isinstance(self.numpy, Infix | Prefix):
            return (python_operand(self.numpy.symbol, types),) * len(types)
        return loop_dtypes(self.ufunc, operands(types))[: len(types)]


TABLE: dict[str, Op] = {}


def op(signature: str, **fields: Any) -> Op:
    """Add an operator to the table: `op("tanh(x)", numpy=Call("np.tanh"), ...)`."""
    match = re.fullmatch(r"(\w+)\((.*)\)", signature)
    if match is None:
        raise ValueError(f"not an operator signature: {signature}")
    names = tuple(name.strip() for name in match[2].split(",") if name.strip())
    entry = Op(match[1], names, **fields)
    if entry.name in TABLE:
        raise ValueError(f"two entries for {entry.name}")
    TABLE[entry.name] = entry
    return entry


def operands(types: tuple[Type, ...]) -> tuple[tuple[str, bool], ...]:
    return tuple((t.dtype, t.kind == "python") for t in types)


def broadcast(shapes: Shapes, dims: list[tuple[Affine, ...]]) -> tuple[Affine, ...]:
    """NumPy's broadcasting: aligned at the right, a dim of 1 gives way."""
    rank = max(map(len, dims), default=0)
    result: list[Affine] = []
    for axis in range(-rank, 0):
        extent = Affine((), 1)
        for d in dims:
            if len(d) + axis < 0 or d[axis].constant == 1:
                continue
            extent = d[axis] if extent.constant == 1 else shapes.same(extent, d[axis])
        result.append(extent)
    return tuple(result)


COMPLEX_MATHS = (
    "sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
    "asinh", "acosh", "atanh",
)  # fmt: skip
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def python_operand(symbol: str, types: tuple[Type, ...]) -> str:
    """The type at which Python's own operator takes its operands, all being Python scalars."""
    common = promote(types)
    if symbol == "/" and common not in COMPLEX:
        return "float64"
    if common == "bool" and symbol not in ("&", "|", "^", "not", *COMPARISONS):
        return "int64"
    return common


def elementwise(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    """The type rule of every ufunc: NumPy's loop for the dtypes, broadcasting for the dims.

    Python's operators on Python's scalars give Python scalars; NumPy's functions never do.
    """
    types = tuple(a.type for a in args)
    if all(t.kind == "python" for t in types) and isinstance(op.numpy, Infix | Prefix):
        symbol = op.numpy.symbol
        truth = symbol in COMPARISONS or symbol == "not"
        return Type("bool" if truth else python_operand(symbol, types), (), "python")
    dims = broadcast(shapes, [t.dims for t in types])
    loop = loop_dtypes(op.ufunc or op.name, operands(types))
    if loop[0] in COMPLEX and not op.takes_complex:
        raise NoLoop(f"np.{op.name} of complex numbers is not taken", "take z.real and z.imag")
    return result_of_element(loop[-1], dims)


def part(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    """The real or the imaginary part, a floating-point number of the same precision."""
    if not args[0].type.is_complex:
        raise Malformed(f"np.{op.name} is of complex numbers")
    return result_of_element(real_dtype(args[0].type.dtype), args[0].type.dims)


def select(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    """`where(c, x, y)`: the common dtype of the last two; of Python scalars only, one of them.

    With the parameter `array`, as the program calls it, the result is an array in any case.
    """
    types = tuple(a.type for a in args)
    if params.get("array"):
        dims = broadcast(shapes, [t.dims for t in types])
        return Type(promote(types[1:]), dims, "array")
    if all(t.kind == "python" for t in types):
        return Type(promote(types[1:]), (), "python")
    dims = broadcast(shapes, [t.dims for t in types])
    return result_of_element(promote(types[1:]), dims)


def conjugated(
    shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]
) -> Type:
    if not args[0].type.is_complex:
        raise Malformed(f"np.{op.name} is of complex numbers")
    return result_of_element(args[0].type.dtype, args[0].type.dims)


def joined(shapes: Shapes, op: Op, args: tuple[Operand, ...], params: Mapping[str, Any]) -> Type:
    """A complex number of Python's from two real ones."""
    if any(a.type != FLOAT for a in args):
        raise Malformed("a complex number is made of two floats")
    return IMAGINARY
