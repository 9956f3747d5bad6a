"""What an expression of the user's can be while it is read: numbers, arrays, structures, code.

Numbers are atoms of the symbolic form. An array is a base, whose content changes as the program
writes into it, and the path of views that leads from the base to the array.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field

from transpile.errors import Span
from transpile.frontend.source import Source
from transpile.sym.ir import Atom, Const, Var
from transpile.sym.types import Kind

_serial = itertools.count()


class Base(Struct, eq=False):
    """Something that is written into: a parameter's array, or one that the program made."""

    name: str
    param: int | None = None
    contiguous: bool = True
    source: tuple[Base, Atom] | None = None  # NumPy may see this one's elements: it as it was read
    serial: int = field(default_factory=_serial.__next__)


class Indexed(Struct, frozen=True):
    """`[...]`, as `ops.shape` has it."""

    index: tuple[Any, ...]
    at: tuple[Atom, ...] = ()


class Transposed(Struct, frozen=True):
    axes: tuple[int, ...]


class Reshaped(Struct, frozen=True):
    dims: tuple[Atom, ...]


class Masked(Struct, frozen=True):
    """The elements where `mask` is true, each to be written where it is; the last of a path."""

    mask: Atom


class Spread(Struct, frozen=True):
    """`np.broadcast_to(x, dims)`, which is not written through."""

    dims: tuple[Atom, ...]


class Locked(Struct, frozen=True):
    """The same elements, which are not written through."""


class Flat(Struct, frozen=True):
    """`x.flat`, after the elements were put in one row: what is selected of it is a copy."""


Step: TypeAlias = Indexed | Transposed | Reshaped | Masked | Spread | Locked | Flat


class Array(Struct, frozen=True):
    base: Base
    path: tuple[Step, ...] = ()


class Static(Struct, frozen=True, eq=False):
    """A Python object that is known while the program is built: a module, a function, a text.

    Equal ones are of one type: NumPy's dtype of float64 says that it equals None.
    """

    value: Any

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Static) or type(self.value) is not type(other.value):
            return False
        return bool(self.value == other.value)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.value)


CALLERS = "(callers)"  # the cell of a structure that comes from outside
EITHER = "(either)"  # the cell of one that is one of several
MUTABLE = ("list", "dict", "dataclass")  # the structures that have cells


def is_cell(name: str) -> bool:
    """Is this hidden variable what is in a list, dict or dataclass?"""
    return name.startswith("(cell")


class Ref(Struct, frozen=True):
    """A list, dict or dataclass that can change: the one in this cell, or in a table that grows
    the list at these places."""

    cell: str
    at: tuple[Atom, ...] = ()


class Structure(Struct, frozen=True):
    """A "tuple", "list", "dict" or "dataclass" of values; the class of a dataclass, or of a tuple
    with names, is `cls`. What can change has a `cell`."""

    kind: str
    items: tuple[Value, ...]
    keys: tuple[str, ...] = ()
    cls: type | None = None
    cell: str | None = None


class Generator(Struct, frozen=True):
    """NumPy's generator of random numbers, or the bit generator in it: see `numpy_random`."""

    state: Array


class Range(Struct, frozen=True):
    start: Atom
    stop: Atom
    step: Atom


class Zip(Struct, frozen=True):
    parts: tuple[Value, ...]


class Enumerate(Struct, frozen=True):
    part: Value
    start: Atom


class Reversed(Struct, frozen=True):
    part: Value


class Mapped(Struct, frozen=True):
    """`map(function, *parts)`: each item is computed when it is asked for."""

    function: Value
    parts: Zip


def atoms(value: Value) -> Iterator[Atom]:
    """The numbers in a structure."""
    if isinstance(value, Structure):
        for part in value.items:
            yield from atoms(part)
    elif isinstance(value, Var | Const):
        yield value


class View(Struct, frozen=True):
    """The `keys()`, `values()` or `items()` of a dict, as it is when they are gone over."""

    owner: Value
    name: str


