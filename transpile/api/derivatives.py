"""Derivatives of functions, which are functions themselves."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from transpile import adjoint, frontend
from transpile.api import constants
from transpile.api.bounded import Bounded, with_constant_budget, with_hidden_budget
from transpile.api.functions import (
    Checkpoint,
    Function,
    Specialisation,
    checkpointing,
    flat_arguments,
    positional,
    unequal,
)
from transpile.api.structure import (
    check_lengths,
    direction_order,
    gradient_tree,
    leaf_ranges,
)
from transpile.errors import UnsupportedError
from transpile.frontend.args import Arg, arg_leaves
from transpile.sym import fold, ir, lift, reshaped, walk


class Derivative(Bounded):
    """The gradient of a scalar-valued function; itself a Function."""

    _kind = "grad"

    def __init__(
        self, inner: Function, wrt: Any, keep_value: bool = False, has_aux: bool = False,
        checkpoint: Checkpoint | None = None,
    ) -> None:  # fmt: skip
        self._inner = inner
        name = f"{self._named_after._name}_{'value_and_' * keep_value}{self._kind}"
        self._init(inner, inner._mode, name)
        self._takes(list(inner._parameters.parameters.values()))
        self._keep_value, self._has_aux = keep_value, has_aux
        self._wrt, self._asked = positions(inner, wrt), wrt
        self._single = not isinstance(wrt, tuple | list)
        self._source = inner._source
        self._bound_by(inner._checkpoint if checkpoint is None else checkpointing(checkpoint))

    @property
    def _named_after(self) -> Function:
        return self._inner

    def _takes(self, parameters: list[inspect.Parameter]) -> None:
        self.__signature__ = self._parameters = self._parameters.replace(parameters=parameters)
        self._positional = positional(parameters)

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        own = args[: len(self._inner._parameters.parameters)]
        if any(frontend.has_generator(arg.value) for arg in own):
            raise UnsupportedError(
                "a derivative takes no generator of random numbers: it would have to leave it "
                "where the function does",
                self._source.span(self._source.tree),
                "pass a seed, and make np.random.Generator(np.random.Philox(seed)) of it inside",
            )
        inner = self._inner._lower(own, assume)
        before = walk.inline(inner.function)
        before = fold.fold(reshaped.carried(lift.lift(before)))
        leaves = leaf_ranges(own)
        chosen = [k for p in self._wrt for k in leaves[p]]
        made = self._derived(before, own, chosen, args[len(own) :])
        lowered = replace(inner, function=replace(made, name=self._name))
        lowered = hidden_last(lowered, len(before.params))
        takes_budget = self._policy() is not None
        return with_hidden_budget(lowered) if takes_budget else lowered

    def __reduce__(self) -> Any:
        options = (self._keep_value, self._has_aux, self._checkpoint)
        return type(self), (self._inner, self._asked, *options)

    def __transpile_lower__(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        """What a decorated function that calls this one puts in its place."""
        lowered = with_constant_budget(self._lower(args, assume))
        return replace(lowered, function=fold.fold(walk.inline(lowered.function)))

    def _derived(
        self, function: ir.Function, own: Sequence[Arg], wrt: Sequence[int], more: Sequence[Arg]
    ) -> ir.Function:
        """The derivative, with what the user gets of it; `wrt` are leaves of `own`, and `more` are
        its arguments beside the function's own."""
        match function.tree:
            case ir.Tree(kind="tuple", items=(ir.Leaf(), _)) if self._has_aux:
                pass
            case _ if self._has_aux:
                raise UnsupportedError(
                    "with has_aux=True a function returns (cost, others)",
                    function.span,
                    "return a tuple of two, return cost, others",
                )
            case ir.Tree(kind="optional", items=(ir.Leaf(), _)):
                function = of_number(function)
            case ir.Tree(kind=kind, items=(_,)):
                raise UnsupportedError(
                    f"cost must be a scalar, not a {kind}", function.span, "return the cost itself"
                )
        made = adjoint.grad(function, wrt, self._keep_value, self._has_aux, self._policy())
        gradient = self._of_chosen(own, itertools.count(len(made.body.results) - len(wrt)))
        return replace(made, tree=self._results(function.tree, gradient))

    def _of_chosen(self, own: Sequence[Arg], numbers: Iterator[int]) -> ir.Result:
        """The structure of the arguments `wrt`: a gradient's, and a tangent's."""
        trees = [gradient_tree(own[p].value, numbers) for p in self._wrt]
        return trees[0] if self._single else ir.Tree("tuple", tuple(trees))

    def _results(self, before: ir.Result, gradient: ir.Result) -> ir.Result:
        """What the user gets, where the function itself gives `before`."""
        if not self._has_aux:
            return ir.Tree("tuple", (ir.Leaf(0), gradient)) if self._keep_value else gradient
        numbers, every = itertools.count(), itertools.repeat(True)
        if self._keep_value:
            return ir.Tree("tuple", (adjoint.numbered(before, every, numbers), gradient))
        assert isinstance(before, ir.Tree)
        return ir.Tree("tuple", (gradient, adjoint.numbered(before.items[1], every, numbers)))

    def _origin(self, args: tuple[Any, ...], values: constants.Known) -> tuple[str, str]:
        place, command = self._named_after._origin(args, values)
        names = list(self._parameters.parameters)
        chosen = ",".join(names[p] for p in self._wrt)
        chosen += "" if self._single or len(self._wrt) > 1 else ","
        more = " --has-aux" * self._has_aux + self._memory_option()
        return place, f"{command} --{'value-and-' * self._keep_value}{self._kind} {chosen}{more}"

    def _call_python(self, special: Specialisation, args: tuple[Any, ...]) -> Any:
        given = flat_arguments(special, args)
        if unequal(special, given) is None:
            check_lengths(special.lowered.function, given)
            self._check_budget(special, given)
        return super()._call_python(special, args)

    def _explain(self, special: Specialisation, args: tuple[Any, ...], ready: list[Any]) -> Any:
        if unequal(special, ready) is None:
            check_lengths(special.lowered.function, ready)
        return super()._explain(special, args, ready)

    def _plain_call(self, args: tuple[Any, ...]) -> Any:
        raise ValueError(
            f"{self._name}: an array that is written shares memory with another argument; "
            "pass copies"
        )


