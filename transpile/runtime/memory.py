"""How much memory a call may take, so that too much is a MemoryError and not a killed process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from transpile.config import config, number_in


class OverBudget(MemoryError):
    """A gradient would keep more than `config.memory_budget`; so it has to recompute instead."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"this gradient needs {size} bytes of scratch memory, more than config.memory_budget, "
            f"which is {config.memory_budget}"
        )


def check_budget(size: int) -> None:
    """Raise OverBudget where a gradient's scratch memory is more than the budget."""
    if size > config.memory_budget:
        raise OverBudget(size)


# Below this nobody asks the system: the answer costs more than the memory.
_SMALL = 16 * 2**20
_GROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory.stat"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat",
    ),
)


def available() -> int | None:
    """Bytes to be had without swapping or being killed; None where the system does not say."""
    found = []
    machine = _field("/proc/meminfo", "MemAvailable:")
    if machine is not None:
        found.append(machine * 1024)
    for limit_path, usage_path, stat_path in _GROUPS:
        limit, usage = number_in(limit_path), number_in(usage_path)
        if limit is not None and usage is not None:
            found.append(limit - usage + (_field(stat_path, "inactive_file") or 0))
    return max(0, min(found)) if found else None


def admit(size: int, release: Callable[[], int] | None = None) -> int:
    """Refuse scratch memory that the machine does not have; else say how much may be kept.

    Before it refuses, `release` gives back what other threads keep without using it.
    What is kept between calls is at most `config.memory_budget` a thread. The budget refuses
    nothing here: NumPy too would have tried.
    """
    if size > _SMALL:
        free = available()
        if free is not None and size > free and release is not None and release() > 0:
            free = available()
        if free is not None and size > free:
            raise MemoryError(
                f"this call needs {size} bytes of scratch memory, and {free} bytes are available"
            )
    return config.memory_budget


def _field(path: str, name: str) -> int | None:
    """The number after a name in a file of the kernel's such as /proc/meminfo."""
    try:
        for line in Path(path).read_text().splitlines():
            words = line.split()
            if words and words[0] == name:
                return int(words[1])
    except (OSError, ValueError, IndexError):
        pass
    return None
