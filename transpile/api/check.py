"""A checker of gradients, for users' own programs and rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from transpile import frontend
from transpile.api.derivatives import Pullback, positions
from transpile.api.functions import Function, decorated
from transpile.api.reference import Plain, Slope, by_complex_step, by_differences
from transpile.api.structure import assembled
from transpile.errors import Span, render
from transpile.frontend.args import children, is_static, labels
from transpile.sym import ir, walk

DOUBLE, SINGLE = 1e-8, 1e-4  # tolerances
SURE = 1e-2  # an estimate of the error that leaves less than two digits decides nothing
Path = tuple[int, ...]


class Entry(Struct, frozen=True):
    """One number that the function was differentiated by, `name` being how Python writes it.

    `got` is the gradient, `want` the other derivative, `error` about how far off that may be.
    `excess` is how far the two are apart beyond what is allowed.
    """

    name: str
    parameter: str
    got: float
    want: float
    error: float
    method: str
    excess: float


class GradientCheck(Struct, frozen=True):
    """What `check_grad` found: true where all entries agree, of which `worst` does so least."""

    name: str
    worst: Entry
    entries: int
    span: Span | None
    through: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.worst.excess <= 0.0

    def __repr__(self) -> str:
        worst = self.worst
        numbers = (
            f"{worst.name}: {worst.got!r} by the gradient, "
            f"{worst.want!r} ± {worst.error:.0e} by {worst.method}"
        )
        if self:
            return f"the gradient of {self.name} agrees in {self.entries} entries, worst {numbers}"
        help = f"it goes through {' and '.join(self.through)}" if self.through else None
        return render(f"the gradient of {self.name} is wrong for {numbers}", self.span, help)


def check_grad(
    fn: Callable[..., Any],
    *args: Any,
    wrt: int | str | Sequence[int | str] | None = None,
    tolerance: float | None = None,
    entries: int | None = None,
) -> GradientCheck:
    """Compare the gradient of a function, element by element, with one that we had no part in.

    That is the complex step of the plain Python program where it runs on complex numbers and is
    analytic, or else differences with an estimate of their error. What comes back is true where all
    agree; printed, it names the worst entry. Of a result that is no scalar the sum with fixed
    weights is differentiated.

    `wrt` are the parameters, by default all that are floating-point numbers and arrays of them.
    `tolerance` is relative to the largest entry of an array's gradient, by default 1e-8, or 1e-4
    for single precision. With `entries` at most so many of each array are looked at, at random.

    >>> import numpy as np, transpile
    >>> def cost(x, k):
    ...     return np.sum(np.sin(k * x))
    >>> bool(transpile.check_grad(cost, np.array([1.0, 2.0]), 3.0))
    True
    """
    checker = Checker(decorated(fn), fn, args)
    chosen = checker.floats() if wrt is None else tuple(positions(checker.inner, wrt))
    found = list(checker.compared(chosen, tolerance, entries))
    if not found:
        raise TypeError(f"{checker.inner._name} has no floating-point arguments here")
    worst = max(found, key=lambda entry: entry.excess)
    return GradientCheck(
        checker.inner._name, worst, len(found), checker.span(worst.parameter), checker.through()
    )


class Checker:
    """One function at certain arguments."""

    def __init__(self, inner: Function, fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.inner, self.args = inner, inner._bound(args, {})
        self.names = list(inner._parameters.parameters)
        self.plain = Plain(fn)
        result = self.plain(*map(double, self.args))
        if any(np.iscomplexobj(leaf) for _, _, leaf in spread(result, "")):
            raise TypeError(f"{inner._name} returns complex numbers: check a part, or a size")
        shapes = [np.shape(leaf) for _, _, leaf in spread(result, "") if is_float(leaf)]
        rng = np.random.default_rng(0)
        self.weights = [rng.uniform(0.5, 1.5, shape)[()] for shape in shapes]
        if shapes == [()]:
            self.weights = [1.0]
        if not shapes:
            raise TypeError(f"{inner._name} returns no floating-point numbers")
        self.cotangent = weighted(result, iter(self.weights))
        self.value = self.cost(result).real

    def cost(self, result: Any) -> complex:
        leaves = (leaf for _, _, leaf in spread(result, "") if np.asarray(leaf).dtype.kind in "fc")
        pairs = zip(self.weights, leaves, strict=True)
        return complex(sum(np.sum(weight * leaf) for weight, leaf in pairs))

    def floats(self) -> tuple[int, ...]:
        """The parameters that have floating-point numbers and no others."""
        found = []
        for k, arg in enumerate(self.args):
            leaves = [leaf for _, _, leaf in spread(arg, "")]
            if leaves and all(is_float(leaf) or np.iscomplexobj(leaf) for leaf in leaves):
                found.append(k)
        return tuple(found)

    def compared(
        self, wrt: Sequence[int], tolerance: float | None, entries: int | None
    ) -> Iterator[Entry]:
        pullback = Pullback(self.inner, tuple(wrt))
        gradients = pullback(*map(copied, self.args), self.cotangent)
        largest = max((size(leaf) for _, _, leaf in spread(gradients, "")), default=0.0)
        for position, gradient in zip(wrt, gradients, strict=True):
            got = {path: leaf for path, _, leaf in spread(gradient, "")}
            name = self.names[position]
            for path, shown, leaf in spread(self.args[position], name):
                usual = SINGLE if np.asarray(leaf).dtype in (np.float32, np.complex64) else DOUBLE
                allowed = usual if tolerance is None else tolerance
                scale = max(size(got[path]), 1e-8 * largest)
                for index in indices(np.shape(leaf), entries):
                    place = (position, path, index)
                    written = f"{shown}[{', '.join(map(str, index))}]" if index else shown
                    for part, value in parts(np.asarray(got[path])[index]):
                        slope = self.slope(place, value, scale, allowed, part)
                        beyond = excess(value, slope, scale, allowed, abs(self.value) * DOUBLE)
                        yield Entry(
                            written + part, name, value, slope.value, slope.error, slope.method,
                            beyond,
                        )  # fmt: skip

    def slope(
        self, place: tuple[int, Path, Path], got: float, scale: float, tolerance: float, part: str
    ) -> Slope:
        """By complex step; where that says something else than the gradient, differences decide.

        They alone do for the `part` of a complex number.
        """
        position, path, index = place

        def along(delta: complex) -> complex:
            real = isinstance(delta, float)
            args = [double(arg) if real else on_complex(arg) for arg in self.args]
            step = delta * 1j if part == ".imag" else delta
            args[position] = moved(args[position], path, index, step)
            found = self.cost(self.plain(*args, on_complex=not real))
            return found.real if real else found

        first = None if part else by_complex_step(along, self.value)
        if first is not None and excess(got, first, scale, tolerance) <= 0.0:
            return first
        x = float(abs(np.asarray(leaf_at(self.args[position], path))[index]))
        second = by_differences(along, x)
        if first is not None and excess(first.value, second, scale, tolerance) <= 0.0:
            return first
        return second

    # -- where

    def span(self, parameter: str) -> Span | None:
        source = self.inner._source
        nodes = [node for node in source.tree.args.args if node.id == parameter]
        return source.span(nodes[0]) if nodes else None

    def through(self) -> tuple[str, ...]:
        """The user's own rules that the gradient goes through."""
        sizes: list[ir.Var] = []
        given = [frontend.arg_of(v, n, sizes) for v, n in zip(self.args, self.names, strict=True)]
        body = walk.inline(self.inner._lower(given, True).function).body
        rules = [
            f"the rule of {eqn.rhs.name}" + (f" at {eqn.span.place}" if eqn.span else "")
            for eqn in walk.equations(body)
            if isinstance(eqn.rhs, ir.Custom) and eqn.rhs.sources
        ]
        return tuple(dict.fromkeys(rules))