class Directed(Derivative):
    """A derivative that takes one more argument: cotangents of the results, or tangents."""

    def __init__(self, inner: Function, wrt: Any, checkpoint: Checkpoint | None = None) -> None:
        super().__init__(inner, wrt, checkpoint=checkpoint)
        direction = self._direction()
        while direction in self._parameters.parameters:
            direction += "_"
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        added = inspect.Parameter(direction, kind)
        parameters = inner._parameters.parameters.values()
        own = [p.replace(default=inspect.Parameter.empty, kind=kind) for p in parameters]
        self._takes([*own, added])

    def __reduce__(self) -> Any:
        return type(self), (self._inner, self._asked, self._checkpoint)

    def _direction(self) -> str:
        """The name of the argument that is added."""
        raise NotImplementedError


class Pullback(Directed):
    """The cotangents of a function's arguments, given those of its results."""

    _kind = "vjp"

    def _direction(self) -> str:
        return f"d_{self._inner._name}"

    def _derived(
        self, function: ir.Function, own: Sequence[Arg], wrt: Sequence[int], more: Sequence[Arg]
    ) -> ir.Function:
        made = adjoint.vjp(function, wrt, False, self._policy())
        types = [result.type for result in adjoint.outputs(function, function.tree)]
        tree = adjoint.numbered(function.tree, itertools.repeat(True), itertools.count())
        order = direction_order(types, tree, more[0], "result")
        made = directions_in_order(made, len(function.params), order)
        made = with_ones(made, len(function.params), function.sizes, more[0])
        return replace(made, tree=self._of_chosen(own, itertools.count()))


