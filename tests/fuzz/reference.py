"""The plain program on complex numbers, watched: its value, its slope, how near to a kink it came.

The program's text is rewritten so that each comparison, extremum, remainder and rounding goes
through this module: complex numbers have none of them, and the distance to where it would have gone
the other way is noted. No code of transpile's is in it.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.numerics import ComplexNumPy, copied, real

STEP = 1e-30
ENOUGH = 1e-5  # how far a program stays away from its kinks
LARGEST = 1e4


class Unfit(Exception):
    """The arguments are near to a kink, or make large or unsteady values."""


class Watch:
    """The least distance to a kink in a run."""

    def __init__(self) -> None:
        self.margin = np.inf

    def away(self, distance: Any) -> None:
        distance = np.asarray(distance)
        if distance.dtype.kind in "fc" and distance.size:
            self.margin = min(self.margin, float(np.min(np.abs(np.real(distance)))))

    def compare(self, signs: tuple[str, ...], *operands: Any) -> Any:
        held: Any = True
        for sign, (a, b) in zip(signs, itertools.pairwise(operands), strict=True):
            self.away(np.subtract(a, b))
            found = _SIGNS[sign](real(a), real(b))
            held = found if held is True else held and found
        return held

    def remainder(self, a: Any, b: Any) -> Any:
        if not any(np.iscomplexobj(v) for v in (a, b)):
            return a % b
        return a - self.quotient(a, b) * b

    def quotient(self, a: Any, b: Any) -> Any:
        if not any(np.iscomplexobj(v) for v in (a, b)):
            return a // b
        ratio = real(a) / real(b)
        self.away(ratio - np.rint(ratio))
        return np.floor_divide(real(a), real(b))

    def remainder_in_place(self, a: Any, b: Any) -> Any:
        found = self.remainder(a, b)
        if not isinstance(a, np.ndarray):
            return found
        a[...] = found
        return a

    def absolute(self, x: Any) -> Any:
        self.away(x)
        return NUMPY.abs(x)

    def whole(self, x: Any) -> int:
        self.away(real(x) - np.rint(real(x)))
        return int(real(x))

    def least(self, a: Any, b: Any) -> Any:
        self.away(a - b)
        return a if real(a) < real(b) else b

    def most(self, a: Any, b: Any) -> Any:
        return -self.least(-a, -b)


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "Lt": np.less, "LtE": np.less_equal, "Gt": np.greater, "GtE": np.greater_equal,
    "Eq": np.equal, "NotEq": np.not_equal,
}  # fmt: skip
NUMPY = ComplexNumPy()


class WatchedNumPy(ComplexNumPy):
    """NumPy on complex numbers, whose extrema are watched."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def maximum(self, a: Any, b: Any) -> Any:
        self._watch.away(np.subtract(a, b))
        return np.maximum(a, b)

    def minimum(self, a: Any, b: Any) -> Any:
        self._watch.away(np.subtract(a, b))
        return np.minimum(a, b)

    def abs(self, x: Any) -> Any:  # type: ignore[override]
        return self._watch.absolute(x)

    def max(self, x: Any) -> Any:
        self._watch.away(np.diff(np.sort(np.ravel(x))[-2:]))
        return np.max(x)

    def min(self, x: Any) -> Any:
        self._watch.away(np.diff(np.sort(np.ravel(x))[:2]))
        return np.min(x)


class _Rewriting(ast.NodeTransformer):
    """Comparisons, remainders and quotients become calls of the watch."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        signs = ast.Tuple([ast.Constant(type(op).__name__) for op in node.ops], ast.Load())
        return _call("compare", signs, node.left, *node.comparators)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        match node.op:
            case ast.Mod():
                return _call("remainder", node.left, node.right)
            case ast.FloorDiv():
                return _call("quotient", node.left, node.right)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Mod):
            return node
        old = ast.parse(ast.unparse(node.target), mode="eval").body
        name = "remainder_in_place" if isinstance(node.target, ast.Name) else "remainder"
        return ast.Assign([node.target], _call(name, old, node.value))


def _call(name: str, *args: ast.expr) -> ast.Call:
    owner = ast.Attribute(ast.Name("_watch", ast.Load()), name, ast.Load())
    return ast.Call(owner, list(args), [])


class Reference:
    """A program's text, compiled to run on complex numbers."""

    def __init__(self, text: str) -> None:
        self.tree = ast.fix_missing_locations(_Rewriting().visit(ast.parse(text)))
        self.code = compile(self.tree, "<reference>", "exec")
        self.watch = Watch()
        watch = self.watch
        self.names: dict[str, Any] = {
            "_watch": watch, "abs": watch.absolute, "int": watch.whole,
            "min": watch.least, "max": watch.most,
        }  # fmt: skip
        exec(self.code, self.names)
        self.names["np"] = WatchedNumPy(watch)

    def run(self, args: tuple[Any, ...], direction: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        """The complex result at `args + i STEP direction`, and the arguments as they are then."""
        lifted = tuple(
            a + 1j * STEP * np.asarray(d)
            if isinstance(a, np.ndarray) and a.dtype.kind == "f"
            else np.complex128(complex(a, STEP * d))
            if isinstance(a, float)
            else a
            for a, d in zip(copied(args), direction, strict=True)
        )
        return self.names["f"](*lifted), lifted

    def gradient(self, args: tuple[Any, ...], wrt: tuple[int, ...]) -> tuple[Any, ...]:
        """The derivative by every element of these arguments."""
        return tuple(self._of_one(args, p) for p in wrt)

    def _of_one(self, args: tuple[Any, ...], position: int) -> Any:
        shape = np.shape(args[position])
        found = np.empty(shape)
        for at in np.ndindex(*shape):
            direction = [0.0] * len(args)
            direction[position] = np.zeros(shape)
            direction[position][at] = 1.0
            found[at] = np.imag(self.run(args, tuple(direction))[0]) / STEP
        return found[()]

    def fit(self, args: tuple[Any, ...], wrt: tuple[int, ...]) -> tuple[Any, ...]:
        """The gradient, where the arguments are fit to compare it; else Unfit.

        Fit means: away from kinks, of moderate size, and so steady that a change of the arguments
        in their last digits does not matter to the comparison.
        """
        self.watch.margin = np.inf
        try:
            with np.errstate(all="ignore"):
                gradient = self.gradient(args, wrt)
                if not self.watch.margin > ENOUGH:
                    raise Unfit("near a kink")
                nearby = tuple(moved(a) for a in args)
                other = self.gradient(nearby, wrt)
        except (OverflowError, AssertionError, ZeroDivisionError) as error:
            raise Unfit(str(error)) from None
        here, there = (np.concatenate([np.ravel(g) for g in found]) for found in (gradient, other))
        size = np.max(np.abs(here))
        if not size < LARGEST:  # nor NaN
            raise Unfit("large")
        if not np.max(np.abs(here - there)) <= 1e-11 * size:
            raise Unfit("unsteady")
        return gradient


def moved(value: Any) -> Any:
    """The value, a little beside."""
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return value * (1.0 + 3e-15)
    return value
