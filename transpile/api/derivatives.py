"""Derivatives of functions, which are functions themselves."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from transpile import adjoint, frontend
from transpile.api.functions import Function
from transpile.api.structure import gradient_tree, leaf_ranges
from transpile.frontend.args import Arg
from transpile.sym import fold, ir, walk


class Derivative(Function):
    """The gradient of a scalar-valued function; itself a Function."""

    _kind = "grad"

    def __init__(self, inner: Function, wrt: Any, keep_value: bool = False) -> None:
        self._init(inner, inner._mode, f"{inner._name}_{'value_and_' * keep_value}{self._kind}")
        self._inner, self._keep_value = inner, keep_value
        self._wrt, self._asked = positions(inner, wrt), wrt
        self._single = not isinstance(wrt, tuple | list)
        self._source = inner._source

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        inner = self._inner._lower(args, assume)
        before = fold.fold(walk.inline(inner.function))
        leaves = leaf_ranges(args)
        chosen = [k for p in self._wrt for k in leaves[p]]
        made = self._reversed(before, chosen)
        counter = iter(range(self._keep_value, len(chosen) + self._keep_value))
        trees = [gradient_tree(args[p].value, counter) for p in self._wrt]
        tree = trees[0] if self._single else ir.Tree("tuple", tuple(trees))
        if self._keep_value:
            tree = ir.Tree("tuple", (ir.Leaf(0), tree))
        return replace(inner, function=replace(made, name=self._name, tree=tree))

    def __reduce__(self) -> Any:
        return type(self), (self._inner, self._asked, self._keep_value)

    def __transpile_lower__(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        """What a decorated function that calls this one puts in its place."""
        lowered = self._lower(args, assume)
        return replace(lowered, function=fold.fold(walk.inline(lowered.function)))

    def _reversed(self, function: ir.Function, wrt: Sequence[int]) -> ir.Function:
        return adjoint.grad(function, wrt, self._keep_value)

    def _origin(self, args: tuple[Any, ...]) -> tuple[str, str]:
        place, command = self._inner._origin(args)
        names = list(self._parameters.parameters)
        chosen = ",".join(names[p] for p in self._wrt)
        chosen += "" if self._single or len(self._wrt) > 1 else ","
        return place, f"{command} --{'value-and-' * self._keep_value}{self._kind} {chosen}"

    def _plain_call(self, args: tuple[Any, ...]) -> Any:
        raise ValueError(
            f"{self._name}: an array that is written shares memory with another argument; "
            "pass copies"
        )


class Pullback(Derivative):
    """The cotangents of a function's arguments, given those of its results."""

    _kind = "vjp"

    def __init__(self, inner: Function, wrt: Any, keep_value: bool = False) -> None:
        super().__init__(inner, wrt, keep_value)
        added = inspect.Parameter(f"d_{inner._name}", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        parameters = inner._parameters.parameters.values()
        own = [p.replace(default=inspect.Parameter.empty) for p in parameters]
        self._parameters = self._parameters.replace(parameters=[*own, added])
        self._positional = len(own) + 1

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        return super()._lower(args[:-1], assume)

    def _reversed(self, function: ir.Function, wrt: Sequence[int]) -> ir.Function:
        return adjoint.vjp(function, wrt, keep_value=False)


def positions(inner: Function, wrt: Any) -> list[int]:
    """`wrt` as positions. Raises TypeError or ValueError for what names no parameter."""
    names = list(inner._parameters.parameters)
    found = []
    for w in wrt if isinstance(wrt, tuple | list) else (wrt,):
        if isinstance(w, str) and w in names:
            found.append(names.index(w))
        elif isinstance(w, int) and -len(names) <= w < len(names):
            found.append(w % len(names))
        else:
            raise ValueError(f"wrt={w!r} is no parameter of {inner._name}({', '.join(names)})")
    return found
