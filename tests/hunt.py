"""Calls drawn at random from the tables, with arguments that NumPy takes and such that it refuses.

The signatures are those of the entries, so that what is added is hunted too. Each call is a small
function; what it gives, what it leaves in its arguments and how it fails are NumPy's, or we refuse
it with the line. Run as a program it prints what differs: `python -m tests.hunt SEED COUNT [NAME]`.
"""

from __future__ import annotations

import collections
import importlib.util
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.fft
import scipy.linalg
import scipy.special
from msgspec import Struct

import transpile
from tests.hunt_arguments import (
    AGAIN,
    ARRAYS,
    CONSTANTS,
    EVERY,
    LIKELY,
    MATRICES,
    NUMBERS,
    PASSED,
    PLACES,
    TEXTS,
)
from tests.phrases import fresh
from transpile.errors import FaultError, TranspileError
from transpile.frontend.library.numpy_calls import FAMILIES
from transpile.frontend.library.numpy_table import FUNCTIONS
from transpile.sym import expr
from transpile.sym.ops import Infix, Prefix

assert FAMILIES and scipy.fft and scipy.linalg and scipy.special

SEQUENCES = ("arrays", "tup", "choices", "choicelist", "condlist", "keys", "multi_index")
PACKED = ("c_and_lower", "lu_and_piv")
LEFT = ("scipy.linalg.", "random.", "vectorize", "seed")
UNDRAWN = ("plan", "workers", "overwrite_x", "optimize")  # what a call may say of how it is made


class Call(Struct, frozen=True):
    """A function that makes one call, and the names of the arguments that are passed to it."""

    family: str
    body: tuple[str, ...]
    passed: tuple[str, ...]

    def text(self, name: str) -> str:
        lines = "".join(f"    {line}\n" for line in self.body)
        return f"def {name}({', '.join(dict.fromkeys(self.passed))}):\n{lines}\n\n"


class Drawer:
    """Draws calls of one entry."""

    def __init__(self, seed: str, likely: Sequence[str] = ()) -> None:
        self.rng = random.Random(seed)
        self.likely = likely  # the arrays that most calls of a family are about
        self.passed: list[str] = []

    def chance(self, of_ten: float) -> bool:
        return self.rng.random() * 10 < of_ten

    def array(self) -> str:
        """An array or number that is passed."""
        if self.likely and self.chance(8):
            name = self.rng.choice(self.likely)
            self.passed.append(name)
            return name
        group = self.rng.choice((LIKELY, LIKELY, LIKELY, AGAIN, AGAIN, tuple(PASSED)))
        name = self.rng.choice(group)
        self.passed.append(name)
        return name

    def operand(self) -> str:
        if self.chance(7.5):
            return self.array()
        return self.rng.choice((ARRAYS if self.chance(7) else EVERY).split())

    def argument(self, name: str) -> str:
        """One for the parameter of this name."""
        if self.chance(0.4):
            return self.rng.choice(EVERY.split())
        if name == "out":
            return self.array()
        if name in ("where", "condition") and self.chance(6):
            self.passed.append("flags" if self.chance(6) else "mask")
            return self.passed[-1]
        if name in SEQUENCES:
            parts = [self.operand() for _ in range(self.rng.choice((1, 2, 2, 2, 3, 0)))]
            return (
                f"[{', '.join(parts)}]"
                if self.chance(5)
                else f"({''.join(p + ', ' for p in parts)})"
            )
        if name in TEXTS and not self.chance(1):
            return self.rng.choice(TEXTS[name])
        return self.operand()

    def call(self, spelled: str, signature: Sequence[str], method: bool = False) -> str:
        """`spelled(...)` with the required arguments and some of the others."""
        given: list[str] = []
        by_name = False
        share = self.rng.choice((0, 1, 3))
        for one in signature:
            name = one.partition("=")[0].strip("*!")
            if name in UNDRAWN:
                continue
            if one.startswith("*"):
                given += [self.argument(name) for _ in range(self.rng.choice((1, 2, 2, 3)))]
            elif one.rstrip("!").endswith("*"):
                given.append(f"{name}=" * by_name + self.argument(name))
            elif not self.chance(share):
                by_name = True
            else:
                by_name = by_name or self.chance(5)
                given.append(f"{name}=" * by_name + self.argument(name))
        if method:
            return f"{self.array()}.{spelled}({', '.join(given[1:])})"
        return f"{spelled}({', '.join(given)})"


