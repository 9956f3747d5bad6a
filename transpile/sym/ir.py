"""The symbolic form: values that never change, equations, and loops that carry values.

    function f(params): block
    block(params):
        outs = op(args)                                      Apply
        outs = function(args)                                Call
        outs = values, with their derivative by rule(args)   Custom
        outs [, trips] = scan i in range(start, stop, step), carrying init: block(i, *carried)
        outs, trips = while block(*carried), carrying init: block(*carried)
        outs = if test: block() else: block()
        check test, else raise error                         Check, an effect
        print ...                                            Print, an effect
        warn of ...                                          Print, of a warning's text
        -> results

A block may read variables of the blocks around it. An effect is never dropped, and never moved
past another.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec import Struct, field

from transpile.errors import Span, Warned
from transpile.sym.ops.table import Op
from transpile.sym.types import BOOL, FLOAT, IMAGINARY, INT, LARGE, Type

_serial = itertools.count()


class Var(Struct, frozen=True, eq=False):
    """One value. Identity is the object; `name` is the user's, or empty for a temporary."""

    name: str
    type: Type
    serial: int = field(default_factory=_serial.__next__)


class Const(Struct, frozen=True):
    """A scalar known when the program is built. Equal to the bit: -0.0 is not 0.0, NaN is NaN."""

    value: Any  # bool, int, float or complex
    type: Type

    def _key(self) -> tuple[Type, str]:
        return self.type, self.value.hex() if isinstance(self.value, float) else repr(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


Atom: TypeAlias = Var | Const


class Apply(Struct, frozen=True):
    op: Op
    args: tuple[Atom, ...]
    params: Mapping[str, Any] = field(default_factory=dict)


class Call(Struct, frozen=True):
    """`function(*args)`, kept apart until `walk.inline` puts its body here."""

    function: Function
    args: tuple[Atom, ...]


class Custom(Struct, frozen=True):
    """`values` as they are, with a derivative of the user's own.

    `rule` reads no variable around it. Its params are `args`, the equation's outs, and the
    cotangents of those; its results are the cotangents of `sources`. With no sources the outs are
    constants to every derivative. `name` is what the user calls it by.
    """

    name: str
    values: tuple[Atom, ...]
    args: tuple[Atom, ...]
    rule: Block

    @property
    def sources(self) -> tuple[Atom, ...]:
        """The last of `args`, those that the outs vary with."""
        return self.args[len(self.args) - len(self.rule.results) :]


class Scan(Struct, frozen=True):
    """`for i in range(start, stop, step)`, or that range reversed, carrying values.

    `body.params` are the index and the carried values, `body.results` the carried values after
    the step. With `until` one more result, a bool: leave the loop after this step; then the
    number of steps run follows the carried values in the equation's outs.
    """

    start: Atom
    stop: Atom
    step: Atom
    init: tuple[Atom, ...]
    body: Block
    reverse: bool = False
    until: bool = False


class While(Struct, frozen=True):
    """Both blocks take the carried values; `test` results in one bool. Trips follow in the outs."""

    init: tuple[Atom, ...]
    test: Block
    body: Block


class If(Struct, frozen=True):
    test: Atom
    then: Block
    orelse: Block


class Check(Struct, frozen=True):
    """Unless `test` holds, the program ends with Python's `error` and this message."""

    test: Atom
    error: str
    message: str


class Print(Struct, frozen=True):
    """`print` of texts and scalars, in order; or a warning of that text.

    With `formats`, one for each part, the parts follow each other with nothing in between or after.
    """

    parts: tuple[str | Atom, ...]
    formats: tuple[str, ...] = ()
    warned: Warned | None = None


Rhs: TypeAlias = Apply | Call | Custom | Scan | While | If | Check | Print


class Eqn(Struct, frozen=True, eq=False):
    """Every equation knows the Python text that it came from."""

    outs: tuple[Var, ...]
    rhs: Rhs
    span: Span | None = None


class Block(Struct, frozen=True, eq=False):
    params: tuple[Var, ...]
    eqns: tuple[Eqn, ...]
    results: tuple[Atom, ...]


class Leaf(Struct, frozen=True):
    """Result number `index`; `items` says that it has the items of a list, and of what kind these
    are: "python" or "numpy" numbers, or "array". `each` says that every item is a "tuple" of such
    numbers. The items are `levels` below, in lists of lists.
    """

    index: int
    items: str = ""
    each: str = ""
    levels: int = 0


class Same(Struct, frozen=True):
    """The very object that came in as parameter number `param`."""

    param: int


class Fixed(Struct, frozen=True):
    """The same in every run: None, or a text."""

    value: str | None = None


class Tree(Struct, frozen=True):
    """A "tuple", "list", "dict" (with keys) or "dataclass" (with keys and its class); a tuple with
    names has these too."""

    kind: str
    items: tuple[Result, ...] = ()
    keys: tuple[str, ...] = ()
    cls: type | None = None


class Rows(Struct, frozen=True):
    """A list of structures alike: `each` is one, whose leaves are the lists of its parts."""

    each: Result


Result: TypeAlias = "Leaf | Same | Fixed | Tree | Rows"


class Function(Struct, frozen=True, eq=False):
    """Flat: leaves in, leaves out; `tree` says what the user gets of them.

    `sizes` are integers bound by the params' dims on entry. `body.params` are the params.
    `written` are the params, by position, that the program writes into; their final values are
    the last results, in that order. `about` says what a derivative gives, in a sentence.
    """

    name: str
    params: tuple[Var, ...]
    sizes: tuple[Var, ...]
    body: Block
    tree: Result
    written: tuple[int, ...] = ()
    span: Span | None = None
    about: str = ""

    @property
    def returned(self) -> tuple[Atom, ...]:
        """The results without the final values of written params."""
        return self.body.results[: len(self.body.results) - len(self.written)]


def constant(value: bool | int | float | complex) -> Const:
    """A Python scalar as the program has it."""
    if isinstance(value, bool):
        return Const(value, BOOL)
    if isinstance(value, float | complex):
        return Const(value, FLOAT if isinstance(value, float) else IMAGINARY)
    return Const(value, INT if -(2**63) <= value < 2**63 else LARGE)
