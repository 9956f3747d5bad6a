"""The second form: storage, loops with bounds, loads and stores; what a C programmer writes.

    kernel name(sizes, params, outs, scratch): body
    expr  = literal | local | affine | array[index] | x + y | -x | f(x, y) | c ? x : y | (dtype)x
    stmt  = local = expr (also +=, -=, ...), declared where it is first assigned
          | array[index] = expr (also +=, ...)
          | for index from start, while short of stop, by step: body
          | while test: body | if test: body else: body | break
          | fail with check number unless ...                  Check, Overflow
          | name(extents, elements, ...)                       Perform
          | print | swap of two pointers | memcpy | memset | bind an array to its scratch

Integers are `Affine` over locals wherever they can be, so that equal indices are equal objects
and bounds can be proved. A parameter's or scratch array's elements are contiguous.
"""

from __future__ import annotations

import itertools
from typing import Any, TypeAlias

from msgspec import Struct, field

from transpile.errors import CheckSite, Tell
from transpile.sym.affine import Affine
from transpile.sym.ops.table import Op

_serial = itertools.count()


class Local(Struct, frozen=True, eq=False):
    """A scalar variable: a size, a parameter, a loop's index or a local. Identity is the object."""

    name: str
    dtype: str
    serial: int = field(default_factory=_serial.__next__)


class Opaque(Struct, frozen=True, eq=False):
    """An integer expression that is not affine, standing in one that is."""

    expr: Expr
    serial: int = field(default_factory=_serial.__next__)

    @property
    def name(self) -> str:
        return "..."


class Array(Struct, frozen=True, eq=False):
    """Storage. `role` is "param", "out" or "scratch"; `written` says whether the kernel stores.

    `given` is the name under which the caller's pointer comes in, without a shape, where the
    dims are only known later; a `Bind` gives it its shape there. A `late` result is one that the
    kernel asks the caller for by then.
    """

    name: str
    dtype: str
    dims: tuple[Affine, ...]
    role: str
    written: bool = True
    swapped: bool = False
    given: str = ""
    late: bool = False


# -- expressions


class Lit(Struct, frozen=True):
    value: Any  # bool, int, float or complex
    dtype: str


class Load(Struct, frozen=True):
    array: Array
    index: tuple[Affine, ...]

    @property
    def dtype(self) -> str:
        return self.array.dtype


class Binary(Struct, frozen=True):
    symbol: str
    left: Expr
    right: Expr
    dtype: str


class Unary(Struct, frozen=True):
    symbol: str
    arg: Expr
    dtype: str


class Invoke(Struct, frozen=True):
    """`name(args)`; `op`, where its C text needs a helper, and `at`, the dtype it is needed at."""

    name: str
    args: tuple[Expr, ...]
    dtype: str
    op: Op | None = None
    at: str = ""


class Choose(Struct, frozen=True):
    """`test ? yes : no`"""

    test: Expr
    yes: Expr
    no: Expr
    dtype: str


class Cast(Struct, frozen=True):
    arg: Expr
    dtype: str


Expr: TypeAlias = Lit | Local | Affine | Load | Binary | Unary | Invoke | Choose | Cast


def dtype_of(expr: Expr) -> str:
    return "int64" if isinstance(expr, Affine) else expr.dtype


# -- statements; `place` is the Python line, as `decay.py:9`


class Assign(Struct, frozen=True, eq=False):
    """`local = value`, or with another operator; `declare` where it is the first of it."""

    local: Local
    value: Expr | None
    op: str = "="
    declare: bool = False
    place: str = ""


class Store(Struct, frozen=True, eq=False):
    array: Array
    index: tuple[Affine, ...]
    value: Expr
    op: str = "="
    place: str = ""


class Loop(Struct, frozen=True, eq=False):
    """`for index = start; short of stop; index += step`; `simd` is a pragma's clause, or None."""

    index: Local
    start: Affine
    stop: Affine
    step: int
    body: tuple[Stmt, ...]
    simd: str | None = None
    place: str = ""


class While(Struct, frozen=True, eq=False):
    test: Expr
    body: tuple[Stmt, ...]
    place: str = ""


class If(Struct, frozen=True, eq=False):
    test: Expr
    then: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...] = ()
    place: str = ""


class Break(Struct, frozen=True, eq=False):
    place: str = ""


class Check(Struct, frozen=True, eq=False):
    """If `fails`, the kernel returns `number`, 1-based in the kernel's checks."""

    fails: Expr
    number: int
    place: str = ""