class Listed(Struct, frozen=True):
    """A list whose length only the running program knows: of numbers, or of arrays alike.

    `array` has the items. `kind` is that of the numbers in it, "array" if it is a list of arrays.
    `tuples` says that the items are a "tuple" of numbers alike, or "mixed". `both` says that some
    of the numbers may be of another type in Python: of NumPy's or Python's other "kinds" of number
    only, or of other "dtypes". In a table the items are lists of so many more
    `levels`. One that is `fixed` has this length for good: names hold its array, as they hold any,
    and what is found by an index is a view of it. `site` is where it was made. One that is
    found `at` some places of a table that grows has that table's cell. The lists in a `loan` are
    those of another table.
    """

    array: Array
    kind: Kind
    tuples: str = ""
    both: str = ""
    cell: str | None = None
    levels: int = 0
    fixed: bool = False
    site: Site | None = None
    at: tuple[Atom, ...] = ()
    loan: bool = False


class Records(Struct, frozen=True):
    """A list whose length only the running program knows, of structures alike: `columns` are lists
    of each of their parts, `form` is what an item is but for these."""

    form: Value
    columns: tuple[Value, ...]
    cell: str | None = None


class Site(Struct, frozen=True):
    """Where in the text, and by which calls, a list is made."""

    span: Span | None
    calls: tuple[int, ...]


class Letters(Struct, frozen=True):
    """A "str", "bytes" or "bytearray" whose content only the running program knows: its code
    points, or its bytes."""

    kind: str
    array: Array


class Letter(Struct, frozen=True):
    """A text of one character, by its code point."""

    code: Atom


class Generated(Struct, frozen=True, eq=False):
    """A generator expression, which is read where it is consumed."""

    node: Any
    frame: Frame


class Yielded(Struct, frozen=True, eq=False):
    """What a generator function yields, which is read where it is gone over; its arguments are in
    the frame."""

    frame: Frame


class Text(Struct, frozen=True):
    """A text with values of the running program in it, each with its format and as it is written
    in the program; to be printed, or the message of an error."""

    parts: tuple[str | Atom, ...]
    formats: tuple[str, ...]
    sources: tuple[str, ...]


class Method(Struct, frozen=True):
    """`owner.name`, where a call is to follow."""

    owner: Array | Atom | Structure | Listed | Records | Static | Generator | Letters | Letter
    name: str


class Above(Struct, frozen=True):
    """`super()`: an object, as one of the classes above `cls`."""

    owner: Structure
    cls: type


class Partial(Struct, frozen=True):
    """`functools.partial(function, *args, **named)`."""

    function: Value
    args: tuple[Value, ...]
    named: tuple[tuple[str, Value], ...]


class Closure(Struct, frozen=True):
    """A nested `def` or a lambda, with the frame whose variables it reads when it is called."""

    name: str
    node: Any
    frame: Frame
    defaults: Mapping[str, Value]

    def __hash__(self) -> int:
        return id(self.node)


class Maybe(Struct, frozen=True):
    """A variable that not every way here assigns; `assigned` says whether this one did."""

    value: Value
    assigned: Atom


class Option(Struct, frozen=True):
    """What may be None; `given` says whether it is there."""

    value: Value
    given: Atom


Iterated: TypeAlias = "Range | Zip | Enumerate | Reversed | Mapped | View"
Compound: TypeAlias = "Option | Ref | Structure | Listed | Records | Letters | Letter | Iterated"
Code: TypeAlias = "Method | Above | Closure | Partial | Generated | Yielded"
Value: TypeAlias = "Atom | Array | Static | Compound | Generator | Text | Code | Maybe"

NONE = Static(None)


class Ignored(Struct, frozen=True):
    """Warnings of this class whose texts match are not to be seen while these lines run."""

    lines: range
    category: type[Warning]
    message: str = ""


class Frame(Struct, eq=False):
    """One function being read: its text and what its names are at this point.

    `live` says for each loop and branch which names are read at its head and after it; `local`
    are the names that the function assigns; `calls` the calls that led here, the last of them at
    the line of `called`; `ignored` the warnings that a `with` in it silences.
    """

    source: Source
    node: Any
    parent: Frame | None
    live: dict[Any, Live]
    local: frozenset[str]
    names: dict[str, Value] = field(default_factory=dict)
    calls: tuple[Any, ...] = ()
    called: Span | None = None
    ignored: list[Ignored] = field(default_factory=list)
    spliced: dict[Any, Any] = field(default_factory=dict)  # loops over generators, as statements


class Live(Struct, frozen=True):
    head: frozenset[str]
    after: frozenset[str]
