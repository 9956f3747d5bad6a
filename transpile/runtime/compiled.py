"""One specialisation on its way from symbolic form to something that can be called.

Each stage is computed when it is first asked for and kept: placed, nests, the two texts, their
files in the cache, and the callables.
"""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from transpile import emit_c, emit_py
from transpile.config import config
from transpile.errors import BuildError, Quiet
from transpile.loops import lower as to_nests
from transpile.loops import place as placing
from transpile.loops.choose import choose
from transpile.loops.nest import Kernel as Nest
from transpile.runtime import build, cache, call
from transpile.runtime.call import ArgSpec, Kernel, OutSpec, Signature
from transpile.sym import ir, walk

VERSION = "1"  # of the form of cache entries


class Compiled:
    """A function of the symbolic form, for one set of argument types.

    Settings that the text depends on are taken as they are when it is made. `origin` is
    what the header of the generated text says: where it came from, such as
    `decay.py:6`, and the command that writes it again. A `limited` one raises OverBudget rather
    than take more scratch memory than `config.memory_budget`. Where it is `quiet`, generated
    Python does not warn.
    """

    def __init__(
        self,
        function: ir.Function,
        origin: tuple[str, str],
        limited: bool = False,
        quiet: tuple[Quiet, ...] = (),
    ) -> None:
        self.function, self.limited = function, limited
        self.origin, self.quiet = origin, quiet
        self.optimize, self.reassociate = config.optimizer is not None, config.reassociate
        self.debug = config.debug_info

    @cached_property
    def placed(self) -> placing.Placed:
        return placing.place(self.function)

    @cached_property
    def nests(self) -> Nest:
        chosen = choose(self.function) if self.optimize else self.function
        placed = self.placed if chosen is self.function else placing.place(chosen)
        return to_nests.lower(placed, self.optimize, self.reassociate)

    @cached_property
    def python(self) -> str:
        place, command = self.origin
        return emit_py.write(self.placed, (place, *wrapped(f"{command} --to python")), self.quiet)

    @cached_property
    def c(self) -> str:
        place, command = self.origin
        again = "\n    ".join(["do not edit; write it again with", *wrapped(f"{command} --to c")])
        header = f"Written by transpile from {place} -- {again}"
        return emit_c.write(self.nests, header, self.debug)

    @cached_property
    def python_path(self) -> Path:
        """The generated Python in the cache."""
        name = f"{self.function.name}.py"

        def make(directory: Path) -> None:
            (directory / name).write_text(self.python, encoding="utf-8")

        return cache.entry(cache.key({"form": VERSION, "python": self.python}), make) / name

    @cached_property
    def c_path(self) -> Path:
        """The generated C in the cache, compiled beside it.

        The key is made of the text itself, which holds the program, what it captured and its
        types, so an entry can never be one of another program. Raises BuildError.
        """
        name, lines = self.function.name, self.c.count("\n")
        flags = " ".join(build.flags(lines=lines))
        ingredients = {"form": VERSION, "c": self.c, "flags": flags}

        def make(directory: Path) -> None:
            source = directory / f"{name}.c"
            source.write_text(self.c, encoding="utf-8")
            build.compile_c(source, directory / f"{name}.so", lines=lines)

        return cache.entry(cache.key({**ingredients, **build.identity()}), make) / f"{name}.c"

    @cached_property
    def signature(self) -> Signature:
        kernel, sizes = self.nests.signature, self.nests.signature.sizes
        args = []
        for a in kernel.args:
            dims = tuple(dim if dim in sizes else int(dim) for dim in a.dims)
            args.append(ArgSpec(a.name, a.kind, a.dtype, dims, a.written))
        outs = tuple(OutSpec(o.name, o.kind, o.dtype, len(o.dims), o.late) for o in kernel.outs)
        known = kernel.checks, kernel.host, kernel.tells
        return Signature(kernel.name, sizes, tuple(args), outs, *known)

    @cached_property
    def kernel(self) -> Kernel:
        """The compiled C as a callable of flat arguments. Raises BuildError."""
        single = self.function.tree == ir.Leaf(0) and len(self.signature.outs) == 1
        library = self.c_path.with_suffix(".so")
        return call.kernel(self.signature, library, single=single, limited=self.limited)

    @cached_property
    def interpreted(self) -> Callable[..., Any]:
        """The generated Python as a callable of flat arguments; it gives what the user gets."""
        effects = [eqn.rhs for eqn in walk.equations(self.function.body)]
        warned = [rhs.warned for rhs in effects if isinstance(rhs, ir.Print) and rhs.warned]
        return call.load_python(self.python_path, self.function.name, warned)

    def runs_as_c(self) -> bool:
        """Is the kernel there? Where no compiler is, one warning says what runs instead."""
        try:
            self.kernel  # noqa: B018
        except BuildError as error:
            if not _warned:
                _warned.append(str(error))
                warn(error)
            return False
        return True


COMMAND = 88  # columns of a line of the command, in a comment


def wrapped(command: str) -> list[str]:
    """The lines of a command: an option is broken only where it fills more than a line itself."""
    lines = [""]
    for part in command.replace(" --", "\n--").split("\n"):
        if len(lines[-1]) + 1 + len(part) <= COMMAND:
            lines[-1] = f"{lines[-1]} {part}".lstrip()
        else:
            lines += textwrap.wrap(part, COMMAND - 4, break_long_words=False)
    first, *others = lines
    return [first, *(f"    {line}" for line in others)]


_warned: list[str] = []


def warn(error: BuildError) -> None:
    warnings.warn(
        f"generated NumPy runs in place of C, more slowly: {error.message}",
        RuntimeWarning,
        stacklevel=5,
    )