class Pushforward(Directed):
    """The tangents of a function's results, given those of its arguments."""

    _kind = "jvp"
    _divides = False

    def _direction(self) -> str:
        names = list(self._parameters.parameters)
        return "_".join([*(names[p] for p in self._wrt), "dot"])

    def _derived(
        self, function: ir.Function, own: Sequence[Arg], wrt: Sequence[int], more: Sequence[Arg]
    ) -> ir.Function:
        made = adjoint.jvp(function, wrt, keep_value=False)
        types = [function.params[k].type for k in wrt]
        tree = self._of_chosen(own, itertools.count())
        order = direction_order(types, tree, more[0], "argument")
        return directions_in_order(made, len(function.params), order)


class Jacobian(Derivative):
    """The derivative of each result by each argument."""

    _kind = "jacobian"
    _divides = False

    def __init__(self, inner: Function, wrt: Any) -> None:
        super().__init__(inner, wrt)

    def __reduce__(self) -> Any:
        return type(self), (self._inner, self._asked)

    def _derived(
        self, function: ir.Function, own: Sequence[Arg], wrt: Sequence[int], more: Sequence[Arg]
    ) -> ir.Function:
        numbers = itertools.count()
        floats = [r.type.is_smooth for r in adjoint.outputs(function, function.tree)]
        tree = adjoint.numbered(function.tree, iter(floats), itertools.count())

        def by_chosen(tree: ir.Result) -> ir.Result:
            match tree:
                case ir.Tree(items=items):
                    return replace(tree, items=tuple(map(by_chosen, items)))
                case ir.Leaf():
                    return self._of_chosen(own, numbers)
            return tree

        return replace(adjoint.jacobian(function, wrt), tree=by_chosen(tree))


class OfGradient(Derivative):
    """A derivative of a gradient, and named after what that is the gradient of."""

    @property
    def _named_after(self) -> Function:
        assert isinstance(self._inner, Derivative)
        return self._inner._inner


class HessianProduct(OfGradient, Pushforward):
    """The tangent of a gradient."""

    _kind = "hvp"


class Hessian(OfGradient, Jacobian):
    """The Jacobian of a gradient."""

    _kind = "hessian"


def directions_in_order(made: ir.Function, own: int, order: Sequence[int]) -> ir.Function:
    """The derivative with the params after the function's own in the order that they come in."""
    added = [made.params[own + k] for k in order]
    params = (*made.params[:own], *added, *made.params[own + len(order) :])
    return replace(made, params=params, body=replace(made.body, params=params))


def of_number(function: ir.Function) -> ir.Function:
    """The function whose cost may be None, where that is an error."""
    cost, given, *written = function.body.results
    place = f"{function.span.place}: " if function.span else ""
    check = ir.Eqn((), ir.Check(given, "TypeError", f"{place}the cost is None"), function.span)
    body = replace(function.body, eqns=(*function.body.eqns, check), results=(cost, *written))
    return replace(function, body=body, tree=ir.Leaf(0))


def with_ones(made: ir.Function, own: int, known: Sequence[ir.Var], given: Arg) -> ir.Function:
    """The derivative with the extents of 1 that the last argument has, as no size ever is 1."""
    types = list(arg_leaves(given.value))
    pairs = [
        (dim.symbol, extent)
        for param, type in zip(made.params[own:], types, strict=False)
        for dim, extent in zip(param.type.dims, type.dims, strict=True)
    ]
    ones = {s for s, extent in pairs if extent.constant == 1 and s not in known}
    body = walk.substitute(made.body, {s: ir.constant(1) for s in made.sizes if s in ones})
    sizes = tuple(s for s in made.sizes if s not in ones)
    return replace(made, params=body.params, sizes=sizes, body=body)


def hidden_last(lowered: frontend.Lowered, own: int) -> frontend.Lowered:
    """The derivative of a function with `own` params: of those the hidden ones come last again."""
    params = lowered.function.params
    first, added = own - len(lowered.hidden), len(params) - own
    moved = (*params[:first], *params[own:], *params[first:own])
    body = replace(lowered.function.body, params=moved)
    equal = tuple(
        (i + added * (i >= first), axis, j + added * (j >= first), other, message)
        for i, axis, j, other, message in lowered.equal
    )
    return replace(
        lowered, function=replace(lowered.function, params=moved, body=body), equal=equal
    )


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