def entries() -> dict[str, tuple[str, tuple[str, ...], bool]]:
    """All that is hunted: how it is spelled, its parameters, whether arrays have it too."""
    found: dict[str, tuple[str, tuple[str, ...], bool]] = {}
    for name, entry in FUNCTIONS.items():
        if name.startswith(LEFT):
            continue
        spelled = name if name.startswith("scipy.") else f"np.{name}"
        bare = name.removeprefix("ndarray.")
        found[spelled] = (bare if bare != name else spelled, entry.signature, bare != name)
        if entry.method and bare == name and "." not in name:
            found[f"ndarray.{name}"] = (name, entry.signature, True)
    for name, op in expr.NAMES.items():
        if op.elementwise and hasattr(np, name) and name not in FUNCTIONS:
            parameters = (*(f"{a}*" for a in op.args), "out", "where", "dtype", "casting")
            found[f"np.{name}"] = (f"np.{name}", parameters, False)
            if len(op.args) == 2:
                for key, more in UFUNC_METHODS.items() if name not in BROKEN else ():
                    found[f"np.{name}.{key}"] = (f"np.{name}.{key}", more, False)
    for name in DTYPE_NAMES:
        found[f"np.{name}"] = (f"np.{name}", ("x*",), False)
    for name in PYTHONS:
        found[name] = (name, ("x*",), False)
    return found


UFUNC_METHODS = {
    "reduce": ("a*", "axis", "dtype", "out", "keepdims", "initial", "where"),
    "accumulate": ("a*", "axis", "dtype", "out"),
    "outer": ("a*", "b*"),
    "at": ("a*", "indices*", "b*"),
    "reduceat": ("a*", "indices*", "axis"),
}
# NumPy's own loops in lanes fold these wrongly, and write by `at` into what is locked.
BROKEN = ("power", "pow", "arctan2", "atan2")
DTYPE_NAMES = (
    "float64", "float32", "int64", "int32", "int8", "uint8", "uint64", "bool_", "complex128",
    "complex64",
)  # fmt: skip
PYTHONS = ("float", "int", "bool", "complex", "len", "abs", "round", "min", "max", "sorted",
           "list", "tuple", "any", "all", "range", "divmod")  # fmt: skip


# -- calls


def drawn(family: str, seed: int) -> Call:
    """A call of a family: an entry's name, or one of the forms below."""
    draw = Drawer(f"{family} {seed}", tuple(MATRICES) if "linalg" in family else ())
    if family in FORMS:
        body = FORMS[family](draw)
    else:
        spelled, signature, method = ENTRIES[family]
        body = held(draw, draw.call(spelled, signature, method))
    return Call(family, tuple(body), tuple(dict.fromkeys(draw.passed)))


def held(draw: Drawer, text: str) -> list[str]:
    """A statement that keeps what an expression gives, and perhaps writes that show what is a view
    of what."""
    if draw.passed and draw.chance(2):
        return [f"r = {text}", f"{draw.rng.choice(draw.passed)}[...] = 1", "return r"]
    if draw.chance(1.5):
        return [f"r = {text}", "r[...] = 1", "return r"]
    return [f"return {text}"]


def infix(draw: Drawer) -> list[str]:
    return held(draw, f"{draw.operand()} {draw.rng.choice(INFIX)} {draw.operand()}")


def prefix(draw: Drawer) -> list[str]:
    return held(draw, f"{draw.rng.choice(PREFIX)}{draw.operand()}")


def in_place(draw: Drawer) -> list[str]:
    name, symbol = draw.array(), draw.rng.choice([s for s in INFIX if s not in COMPARED])
    return [f"{name} {symbol}= {draw.operand()}", f"return {name}"]


def index(draw: Drawer) -> str:
    parts = [one(draw) for _ in range(draw.rng.choice((1, 1, 1, 2, 2, 3)))]
    return ", ".join(parts) + ("," if draw.chance(0.5) else "")


def one(draw: Drawer) -> str:
    """What stands between the commas of an index."""
    if draw.chance(4):
        bounds = [draw.rng.choice(("", "", "1", "-1", "2", "9", "-9", "0", "None")) for _ in "ab"]
        step = draw.rng.choice(("", "", ":2", ":-1", ":-2", ":0"))
        return ":".join(bounds) + step
    if draw.chance(3):
        name = draw.rng.choice(("counts", "flags", "mask", "shorts", "whole", "small", "bit"))
        draw.passed.append(name)
        return name
    return draw.rng.choice(f"{PLACES} {PLACES} {EVERY} ... None".split())


def read(draw: Drawer) -> list[str]:
    return held(draw, f"{draw.array()}[{index(draw)}]")


