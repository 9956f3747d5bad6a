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
from tests.phrases import fresh
from transpile.errors import FaultError, TranspileError
from transpile.frontend.library.numpy_calls import FAMILIES
from transpile.frontend.library.numpy_table import FUNCTIONS
from transpile.sym import expr
from transpile.sym.ops import Infix, Prefix

assert FAMILIES and scipy.fft and scipy.linalg and scipy.special

# -- arguments that are passed when a call runs

ROW = np.array([0.5, -1.25, 2.0, 0.75])
MATRIX = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -0.25], [0.5, -0.25, 5.0]])
TABLE = np.array([[0.5, -1.0, 2.0, 0.0], [1.5, 3.0, -0.25, 7.0], [-2.5, 6.0, 1.0, -3.5]])
COUNTS = np.array([2, 0, 3, 1])


def locked(x: np.ndarray) -> np.ndarray:
    x = x.copy()
    x.flags.writeable = False
    return x


PASSED: dict[str, Any] = {
    "row": ROW,
    "matrix": MATRIX,
    "table": TABLE,
    "cube": np.arange(24.0).reshape(2, 3, 4) - 7.5,
    "none": ROW[:0],
    "hollow": np.zeros((3, 0)),
    "dot": np.array(1.5),
    "one": ROW[:1],
    "nans": np.array([1.0, np.nan, -2.0, np.inf]),
    "single": ROW.astype("float32"),
    "counts": COUNTS,
    "shorts": np.array([[3, -1, 2], [0, 5, 7]], "int32"),
    "bytes": np.array([200, 3, 7], "uint8"),
    "flags": np.array([True, False, True, True]),
    "mask": TABLE > 0.5,
    "waves": ROW + 1j * ROW[::-1],
    "backward": ROW[::-1],
    "fortran": np.asfortranarray(TABLE),
    "apart": np.repeat(TABLE, 2, 1)[:, ::2],
    "locked": locked(ROW),
    "whole": 2,
    "real": 2.5,
    "truth": True,
    "imaginary": 1.5 - 1j,
    "double": np.float64(0.5),
    "small": np.int32(3),
    "bit": np.bool_(True),
}
LIKELY = ("row", "row", "table", "table", "matrix", "matrix", "counts", "flags")
AGAIN = ("backward", "fortran", "apart", "single", "shorts", "waves", "mask", "cube")

# -- arguments that stand in the text

