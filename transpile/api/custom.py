"""Functions with a derivative of the user's own."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from transpile import frontend
from transpile.api.functions import Function
from transpile.frontend.args import RULE, Arg

Rule = TypeVar("Rule", bound=Callable[..., Any])


class CustomVjp(Function):
    """A Function whose derivative is the user's rule, wherever it is called.

    `rule` takes it: a function of the arguments, of the result and of the result's cotangent, that
    returns the cotangents of the arguments.
    """

    def __init__(self, fn: Callable[..., Any], *options: Any) -> None:
        super().__init__(fn, *options)
        setattr(self, RULE, None)

    def rule(self, fn: Rule) -> Rule:
        """Take the rule; usable as a decorator. It is given back as it is."""
        names = list(self._parameters.parameters)
        given = len(inspect.signature(fn).parameters)
        if given != len(names) + 2:
            raise TypeError(
                f"the rule of {self._name} takes {', '.join(names)}, the result and its "
                f"cotangent: {len(names) + 2} arguments, not {given}"
            )
        frontend.check(frontend.read(fn))
        setattr(self, RULE, frontend.plain(fn))
        return fn

    def _lower(self, args: Sequence[Arg], assume: bool) -> frontend.Lowered:
        lowered = frontend.lower(self._source, args, assume, owner=self)
        return replace(lowered, function=replace(lowered.function, name=self._name))

    def __reduce__(self) -> Any:
        found = super().__reduce__()
        if isinstance(found, str):
            return found
        return CustomVjp, found[1], {RULE: getattr(self, RULE)}