def write(draw: Drawer) -> list[str]:
    name = draw.array()
    return [f"{name}[{index(draw)}] = {draw.operand()}", f"return {name}"]


def change(draw: Drawer) -> list[str]:
    name, symbol = draw.array(), draw.rng.choice([s for s in INFIX if s not in COMPARED])
    return [f"{name}[{index(draw)}] {symbol}= {draw.operand()}", f"return {name}"]


def unused(draw: Drawer) -> list[str]:
    """What is computed and not read fails all the same."""
    return [f"{draw.array()}[{index(draw)}]", "return 1"]


def kept_dtype(draw: Drawer) -> list[str]:
    """Numbers of all widths in one operation."""
    draw.likely = tuple(NUMBERS)
    x, y = draw.array(), draw.array() if draw.chance(6) else draw.rng.choice(CONSTANTS.split())
    return held(draw, f"{x} {draw.rng.choice(INFIX)} {y}" if draw.chance(5) else f"{y} - {x}")


def changed_dtype(draw: Drawer) -> list[str]:
    """The same in place, of the whole or through an index."""
    draw.likely = tuple(NUMBERS)
    x, y = draw.array(), draw.array() if draw.chance(6) else draw.rng.choice(CONSTANTS.split())
    symbol = draw.rng.choice(["", *(s for s in INFIX if s not in COMPARED)])
    where = draw.rng.choice(
        ("[...]", "[0]", "[1:]", "[::-1]") if not symbol else ("", "[0]", "[:2]")
    )
    return [f"{x}{where} {symbol}= {y}", f"return {x}"]


def through_view(draw: Drawer) -> list[str]:
    """A view, or what may be one, that is written, and what was written shows in."""
    x = draw.array()
    way = draw.rng.choice(VIEWS.split())
    text = f"{x}{way}" if way[0] in ".[" else f"{way}({x})"
    name = x if draw.chance(3) else "v"
    target = "v" if name == x else x
    symbol = draw.rng.choice(("", "+", "*", "-"))
    other = draw.operand() if draw.chance(3) else draw.rng.choice(("1", "2.5", "7"))
    return [f"v = {text}", f"{name}[{index(draw)}] {symbol}= {other}", f"return {target}, {name}"]


VIEWS = (
    ".T .ravel() .reshape(-1) [::-1] [1:] [...,0] [None] .flatten() .copy() .real .imag .flat [0] "
    "np.flip np.ravel np.transpose np.asarray np.atleast_2d np.squeeze np.diagonal .view() "
    ".astype(float) [:,::2] .swapaxes(0,-1) np.ascontiguousarray .squeeze() np.array np.rot90 "
    "np.positive np.real .conj() .reshape(-1,1) [[0,1]] .take([0]) .diagonal() np.broadcast_to"
)


COMPARED = ("<", "<=", ">", ">=", "==", "!=")
INFIX = sorted(
    {op.numpy.symbol for op in expr.NAMES.values() if isinstance(op.numpy, Infix)} | {"@"}
)
PREFIX = sorted({op.numpy.symbol for op in expr.NAMES.values() if isinstance(op.numpy, Prefix)})
FORMS = {
    "x + y": infix, "-x": prefix, "x += y": in_place, "x[i]": read, "x[i] = y": write,
    "x[i] += y": change, "x[i] unused": unused, "i32 + u8": kept_dtype, "i32 += u8": changed_dtype,
    "v = x.T": through_view,
}  # fmt: skip
ENTRIES = entries()
WEIGHTS = dict.fromkeys(FORMS, 12)


# -- what they give


