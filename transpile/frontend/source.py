"""From a function object to its text: gast tree, spans, and the names that are in scope."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import CellType, CodeType, FunctionType
from typing import Any

import gast
from msgspec import Struct

from transpile.errors import Span, UnsupportedError
from transpile.frontend import matching
from transpile.frontend.args import ORIGINAL

WRITTEN = "transpile.frontend.library"  # where what is Python's is written in Python


class Source(Struct, frozen=True, eq=False):
    """One function's text. `tree` is its `FunctionDef` or `Lambda`; two of equal `content` are
    the same program as far as their own text goes.
    """

    name: str
    file: str
    line: int
    lines: tuple[str, ...]  # as they stand in the file, from `line` on
    indent: int
    tree: Any
    globals: dict[str, Any]
    closure: dict[str, CellType]
    function: Callable[..., Any]

    @property
    def text(self) -> str:
        return textwrap.dedent("\n".join(self.lines)) + "\n"

    @property
    def content(self) -> str:
        """For the key of the cache: the text without trailing blanks, and where it stands."""
        place = f"{Span(self.file, self.line).place}:{self.name}"
        return "\n".join([place, *(line.rstrip() for line in self.text.splitlines())])

    def span(self, node: Any) -> Span:
        """Where a node of the tree stands: its first line, in characters of the file."""
        row = node.lineno - 1
        text = self.lines[row] if row < len(self.lines) else ""
        rest = text.encode()[self.indent :]
        start = len(rest[: node.col_offset].decode(errors="replace"))
        if getattr(node, "end_lineno", None) == node.lineno:
            stop = len(rest[: node.end_col_offset].decode(errors="replace"))
        else:
            stop = len(text.rstrip()) - self.indent
        return Span(self.file, self.line + row, start + self.indent, stop + self.indent, text)

    def look_up(self, name: str) -> tuple[dict[str, Any] | CellType | None, Any]:
        """Where a free name is found, and its value. Raises NameError as Python does."""
        if name in self.closure:
            cell = self.closure[name]
            try:
                return cell, cell.cell_contents
            except ValueError:
                raise NameError(f"name '{name}' is not assigned a value yet") from None
        if name in self.globals:
            return self.globals, self.globals[name]
        if hasattr(builtins, name):
            return None, getattr(builtins, name)
        raise NameError(f"name '{name}' is not defined")


def plain(fn: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function behind a decorated one."""
    return getattr(fn, ORIGINAL, fn)


def read(fn: Callable[..., Any]) -> Source:
    """The source of a function. Raises UnsupportedError where there is none to be had."""
    fn = plain(fn)
    if not isinstance(fn, FunctionType):
        what = getattr(fn, "__name__", None) or type(fn).__name__
        raise UnsupportedError(
            f"{what} is not a function written in Python", help="pass a `def` or a lambda"
        )
    return read_code(fn, fn.__code__)


@contextmanager
def shallow(name: str, here: Span) -> Iterator[None]:
    """What is done inside follows the text of a function as deep as that goes."""
    try:
        yield
    except RecursionError:
        raise UnsupportedError(
            f"{name} is nested too deeply to be read",
            here,
            "name parts of long expressions, and split long chains of branches into helpers",
        ) from None


@lru_cache(maxsize=256)
def read_code(fn: FunctionType, code: CodeType) -> Source:
    file = code.co_filename
    try:
        lines, line = inspect.getsourcelines(code)  # of a function it is that of what it wraps
    except (OSError, TypeError, IndentationError, SyntaxError) as error:
        raise UnsupportedError(
            f"the source of {fn.__name__} cannot be had",
            Span(file, code.co_firstlineno),
            "put the function into a file or a notebook cell",
        ) from error
    text = [one.rstrip("\r\n") for one in lines]
    indent = len(text[0]) - len(text[0].lstrip())
    check_unchanged(fn, line)
    with shallow(fn.__name__, Span(file, line, indent, len(text[0]), text[0])):
        tree = parsed(fn, text, file, line)
    names = code.co_freevars
    closure = dict(zip(names, fn.__closure__ or (), strict=True))
    return Source(fn.__name__, file, line, tuple(text), indent, tree, fn.__globals__, closure, fn)


