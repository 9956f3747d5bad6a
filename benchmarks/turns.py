"""Measuring in turns, so that a busy moment of the machine falls on all that is compared."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

ROUNDS = 5


def in_turns(*calls: Callable[[], object], rounds: int = ROUNDS, number: int = 1) -> list[float]:
    """The median seconds of each call; every round runs all of them, one after the other."""
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()  # compiled, and its memory touched
    for _ in range(rounds):
        for call, seconds in zip(calls, times, strict=True):
            began = perf_counter()
            for _ in range(number):
                call()
            seconds.append((perf_counter() - began) / number)
    return [median(seconds) for seconds in times]
