"""Derivatives that keep no more than the memory budget: what takes over where one would."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from transpile import adjoint, frontend
from transpile.api.functions import Checkpoint, Function, Specialisation
from transpile.api.residuals import Residuals, residuals
from transpile.config import config
from transpile.runtime import memory
from transpile.runtime.memory import OverBudget
from transpile.sym import ir, show, walk
from transpile.sym.types import INT


class Bounded(Function):
    """A derivative with a limit to what it keeps.

    `_depth` is how deep loops inside loops are run again from saved states, 0 if all is stored.
    Where that takes more than the budget, the derivative with the next depth takes the call over.
    """

    _divides = True  # does this one run loops again? Else it is for what it is the derivative of

    _inner: Function

    def _bound_by(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        is_bounded = self._divides or isinstance(self._inner, Bounded)
        self._limited = checkpoint == "auto" and is_bounded
        self._depth = int(checkpoint not in ("auto", "store"))
        self._deeper: Bounded | None = None
        self._is_over = False  # is it known to be too large, as far as only running tells?

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._is_over and self._deeper is not None:
            return self._deeper(*args, **kwargs)
        try:
            return super().__call__(*args, **kwargs)
        except OverBudget as error:
            return self._with_less(error, self._bound(args, kwargs))

    def _with_less(self, error: OverBudget, args: tuple[Any, ...]) -> Any:
        """The call where loops are run again, one deeper; `error` where none are left."""
        if self._deeper is None:
            self._deeper = self._at_depth(self._depth + 1)
        mine, other = self._specialise(args), self._deeper._specialise(args)
        if show.show(mine.lowered.function) == show.show(other.lowered.function):
            raise error from None
        if not reads_budget(other.lowered):
            self._deeper = self._at_depth(0)  # it has no loops: NumPy too would have tried
            self._deeper._limited = False
        self._is_over = mine.compiled.nests.grows
        result = self._deeper(*args)
        self._newest = self._deeper._newest
        return result

    def residuals(self, *args: Any) -> Residuals:
        found = super().residuals(*args)
        if not self._limited or (found.bytes or 0) <= config.memory_budget:
            return found
        less = Function.residuals(self._at_depth(self._depth + 1), *args)
        return less if (less.bytes or 0) < (found.bytes or 0) else found

    residuals.__doc__ = Function.residuals.__doc__

    def _at_depth(self, depth: int) -> Bounded:
        other: Bounded = copy.copy(self)
        if self._divides:
            other._depth = depth
        elif isinstance(self._inner, Bounded):
            other._inner = self._inner._at_depth(depth)
        return other

    def _policy(self) -> adjoint.Policy | None:
        """Which loops are run again; None where everything is stored."""
        if self._depth == 0 or not self._divides:
            return None
        steps = self._checkpoint if isinstance(self._checkpoint, int) else None
        least = self._checkpoint == "recompute"
        return adjoint.Policy(ir.Var("memory", INT), self._depth, steps, least)

    def _memory_option(self) -> str:
        """What the command needs to be told to write this text again."""
        if not self._divides:
            return self._inner._memory_option() if isinstance(self._inner, Bounded) else ""
        if self._checkpoint != "auto":
            return f" --checkpoint {self._checkpoint}"
        return f" --checkpoint auto:{self._depth}" if self._depth else ""

    def _check_budget(self, special: Specialisation, given: Sequence[Any]) -> None:
        """Raise OverBudget where generated NumPy would keep too much."""
        if self._limited:
            memory.check_budget(residuals(special.compiled.placed, given).bytes or 0)


def memory_budget() -> Any:
    """The bytes that a gradient may take: one more argument, read at each call."""
    return config.memory_budget


def budget(lowered: frontend.Lowered) -> ir.Var:
    """The parameter that has the budget."""
    after = len(lowered.hidden) - lowered.hidden.index(memory_budget)
    return lowered.function.params[-after]


def reads_budget(lowered: frontend.Lowered) -> bool:
    if memory_budget not in lowered.hidden:
        return False
    body = lowered.function.body
    return budget(lowered) in walk.captures(replace(body, params=()))


def with_hidden_budget(lowered: frontend.Lowered) -> frontend.Lowered:
    """The derivative whose last parameter before the hidden ones is the budget: hidden too."""
    return replace(lowered, hidden=(memory_budget, *lowered.hidden))


def with_constant_budget(lowered: frontend.Lowered) -> frontend.Lowered:
    """The derivative for other code to call, with the budget of today as a constant."""
    if memory_budget not in lowered.hidden:
        return lowered
    function, var = lowered.function, budget(lowered)
    params = tuple(p for p in function.params if p is not var)
    body = walk.substitute(function.body, {var: ir.constant(config.memory_budget)})
    return replace(
        lowered,
        function=replace(function, params=params, body=replace(body, params=params)),
        hidden=tuple(fetch for fetch in lowered.hidden if fetch is not memory_budget),
        guards=(*lowered.guards, (config.values, "memory_budget", config.memory_budget)),
    )