def excess(got: float, slope: Slope, scale: float, tolerance: float, floor: float = 0.0) -> float:
    """How far a number is from a derivative, beyond what is allowed. Nothing is allowed where the
    derivative itself is not sure, beside `scale` and `floor`."""
    apart = abs(got - slope.value)
    unsure = slope.error > SURE * max(scale, abs(slope.value), floor)
    if unsure or not math.isfinite(apart):
        return math.inf
    return float(apart - tolerance * max(scale, abs(slope.value)) - 4.0 * slope.error)


# -- the leaves of arguments and results


def spread(value: Any, name: str, path: Path = ()) -> Iterator[tuple[Path, str, Any]]:
    """The arrays and numbers of a structure, each with its place and with how Python writes it."""
    parts = None if is_static(value) else children(value)
    if parts is None:
        if not is_static(value):
            yield path, name, value
        return
    kind, keys, items = parts
    for k, (key, item) in enumerate(zip(keys, items, strict=True)):
        written = f"[{key!r}]" if kind == "dict" else f"[{k}]"
        if labels(value, keys)[1] is not None:
            written = f".{key}"
        yield from spread(item, name + written, (*path, k))


def with_leaves(value: Any, leaf: Callable[[Any], Any], path: Path | None = None) -> Any:
    """The same structure with `leaf` of each leaf, or of the one at `path`."""
    if is_static(value):
        return value
    parts = children(value)
    if parts is None:
        return leaf(value)
    kind, keys, items = parts
    new = list(items)
    for k, item in enumerate(items):
        if path is None or path[0] == k:
            new[k] = with_leaves(item, leaf, None if path is None else path[1:])
    return assembled(ir.Tree(kind, (), *labels(value, keys)), new)


