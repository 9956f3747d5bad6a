"""Numbers that a program is built for, where it cannot be built for every number.

The axis of a sum, how many parts an array is split into, a flag that decides on a dtype: such an
argument is a number of the program's like any other, until reading the program needs its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from transpile import frontend
from transpile.errors import UnsupportedError
from transpile.frontend import Arg

Lower = Callable[[Sequence[Arg]], frontend.Lowered]
Known = Mapping[int, Any]  # the values of some arguments, by their positions


def lowered(
    lower: Lower, described: Sequence[Arg], args: Sequence[Any]
) -> tuple[frontend.Lowered, Known]:
    """The symbolic form, and the arguments whose values it is built for: mostly none."""
    try:
        return lower(described), {}
    except UnsupportedError as error:
        refusal = error
    needed = isinstance(refusal, frontend.NotKnown)
    for known in choices(args, needed):
        try:
            return lower(knowing(described, known)), known
        except frontend.NotKnown:
            continue
        except UnsupportedError as error:
            refusal = error if needed else refusal  # it got further
    raise refusal


def choices(args: Sequence[Any], needed: bool) -> Iterator[Known]:
    """What may be known: one argument or all that can be where some value is `needed`; flags and
    texts where it is what is done on the ways through branches that does not fit together."""
    able = {k: value for k, value in enumerate(args) if frontend.is_knowable(value)}
    if not needed:
        able = {k: value for k, value in able.items() if type(value) in (bool, str)}
    elif len(able) > 1:
        yield from ({k: value} for k, value in able.items())
    if able:
        yield able


def knowing(described: Sequence[Arg], known: Known) -> list[Arg]:
    return [
        arg if k not in known else Arg(arg.name, frontend.knowing(arg.value, known[k]))
        for k, arg in enumerate(described)
    ]


def holds(known: Known, args: Sequence[Any]) -> bool:
    """Are the arguments those that it is known of?"""
    return all(args[k] == value for k, value in known.items())