class Overflow(Struct, frozen=True, eq=False):
    """`local = left symbol right` in integers; check `number` where that does not fit."""

    local: Local
    symbol: str
    left: Expr
    right: Expr
    number: int
    declare: bool = False
    place: str = ""


class Print(Struct, frozen=True, eq=False):
    """What has a `number` is told to the caller, by it: 1-based in the kernel's `tells`."""

    parts: tuple[str | Expr, ...]
    formats: tuple[str, ...]
    place: str = ""
    number: int = 0


class Elements(Struct, frozen=True):
    """The array's elements from this place of its first axes on, as one stretch."""

    array: Array
    index: tuple[Affine, ...] = ()


class Perform(Struct, frozen=True, eq=False):
    """`name(args, target, spare)`: an operator's own C function over stretches of elements.

    One of the host's gets the addresses first, and fails check `number` unless it returns 0.
    """

    name: str
    args: tuple[Expr | Elements, ...]
    target: Elements
    spare: Array | None
    op: Op
    at: str
    place: str = ""
    number: int = 0

    @property
    def written(self) -> tuple[Array, ...]:
        return (self.target.array, *(() if self.spare is None else (self.spare,)))

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All that it reads and writes."""
        return (*(a.array for a in self.args if isinstance(a, Elements)), *self.written)


class Swap(Struct, frozen=True, eq=False):
    """The pointers take each other's place: `targets[k]` becomes what `sources[k]` was."""

    targets: tuple[Array, ...]
    sources: tuple[Array, ...]
    place: str = ""


class Fill(Struct, frozen=True, eq=False):
    """The whole of `target` zero, or a copy of the whole of `source`; extents are not negative.

    Where it is `reshaped`, the source has the same elements in other axes.
    """

    target: Array
    source: Array | None = None
    place: str = ""
    reshaped: bool = False


class Reserve(Struct, frozen=True, eq=False):
    """A pointer `name` to room number `room` of the scratch."""

    name: str
    room: int
    place: str = ""


class Bind(Struct, frozen=True, eq=False):
    """The array's pointer: to its room, taken here, or `again` to the room reserved at entry.

    The latter stands inside a loop, where the array's dims depend on the loop. Without a room it
    is to what the caller gave, or gives when it is asked.
    """

    array: Array
    room: int | None
    again: bool = False
    place: str = ""


Stmt: TypeAlias = (
    Assign
    | Store
    | Loop
    | While
    | If
    | Break
    | Check
    | Overflow
    | Print
    | Perform
    | Swap
    | Fill
    | Bind
    | Reserve
)


class Room(Struct, frozen=True):
    """A stretch of scratch: `dims` extents of `dtype`, in integers known on entry.

    A `late` room is of a size that only the kernel finds out; it asks the caller for it then. One
    `inside` a loop is of another size in each round, and the rounds share what was the largest.
    """

    dtype: str
    dims: tuple[Affine, ...]
    late: bool = False
    inside: bool = False


class Arg(Struct, frozen=True):
    """An argument or result as the caller sees it; `dims` are texts over sizes, such as `n - 1`."""

    name: str
    dtype: str
    kind: str
    dims: tuple[str, ...] = ()
    written: bool = False
    late: bool = False


class Signature(Struct, frozen=True):
    """What the caller of a kernel needs to know. `host` are functions whose addresses it gives,
    `tells` what it may be told."""

    name: str
    sizes: tuple[str, ...]
    args: tuple[Arg, ...]
    outs: tuple[Arg, ...]
    checks: tuple[CheckSite, ...]
    host: tuple[str, ...] = ()
    tells: tuple[Tell, ...] = ()


class Kernel(Struct, frozen=True, eq=False):
    """`planned` are the statements that compute what `rooms` and the dims of `outs` are made of."""

    name: str
    sizes: tuple[Local, ...]
    params: tuple[Local | Array, ...]
    outs: tuple[Local | Array, ...]
    rooms: tuple[Room, ...]
    planned: tuple[Stmt, ...]
    checks: tuple[CheckSite, ...]
    body: tuple[Stmt, ...]
    signature: Signature

    @property
    def late(self) -> dict[str, int]:
        """The results that the kernel asks the caller for, by their numbers."""
        outs = enumerate(self.outs)
        return {out.name: k for k, out in outs if isinstance(out, Array) and out.late}

    @property
    def asks(self) -> bool:
        """Does the kernel ask its caller for memory, or tell it something?"""
        return bool(self.late) or self.grows or bool(self.signature.tells)

    @property
    def grows(self) -> bool:
        """Is some of its scratch of a size that only the kernel finds out?"""
        return any(room.late for room in self.rooms)
