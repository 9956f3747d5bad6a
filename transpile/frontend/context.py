"""Where reading stands: the block being written, the arrays' contents, the function's names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import CellType
from typing import Any, NoReturn

from msgspec import Struct, field

from transpile.errors import (
    FAULTS,
    IndexingError,
    Quiet,
    ShapeError,
    Span,
    TranspileError,
    UnsupportedError,
    fault,
)  # fmt: skip
from transpile.frontend.source import Source
from transpile.frontend.values import Array, Base, Frame, Listed, Site, Structure, Value, atoms
from transpile.sym.affine import Affine
from transpile.sym.build import Builder
from transpile.sym.ir import Atom, Const, Eqn, Var
from transpile.sym.types import Kind, Mismatch

Guard = tuple[dict[str, Any], str, Any] | tuple[CellType, Any]


class Again(Exception):
    """Something was learnt that has to be known from the start: read the function once more."""


class Unassigned(Exception):
    """A name that a later round of a loop may find assigned is read where it is not."""


class Raised(Exception):
    """An error is raised here whatever the arguments: what comes after it is not read."""


class NotKnown(UnsupportedError):
    """Refused because an index or a length is not known; a loop of few rounds is written out."""


class Keyed(NotKnown):
    """Refused because a key of the dict that is made at this site is not known."""

    def __init__(self, error: NotKnown, site: Site) -> None:
        super().__init__(error.message, error.span, error.help)
        self.site = site


class Impossible(UnsupportedError):
    """Refused because Python raises this error here, by its name, whatever the arguments."""

    def __init__(
        self, error: str, build: Builder, message: str, span: Span | None, help: str | None
    ) -> None:
        super().__init__(message, span, help)
        self.error, self.build = error, build


class Equality(Struct, frozen=True):
    """Two sizes that have to be equal, where that is said, and whether it is certainly reached."""

    a: Var
    b: Var
    span: Span | None
    certain: bool


class Traits(Struct, frozen=True):
    """What is known of the lists that are made at a site: do they grow, what else is in them than
    what they are made of, are they tables, though of a length that is known, are the lists in them
    not written, since names hold them, and are these of a length that only the first one tells?
    Of dicts: are keys asked for that are not known?"""

    grows: bool = False
    table: bool = False
    dtype: str | None = None
    kind: Kind | None = None
    both: str = ""
    still: bool = False
    loose: bool = False
    hashed: bool = False


class Shared(Struct):
    """What is collected over the whole of a function, all that it inlines included."""

    sizes: tuple[Var, ...]
    first_hidden: int
    assume: bool
    guards: dict[Any, Guard] = field(default_factory=dict)
    hidden: dict[Any, tuple[Callable[[], Any], Base, Var]] = field(default_factory=dict)
    sources: dict[Source, None] = field(default_factory=dict)
    equal: list[Equality] = field(default_factory=list)
    quiet: dict[Quiet, None] = field(default_factory=dict)
    hints: dict[Any, tuple[str, ...]] = field(default_factory=dict)
    sites: dict[Site | None, Traits] = field(default_factory=dict)
    cells: int = 0
    made: dict[str, Site] = field(default_factory=dict)  # where the list in a cell was made
    noted: dict[int, Any] = field(default_factory=dict)  # what is indexed: see `unread`
    origins: dict[Any, Source] = field(default_factory=dict)  # of nodes that stand elsewhere now
    by_place: bool = False  # is a list an array where its index is not known?


class Hooks(Struct, frozen=True):
    """What the rooms of this package that come later do for those that come earlier."""

    evaluate: Callable[[Context, Any], Value]
    condition: Callable[[Context, Any], Atom | bool]
    inline: Callable[[Context, Any, Sequence[Value], Mapping[str, Value]], Value]
    call: Callable[[Context, Value, Sequence[Value], Mapping[str, Value]], Value]
    assign: Callable[[Context, Any, Value], None]
    block: Callable[[Context, Sequence[Any], frozenset[str]], None]
    settled: Callable[[Context, Structure, Site], Value]


class Moved(Struct, frozen=True):
    """An array that names were bound to in a loop or branch, so that one of them may hold it now.

    `where` is 0 where none does, which is never if `sure`, or says which of `holders` its content
    is: one of `places`, counted from 1. As long as those hold what was `seen`, nothing was written
    since, and the array's own content is right too.
    """

    where: Atom
    holders: tuple[Base, ...]
    seen: tuple[Atom, ...] | None
    sure: bool
    places: frozenset[int]


class State(Struct, frozen=True):
    bases: dict[Base, Atom]
    names: dict[str, Value]
    moved: dict[Base, Moved]


class Context:
    """Passed to everything that reads the user's text."""

    def __init__(self, build: Builder, frame: Frame, shared: Shared, hooks: Hooks) -> None:
        self.build = build
        self.frame = frame
        self.shared = shared
        self.hooks = hooks
        self.bases: dict[Base, Atom] = {}
        self.moved: dict[Base, Moved] = {}
        self.tame: set[Var] = set()  # loop indices, and what is no larger than those or sizes
        self.sizes: frozenset[Var] = frozenset()
        self.held: list[Eqn] = []  # the last equation, where a structure may hold its value
        self.frozen: dict[Base | str, Span | None] = {}  # arrays, and cells of structures
        self.appended: dict[Base, Span | None] = {}  # arrays that a list holds
        self.given: dict[Structure, tuple[Listed, Atom]] = {}  # tables of lists from outside
        self.placed: dict[Base, Span | None] = {}  # those of lists that are rows of tables now
        # cells of tables: those whose lists names hold, too, and those whose lists were changed
        self.still: dict[str, Span | None] = {}
        self.rewritten: dict[str, Span | None] = {}
        self.short = 0  # how many loops are being read that may be written out instead
        self.shrunk = 0  # how often a list became shorter so far
        # arrays of loops, with room for more items; and how much where that may be too little
        self.roomy: dict[Base, Atom | None] = {}
        self.callers: tuple[Frame, ...] = ()
        self.quoted = False
        self.trials: tuple[Any, ...] = ()  # the bodies of `try` that are being read
        self.handled: tuple[str, str] | None = None  # the error whose handler is being read
        self.naming = False  # do values stand in texts by how they are written?
        self.uniform = False  # have all ways through a branch to give one dtype?
        self.branches = 0
        self.loops = 0

    # -- errors

    def fail(self, message: str, help: str | None = None, node: Any = None) -> NoReturn:
        raise UnsupportedError(message, self.span(node), help)

    def unknown(self, message: str, help: str | None = None, node: Any = None) -> NoReturn:
        raise NotKnown(message, self.span(node), help)

    def impossible(self, error: str, message: str, help: str | None = None) -> NoReturn:
        """Refuse what raises in Python, if an error is named; a `try` around it may catch that."""
        raise Impossible(error, self.build, message, self.span(), help)

    def catches(self, error: str) -> bool:
        """Would this error be caught, were it raised here?"""
        return any(trial.handler(error) is not None for trial in self.trials)

    def misfit(self, message: str, help: str | None = None) -> NoReturn:
        raise ShapeError(message, self.build.span, help)

    def misplaced(self, message: str, help: str | None = None) -> NoReturn:
        raise IndexingError(message, self.build.span, help)

    def span(self, node: Any = None) -> Span | None:
        if node is None or self.quoted:
            return self.build.span
        return self.shared.origins.get(node, self.frame.source).span(node)

    @contextmanager
    def quoting(self) -> Iterator[None]:
        """What is read inside is ours, not the user's: it is shown as the line that called it."""
        before, self.quoted = self.quoted, True
        try:
            yield
        finally:
            self.quoted = before

    @contextmanager
    def at(self, node: Any) -> Iterator[None]:
        """What is written inside comes from this node; what does not fit is shown there."""
        before, self.build.span = self.build.span, self.span(node)
        try:
            yield
        except Mismatch as error:
            raise UnsupportedError(str(error), self.build.span, error.help) from error
        except TranspileError:
            raise
        except FAULTS as error:
            raise fault(error, self.build.span) from error
        finally:
            self.build.span = before

    def check(self, test: Atom, error: str, message: str) -> None:
        """An effect of the running program: its error names the user's line."""
        self.build.check(test, error, message)

    # -- blocks

    @contextmanager
    def inside(self, *facts: Affine, branch: bool = False) -> Iterator[Builder]:
        """A block inside the one being written."""
        outer = self.build
        self.build = outer.child(*facts)
        self.branches += branch
        try:
            yield self.build
        finally:
            self.branches -= branch
            self.build = outer

    def save(self) -> State:
        return State(dict(self.bases), dict(self.frame.names), dict(self.moved))

    def restore(self, state: State) -> None:
        self.bases = dict(state.bases)
        self.frame.names = dict(state.names)
        self.moved = dict(state.moved)

    # -- values

    def made(self, atom: Atom, name: str = "") -> Value:
        """The value of a result: a number, or an array of its own."""
        if atom.type.is_scalar:
            return atom
        base = Base(name)
        self.bases[base] = atom
        return Array(base)

    def named(self, atom: Atom, name: str) -> Atom:
        """The same value under the user's name, if it was computed just now."""
        eqns = self.build.eqns
        if isinstance(atom, Const) or atom.name or not eqns or eqns[-1].outs[-1:] != (atom,):
            return atom
        last = eqns[-1]
        if len(last.outs) != 1 or any(last is eqn for eqn in self.held) or self.is_held(atom):
            return atom
        new = Var(name, atom.type)
        eqns[-1] = type(last)((new,), last.rhs, last.span)
        form = self.build.forms.pop(atom, None)
        if form is not None:
            self.build.forms[new] = form
            self.build.atoms[form] = new
        for key, known in self.build.opaque.items():
            if known is atom:
                self.build.opaque[key] = new
        return new

    def is_held(self, atom: Atom) -> bool:
        """Is the value an item of a list or dict, too, here or in what led here?"""
        frames = [self.frame, *self.callers]
        for frame in frames:
            frames += [] if frame.parent is None else [frame.parent]
        held = (v for frame in frames for v in frame.names.values() if isinstance(v, Structure))
        return any(atom is one for value in held for one in atoms(value))

    def is_size(self, symbol: object) -> bool:
        return symbol in self.sizes
