"""Measuring in turns, so that a busy moment of the machine falls on all that is compared."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

ROUNDS = 9


def in_turns(
    *calls: Callable[[], object],
    rounds: int = ROUNDS,
    number: int = 1,
    clock: Callable[[], float] = thread_time,
) -> list[float]:
    """The least seconds of each call; every round runs all of them, one after the other.

    What is least is what the machine can do: other work only ever adds to it. The clock is that of
    this thread, in which kernels run; what works in threads of its own needs another.
    """
    times: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()  # compiled, and its memory touched
    for _ in range(rounds):
        for call, seconds in zip(calls, times, strict=True):
            began = clock()
            for _ in range(number):
                call()
            seconds.append((clock() - began) / number)
    return [min(seconds) for seconds in times]
