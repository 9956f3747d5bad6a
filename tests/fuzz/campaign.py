"""Many programs, in processes of their own: one that crashes or hangs is told by its seed."""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from tests.fuzz import draft, oracles
from tests.fuzz.oracles import Outcome
from tests.fuzz.program import draw

LIMIT = 120.0  # seconds that a program may take
FAST_COMPILER = '#!/bin/sh\nexec cc "$@" -O0\n'


def prepare(folder: Path) -> None:
    """A cache of our own, and a compiler that is quick."""
    import transpile

    transpile.config.cache_dir = folder / "cache"
    transpile.config.cc = fast_compiler(folder)
    warnings.simplefilter("ignore")


def fast_compiler(folder: Path) -> str:
    """The path of a compiler that does as little as it may."""
    path = folder / "cc"
    path.write_text(FAST_COMPILER, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def examine(seed: int, folder: Path) -> tuple[Outcome, Counter[str]]:
    program = draw(seed)
    path = folder / f"fuzz_{seed}.py"
    outcome = oracles.examine(program.text, path, seed, oracles.questions(seed))
    if not outcome.failed:
        path.unlink(missing_ok=True)
    return outcome, program.labels


def work(connection: Connection, folder: Path) -> None:
    """Examine the seeds that come."""
    prepare(folder)
    gc.disable()  # cycles are collected between programs, seldom
    for count in itertools.count(1):
        connection.send(examine(connection.recv(), folder))
        if count % 20 == 0:
            gc.collect()


@dataclass
class Worker:
    """A process, and the seed that it is at."""

    process: Any
    connection: Connection
    seed: int | None = None
    since: float = 0.0

    @staticmethod
    def start(folder: Path) -> Worker:
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=work, args=(theirs, folder), daemon=True)
        process.start()
        theirs.close()
        return Worker(process, ours)

    def give(self, seed: int) -> None:
        self.seed, self.since = seed, time.monotonic()
        self.connection.send(seed)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def outcomes(
    seeds: Sequence[int], folder: Path, workers: int
) -> Iterator[tuple[int, Outcome, Counter[str]]]:
    """The outcomes, as they come."""
    left = list(reversed(seeds))
    crew = [Worker.start(folder) for _ in range(min(workers, len(left)))]
    for worker in crew:
        worker.give(left.pop())
    while crew:
        ready = wait([w.connection for w in crew], timeout=1.0)
        for worker in list(crew):
            assert worker.seed is not None
            seed, lost = worker.seed, None
            if worker.connection in ready:
                try:
                    outcome, labels = worker.connection.recv()
                except EOFError:
                    worker.process.join()
                    lost = Outcome("crash", "", f"ended with {worker.process.exitcode}")
            elif time.monotonic() - worker.since > LIMIT:
                lost = Outcome("hang", "", f"took more than {LIMIT:g} s")
            else:
                continue
            if lost is not None:
                worker.end()
                crew.remove(worker)
                outcome, labels = lost, draw(seed).labels
                if left:
                    worker = Worker.start(folder)
                    crew.append(worker)
            yield seed, outcome, labels
            if worker in crew:
                if left:
                    worker.give(left.pop())
                else:
                    worker.end()
                    crew.remove(worker)


@dataclass
class Tally:
    """What a campaign has seen."""

    kinds: Counter[str] = field(default_factory=Counter)
    drawn: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, Outcome]] = field(default_factory=list)

    def add(self, seed: int, outcome: Outcome, labels: Counter[str]) -> None:
        self.kinds[outcome.kind] += 1
        self.drawn += labels
        if outcome.kind == "held":
            self.held += labels
        elif outcome.kind == "refused":
            self.refused += labels
            first = outcome.detail.splitlines()[0]
            self.reasons[first.split(": ", 1)[-1]] += 1
        elif outcome.failed:
            self.failures.append((seed, outcome))

    @property
    def fit(self) -> int:
        return self.kinds.total() - self.kinds["unfit"]

    def table(self) -> str:
        """How often each construct was drawn, held and was refused."""
        accepted = max(1, self.kinds["held"])
        lines = [f"{'construct':32}{'drawn':>8}{'held':>8}{'refused':>9}{'% of held':>11}"]
        for label in sorted({*self.drawn, *draft.STATEMENTS}, key=lambda k: (self.held[k], k)):
            share = 100 * self.held[label] / accepted
            lines.append(
                f"{label:32}{self.drawn[label]:8}{self.held[label]:8}{self.refused[label]:9}"
                f"{share:10.1f}%"
            )
        return "\n".join(lines)

    def summary(self) -> str:
        lines = [self.table(), ""]
        lines += [f"{count:6}  refused: {reason}" for reason, count in self.reasons.most_common()]
        refused = 100 * self.kinds["refused"] / max(1, self.fit)
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        lines += [
            "",
            f"{self.kinds.total()} programs: {counts}; {refused:.1f} % of the fit refused",
        ]
        return "\n".join(lines)


def run(
    seeds: Sequence[int], workers: int, report: Callable[[str], None], folder: Path | None = None
) -> Tally:
    """Examine all, telling of failures as they come."""
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as made:
        for k, (seed, outcome, labels) in enumerate(outcomes(seeds, folder or Path(made), workers)):
            tally.add(seed, outcome, labels)
            if outcome.failed:
                report(f"seed {seed}: {outcome.kind}, {outcome.question}: {outcome.detail}\n")
            if (k + 1) % 500 == 0:
                rate = (k + 1) / (time.monotonic() - began)
                report(f"... {k + 1} programs, {rate:.1f} a second, {dict(tally.kinds)}")
    return tally


def cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
