"""One long loop in a process of its own: prints the seconds of value and gradient, and peak memory.

Run by run.py with the name of a program. The memory budget is 200 MB; a gradient that stored every
state would keep 8 GB.
"""

import re
import sys
from pathlib import Path

import numpy as np
from turns import in_turns

import transpile

STEPS, SIZE = 1_000_000, 1000


def burgers(u, dt, nu, steps):
    for _ in range(steps):
        u[1:-1] += nu * (u[2:] - 2.0 * u[1:-1] + u[:-2]) - dt * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


def burgers_while(u, dt, nu, steps):
    t = 0
    while t < steps:
        u[1:-1] += nu * (u[2:] - 2.0 * u[1:-1] + u[:-2]) - dt * u[1:-1] * (u[2:] - u[:-2])
        t += 1
    return np.sum(u * u)


def sweeps(u, dt, nu, steps):
    for _ in range(steps):
        for i in range(1, len(u) - 1):
            u[i] += nu * (u[i + 1] - 2.0 * u[i] + u[i - 1]) - dt * u[i] * (u[i] - u[i - 1])
    return np.sum(u * u)


def reacting(u, dt, nu, steps):
    for _ in range(steps):
        u = u + dt * np.sin(u) * (1.0 - u) - nu * u
    return np.sum(u * u)


def peak() -> int:
    """The most bytes that this process itself had; what `getrusage` tells is its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (found,) = re.findall(r"VmHWM:\s*(\d+) kB", status)
    return 1024 * int(found)


PROGRAMS = {f.__name__: f for f in (burgers, burgers_while, sweeps, reacting)}

if __name__ == "__main__":
    value = transpile.function(PROGRAMS[sys.argv[1]])
    slope = transpile.grad(value)
    start = np.sin(np.linspace(0.0, 6.0, SIZE))
    with transpile.config.change(memory_budget="200MB"):
        v, g = in_turns(
            lambda: value(start.copy(), 1e-3, 1e-2, STEPS),
            lambda: slope(start, 1e-3, 1e-2, STEPS),
            rounds=3,
        )
    print(v, g, peak() / 1e6)
