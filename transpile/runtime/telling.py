"""What a running program tells: its warnings, for the lines of the user's.

A warning is that of `warnings.warn` where the user wrote it: with the file, the line and the
module, whose registry says what was shown before.
"""

from __future__ import annotations

import ctypes
import struct
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from transpile.errors import Shown, Tell, Warned, class_of
from transpile.sym.types import FLOATS

WIDTH = 8  # bytes of a Value
ROOT = str(Path(__file__).parent.parent)
GENERATED = "transpile.generated."  # how the names of generated modules begin


class Teller:
    """Says what a kernel tells, by its number, with the values at an address."""

    def __init__(self, tells: Sequence[Tell]) -> None:
        self.tells = tells

    def __call__(self, number: int, address: int) -> None:
        tell = self.tells[number - 1]
        text = ""
        for part in tell.parts:
            if isinstance(part, Shown):
                text += format(number_of(ctypes.string_at(address, WIDTH), part.dtype), part.how)
                address += WIDTH
            else:
                text += part
        warn(text, class_of(tell.warned.category), tell.warned)


def number_of(value: bytes, dtype: str) -> Any:
    """The number in a Value, which Python formats as it does the user's."""
    if dtype in FLOATS:
        (real,) = struct.unpack("d", value)
        return np.float32(real) if dtype == "float32" else real
    (integer,) = struct.unpack("Q" if dtype == "uint64" else "q", value)
    return bool(integer) if dtype == "bool" else integer


class Warnings:
    """Stands for the module `warnings` in generated text, which names files without folders."""

    def __init__(self, warned: Sequence[Warned]) -> None:
        self.places = {one.span.place: one for one in warned if one.span is not None}

    def warn_explicit(self, text: str, category: type[Warning], file: str, line: int) -> None:
        warn(text, category, self.places[f"{file}:{line}"])

    def warn(self, text: str, category: type[Warning], stacklevel: int) -> None:
        warn(text, category, Warned("", None, "", stacklevel - 1))


def warn(text: str, category: type[Warning], warned: Warned) -> None:
    """Warn of the place that is said."""
    if warned.span is None:
        file, line, names = caller(warned.outside)
    else:
        module = sys.modules.get(warned.module)
        names = {"__name__": warned.module} if module is None else vars(module)
        file, line = warned.span.file, warned.span.line
    registry = names.setdefault("__warningregistry__", {})
    name = names.get("__name__", "<string>")
    warnings.warn_explicit(text, category, file, line, name, registry)


def caller(level: int) -> tuple[str, int, dict[str, Any]]:
    """The line that many calls outside of what is ours, as `warnings.warn` counts them."""
    for frame in outside():
        level -= 1
        if level == 0:
            return frame.f_code.co_filename, frame.f_lineno, frame.f_globals
    return "sys", 1, vars(sys)


def outside() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        generated = frame.f_globals.get("__name__", "").startswith(GENERATED)
        if not generated and not frame.f_code.co_filename.startswith(ROOT):
            yield frame
        frame = frame.f_back