def parsed(fn: FunctionType, lines: list[str], file: str, line: int) -> Any:
    """The gast node of the function in these lines."""
    text = textwrap.dedent("\n".join(lines)) + "\n"
    if fn.__name__ != "<lambda>":
        found = next(n for n in gast.parse(text).body if isinstance(n, FUNCTIONS))
        return Tests(matching.names_of(found)).visit(found)
    tree = parsed_statement(text)
    found = [] if tree is None else [n for n in gast.walk(tree) if isinstance(n, gast.Lambda)]
    if len(found) == 1:
        return found[0]
    here = Span(file, line, 0, len(lines[0].rstrip()), lines[0])
    if not found:
        raise UnsupportedError("the text of this lambda cannot be told", here, "write a `def`")
    raise UnsupportedError(
        "two lambdas on a line cannot be told apart", here, "write a `def` for each"
    )


FUNCTIONS = (gast.FunctionDef, gast.AsyncFunctionDef)


class Tests(gast.NodeTransformer):
    """Moves the test of a `while` into its body where it assigns a name: what is assigned there is
    assigned in every round.

        while (x := f()) > 0: body   ->   while True: if not (x := f()) > 0: break; body

    A `match` becomes branches.
    """

    def __init__(self, names: Mapping[str, int]) -> None:
        self.names = names

    def visit_Match(self, node: Any) -> Any:
        self.generic_visit(node)
        return matching.lowered(node, self.names)

    def visit_While(self, node: Any) -> Any:
        self.generic_visit(node)
        if node.orelse or not any(isinstance(n, gast.NamedExpr) for n in gast.walk(node.test)):
            return node
        ends = gast.If(gast.UnaryOp(gast.Not(), node.test), [gast.Break()], [])
        made = gast.While(gast.Constant(True, None), [ends, *node.body], [])
        for one in (made, made.test, ends, ends.test, ends.test.op, *ends.body):
            gast.copy_location(one, node.test)
        return made


def parsed_statement(text: str) -> Any:
    """A statement that may be only part of a longer one, as a lambda among arguments is."""
    for candidate in (text, text.strip().rstrip(","), f"({text.strip().rstrip(',')})"):
        try:
            return gast.parse(candidate)
        except SyntaxError:
            continue
    return None


def check_unchanged(fn: FunctionType, line: int) -> None:
    """Refuse where the text is no longer that of the running function."""
    code = fn.__code__
    for found in compiled(code.co_filename, tuple(linecache.getlines(code.co_filename))):
        if (
            found.co_name == code.co_name
            and found.co_firstlineno == code.co_firstlineno
            and (same_code(found, code))
        ):
            return
    raise UnsupportedError(
        f"{fn.__name__} is not in its file as it was imported: the file was edited since",
        Span(code.co_filename, line),
        "import it again, or restart Python",
    )


@lru_cache(maxsize=32)
def compiled(file: str, lines: tuple[str, ...]) -> tuple[CodeType, ...]:
    """Every code object of a file or cell."""
    try:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        module = compile("".join(lines), file, "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        return ()
    return tuple(codes(module))


def codes(code: CodeType) -> Iterator[CodeType]:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const
            yield from codes(const)


def same_code(fresh: CodeType, running: CodeType) -> bool:
    """Was the running code compiled from the fresh one's text?

    Tools such as pytest rewrite asserts: then what the text names has to be there, and more may.
    """
    if any(name.startswith("@py") for name in running.co_names + running.co_varnames):
        return set(plain_constants(fresh)) <= set(plain_constants(running)) and (
            set(fresh.co_varnames) <= set(running.co_varnames)
        )
    return (
        fresh.co_code == running.co_code
        and fresh.co_names == running.co_names
        and fresh.co_varnames == running.co_varnames
        and plain_constants(fresh) == plain_constants(running)
        and all(map(same_code, nested(fresh), nested(running)))
    )


def nested(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def plain_constants(code: CodeType) -> list[str]:
    return [repr(c) for c in code.co_consts if isinstance(c, int | float | complex)]
