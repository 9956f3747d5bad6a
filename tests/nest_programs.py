"""From a plain function to its nests, and a kernel called through its bare C entry."""

from __future__ import annotations

import ctypes
import inspect
import subprocess

import numpy as np

from transpile import emit_c, frontend
from transpile.loops.lower import lower
from transpile.loops.place import place
from transpile.sym import fold, walk
from transpile.sym.evaluate import evaluate

FLAGS = (
    *("-std=c11", "-fopenmp-simd", "-fno-math-errno", "-ffp-contract=off", "-fwrapv"),
    *("-Wall", "-Wextra", "-Wconversion", "-Werror", "-fPIC", "-shared"),
)


def symbolic(fn, *args):
    """The folded symbolic form for these arguments."""
    sizes = []
    names = inspect.signature(fn).parameters
    described = [
        frontend.arg_of(value, name, sizes) for name, value in zip(names, args, strict=True)
    ]
    lowered = frontend.lower(frontend.read(fn), described)
    return fold.fold(walk.inline(lowered.function))


def nests(fn, *args, **options):
    return lower(place(symbolic(fn, *args)), **options)


def text(fn, *args):
    return emit_c.write(nests(fn, *args))


def body_of(words, name):
    """The lines of the readable function, comments and blanks at the end of lines removed."""
    lines = words.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(f"int64_t {name}("))
    stop = lines.index("}", start)
    return "\n".join(line.split("//")[0].rstrip() for line in lines[start : stop + 1])


class Compiled:
    """A kernel compiled alone with warnings as errors."""

    def __init__(self, function, directory, *flags):
        self.function = function
        self.kernel = lower(place(function))
        source = directory / f"{function.name}.c"
        source.write_text(emit_c.write(self.kernel))
        library = source.with_suffix(".so")
        command = ["cc", *FLAGS, "-O2", *flags, str(source), "-o", str(library), "-lm"]
        subprocess.run(command, check=True)
        self.library = ctypes.CDLL(str(library))

    def __call__(self, *args):
        """(number of the failed check, results and final values of written params)."""
        function, kernel = self.function, self.kernel
        values = [
            np.array(a, dtype=p.type.dtype, order="C")
            for a, p in zip(args, function.params, strict=True)
        ]
        extents = {
            dim.symbol: n
            for p, value in zip(function.params, values, strict=True)
            for dim, n in zip(p.type.dims, value.shape, strict=True)
        }
        sizes = [np.array(extents[size], dtype=np.int64) for size in function.sizes]
        plan = (ctypes.c_int64 * 99)()
        number = self.function_at("plan", [*sizes, *values], plan)
        if number:
            return number, []
        dims = iter(plan[1:])
        outs = [
            np.full([next(dims) for _ in atom.type.dims], 7, dtype=atom.type.dtype)
            for atom in function.returned
        ]
        scratch = np.empty(plan[0] // 8 + 8)
        begin = scratch[(-scratch.ctypes.data % 64) // 8 :]
        assert not kernel.grows
        number = self.function_at("entry", [*sizes, *values, *outs, begin])
        return number, [*outs, *(values[k] for k in function.written)]

    def function_at(self, name, arrays, *more):
        entry = getattr(self.library, f"{self.kernel.name}_{name}")
        entry.restype = ctypes.c_int64
        pointers = (ctypes.c_void_p * len(arrays))(*(a.ctypes.data for a in arrays))
        return entry(pointers, *more)


def check(fn, args, directory, *flags):
    """The kernel gives what the symbolic form means. Returns the text."""
    function = symbolic(fn, *args)
    compiled = Compiled(function, directory, *flags)
    wanted = evaluate(function, [np.array(a) if np.ndim(a) else a for a in args])
    number, got = compiled(*args)
    assert number == 0, compiled.kernel.checks[number - 1]
    for a, b in zip(got, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)
    return emit_c.write(compiled.kernel)
