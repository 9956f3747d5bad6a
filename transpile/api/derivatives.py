"""Derivatives of functions, which are functions themselves."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from transpile import adjoint, frontend
from transpile.api.functions import Function, Specialisation, flat_arguments
from transpile.api.structure import (
    check_lengths,
    cotangent_order,
    gradient_tree,
    leaf_ranges,
)
from transpile.errors import UnsupportedError
from transpile.frontend.args import Arg
from transpile.sym import fold, ir, walk


class Derivative(Function):
    """The gradient of a scalar-valued function; itself a Function."""

    _kind = "grad"

    def __init__(
        self, inner: Function, wrt: Any, keep_value: bool = False, has_aux: bool = False
    ) -> None:
        self._init(inner, inner._mode, f"{inner._name}_{'value_and_' * keep_value}{self._kind}")
        self._inner, self._keep_value, self._has_aux = inner, keep_value, has_aux
        self._wrt, self._asked = positions(inner, wrt), wrt
        self._single = not isinstance(wrt, tuple | list)
        self._source = inner._source

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        own = args[: len(self._inner._parameters.parameters)]
        inner = self._inner._lower(own, assume)
        before = fold.fold(walk.inline(inner.function))
        leaves = leaf_ranges(own)
        chosen = [k for p in self._wrt for k in leaves[p]]
        made = self._reversed(before, chosen, args[len(own) :])
        counter = itertools.count(len(made.body.results) - len(chosen))
        trees = [gradient_tree(own[p].value, counter) for p in self._wrt]
        gradient = trees[0] if self._single else ir.Tree("tuple", tuple(trees))
        tree = self._results(before.tree, gradient)
        return replace(inner, function=replace(made, name=self._name, tree=tree))

    def __reduce__(self) -> Any:
        return type(self), (self._inner, self._asked, self._keep_value, self._has_aux)

    def __transpile_lower__(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        """What a decorated function that calls this one puts in its place."""
        lowered = self._lower(args, assume)
        return replace(lowered, function=fold.fold(walk.inline(lowered.function)))

    def _reversed(
        self, function: ir.Function, wrt: Sequence[int], more: Sequence[Arg]
    ) -> ir.Function:
        """The derivative of a function; `more` are its arguments beside the function's own."""
        match function.tree:
            case ir.Tree(kind="tuple", items=(ir.Leaf(), _)) if self._has_aux:
                pass
            case _ if self._has_aux:
                raise UnsupportedError(
                    "with has_aux=True a function returns (cost, others)", function.span
                )
            case ir.Tree(kind=kind, items=(_,)):
                raise UnsupportedError(f"cost must be a scalar, not a {kind}", function.span)
        return adjoint.grad(function, wrt, self._keep_value, self._has_aux)

    def _results(self, before: ir.Result, gradient: ir.Result) -> ir.Result:
        """What the user gets, where the function itself gives `before`."""
        if not self._has_aux:
            return ir.Tree("tuple", (ir.Leaf(0), gradient)) if self._keep_value else gradient
        numbers, every = itertools.count(), itertools.repeat(True)
        if self._keep_value:
            return ir.Tree("tuple", (adjoint.numbered(before, every, numbers), gradient))
        assert isinstance(before, ir.Tree)
        return ir.Tree("tuple", (gradient, adjoint.numbered(before.items[1], every, numbers)))

    def _origin(self, args: tuple[Any, ...]) -> tuple[str, str]:
        place, command = self._inner._origin(args)
        names = list(self._parameters.parameters)
        chosen = ",".join(names[p] for p in self._wrt)
        chosen += "" if self._single or len(self._wrt) > 1 else ","
        aux = " --has-aux" * self._has_aux
        return place, f"{command} --{'value-and-' * self._keep_value}{self._kind} {chosen}{aux}"

    def _call_python(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
        check_lengths(special.lowered.function, flat_arguments(special, args))
        return super()._call_python(special, args)

    def _explain(self, special: Specialisation, args: tuple[Any, ...], ready: list[Any]) -> Any:
        check_lengths(special.lowered.function, ready)
        return super()._explain(special, args, ready)

    def _plain_call(self, args: tuple[Any, ...]) -> Any:
        raise ValueError(
            f"{self._name}: an array that is written shares memory with another argument; "
            "pass copies"
        )


class Pullback(Derivative):
    """The cotangents of a function's arguments, given those of its results."""

    _kind = "vjp"

    def __init__(self, inner: Function, wrt: Any) -> None:
        super().__init__(inner, wrt)
        added = inspect.Parameter(f"d_{inner._name}", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        parameters = inner._parameters.parameters.values()
        own = [p.replace(default=inspect.Parameter.empty) for p in parameters]
        self._parameters = self._parameters.replace(parameters=[*own, added])
        self._positional = len(own) + 1

    def __reduce__(self) -> Any:
        return type(self), (self._inner, self._asked)

    def _reversed(
        self, function: ir.Function, wrt: Sequence[int], more: Sequence[Arg]
    ) -> ir.Function:
        made = adjoint.vjp(function, wrt, keep_value=False)
        types = [result.type for result in adjoint.outputs(function, function.tree)]
        tree = adjoint.numbered(function.tree, itertools.repeat(True), itertools.count())
        given, order = len(function.params), cotangent_order(types, tree, more[0])
        params = (*made.params[:given], *(made.params[given + k] for k in order))
        return replace(made, params=params, body=replace(made.body, params=params))

    def _results(self, before: ir.Result, gradient: ir.Result) -> ir.Result:
        return gradient


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