EVERY = "None True 0 1 -1 2 2.5 1j 'a' () (0,) (1,0) [0] [1.0,2.0] [[1.0]] np.int64(1) ... np.nan"
ARRAYS = "[1.0,2.0,3.0,4.0] [1,2] (0.5,1) [[1.0,2.0],[3.0,4.0]] 2 1.5 [] [[1],[2]] [True,False]"
AXIS = "None 0 1 -1 -2 2 -3 5 -5 (0,1) (0,) () (0,0) (-1,1) [0] 1.0 True 'x' np.int64(0)"
WHOLE = "0 1 2 3 -1 -2 7 True 1.0 None np.int32(2)"
FLAG = "True False 0 1 None 'a'"
DTYPE = (
    "np.float64 np.float32 np.int64 np.int8 np.uint8 np.bool_ np.complex128 float int bool complex "
    "'float32' 'i4' None row.dtype 'x' 3 object"
)
SHAPE = "3 0 (2,2) (4,) (2,0) () -1 (-1,2) (2,-1) (3,4) [2,2] 2.0 None (2,2.0) True np.int64(4)"
NUMBER = "0 1 2.5 -1 1j True None [1.0] np.nan np.float32(1.5)"
PLACES = "0 1 -1 3 9 [0,1] [1,-1] [9] [[0,1],[1,0]] [] (0,1) 1.0 [True,False] None slice(0,2)"
KINDS = {
    "axis axis1 axis2 axisa axisb axisc axes source destination start": AXIS,
    "n N M k m ndmin num deg decimals offset ndim minlength ddof correction shift kth start stop "
    "step edge_order repeats reps bins l_and_u ind": WHOLE + " (1,2) [1,2] [0,1,2]",
    "keepdims endpoint retstep sparse copy right increasing density returned equal_nan lower upper "
    "hermitian full_matrices compute_uv check_finite overwrite_a overwrite_b overwrite_ab left "
    "overwrite_x return_index return_inverse return_counts assume_unique invert bias rowvar "
    "include_initial permute_l p_indices pivoting unit_diagonal stable subok": FLAG,
    "dtype": DTYPE,
    "shape new_shape dims dimensions s": SHAPE,
    "fill_value initial a_min a_max min max nan posinf neginf constant_values rtol atol rcond tol "
    "val default base dx d period discont delta lmbda to_begin to_end prepend append q p": NUMBER,
    "indices obj indices_or_sections sorter": PLACES,
    "order": "'C' 'F' 'K' 'A' None 'x' 1 inf np.inf -np.inf 2 -1 'fro' 'nuc' 0",
    "ord": "None 1 2 -1 -2 0 np.inf -np.inf 'fro' 'nuc' 'x' 3",
    "mode": "'raise' 'wrap' 'clip' 'constant' 'edge' 'reflect' 'symmetric' 'full' 'same' 'valid' "
    "'reduced' 'r' 'x' None 0",
    "side": "'left' 'right' 'x' None",
    "kind": "None 'quicksort' 'stable' 'x' 'heapsort' 'mergesort'",
    "casting": "'same_kind' 'unsafe' 'safe' 'no' 'equiv' 'x' None",
    "method": "'linear' 'lower' 'higher' 'nearest' 'midpoint' 'median_unbiased' 'x'",
    "indexing": "'xy' 'ij' 'x'",
    "norm": "None 'ortho' 'forward' 'backward' 'x'",
    "UPLO": "'L' 'U' 'l' 'x'",
    "subscripts": "'ij,j' 'ij' 'ii' 'i,i' 'ij->ji' 'i->' 'ij,jk->ik' 'i,j' '...i' 'iij' 'x-y' ''",
    "pad_width": "1 0 (1,2) ((1,2),) ((0,1),(2,0)) -1 1.0 [1,2] 2",
    "reflect_type": "'even' 'odd' 'x'",
    "trans transposed": "0 1 2 'N' 'T' 'C' 3 True",
    "assume_a": "'gen' 'sym' 'her' 'pos' 'x'",
    "function func1d pyfunc funclist": "np.sum np.sin [np.sin,0] np.cumsum None 3",
    "given": DTYPE,
}  # fmt: skip
TEXTS = {key: texts.split() for keys, texts in KINDS.items() for key in keys.split()}
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

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)
        self.passed: list[str] = []

    def chance(self, of_ten: float) -> bool:
        return self.rng.random() * 10 < of_ten

    def array(self) -> str:
        """An array or number that is passed."""
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
    draw = Drawer(f"{family} {seed}")
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


COMPARED = ("<", "<=", ">", ">=", "==", "!=")
INFIX = sorted(
    {op.numpy.symbol for op in expr.NAMES.values() if isinstance(op.numpy, Infix)} | {"@"}
)
PREFIX = sorted({op.numpy.symbol for op in expr.NAMES.values() if isinstance(op.numpy, Prefix)})
FORMS = {
    "x + y": infix, "-x": prefix, "x += y": in_place, "x[i]": read, "x[i] = y": write,
    "x[i] += y": change, "x[i] unused": unused,
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
# What stands there, or which of equals is first.
UNSPECIFIED = ("empty", "np.ndarray", "partition", "argsort")


UNTAKEN = (TranspileError, NotImplementedError)


def fails_alike(got: Exception, want: Exception) -> bool:
    """The same type of error; a base of it serves where NumPy has a type of its own."""
    mine, theirs = type(got), type(want)
    if mine.__name__ == theirs.__name__ or issubclass(mine, theirs):
        return True
    if isinstance(got, transpile.ShapeError):
        return issubclass(theirs, ValueError)
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
