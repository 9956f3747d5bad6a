"""Where things stand in the user's text, and the errors that point there."""

from __future__ import annotations

import builtins
import functools
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from msgspec import Struct


class Span(Struct, frozen=True):
    """A stretch of one source line: 1-based line, 0-based character columns, `stop` exclusive."""

    file: str
    line: int
    start: int = 0
    stop: int = 0
    text: str = ""

    @property
    def place(self) -> str:
        """`decay.py:9`, as comments in generated text and messages of running programs have it."""
        return f"{self.file.replace(chr(92), '/').rsplit('/', 1)[-1]}:{self.line}"


class Quiet(Struct, frozen=True):
    """The lines of a `with np.errstate(...)`, from `first` to `last`, and what it says."""

    file: str
    first: int
    last: int
    kinds: tuple[tuple[str, str], ...]

    def has(self, span: Span | None) -> bool:
        here = span is not None and span.file == self.file
        return here and span is not None and self.first <= span.line <= self.last


class Warned(Struct, frozen=True):
    """A warning of this class, named as a check names that of an error, for the line there, of the
    module of that name. Where it is of `outside`, it is for the line that many calls outside."""

    category: str
    span: Span | None
    module: str
    outside: int = 0


def render(message: str, span: Span | None = None, help: str | None = None) -> str:
    """The message with file, line, caret and remedy, as every error of ours is shown."""
    lines = [message if span is None else f"{span.file}:{span.line}:{span.start + 1}: {message}"]
    if span is not None and span.text:
        width = max(1, min(span.stop, len(span.text)) - span.start)
        lines.append(f"    {span.text.rstrip()}")
        lines.append(f"    {' ' * span.start}{'^' * width}")
    if help is not None:
        lines.append(f"  help: {help}")
    return "\n".join(lines)


class TranspileError(Exception):
    """The base of all that a user sees from us; `str(e)` is the rendered text.

    `message`, `span` and `help` are kept apart for tools.
    """

    def __init__(self, message: str, span: Span | None = None, help: str | None = None) -> None:
        super().__init__(render(message, span, help))
        self.message, self.span, self.help = message, span, help


class UnsupportedError(TranspileError):
    """What cannot be transpiled yet, with what to write instead."""


class ShapeError(TranspileError, ValueError):
    """Shapes that do not fit, both named."""


class IndexingError(TranspileError, IndexError):
    """An index that can never be one of its array."""


class ArgumentError(TranspileError, TypeError):
    """What is passed, or what a rule gives, is of another kind than is taken there."""

    def at(self, span: Span) -> ArgumentError:
        """The same error, of the function there, if it says no place itself."""
        return self if self.span is not None else ArgumentError(self.message, span, self.help)


class NotDifferentiableError(TranspileError):
    """A derivative was asked for that does not exist or is not known."""


class BuildError(TranspileError):
    """The C compiler failed or cannot be had, with its own words."""


class FaultError(TranspileError):
    """A fault of ours, shown at the line that we were at."""


FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


def fault(error: Exception, span: Span | None) -> FaultError:
    """What a user sees of an error that should not have been."""
    what = f"transpile has a fault here, {type(error).__name__}: {error}"
    return FaultError(what, span, "report it with this line, and write the line in another way")


class Several(UnsupportedError):
    """All that is wrong with one function's text, shown at once."""

    def __init__(self, errors: Sequence[TranspileError]) -> None:
        first = errors[0]
        super().__init__(first.message, first.span, first.help)
        self.errors = tuple(errors)
        self.args = ("\n\n".join(str(error) for error in errors),)


def class_of(name: str) -> Any:
    """The class of errors of this name: one of Python's own, or `module:Name`; None where none is.

    The module has been imported, since the program that is read names the class.
    """
    module, _, path = name.rpartition(":")
    if not module:
        return getattr(builtins, name, None)
    return functools.reduce(getattr, path.split("."), sys.modules[module])


class Shown(Struct, frozen=True):
    """A number in what a running program tells: its dtype and its format."""

    dtype: str
    how: str = ""


class Tell(Struct, frozen=True):
    """What a running program tells its caller: a text in parts, and the warning that it is of."""

    parts: tuple[str | Shown, ...]
    warned: Warned


class CheckSite(Struct, frozen=True):
    """One check of a running program: which of Python's errors it raises, and its full text."""

    error: str
    message: str


def never(value: NoReturn) -> NoReturn:
    """The end of a `match` that has a case for everything; the type checker sees that it has."""
    raise AssertionError(f"unexpected {type(value).__name__}")