def leaf_at(value: Any, path: Path) -> Any:
    return next(leaf for found, _, leaf in spread(value, "") if found == path)


def moved(value: Any, path: Path, index: Path, delta: complex) -> Any:
    """The structure with `delta` added to one number in it."""

    def added(leaf: Any) -> Any:
        if not index:
            return leaf + delta
        leaf[index] += delta
        return leaf

    return with_leaves(value, added, path)


def weighted(result: Any, weights: Iterator[Any]) -> Any:
    """The cotangent of a result."""
    parts = None if is_static(result) else children(result)
    if parts is not None:
        kind, keys, items = parts
        new = [weighted(item, weights) for item in items]
        return assembled(ir.Tree(kind, (), *labels(result, keys)), new)
    return next(weights) if not is_static(result) and is_float(result) else None


def is_float(leaf: Any) -> bool:
    return np.asarray(leaf).dtype.kind == "f"


def parts(number: Any) -> Iterator[tuple[str, float]]:
    """The real numbers that a number is made of, each with the attribute that gives it."""
    if np.iscomplexobj(number):
        yield from ((".real", float(number.real)), (".imag", float(number.imag)))
    else:
        yield "", float(number)


def size(leaf: Any) -> float:
    """The largest finite number of a leaf."""
    numbers = np.abs(np.asarray(leaf))
    return float(np.max(numbers, initial=0.0, where=np.isfinite(numbers)))


def copied(arg: Any) -> Any:
    return with_leaves(arg, lambda leaf: leaf.copy() if isinstance(leaf, np.ndarray) else leaf)


def double(arg: Any) -> Any:
    """The argument with its floats in double precision, in arrays of its own."""
    return of_dtype(arg, np.float64)


def on_complex(arg: Any) -> Any:
    return of_dtype(arg, np.complex128)


def of_dtype(arg: Any, dtype: type) -> Any:
    def leaf(value: Any) -> Any:
        if np.iscomplexobj(value):
            return np.array(value, np.complex128)[()]
        if not is_float(value):
            return value.copy() if isinstance(value, np.ndarray) else value
        if isinstance(value, np.ndarray):
            return value.astype(dtype)
        return value if type(value) is float and dtype is np.float64 else dtype(value)

    return with_leaves(arg, leaf)


def indices(shape: tuple[int, ...], limit: int | None) -> Iterator[Path]:
    """All places of an array, or so many of them."""
    total = math.prod(shape)
    chosen: Any = range(total)
    if limit is not None and total > limit:
        chosen = sorted(np.random.default_rng(0).choice(total, limit, replace=False))
    for k in chosen:
        yield tuple(int(i) for i in np.unravel_index(k, shape)) if shape else ()