def module(calls: Sequence[Call], folder: Path, name: str) -> Any:
    """The functions that make the calls, in a file of their own."""
    path = folder / f"{name}.py"
    heads = "import numpy as np\nimport scipy.fft\nimport scipy.linalg\nimport scipy.special\n\n\n"
    path.write_text(heads + "".join(call.text(f"f{k}") for k, call in enumerate(calls)), "utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


def run(f: Any, args: Sequence[Any]) -> tuple[Any, tuple[Any, ...]]:
    """What a call gives or raises, and its arguments afterwards."""
    given = tuple(map(fresh, args))
    try:
        return f(*given), given
    except Exception as error:
        return error, given


def fault(call: Call, f: Any, mode: str) -> tuple[str, str]:
    """One word of how a call went, and what is wrong with it where something is."""
    args = [PASSED[name] for name in call.passed]
    with np.errstate(all="ignore"):
        want, theirs = run(f, args)
        try:
            ours_f = transpile.function(f, mode=mode)
        except TranspileError:
            return "refused", ""
        got, ours = run(ours_f, args)
    if isinstance(got, FaultError):
        return "wrong", f"a fault: {got.message}"
    if isinstance(want, Exception):
        if isinstance(got, TranspileError) and got.span is not None:
            return "refused", ""
        if not isinstance(got, Exception):
            return "wrong", f"gives {got!r}, NumPy raises {want!r}"
        if not fails_alike(got, want):
            return "wrong", f"raises {got!r}, NumPy {want!r}"
        want = got = None
    elif isinstance(got, UNTAKEN):
        return "not taken", str(got)
    elif isinstance(got, Exception):
        return "wrong", f"raises {got!r}, NumPy gives {want!r}"
    said = (
        ""
        if any(part in call.family for part in UNSPECIFIED)
        else different(got, want) or different(ours, theirs)
    )
    return ("wrong" if said else "held"), said


CALLS = (*FORMS, *ENTRIES)
# What stands there, which of equals is first, where a number belongs in what is not sorted.
UNSPECIFIED = ("empty", "np.ndarray", "partition", "argsort", "searchsorted")


UNTAKEN = (TranspileError, NotImplementedError)


def fails_alike(got: Exception, want: Exception) -> bool:
    """The same type of error; a base of it serves where NumPy has a type of its own.

    What is wrong in two ways is a TypeError or a ValueError by what is looked at first.
    """
    mine, theirs = type(got), type(want)
    if all(issubclass(one, ValueError | TypeError) for one in (mine, theirs)):
        return True
    if mine.__name__ == theirs.__name__ or issubclass(mine, theirs):
        return True
    if isinstance(got, transpile.ShapeError):  # lengths are compared before the rest runs
        return issubclass(theirs, ValueError | IndexError | TypeError)
    return theirs.__module__.startswith(("numpy", "scipy")) and issubclass(theirs, mine)


def different(got: Any, want: Any) -> str:
    """How they differ: in type, dtype, shape, or by more than rounding."""
    if isinstance(want, np.ndarray | np.generic):
        if type(got) is not type(want) and not both_arrays(got, want):
            return f"{got!r}, not {want!r}"
        g, w = np.asarray(got), np.asarray(want)
        if (g.dtype, g.shape) != (w.dtype, w.shape):
            return f"{g.dtype}{list(g.shape)}, not {w.dtype}{list(w.shape)}"
        same = np.array_equal(g, w) if w.dtype.kind not in "fc" else near(g, w)
        return "" if same else f"{got!r}, not {want!r}"
    if isinstance(want, tuple | list):
        if (type(got) is not type(want) and not isinstance(want, tuple)) or len(got) != len(want):
            return f"{got!r}, not {want!r}"
        return "; ".join(filter(None, map(different, got, want)))
    if type(got) is not type(want):
        return f"{got!r}, not {want!r}"
    if isinstance(want, float | complex):
        return "" if near(np.asarray(got), np.asarray(want)) else f"{got!r}, not {want!r}"
    return "" if got == want or want != want else f"{got!r}, not {want!r}"


def both_arrays(got: Any, want: Any) -> bool:
    return isinstance(got, np.ndarray) and isinstance(want, np.ndarray)


def near(g: np.ndarray, w: np.ndarray) -> bool:
    """Within rounding of the largest."""
    bound = 1e-10 if w.dtype in ("float64", "complex128") else 1e-4
    size = np.max(np.abs(w[np.isfinite(w)]), initial=1.0)
    return bool(np.allclose(g, w, rtol=bound, atol=bound * size, equal_nan=True))


def hunt(calls: Sequence[Call], mode: str, folder: Path) -> Iterator[tuple[Call, str, str]]:
    made = module(calls, folder, f"hunt_{abs(hash(tuple(calls)))}")
    for k, call in enumerate(calls):
        yield (call, *fault(call, getattr(made, f"f{k}"), mode))


def main(seed: int, count: int, only: str = "", mode: str = "FAST_COMPILE") -> None:
    warnings.simplefilter("ignore")
    names = [n for n in CALLS if only in n]
    calls = [drawn(n, seed + k) for n in names for k in range(count * WEIGHTS.get(n, 1))]
    counts: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for call, how, said in hunt(calls, mode, Path(folder)):
            counts[how] += 1
            if how == "wrong" or (how == "not taken" and "-v" in sys.argv):
                print(f"{how}: {'; '.join(call.body)}\n    {said[:300]}", flush=True)
    print(dict(counts))


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if a != "-v"]
    main(int(given[0]), int(given[1]), *given[2:])
