"""Measuring in turns, so that a busy moment of the machine falls on all that is compared."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

ROUNDS = 9


def in_turns(*calls: Callable[[], object], rounds: int = ROUNDS, number: int = 1) -> list[float]:
    """The least seconds of each call; every round runs all of them, one after the other.

    What is least is what the machine can do: other work only ever adds to it.
    """
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()  # compiled, and its memory touched
    for _ in range(rounds):
        for call, seconds in zip(calls, times, strict=True):
            began = perf_counter()
            for _ in range(number):
                call()
            seconds.append((perf_counter() - began) / number)
    return [min(seconds) for seconds in times]
