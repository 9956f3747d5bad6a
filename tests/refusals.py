"""Programs that are refused: what each says, and which of our lines says it.

A module of tests/errors holds one program `f` with its arguments `args` (and `wrt`, where only a
gradient is refused), or several under `@given(args...)`. Its text beside it has what each says.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from msgspec import Struct

import transpile
from transpile import errors

ROOT = Path(transpile.__file__).parent
FOLDER = Path(__file__).parent / "errors"
NAMES = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
ROOMS = ("adjoint", "frontend", "loops", "sym")
# What raises: methods of the reader's context, and our errors where they are raised themselves.
METHODS = ("fail", "impossible", "misfit", "misplaced", "unknown")
RAISED = {name for name, cls in vars(errors).items() if inspect.isclass(cls)} | {
    "Mismatch", "NoLoop", "NotKnown",
}  # fmt: skip


class Place(Struct, frozen=True):
    """A stretch of our own text that refuses something."""

    file: str
    line: int
    end: int
    text: str

    def lines(self) -> set[tuple[str, int]]:
        return {(self.file, line) for line in range(self.line, self.end + 1)}


class Refusal(Struct, frozen=True):
    """What a program was refused with."""

    text: str
    helped: bool  # does it say what to write instead?
    lines: frozenset[tuple[str, int]]  # of ours, on the way to where it was raised


def given(*args: Any, wrt: Any = None, by: Callable = transpile.grad) -> Callable:
    """The program is refused with these arguments; where `wrt` is said, its derivative is."""

    def note(f: Callable) -> Callable:
        derivative = None if wrt is None else (by, wrt)
        f.given, f.derivative = args, derivative  # type: ignore[attr-defined]
        return f

    return note


Program: TypeAlias = "tuple[Callable, tuple, tuple[Callable, Any] | None]"


def programs(name: str) -> list[Program]:
    """The functions of a module, with their arguments and the derivative that is refused."""
    module = importlib.import_module(f"tests.errors.{name}")
    if hasattr(module, "f"):
        wrt = getattr(module, "wrt", None)
        derivative = None if wrt is None else (transpile.grad, wrt)
        return [(module.f, getattr(module, "args", ()), derivative)]
    return [(f, f.given, f.derivative) for f in vars(module).values() if hasattr(f, "given")]


@cache
def refused(name: str) -> tuple[Refusal, ...]:
    """How each program of the module is refused."""
    return tuple(refusal(*program) for program in programs(name))


def refusal(f: Callable, args: tuple, derivative: tuple[Callable, Any] | None) -> Refusal:
    with pytest.raises(errors.TranspileError) as caught:
        made: Any = transpile.function(f, mode="FAST_COMPILE")
        if derivative is not None:
            by, wrt = derivative
            made = by(f, wrt=wrt)
            args = (*args, *args) if by is transpile.jvp else args
        (made if args else made.compile()).source("c", *args)
    text = str(caught.value).replace(f"{FOLDER}/", "")
    helps = [line for line in text.splitlines() if line.startswith("  help: ")]
    return Refusal(text, bool(helps), frozenset(lines(caught.value)))


def lines(error: BaseException | None) -> Iterator[tuple[str, int]]:
    """Our lines that the error, and those that it was made of, went through."""
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        error = error.__context__


def fails_in_python(f: Callable, args: tuple) -> bool:
    """Does plain Python refuse the program, too?"""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            f(*args)
    except Exception:
        return True
    return False


def places() -> Iterator[Place]:
    """All that can refuse a program."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)):
                if refuses(node):
                    shown = ast.unparse(node)
                    yield Place(str(path), node.lineno, node.end_lineno or node.lineno, shown)


def refuses(node: ast.AST) -> bool:
    match node:
        case ast.Raise(exc=ast.Call(func=ast.Name(name))):
            return name in RAISED
        case ast.Call(func=ast.Attribute(ast.Name("ctx") | ast.Attribute(attr="ctx"), name)):
            return name in METHODS
    return False


def asked(missing: Sequence[Place]) -> str:
    """What is to be done where these have no program yet."""
    shown = [f"{place.file}:{place.line}\n    {place.text}" for place in missing]
    return "\n".join([
        "no program of tests/errors reaches what is refused here:", *shown,
        "write the smallest one that does, in a module there, and `pytest --write-golden "
        "tests/test_errors.py`; where there can be none, it is an assertion",
    ])  # fmt: skip
